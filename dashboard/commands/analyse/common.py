"""What the subjects share: their question, the reports it is about, clear answers to bad input, tables and JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date, datetime
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import Any

import click
import numpy as np
import pandas as pd

from dashboard.answer_words import Said, too_few, why_not
from dashboard.console import fail
from dashboard.figures import NO_FIGURE
from dashboard.i18n import _, day, number, percent
from dashboard.services.asking import needed
from dashboard.services.city import counted
from dashboard.services.material import CannotSay, Material, NoBuurten, one_point
from dashboard.subject import Subject, read_subject, subject_options
from geo.context import Asked, CityContext, HotspotContext, describe
from geo.hotspots import Hotspot, HotspotParams, find_hotspots

BAR = 24  # characters of a full bar


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every subject is asked."""

    file: Path | None
    store_url: str | None
    areas: Path | None
    start: date | None
    end: date | None
    eps_m: float | None
    min_samples: int | None
    as_json: bool


def question(*, clusters: bool = True, period: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The shared options of a subject, handed to it as one Question."""

    def decorated(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def asked(**given: Any) -> None:
            whole = Question(
                file=given.pop("file"),
                store_url=given.pop("store_url"),
                areas=given.pop("areas"),
                start=_day(given.pop("start", None)),
                end=_day(given.pop("end", None)),
                eps_m=given.pop("eps_m", None),
                min_samples=given.pop("min_samples", None),
                as_json=given.pop("as_json"),
            )
            try:
                command(whole, **given)
            except CannotSay as error:
                fail(why_not(error.why))

        as_json = click.option("--json", "as_json", is_flag=True, help="Alle cijfers als JSON.")
        return subject_options(clusters=clusters, period=period)(as_json(asked))

    return decorated


@dataclass(frozen=True, kw_only=True, eq=False)
class Found(Material):
    """The reports of a question, and their hotspots."""

    subject: Subject

    def hotspot(self, asked: str) -> Hotspot:
        """The hotspot that is asked for, by id or rank; any other ends the command."""
        wanted = asked.strip().casefold()
        found = next((h for h in self.result.hotspots if wanted in (h.id.casefold(), str(h.rank))), None)
        if found is None:
            known = ", ".join(h.id for h in self.result.hotspots)
            fail(
                _("Er is geen hotspot {id}. Gevonden: {known}.", id=asked, known=known)
                if known
                else _("Er is geen hotspot {id}: er is er geen een gevonden.", id=asked)
            )
        return found

    def facts(self) -> dict[str, Any]:
        """What every JSON answer says about what it rests on."""
        params = self.result.params
        return {
            **facts(self.subject, self.reports),
            "params": {"eps_m": params.eps_m, "min_samples": params.min_samples},
            "n_clustered": len(self.result.labels),
            "left_out": self.result.left_out,
        }


def facts_of(found: Found, one: HotspotContext | None) -> dict[str, Any]:
    """What an answer about the city, or about one hotspot, rests on."""
    return found.facts() | ({"hotspot": one.id, "n_hotspot": one.n} if one else {})


def facts(subject: Subject, reports: pd.DataFrame) -> dict[str, Any]:
    """The reports an answer rests on."""
    known = reports["event_date"].dropna()
    first, last = (known.min().date(), known.max().date()) if len(known) else (None, None)
    return {
        "data_version": subject.version,
        "period": {"from": subject.period.start or first, "to": subject.period.end or last},
        "n": len(reports),
        "n_unusable": subject.unusable,
    }


def asked_reports(asked: Question, *, dated: bool = False, areas: bool = False) -> tuple[Subject, pd.DataFrame]:
    """The subject and its reports that count. No reports, dates or boundaries where they are needed end the command."""
    subject = read_subject(asked.file, store_url=asked.store_url, areas=asked.areas, start=asked.start, end=asked.end)
    if not len(subject.everything):
        fail(_("Er zijn geen meldingen. Lees ze in: hotspotkaart reports import BESTAND."))
    known = subject.everything["event_date"].dropna()
    if known.empty and (dated or asked.start or asked.end):
        fail(
            _(
                "Geen melding heeft een bruikbare datum, en dit gaat over tijd. Geef een bestand met een kolom datum "
                "(dag-maand-jaar, niet in de toekomst)."
            )
        )
    if not len(subject.reports):
        fail(
            _(
                "Er zijn geen meldingen in de gevraagde periode. Ze lopen van {first} t/m {last}.",
                first=day(known.min()),
                last=day(known.max()),
            )
        )
    if areas and not len(subject.buurten):
        need_areas()
    reports = counted(subject.reports)
    return subject, reports[reports["event_date"].notna()] if dated else reports


def need_areas() -> None:
    """End the command of a subject that cannot do without boundaries."""
    fail(why_not(NoBuurten()))


def find(asked: Question, *, what: str, least: int | None = None, dated: bool = False, areas: bool = False) -> Found:
    """The reports of a question with their hotspots. Too few of them, or all on one point, end the command.

    what: what there must be enough reports for, in words. least: how many; None: as many as make a hotspot.
    """
    subject, reports = asked_reports(asked, dated=dated, areas=areas)
    not_one_point(reports)
    found = cluster(subject, reports, asked)
    least = needed(found.result) if least is None else least
    enough(len(found.result.labels), least, what, left_out=found.result.left_out)
    return found


def within_time(
    asked: Question, hotspot_id: str, *, what: str, least: int
) -> tuple[Found, CityContext, HotspotContext | None]:
    """The dated reports of a question, described in time; and one hotspot of them when it is asked for."""
    subject, reports = asked_reports(asked, dated=True)
    enough(len(reports), least, what)
    if hotspot_id:
        not_one_point(reports)
    found = cluster(subject, reports, asked)
    if hotspot_id:
        hotspot_id = found.hotspot(hotspot_id).id
    city = described(found)
    return found, city, city.of(hotspot_id) if hotspot_id else None


def described(found: Found) -> CityContext:
    """What the figures say about these reports in time; the quarters are those of the asked period."""
    subject = found.subject
    return describe(
        found.reports,
        found.result,
        history=found.reports,
        surroundings=replace(subject.surroundings, schools=None, stops=None),
        marks=subject.marks,
        asked=Asked(start=subject.period.start, end=subject.period.end),
        second_opinion=False,
    )


def cluster(subject: Subject, reports: pd.DataFrame, asked: Question) -> Found:
    """The hotspots of these reports, by the settings asked for, else the usual distance and the advice."""
    eps_m = subject.settings.eps_m if asked.eps_m is None else asked.eps_m
    least = asked.min_samples if asked.min_samples is not None else subject.advised(reports, eps_m)
    result = find_hotspots(
        reports,
        params=HotspotParams(eps_m=eps_m, min_samples=least),
        surroundings=subject.surroundings,
        data_version=subject.version,
    )
    return Found(subject=subject, surroundings=subject.surroundings, reports=reports, result=result)


def not_one_point(reports: pd.DataFrame) -> None:
    """Reports that are all on one point end the command: nothing can be said about places."""
    if alone := one_point(reports):
        fail(why_not(alone))


def enough(n: int, least: int, what: str, *, left_out: Mapping[str, int] | None = None) -> None:
    """Too few reports end the command."""
    if n < least:
        fail(too_few(what, n=n, least=least, left_out=left_out))


def show(said: Said) -> None:
    """Print an answer, its figures and how not to read it."""
    for part in said:
        if isinstance(part, str):
            click.echo(part)
            continue
        table(part.header, part.rows[: part.most], left=part.left)
        if part.most and len(part.rows) > part.most:
            click.echo(_("De overige {n} staan in --json.", n=number(len(part.rows) - part.most)))


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: Sequence[int] = (0,)) -> None:
    """Print a table; columns are to the right but those in ``left``."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    for row in cells:
        parts = [c.ljust(w) if i in left else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))]
        click.echo("  " + "  ".join(parts).rstrip())


def bar(share: float, *, width: int = BAR) -> str:
    """0..1 as a bar of text."""
    return "█" * round(width * min(max(share, 0.0), 1.0)) if np.isfinite(share) else ""


def share(value: float) -> str:
    """A share for a table, with a decimal where a whole percent says little; a dash where there is none."""
    if not np.isfinite(value):
        return NO_FIGURE
    return f"{number(100 * value, 1)}%" if 0 < value < 0.02 else percent(value)


def tell(told: Mapping[str, Any]) -> None:
    """Print an answer as JSON; figures that do not exist are null."""
    click.echo(json.dumps(plain(told), ensure_ascii=False, indent=2))


def plain(value: Any) -> Any:  # noqa: PLR0911 (one return per kind of value)
    """JSON-ready: results, tables, arrays, dates; NaN and infinity are null."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, pd.DataFrame):
        return [plain(row) for row in value.to_dict("records")]
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if value is pd.NaT:
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()

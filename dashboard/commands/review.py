"""``hotspotkaart review``: what was left out, and deciding about it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from dashboard import review_words as words
from dashboard.console import open_store, settings_for, store_option
from dashboard.i18n import N_, _, _n, number
from dashboard.services import Services, services_for
from dashboard.services.review import KEEPS_OUT, Group, LeftOutRow
from dashboard.state import FilterState
from data.decisions import DECIDABLE, Subject
from data.viewer import LOCAL_ANALYST

SHOWN_ROWS = 20
DAY = click.DateTime(formats=["%Y-%m-%d", "%d-%m-%Y"])


@click.group("review")
def group() -> None:
    """Weggelaten meldingen: bekijken, laten meetellen, weglaten en dat ongedaan maken."""


def subject_options(command: Any) -> Any:
    """What is decided about: a report, a coordinate or a source."""
    for option in (
        click.option("--mark", nargs=2, metavar="HOTSPOT KANTTEKENING", help=N_("Wat tegen één hotspot spreekt.")),
        click.option("--lattice", metavar="BRON", help=N_("Een bron waarvan de plaatsen op een rooster liggen.")),
        click.option("--point", metavar="X,Y", help=N_("Een punt in RD-meters, bijv. 105000.00,425000.00.")),
        click.option("--flag", metavar="KANTTEKENING", help=N_("Welke kanttekening van de melding, bijv. test_text.")),
        click.option("--report", "of_report", nargs=2, metavar="BRON KENMERK", help=N_("Eén melding.")),
    ):
        command = option(command)
    return command


def note_option(command: Any) -> Any:
    """``--note`` on a command that decides."""
    return click.option("--note", required=True, metavar="TEKST", help=N_("Waarom; hooguit 500 tekens."))(command)


@group.command("list")
@store_option
@click.option("--from", "start", type=DAY, metavar="DAG", help="Eerste dag.")
@click.option("--to", "end", type=DAY, metavar="DAG", help="Laatste dag, zelf meegeteld.")
@click.option("--area", default="", metavar="NAAM", help="Een wijk, buurt of aandachtsgebied.")
@click.option("--reason", metavar="REDEN", help="Alleen wat om deze reden is weggelaten, met alle regels.")
@click.option("--json", "as_json", is_flag=True, help="Als JSON.")
def list_command(
    *,
    store_url: str | None,
    start: datetime | None,
    end: datetime | None,
    area: str,
    reason: str | None,
    as_json: bool,
) -> None:
    """Welke meldingen in geen hotspot meetellen, per reden, en welke teksten iemand moet nakijken."""
    with _opened(store_url) as services:
        state = FilterState(
            start=start and start.date(), end=end and end.date(), area=services.map.city().area_key(area)
        )
        if area and not state.area:
            raise click.UsageError(_("Het gebied {name} bestaat niet.", name=area))
        found = services.review.left_out(LOCAL_ANALYST, state, most=None if reason or as_json else SHOWN_ROWS)
    groups = [g for g in (*found.groups, found.marked, found.doubtful) if g.n and reason in (None, g.reason)]
    if as_json:
        click.echo(json.dumps([_group_json(g) for g in groups], ensure_ascii=False, indent=2))
        return
    if not groups:
        click.echo(_("Er is niets weggelaten en er is geen tekst om na te kijken."))
    for g in groups:
        _show(g)


@group.command("keep")
@store_option
@subject_options
@note_option
def keep_command(*, store_url: str | None, note: str, **subject: Any) -> None:
    """Laat een weggelaten melding, punt of bron toch meetellen, of weerleg met --mark wat tegen een hotspot spreekt.

    Zonder --flag vervalt alles wat de melding weghoudt.
    """
    with _opened(store_url) as services:
        made = services.review.keep(LOCAL_ANALYST, _subjects(services, subject), note=note)
    _told(made)


@group.command("leave-out")
@store_option
@subject_options
@note_option
def leave_out_command(*, store_url: str | None, note: str, **subject: Any) -> None:
    """Laat een melding (met --flag) of alle meldingen op een punt weg uit de hotspots."""
    if subject["lattice"]:
        raise click.UsageError(_("Een bron is niet weg te laten; maak daarvoor het besluit ongedaan."))
    if subject["mark"]:
        raise click.UsageError(_("Een kanttekening komt terug als u het besluit ongedaan maakt."))
    if subject["of_report"] and not subject["flag"]:
        raise click.UsageError(_("Zeg met --flag waarom de melding wegblijft. Kies uit: {known}.", known=_known()))
    with _opened(store_url) as services:
        made = services.review.leave_out(LOCAL_ANALYST, _subjects(services, subject), note=note)
    _told(made)


@group.command("undo")
@click.argument("decisions", nargs=-1, required=True, type=int, metavar="NUMMER…")
@store_option
@note_option
def undo_command(*, decisions: tuple[int, ...], store_url: str | None, note: str) -> None:
    """Maak besluiten ongedaan; ze blijven in de geschiedenis staan."""
    with _opened(store_url) as services:
        services.review.undo(LOCAL_ANALYST, decisions, note=note)
    click.echo(_n("{n} besluit ongedaan gemaakt.", "{n} besluiten ongedaan gemaakt.", len(decisions)))


@group.command("history")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Als JSON.")
def history_command(*, store_url: str | None, as_json: bool) -> None:
    """Elk besluit, het nieuwste eerst, ook wat ongedaan is gemaakt."""
    with _opened(store_url) as services:
        rows = services.review.history(LOCAL_ANALYST)
    if as_json:
        click.echo(rows.to_json(orient="records", date_format="iso", force_ascii=False, indent=2))
        return
    if rows.empty:
        click.echo(_("Er is nog niets besloten."))
    for row in rows.to_dict("records"):
        about = f"{words.verdict(row)}: {words.decided_about(row)}"
        click.echo(f"{row['id']}  {about}  ({words.by(row)}: {row['note'] or '–'})")
        if not words.is_held(row):
            click.echo("    " + _("ongedaan gemaakt {how}", how=words.undone(row)))


@contextmanager
def _opened(store_url: str | None) -> Iterator[Services]:
    settings = settings_for(store_url)
    with open_store(settings) as store:
        yield services_for(store, settings)


def _subjects(services: Services, given: dict[str, Any]) -> list[Subject]:
    """What the options name: exactly one thing."""
    names = ("of_report", "flag", "point", "lattice", "mark")
    of_report, flag, point, lattice, mark = (given[name] for name in names)
    if sum(bool(one) for one in (of_report, point, lattice, mark)) != 1:
        raise click.UsageError(_("Noem één van --report, --point, --lattice of --mark."))
    if flag and not of_report:
        raise click.UsageError(_("--flag hoort bij --report."))
    if lattice:
        return [Subject.on_lattice(lattice)]
    if mark:
        return [Subject.on_mark(*mark)]
    if point:
        return [_point(point)]
    source, source_id = of_report
    if flag:
        return [Subject.on_flag(source, source_id, flag)]
    bears = [f for f in services.review.flags_of(LOCAL_ANALYST, source, source_id) if f in KEEPS_OUT]
    if not bears:
        raise click.UsageError(
            _("Melding {id} van {source} wordt niet om een eigen kanttekening weggelaten; kijk in review list.",
              id=source_id, source=source)
        )  # fmt: skip
    return [Subject.on_flag(source, source_id, f) for f in bears]


def _point(text: str) -> Subject:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise click.UsageError(
            _("{value} is geen punt. Geef RD-meters als X,Y, bijv. 105000.00,425000.00.", value=text)
        ) from error
    return Subject.on_point(x, y)


def _known() -> str:
    return ", ".join(DECIDABLE)


def _told(made: tuple[int, ...]) -> None:
    click.echo(
        _n("Besluit {ids} genomen.", "Besluiten {ids} genomen.", len(made), ids=words.numbers(made))
        + " "
        + _("Ongedaan maken: hotspotkaart review undo {id} --note …", id=made[0])
    )


def _show(group: Group) -> None:
    """One reason: how many, why, and its rows."""
    click.echo(f"{words.title(group.reason)} [{group.reason}]: {words.count(group)}. {words.explained(group.reason)}")
    for row in group.rows:
        click.echo("  " + "  ".join(part for part in _cells(row) if part))
    if rest := group.n_rows - len(group.rows):
        click.echo(_("  … en nog {n} regels: --reason {reason}", n=number(rest), reason=group.reason))


def _cells(row: LeftOutRow) -> list[str]:
    n = _n("{n} melding", "{n} meldingen", row.n) if row.n > 1 else ""
    return [words.what(row), words.when(row), words.where(row), n, row.text]


def _group_json(group: Group) -> dict[str, Any]:
    return {
        "reason": group.reason,
        "n": group.n,
        "rows": [
            {
                "what": words.what(row),
                "source": row.source,
                "source_id": row.source_id,
                "n": row.n,
                "first": row.first.isoformat() if row.first else None,
                "last": row.last.isoformat() if row.last else None,
                "minute": row.minute,
                "buurt": row.buurt,
                "street": row.street,
                **({"text": row.text} if row.text else {}),
            }
            for row in group.rows
        ],
    }

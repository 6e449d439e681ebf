"""``hotspotkaart analyse compare``: two periods beside each other, per buurt or per hotspot."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click
import pandas as pd

from dashboard import context_words
from dashboard.commands.analyse.common import (
    Question,
    asked_reports,
    cluster,
    enough,
    facts,
    need_areas,
    not_one_point,
    question,
    table,
    tell,
)
from dashboard.console import fail
from dashboard.development_words import verdict
from dashboard.figures import figure, p_value, where
from dashboard.i18n import _, _n, day, number
from dashboard.services.side_by_side import Counted, per_buurt, per_hotspot, within
from dashboard.subject import DAY, Subject
from geo import compare
from geo.calendar import REPORTING, campaigns
from geo.compare import Comparison, Period, Verdict


@click.command("compare")
@question(period=False)
@click.option(
    "--before", nargs=2, type=DAY, required=True, metavar="VAN TOT", help="Eerste en laatste dag van de periode ervoor."
)
@click.option(
    "--after", nargs=2, type=DAY, required=True, metavar="VAN TOT", help="Eerste en laatste dag van de periode erna."
)
@click.option(
    "--per", type=click.Choice(["buurt", "hotspot"]), default="buurt", show_default=True, help="Waar te vergelijken."
)
def command(asked: Question, *, before: tuple[datetime, datetime], after: tuple[datetime, datetime], per: str) -> None:
    """Twee periodes naast elkaar: waar meer of minder dan in de rest van de stad, met marge."""
    first, second = (_period(*days) for days in (before, after))
    if second.end < first.start:
        fail(
            _(
                "De periode ervoor ({first}) ligt na die erna ({second}). Wissel ze om.",
                first=_days(first),
                second=_days(second),
            )
        )
    if second.start <= first.end and first.start <= second.end:
        fail(
            _(
                "De periodes overlappen: {first} en {second}. Kies dagen die maar in één van beide vallen.",
                first=_days(first),
                second=_days(second),
            )
        )
    subject, reports = asked_reports(asked, dated=True)
    not_one_point(reports)
    for period in (first, second):
        if not within(reports, period).any():
            _nothing_in(period, reports)
    counted, names = (
        _buurten(subject, reports, first, second)
        if per == "buurt"
        else _hotspots(subject, reports, asked, first, second)
    )
    needed = compare.n_needed(days_before=first.days, days_after=second.days)
    enough(counted.total_before + counted.total_after, needed, _("een vergelijking"))
    found = compare.compare(
        counted.before,
        counted.after,
        first=first,
        second=second,
        total_before=counted.total_before,
        total_after=counted.total_after,
        campaigns=campaigns(subject.marks),
    )
    if asked.as_json:
        tell(facts(subject, reports) | _figures(counted, names, found=found, periods=(first, second), per=per))
    else:
        _show(counted, names, found, subject=subject, periods=(first, second), per=per)


def _period(start: datetime, end: datetime) -> Period:
    if start > end:
        fail(_("De periode loopt terug: {start} is na {end}.", start=day(start), end=day(end)))
    return Period(start=start.date(), end=end.date())


def _nothing_in(period: Period, reports: pd.DataFrame) -> None:
    dates = reports["event_date"]
    fail(
        _(
            "Er zijn geen meldingen van {period}. Ze lopen van {first} t/m {last}.",
            period=_days(period),
            first=day(dates.min()),
            last=day(dates.max()),
        )
    )


def _buurten(subject: Subject, reports: pd.DataFrame, first: Period, second: Period) -> tuple[Counted, tuple[str, ...]]:
    if not len(subject.buurten):
        need_areas()
    buurten = subject.buurten
    counted = per_buurt(reports, subject.positions(reports), buurten, before=first, after=second)
    return counted, tuple(buurten["name"][~buurten["water"].to_numpy(bool)])


def _hotspots(
    subject: Subject, reports: pd.DataFrame, asked: Question, first: Period, second: Period
) -> tuple[Counted, tuple[str, ...]]:
    found = cluster(subject, reports[within(reports, first) | within(reports, second)], asked)
    if not found.result.hotspots:
        fail(_("In deze periodes samen is geen hotspot gevonden. Vergelijk de buurten: --per buurt."))
    counted = per_hotspot(found.reports, found.result, before=first, after=second)
    return counted, tuple(where(h) for h in found.result.hotspots)


def _figures(
    counted: Counted,
    names: Sequence[str],
    *,
    found: Sequence[Comparison],
    periods: tuple[Period, Period],
    per: str,
) -> dict[str, Any]:
    first, second = periods
    return {
        "per": per,
        "before": {"from": first.start, "to": first.end, "n": counted.total_before},
        "after": {"from": second.start, "to": second.end, "n": counted.total_after},
        "places": [
            {"id": i, "name": name, "figures": one} for i, name, one in zip(counted.ids, names, found, strict=True)
        ],
    }


def _show(
    counted: Counted,
    names: Sequence[str],
    found: Sequence[Comparison],
    *,
    subject: Subject,
    periods: tuple[Period, Period],
    per: str,
) -> None:
    first, second = periods
    click.echo(
        _(
            "{first}: {before} meldingen in {days_before} dagen. {second}: {after} meldingen in {days_after} dagen.",
            first=_days(first),
            before=number(counted.total_before),
            days_before=number(first.days),
            second=_days(second),
            after=number(counted.total_after),
            days_after=number(second.days),
        )
    )
    changed = sum(one.verdict is not Verdict.NO_EVIDENCE for one in found)
    if not changed:
        click.echo(
            _("Nergens is het aandeel in de stad aantoonbaar veranderd; dat is iets anders dan: er veranderde niets.")
        )
    told = [i for i, one in enumerate(found) if compare.TOO_FEW not in one.remarks]
    told.sort(key=lambda i: (found[i].share_p, -found[i].before - found[i].after, names[i]))
    rows = [_row(counted, names, found[i], i, ids=per == "hotspot") for i in told]
    header = [
        _("waar"),
        _("voor"),
        _("na"),
        _("keer per dag"),
        _("marge (95%)"),
        _("keer aandeel"),
        _("marge (95%)"),
        "q",
        _("oordeel"),
    ]
    table(
        [*([_("hotspot")] if per == "hotspot" else []), *header],
        rows,
        left=(0, 1, len(header)) if per == "hotspot" else (0, len(header) - 1),
    )
    _remarks(found, subject, periods)


def _row(counted: Counted, names: Sequence[str], one: Comparison, i: int, *, ids: bool) -> list[str]:
    return [
        *([counted.ids[i]] if ids else []),
        names[i],
        number(one.before),
        number(one.after),
        figure(one.ratio, 2),
        f"{figure(one.low, 2)}–{figure(one.high, 2)}",
        figure(one.share_ratio, 2),
        f"{figure(one.share_low, 2)}–{figure(one.share_high, 2)}",
        p_value(one.share_q),
        verdict(one),
    ]


def _remarks(found: Sequence[Comparison], subject: Subject, periods: tuple[Period, Period]) -> None:
    remarks = {code for one in found for code in one.remarks}
    needed = max((one.n_needed for one in found), default=0)
    if compare.REGRESSION_TO_THE_MEAN in remarks:
        click.echo(
            _(
                "Wat is uitgekozen omdat het hoog was, daalt vanzelf (terugkeer naar het gemiddelde): ook zonder maatregel. "
                "Kies plekken niet op hun hoogste periode."
            )
        )
    if compare.MARKED in remarks:
        names = {c.name for c in compare.differing(campaigns(subject.marks), *periods)}
        for mark in subject.marks:
            if mark.kind in REPORTING and mark.name in names:
                click.echo(_("In één van beide periodes: {mark}.", mark=context_words.mark_words(mark)))
    few = sum(compare.TOO_FEW in one.remarks and one.before + one.after > 0 for one in found)
    if few:
        click.echo(
            _n(
                "{n} plek staat er niet bij: met minder dan {least} meldingen in beide periodes samen is niets aantoonbaar.",
                "{n} plekken staan er niet bij: met minder dan {least} meldingen in beide periodes samen is niets aantoonbaar.",
                few,
                least=number(needed),
            )
        )


def _days(period: Period) -> str:
    return _("{start} t/m {end}", start=day(period.start), end=day(period.end))

"""``hotspotkaart analyse trend``: up or down by the quarter, and as a share of the city's total."""

from datetime import timedelta

import click

from dashboard import context_words as words
from dashboard.commands.analyse.common import Question, bar, facts_of, question, share, table, tell, within_time
from dashboard.console import fail
from dashboard.development_words import REPORTING, trend_figures
from dashboard.i18n import _, number
from dashboard.services.asking import LEAST
from geo.context import CityContext, HotspotContext, Quarters
from geo.context_quarters import next_quarter
from geo.trend import LEAST_PERIODS, Trend


@click.command("trend")
@question()
@click.option("--hotspot", "asked_id", default="", metavar="ID", help="Deze plek, naast het aandeel in de hele stad.")
def command(asked: Question, *, asked_id: str) -> None:
    """Stijgt of daalt het per kwartaal, en ook als aandeel van de stad? Met campagnes en wetten erbij."""
    found, city, one = within_time(asked, asked_id, what=_("een trend"), least=LEAST)
    looked_at = one or city
    if len(looked_at.quarters.starts) < LEAST_PERIODS:
        few_quarters(len(looked_at.quarters.starts), LEAST_PERIODS, _("een trend"))
    if asked.as_json:
        shares = one.share_trend if one else None
        told = {"quarters": looked_at.quarters, "trend": looked_at.trend, "share_trend": shares, "marks": city.marks}
        tell(facts_of(found, one) | told)
    else:
        _show(city, one)


def few_quarters(n: int, least: int, what: str) -> None:
    """End the command: there are too few whole quarters."""
    fail(
        _(
            "Te weinig meldingen voor {what}: ze beslaan {n} hele kwartalen, nodig minstens {least}. Neem een langere periode.",
            what=what,
            n=n,
            least=least,
        )
    )


def _show(city: CityContext, one: HotspotContext | None) -> None:
    looked_at = one or city
    for line in words.trend_lines(looked_at.trend, one.share_trend if one else None):
        click.echo(line)
    _quarters(looked_at.quarters, city, beside=one is not None)
    _test(_("aantal"), looked_at.trend, scale=1, unit=_("per kwartaal"))
    if one:
        _test(_("aandeel"), one.share_trend, scale=100, unit=_("procentpunt per kwartaal"))
    for line in words.mark_lines(city):
        click.echo(line)
    click.echo(_(REPORTING))


def _quarters(quarters: Quarters, city: CityContext, *, beside: bool) -> None:
    most = max(quarters.counts, default=0) or 1
    rows = []
    for start, n, total, part in zip(quarters.starts, quarters.counts, quarters.totals, quarters.shares, strict=True):
        last = next_quarter(start) - timedelta(days=1)
        marks = [m.name for m in city.marks if (m.touches(start, last) if m.end else start <= m.start <= last)]
        beside_cells = [number(total), share(part)] if beside else []
        rows.append([words.quarter(start), number(n), *beside_cells, bar(n / most), ", ".join(marks)])
    header = [_("kwartaal"), _("meldingen"), *([_("stad"), _("aandeel")] if beside else []), "", _("in dit kwartaal")]
    table(header, rows, left=(0, len(header) - 2, len(header) - 1))


def _test(name: str, trend: Trend | None, *, scale: float, unit: str) -> None:
    if trend is not None:
        click.echo(trend_figures(name, trend, scale=scale, unit=unit))

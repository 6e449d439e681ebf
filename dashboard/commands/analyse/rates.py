"""``hotspotkaart analyse rates``."""

import json
from datetime import date, datetime
from typing import Any

import click
import geopandas as gpd
import numpy as np

from dashboard import rate_words
from dashboard.console import fail, open_store, settings_for, store_option
from dashboard.i18n import _, _n, day
from dashboard.services.city import CityCache
from dashboard.services.map import MapService
from dashboard.services.types import shade_by
from dashboard.state import FilterState
from data.viewer import LOCAL_ANALYST
from geo.rates import DAYS_PER_YEAR, Per, Rates

DAY = click.DateTime(formats=["%Y-%m-%d", "%d-%m-%Y"])


@click.command("rates")
@click.option(
    "--per",
    type=click.Choice([str(per) for per in Per]),
    default=str(Per.INHABITANTS),
    show_default=True,
    help="Waartegen: inwoners, kilometers straat, instappers of een eigen gewicht.",
)
@click.option("--weight", "weight_name", default="", metavar="NAAM", help="Welk gewicht, als de store er meer heeft.")
@click.option("--from", "start", type=DAY, metavar="DATUM", help="Eerste dag, bijv. 2025-01-31.")
@click.option("--to", "end", type=DAY, metavar="DATUM", help="Laatste dag, die telt mee.")
@click.option("--json", "as_json", is_flag=True, help="Het resultaat als JSON.")
@store_option
def command(
    *,
    per: str,
    weight_name: str,
    start: datetime | None,
    end: datetime | None,
    as_json: bool,
    store_url: str | None,
) -> None:
    """Meldingen per buurt tegen inwoners, straat, instappers of een gewicht, met marge."""
    settings = settings_for(store_url)
    asked = FilterState(start=start.date() if start else None, end=end.date() if end else None)
    if asked.start and asked.end and asked.start > asked.end:
        fail(_("De periode loopt terug: {start} is na {end}.", start=day(asked.start), end=day(asked.end)))
    with open_store(settings) as store:
        maps = MapService(store, settings, CityCache(store, settings))
        shade = shade_by(maps.exposure.asked(Per(per), name=weight_name))
        state = FilterState(start=asked.start, end=asked.end, shade=shade)
        found, buurten = maps.rates(LOCAL_ANALYST, state), maps.city().buurten
        choices = maps.choices(LOCAL_ANALYST)
    if found is None:  # the store changed in between
        fail(_("De store is tussentijds veranderd; probeer het opnieuw."))
    if choices.first and choices.last and not (found.n.sum() or found.n_left_out):
        fail(
            _(
                "Er zijn geen meldingen in de gevraagde periode. Ze lopen van {first} t/m {last}.",
                first=day(choices.first),
                last=day(choices.last),
            )
        )
    period = asked.start or choices.first, asked.end or choices.last
    if as_json:
        click.echo(json.dumps(to_json(found, buurten, period), ensure_ascii=False, indent=2))
    else:
        _show(found, buurten, period)


def to_json(found: Rates, buurten: gpd.GeoDataFrame, period: tuple[date | None, date | None]) -> dict[str, Any]:
    """Rates as JSON: per buurt what it rests on, its interval and its smoothed rate; null where there is none."""
    by = found.denominator
    first, last = period
    return {
        "per": by.per,
        "name": by.name or None,
        "unit": by.unit or None,
        "scale": by.scale,
        "source": by.source,
        "period": {
            "from": first and first.isoformat(),
            "to": last and last.isoformat(),
            "days_per_year": DAYS_PER_YEAR,
        },
        "overall": _known(found.overall),
        "interval": "Poisson, exact, 95 %",
        "smoothing": "empirical Bayes, global (Marshall 1991)",
        "left_out": {"areas": {str(reason): n for reason, n in found.left_out.items()}, "reports": found.n_left_out},
        "areas": [
            {
                "code": code,
                "name": name,
                "n": int(found.n[i]),
                "denominator": _known(by.values[i]),
                "rate": _known(found.value[i]),
                "low": _known(found.low[i]),
                "high": _known(found.high[i]),
                "smoothed": _known(found.shrunk[i]),
            }
            for i, (code, name) in enumerate(zip(buurten["code"], buurten["name"], strict=True))
        ],
    }


def _show(found: Rates, buurten: gpd.GeoDataFrame, period: tuple[date | None, date | None]) -> None:
    """The table a person reads, highest smoothed rate first."""
    by = found.denominator
    names = buurten["name"].tolist()
    order = [i for i in np.argsort(-found.shrunk, kind="stable").tolist() if np.isfinite(found.shrunk[i])]
    if not order:
        click.echo(_("Geen enkele buurt heeft een cijfer in deze periode."))
        return
    first, last = period
    if first and last:
        click.echo(f"{day(first)} – {day(last)}")
    click.echo(
        _("Meldingen per jaar {per}; alle buurten samen: {rate}.", per=rate_words.per(by), rate=_figure(found.overall))
        + (" " + _("Bron: {source}.", source=by.source) if by.source else "")
    )
    click.echo(_("Volgorde en kaart volgen het afgevlakte cijfer: waar weinig is om door te delen telt de stad mee."))
    width = max(len(names[i]) for i in order)
    for i in order:
        margin = _("95%-marge {low}–{high}", low=_figure(found.low[i]), high=_figure(found.high[i]))
        reports = _n("{n} melding", "{n} meldingen", int(found.n[i]))
        amount = rate_words.amount(by, found.denominator.values[i])
        rate = f"{_figure(found.value[i])} ({margin}); {reports}, {amount}"
        click.echo(f"{_figure(found.shrunk[i]):>8}  {names[i]:<{width}}  {rate}")
    if told := rate_words.left_out(found):
        click.echo(told)


def _figure(value: float) -> str:
    return rate_words.figure(value) if np.isfinite(value) else "–"


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None

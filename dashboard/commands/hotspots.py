"""``hotspotkaart hotspots``."""

import json
import math
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

import click
import geopandas as gpd
import pandas as pd
import shapely

from dashboard import messages
from dashboard.console import Progress, fail, open_store, settings_for, store_option
from dashboard.i18n import _, _n, day, number
from dashboard.services.city import CityCache
from dashboard.services.exposure import ExposureService
from dashboard.services.hotspots import as_geojson, as_json, certainty_json, labels_table
from dashboard.services.map import hotspot_cells
from dashboard.spreadsheet import neutralise
from data.areas import read_areas, wijken_from_buurten
from data.filter import ReportFilter
from data.focus import load_focus_areas
from data.importing import ImportOptions, read_reports
from data.settings import Settings
from data.viewer import LOCAL_ANALYST
from geo import advice
from geo.certainty import SEED, Certainty, assess
from geo.hotspots import HotspotParams, HotspotResult, Surroundings, find_hotspots
from geo.join import assign
from geo.nulls import NullKind
from geo.rates import Denominator, Per

NULLS = {"smoothed": NullKind.SMOOTHED, "uniform": NullKind.UNIFORM, "inhabitants": NullKind.WEIGHTED}
NULLS |= dict.fromkeys(("streets", "boardings", "weight"), NullKind.WEIGHTED)
DAY = click.DateTime(formats=["%Y-%m-%d", "%d-%m-%Y"])


class Metres(click.FloatRange):
    """A distance above 0; "nan" and "inf" are numbers to Python but not to a map."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The distance, or the library's own complaint about it."""
        metres = float(super().convert(value, param, ctx))
        if not math.isfinite(metres):
            self.fail(_("{value} is geen afstand in meters.", value=value), param, ctx)
        return metres


class Subject(NamedTuple):
    """What is clustered, and what is around it."""

    reports: pd.DataFrame
    surroundings: Surroundings
    version: str


@click.command("hotspots")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@store_option
@click.option(
    "--areas", type=click.Path(path_type=Path), help="Buurtgrenzen uit een bestand, in plaats van die in de store."
)
@click.option(
    "--eps",
    "eps_m",
    type=Metres(min=0, min_open=True),
    metavar="METER",
    help="Tot welke afstand twee meldingen buren zijn.",
)
@click.option(
    "--min-samples",
    type=click.IntRange(min=1),
    metavar="N",
    help="Meldingen binnen eps, zichzelf meegeteld, voor een kern; weggelaten: het advies.",
)
@click.option("--from", "start", type=DAY, metavar="DATUM", help="Eerste dag, bijv. 2025-01-31.")
@click.option("--to", "end", type=DAY, metavar="DATUM", help="Laatste dag, die telt mee.")
@click.option("--raw", is_flag=True, help="Elke rij met een plaats telt mee; niets wordt weggelaten.")
@click.option(
    "--labels", type=click.Path(path_type=Path), help="Schrijf per melding: id,label,kind,buurtcode,wijkcode."
)
@click.option("--out", type=click.Path(path_type=Path), help="Schrijf de hotspots als GeoJSON met rastercellen.")
@click.option("--certainty", is_flag=True, help="Toets elke hotspot aan toeval en aan andere instellingen.")
@click.option(
    "--null",
    type=click.Choice(NULLS),
    default="smoothed",
    show_default=True,
    help="Welk toeval: uitgesmeerde meldingen, gelijk over het land, of naar inwoners, straat, instappers of een gewicht.",
)
@click.option("--weight", "weight_name", default="", metavar="NAAM", help="Welk gewicht, als de store er meer heeft.")
@click.option("--runs", type=click.IntRange(19, 99_999), default=999, show_default=True, help="Aantal proeven.")
@click.option("--seed", default=SEED, show_default=True, help="Zelfde getal, zelfde uitkomst.")
@click.option("--json", "as_json_", is_flag=True, help="Het resultaat als JSON.")
def command(
    *,
    file: Path | None,
    store_url: str | None,
    areas: Path | None,
    eps_m: float | None,
    min_samples: int | None,
    start: datetime | None,
    end: datetime | None,
    raw: bool,
    labels: Path | None,
    out: Path | None,
    certainty: bool,
    null: str,
    weight_name: str,
    runs: int,
    seed: int,
    as_json_: bool,
) -> None:
    """Zoek hotspots in een bestand of in de opgeslagen meldingen (DBSCAN in meters, RD)."""
    settings = settings_for(store_url)
    period = ReportFilter(start=start.date() if start else None, end=end.date() if end else None)
    if period.start and period.end and period.start > period.end:
        fail(_("De periode loopt terug: {start} is na {end}.", start=day(period.start), end=day(period.end)))
    if file and store_url:
        fail(_("Geef een bestand of een store, niet allebei: {file} en {store}.", file=file, store=store_url))
    per = Per(null) if NULLS[null] is NullKind.WEIGHTED and null != Per.INHABITANTS else None
    if per and (file or areas):
        fail(_("--null {null} gaat alleen met de buurten in de store; laat FILE en --areas weg.", null=null))
    subject = _from_file(file, areas, settings, period, raw=raw) if file else _from_store(areas, settings, period)
    eps = eps_m if eps_m is not None else settings.eps_m
    least = min_samples if min_samples is not None else _advised(subject, eps)
    result = find_hotspots(
        subject.reports,
        params=HotspotParams(eps_m=eps, min_samples=least, raw=raw),
        surroundings=subject.surroundings,
        data_version=subject.version,
    )
    if labels:
        table = labels_table(subject.reports, result, subject.surroundings.buurten)
        table["id"] = table["id"].map(neutralise)
        table.to_csv(labels, index=False, encoding="utf-8", lineterminator="\n")
    if out:
        cells = hotspot_cells(result.hotspots, result, subject.reports, cell_m=settings.cell_screen_m)
        out.write_text(as_geojson(result, cells), encoding="utf-8")
    tested = None
    if certainty and len(result.labels):
        progress = Progress(_("Toetsen"))
        around = subject.surroundings.buurten
        tested = assess(
            subject.reports, result, buurten=around, null=NULLS[null], runs=runs, seed=seed, progress=progress,
            weight=_denominator(settings, per, weight_name) if per else None,
        )  # fmt: skip
        progress.done()
    if as_json_:
        told = as_json(result) | ({"certainty": certainty_json(tested)} if tested else {})
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _show(result, tested)


def _denominator(settings: Settings, per: Per, name: str) -> Denominator:
    with open_store(settings) as store:
        return ExposureService(store, CityCache(store, settings)).asked(per, name=name)


def _from_store(areas: Path | None, settings: Settings, period: ReportFilter) -> Subject:
    with open_store(settings) as store:
        city = CityCache(store, settings).city()
        around = _surroundings(areas, settings)[0] if areas else city.surroundings
        return Subject(store.reports(LOCAL_ANALYST, period), around, city.version)


def _from_file(file: Path, areas: Path | None, settings: Settings, period: ReportFilter, *, raw: bool) -> Subject:
    surroundings, municipality = _surroundings(areas, settings)
    checked = read_reports(
        file,
        settings=settings,
        options=ImportOptions(),
        place_only=True,
        municipality=None if raw else municipality,
    )
    reports = checked.reports
    if period.start or period.end:
        reports = reports[period.mask(reports)]
    return Subject(reports, surroundings, f"{file.name}")


def _surroundings(areas: Path | None, settings: Settings) -> tuple[Surroundings, shapely.Geometry | None]:
    if areas is None:
        return Surroundings(), None
    read = read_areas(areas, level="buurt")
    buurten = read.frame
    focus = {
        a.name: geometry
        for a in load_focus_areas(settings.focus_areas)
        if not (geometry := a.geometry(buurten)).is_empty
    }
    wijken: gpd.GeoDataFrame = wijken_from_buurten(buurten, names=read.wijk_names)
    known = shapely.get_coordinates(shapely.centroid(buurten.geometry.to_numpy()))
    surroundings = Surroundings(
        buurten=buurten, wijken=wijken, focus=focus, default_points=known, join_tolerance_m=settings.join_tolerance_m
    )
    return surroundings, shapely.union_all(buurten.geometry.to_numpy())


def _advised(subject: Subject, eps_m: float) -> int:
    around = subject.surroundings
    x, y = subject.reports["x"].to_numpy(float), subject.reports["y"].to_numpy(float)
    positions = None if around.buurten is None else assign(x, y, around.buurten)
    return advice.for_reports(subject.reports, positions=positions, eps_m=eps_m, surroundings=around)


def _show(result: HotspotResult, tested: Certainty | None) -> None:
    """The table a person reads."""
    n = len(result.hotspots)
    click.echo(
        _n("{n} hotspot", "{n} hotspots", n)
        + _(
            " · eps {eps} m, minimaal {m} meldingen · {n_in} meldingen, waarvan {noise} los",
            eps=number(result.params.eps_m),
            m=result.params.min_samples,
            n_in=number(result.n_in),
            noise=number(result.n_noise),
        )
    )
    if result.left_out:
        click.echo("  " + messages.left_out(result.left_out))
    if tested:
        click.echo("  " + messages.chance_outcome(tested))
    for h in result.hotspots:
        where = h.buurt_name or _("rond RD {x}, {y}", x=round(h.x), y=round(h.y))
        click.echo(
            f"{h.rank:>4}  {h.id:<12} "
            + _("{n} meldingen ({core} kern)", n=number(h.n), core=number(h.n_core))
            + f"  {where}{_period(h.first, h.last)}"
        )

        if tested and (sure := tested.of(h.id)):
            click.echo(" " * 19 + messages.certainty(sure, tested))


def _period(first: pd.Timestamp | None, last: pd.Timestamp | None) -> str:
    if first is None or last is None:
        return ""
    spans: tuple[date, date] = (first.date(), last.date())
    return "  " + " – ".join(day(d) for d in spans)

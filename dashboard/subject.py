"""The Subject of a command: which reports, and what is around them, from a file or from the store."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any, Final

import click
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from dashboard import messages
from dashboard.answer_words import why_not
from dashboard.console import fail, open_store, settings_for, store_option
from dashboard.i18n import _, _n, day
from dashboard.services.city import CityCache
from dashboard.services.exposure import ExposureService
from dashboard.services.material import buurten_of, no_features, positions_of, too_wide
from data.areas import read_areas, wijken_from_buurten
from data.filter import ReportFilter
from data.focus import load_focus_areas
from data.importing import ImportOptions, read_reports
from data.reasons import Outcome
from data.settings import Settings
from data.viewer import LOCAL_ANALYST
from geo import advice
from geo.calendar import Mark
from geo.certainty import SEED
from geo.hotspots import Surroundings
from geo.nulls import NullKind
from geo.rates import Denominator, Per


class Day(click.DateTime):
    """A day as people write it, refused in words instead of in the letters of a format."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The day; a usage error for what is none."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(_("'{value}' is geen datum. Schrijf hem als 2025-01-31 of 31-01-2025.", value=value), param, ctx)


DAY: Final = Day(formats=["%Y-%m-%d", "%d-%m-%Y"])
NULLS: Final = {
    "smoothed": NullKind.SMOOTHED,
    "uniform": NullKind.UNIFORM,
    "inhabitants": NullKind.WEIGHTED,
} | dict.fromkeys(("streets", "boardings", "weight"), NullKind.WEIGHTED)
MOST_M: Final = 5_000.0  # wider than any question about places in a city
_UNUSABLE: Final = (Outcome.QUARANTINE, Outcome.WITHDRAWN)
AnyFunction = Callable[..., Any]
Decorator = Callable[[AnyFunction], AnyFunction]

seed_option = click.option(
    "--seed", default=SEED, type=click.IntRange(min=0), show_default=True, help="Zelfde getal, zelfde uitkomst."
)


class Metres(click.FloatRange):
    """A distance above 0; "nan" and "inf" are numbers to Python but not to a map."""

    def __init__(self) -> None:
        super().__init__(min=0, min_open=True, max=MOST_M)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The distance, or the library's own complaint about it."""
        metres = float(super().convert(value, param, ctx))
        if not math.isfinite(metres):
            self.fail(_("{value} is geen afstand in meters.", value=value), param, ctx)
        return metres


@dataclass(frozen=True, kw_only=True, eq=False)
class Subject:
    """What is looked at, and what is around it.

    reports: geo.report.COLUMNS, of the asked period. everything: of every period. streets: RD lines, no rows when
    there are none. marks: the calendar. from_store: reports and buurten both are. unusable: rows of the file without a
    usable place, or withdrawn.
    """

    reports: pd.DataFrame
    everything: pd.DataFrame
    surroundings: Surroundings
    version: str
    settings: Settings
    period: ReportFilter
    streets: gpd.GeoDataFrame
    from_store: bool
    marks: tuple[Mark, ...] = ()
    unusable: int = 0

    @property
    def buurten(self) -> gpd.GeoDataFrame:
        """The buurten by code; no rows when there are none."""
        return buurten_of(self.surroundings)

    def positions(self, reports: pd.DataFrame) -> NDArray[np.intp]:
        """Each report's position in ``buurten``, OUTSIDE for none."""
        return positions_of(reports, self.surroundings)

    def advised(self, reports: pd.DataFrame, eps_m: float) -> int:
        """The least number of reports for these reports (geo.advice)."""
        positions = self.positions(reports) if len(self.buurten) else None
        return advice.for_reports(reports, positions=positions, eps_m=eps_m, surroundings=self.surroundings)


def subject_options(*, clusters: bool = True, period: bool = True) -> Decorator:
    """FILE, --store, --areas, and where they mean something --eps, --min-samples, --from and --to."""
    asked: list[Decorator] = [
        click.argument("file", required=False, type=click.Path(path_type=Path)),
        store_option,
        click.option(
            "--areas",
            type=click.Path(path_type=Path),
            help="Buurtgrenzen uit een bestand, in plaats van die in de store.",
        ),
    ]
    if clusters:
        asked += [
            click.option(
                "--eps",
                "eps_m",
                type=Metres(),
                metavar="METER",
                help="Tot welke afstand twee meldingen buren zijn.",
            ),
            click.option(
                "--min-samples",
                type=click.IntRange(min=1),
                metavar="N",
                help="Meldingen binnen eps, zichzelf meegeteld, voor een kern; weggelaten: het advies.",
            ),
        ]
    if period:
        asked += [
            click.option("--from", "start", type=DAY, metavar="DATUM", help="Eerste dag, bijv. 2025-01-31."),
            click.option("--to", "end", type=DAY, metavar="DATUM", help="Laatste dag, die telt mee."),
        ]
    return lambda command: reduce(lambda made, option: option(made), reversed(asked), command)


def null_options(command: AnyFunction) -> AnyFunction:
    """--null, --weight, --runs and --seed: against which chance, and how often."""
    asked: list[Decorator] = [
        click.option(
            "--null",
            type=click.Choice(NULLS),
            default="smoothed",
            show_default=True,
            help="Welk toeval: uitgesmeerde meldingen, gelijk over het land, of naar inwoners, straat, instappers of een gewicht.",
        ),
        click.option(
            "--weight", "weight_name", default="", metavar="NAAM", help="Welk gewicht, als de store er meer heeft."
        ),
        click.option("--runs", type=click.IntRange(19, 99_999), default=999, show_default=True, help="Aantal proeven."),
        seed_option,
    ]
    return reduce(lambda made, option: option(made), reversed(asked), command)


def weight_for(subject: Subject, null: str, name: str) -> Denominator | None:
    """What a weighted null follows; None for inhabitants and for nulls without a weight. What is not there ends the command."""
    if NULLS[null] is not NullKind.WEIGHTED:
        return None
    if null != Per.INHABITANTS:
        if not subject.from_store:
            fail(_("--null {null} gaat alleen met de buurten in de store; laat FILE en --areas weg.", null=null))
        with open_store(subject.settings) as store:
            return ExposureService(store, CityCache(store, subject.settings)).asked(Per(null), name=name)
    buurten = subject.buurten
    if not len(buurten) or not (buurten["inhabitants"].fillna(0)[~buurten["water"].astype(bool)] > 0).any():
        fail(
            _(
                "--null inhabitants vraagt buurten met inwoners. Lees ze in met hotspotkaart areas import, of neem --null smoothed."
            )
        )
    return None


def check_spread(reports: pd.DataFrame, buurten: gpd.GeoDataFrame | None) -> None:
    """Reports, with the land of the buurten, so far apart that they fit no grid of 50 m cells end the command."""
    if wide := too_wide(reports, buurten):
        fail(why_not(wide))


def read_subject(
    file: Path | None,
    *,
    store_url: str | None,
    areas: Path | None,
    start: date | None = None,
    end: date | None = None,
    raw: bool = False,
) -> Subject:
    """The subject of a command. A period that runs backwards, or both a file and a store, ends the command."""
    settings = settings_for(store_url)
    if start and end and start > end:
        fail(_("De periode loopt terug: {start} is na {end}.", start=day(start), end=day(end)))
    if file and store_url:
        fail(_("Geef een bestand of een store, niet allebei: {file} en {store}.", file=file, store=store_url))
    period = ReportFilter(start=start, end=end)
    return _from_file(file, areas, settings, period, raw=raw) if file else _from_store(areas, settings, period)


def _from_store(areas: Path | None, settings: Settings, period: ReportFilter) -> Subject:
    with open_store(settings) as store:
        city = CityCache(store, settings).city()
        everything = store.reports(LOCAL_ANALYST)
        return Subject(
            reports=_within(everything, period),
            everything=everything,
            surroundings=_surroundings(areas, settings)[0] if areas else city.surroundings,
            version=city.version,
            settings=settings,
            period=period,
            streets=store.features("streets"),
            from_store=areas is None,
            marks=tuple(entry.mark for entry in store.calendar()),
        )


def _from_file(file: Path, areas: Path | None, settings: Settings, period: ReportFilter, *, raw: bool) -> Subject:
    surroundings, municipality = _surroundings(areas, settings)
    checked = read_reports(
        file,
        settings=settings,
        options=ImportOptions(),
        place_only=True,
        municipality=None if raw else municipality,
    )
    unusable = checked.n_quarantined + checked.n_withdrawn
    if unusable and not len(checked.reports):
        first = next((messages.problem(p) for p in checked.problems if p.reason.outcome in _UNUSABLE), "")
        fail(
            _n(
                "De ene rij van {file} is niet bruikbaar. {why}",
                "Geen van de {n} rijen van {file} is bruikbaar. De eerste: {why}",
                unusable,
                file=file.name,
                why=first,
            )
        )
    return Subject(
        reports=_within(checked.reports, period),
        everything=checked.reports,
        surroundings=surroundings,
        version=file.name,
        settings=settings,
        period=period,
        streets=no_features(),
        from_store=False,
        unusable=unusable,
    )


def _within(reports: pd.DataFrame, period: ReportFilter) -> pd.DataFrame:
    return reports[period.mask(reports)] if period.start or period.end else reports


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

"""MapService: what the map, its table and its figures show for one FilterState."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import date
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.services.city import EMPTY_BOUNDS, City, CityCache, counted
from dashboard.services.exposure import ExposureService, with_rates
from dashboard.services.recent import Recent
from dashboard.services.types import Choices, Overview
from dashboard.source_words import in_words
from dashboard.state import INHABITANTS, FilterState
from data.filter import ReportFilter
from data.settings import Settings
from data.store import ReportStore
from data.viewer import Right, Viewer
from geo import advice, disclosure, profile
from geo.clock import SCHOOL_WINDOWS
from geo.crs import RD
from geo.hotspots import Hotspot, HotspotParams, HotspotResult, counts_of, find_hotspots
from geo.join import OUTSIDE
from geo.rates import Rates

SCHOOL_HOURS: Final = {"": (), "around": SCHOOL_WINDOWS, "before": SCHOOL_WINDOWS[:1], "after": SCHOOL_WINDOWS[1:]}
KEPT: Final = 8  # overviews
SYNTHETIC = "SYN-"  # ids of invented reports begin so, in whatever store they end up


class MapService:
    """Answers for who may ask freely (Right.CUSTOM; others are Denied). Keeps nothing but caches keyed by data version."""

    def __init__(self, store: ReportStore, settings: Settings, cache: CityCache) -> None:
        self._store = store
        self._settings = settings
        self._cache = cache
        self._demo = ("", False)  # data version, and the answer for it
        self._choices: tuple[str, Choices] | None = None  # the same for everyone who may ask freely
        self._recent: Recent[tuple[str, Viewer, FilterState], Overview] = Recent(KEPT)
        self.exposure = ExposureService(store, cache)

    def choices(self, viewer: Viewer) -> Choices:
        """What the filters can offer."""
        viewer.require(Right.CUSTOM)
        version, known = self._cache.city().version, self._choices
        if known is None or known[0] != version:
            known = self._choices = (version, self._read_choices(viewer))
        return known[1]

    def _read_choices(self, viewer: Viewer) -> Choices:
        city = self._cache.city()
        reports = self._store.reports(viewer)
        days = reports["event_date"].dropna()
        return Choices(
            first=days.min().date() if len(days) else None,
            last=days.max().date() if len(days) else None,
            categories=tuple(name for name, _ in profile.categories(reports)),
            wijken=_pairs(city.wijken),
            buurten=_pairs(city.buurten),
            focus_areas=tuple(city.focus),
            has_areas=len(city.buurten) > 0,
            denominators=tuple(self.exposure.exposure().denominators.values()),
            custom=True,
            is_demo=bool(reports["source_id"].str.startswith(SYNTHETIC).any()),
        )

    def is_demo(self) -> bool:
        """Whether there are invented reports among those of the store; everybody is told."""
        version = self._store.data_version()
        if self._demo[0] != version:
            self._demo = (version, self._store.any_begins(SYNTHETIC))
        return self._demo[1]

    def rates(self, viewer: Viewer, state: FilterState) -> Rates | None:
        """Rates per buurt of ``city()`` for a state's period and filters, by the denominator its shading names.

        Its area does not matter. None when the store does not hold that denominator, or the shading is the count.
        """
        viewer.require(Right.CUSTOM)
        reports = counted(self._store.reports(viewer, to_report_filter(state)))
        days = _days(self._period(viewer, state))
        return self.exposure.rates_at(self._cache.positions(reports), shade=state.shade, days=days)

    def features(self, kind: str) -> gpd.GeoDataFrame:
        """Schools, stops, routes, water or railway in RD; attrs["attribution"] names the source."""
        return self._cache.city().features[kind]

    def attribution(self, *, rates: bool = False) -> str:
        """Sources of everything on the map, each once. rates: also of what buurten can be shaded by."""
        city = self._cache.city()
        frames = [city.buurten, *city.features.values()]
        found = [str(f.attrs.get("attribution", "")) for f in frames if len(f)]
        if rates:
            found += [d.source for d in self.exposure.exposure().denominators.values()]
        return " · ".join(dict.fromkeys(in_words(a) for a in found if a))

    def city(self) -> City:
        """Boundaries and layers as they are now."""
        return self._cache.city()

    def held(self) -> AbstractContextManager[None]:
        """One city for all that is asked within (``CityCache.held``)."""
        return self._cache.held()

    def overview(self, viewer: Viewer, state: FilterState) -> Overview:
        """Counts per buurt, hotspots and profiles for one state.

        Hotspots are made from the whole city's reports and an area only looks at them, so that a hotspot keeps its
        figures whichever wijk is looked at. A report on a default point counts in its buurt, never in a hotspot.
        The last few answers are kept.
        """
        viewer.require(Right.CUSTOM)
        return self._recent.of((self._cache.city().version, viewer, state), lambda: self._overview(viewer, state))

    def _overview(self, viewer: Viewer, state: FilterState) -> Overview:
        city = self._cache.city()
        reports, positions, result, advised = self._clustered(viewer, state)
        in_area = city.in_area(reports, positions, state.area) if state.area else np.ones(len(reports), dtype=bool)
        shown = tuple(h for h in result.hotspots if not state.area or belongs(h, result, reports, in_area))
        period = self._period(viewer, state)
        looked_at = reports[in_area]
        found = self._rates(positions, state, days=_days(period))
        return Overview(
            state=state,
            params_advised=advised,
            n_reports=len(looked_at),
            n_in_hotspots=int((result.labels.reindex(looked_at.index, fill_value=-1) >= 0).sum()),
            n_outside=int((positions[in_area] == OUTSIDE).sum()) if len(city.buurten) else 0,
            left_out=counts_of(result.reasons[result.reasons.index.isin(looked_at.index)]),
            buurten=with_rates(_counted_buurten(city, positions[in_area]), found),
            rates=found,
            wijken=city.wijken,
            result=result,
            shown=shown,
            cells=hotspot_cells(shown, result, reports, cell_m=self._settings.cell_screen_m),
            hours=profile.hours(looked_at),
            bounds=_bounds(city, state, reports),
            period=period,
        )

    def counts(self, viewer: Viewer, states: Iterable[FilterState]) -> tuple[int, ...]:
        """How many counted reports each state has in its area: what would be left with another filter."""
        viewer.require(Right.CUSTOM)
        city, found = self._cache.city(), []
        for state in states:
            reports = counted(self._store.reports(viewer, to_report_filter(state)))
            if state.area:
                reports = reports[city.in_area(reports, self._cache.positions(reports), state.area)]
            found.append(len(reports))
        return tuple(found)

    def clustered(self, viewer: Viewer, state: FilterState) -> tuple[pd.DataFrame, NDArray[np.intp], HotspotResult]:
        """The counted reports of a state, each one's position in ``city().buurten``, and their hotspots."""
        reports, positions, result, _ = self._clustered(viewer, state)
        return reports, positions, result

    def bounds(self, state: FilterState, reports: pd.DataFrame) -> tuple[float, float, float, float]:
        """What to look at, in RD: the chosen area, else the built-up city."""
        return _bounds(self._cache.city(), state, reports)

    def _clustered(
        self, viewer: Viewer, state: FilterState
    ) -> tuple[pd.DataFrame, NDArray[np.intp], HotspotResult, int]:
        viewer.require(Right.CUSTOM)
        city = self._cache.city()
        reports = counted(self._store.reports(viewer, to_report_filter(state)))
        positions = self._cache.positions(reports)
        eps_m = state.eps_m or self._settings.eps_m
        out = city.surroundings.left_out(reports, eps_m=eps_m)
        advised = advice.for_reports(reports, positions=positions, eps_m=eps_m, surroundings=city.surroundings, out=out)
        result = find_hotspots(
            reports,
            params=HotspotParams(eps_m=eps_m, min_samples=state.min_samples or advised),
            surroundings=city.surroundings,
            data_version=city.version,
            out=out,
            positions=positions,
        )
        return reports, positions, result, advised

    def _rates(self, positions: NDArray[np.intp], state: FilterState, *, days: int) -> Rates | None:
        """Of the shading asked for; per inhabitant when it is the count, or one this store cannot compute."""
        rates = self.exposure.rates_at(positions, shade=state.shade, days=days)
        return rates or self.exposure.rates_at(positions, shade=INHABITANTS, days=days)

    def _period(self, viewer: Viewer, state: FilterState) -> tuple[date | None, date | None]:
        choices = self.choices(viewer)
        return state.start or choices.first, state.end or choices.last


def to_report_filter(state: FilterState) -> ReportFilter:
    """The part of a state that says which reports are asked for."""
    return ReportFilter(
        start=state.start,
        end=state.end,
        hours=state.hours,
        weekdays=state.weekdays,
        dark=None if not state.light else state.light == "dark",
        school=SCHOOL_HOURS[state.school],
        categories=state.categories,
    )


def belongs(hotspot: Hotspot, result: HotspotResult, reports: pd.DataFrame, in_area: NDArray[np.bool_]) -> bool:
    """Whether at least half of a hotspot's core reports lie in an area."""
    members = (result.labels == hotspot.label) & (result.kinds == "core")
    keys = members.index[members]
    return bool(2 * pd.Series(in_area, index=reports.index).reindex(keys).sum() >= len(keys))


def hotspot_cells(
    hotspots: tuple[Hotspot, ...], result: HotspotResult, reports: pd.DataFrame, *, cell_m: int
) -> gpd.GeoDataFrame:
    """hotspot_id and the union of grid cells its reports touch, grown by one (RD)."""
    place = np.full(len(result.hotspots) + 1, len(hotspots))  # of a label among these; the last is noise's
    place[[h.label for h in hotspots]] = np.arange(len(hotspots))
    of = place[result.labels.to_numpy()]
    here = np.flatnonzero(of < len(hotspots))
    row = reports.index.get_indexer(result.labels.index[here])
    x, y = (reports[column].to_numpy(float)[row] for column in ("x", "y"))
    shapes = disclosure.cells_by(of[here], x, y, size=len(hotspots), cell_m=cell_m)
    return gpd.GeoDataFrame({"hotspot_id": [h.id for h in hotspots]}, geometry=shapes, crs=RD)


def _pairs(areas: gpd.GeoDataFrame) -> tuple[tuple[str, str], ...]:
    dry = areas[~areas["water"].astype(bool)] if len(areas) else areas
    return tuple(zip(dry["code"].astype(str), dry["name"].astype(str), strict=True))


def _days(period: tuple[date | None, date | None]) -> int:
    first, last = period
    return (last - first).days + 1 if first and last else 0


def _counted_buurten(city: City, positions: NDArray[np.intp]) -> gpd.GeoDataFrame:
    buurten = city.buurten.copy()
    counts = np.bincount(positions[positions != OUTSIDE], minlength=len(buurten))
    names = dict(zip(city.wijken["code"], city.wijken["name"], strict=True))
    buurten["wijk_name"] = [names.get(code, "") for code in buurten["wijk_code"]]
    buurten["n"] = counts
    return buurten


def _bounds(city: City, state: FilterState, reports: pd.DataFrame) -> tuple[float, float, float, float]:
    geometry = city.area(state.area) if state.area else None
    if geometry is not None:
        bounds = geometry.bounds
    elif len(city.buurten):
        bounds = city.built_up
    elif len(reports):
        bounds = (reports["x"].min(), reports["y"].min(), reports["x"].max(), reports["y"].max())
    else:
        bounds = EMPTY_BOUNDS
    return tuple(float(v) for v in bounds)  # type: ignore[return-value]  # four by construction

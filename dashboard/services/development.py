"""DevelopmentService: two periods side by side, hotspots through the quarters, and the trend of the city and its wijken."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.development_state import DevelopmentState, Per, usual
from dashboard.services import wijk_trends
from dashboard.services.city import City, CityCache, counted
from dashboard.services.context import ContextService
from dashboard.services.map import MapService, hotspot_cells
from dashboard.services.side_by_side import Counted, footprints, overlapping, per_buurt, per_hotspot, within
from dashboard.services.wijk_trends import Course
from dashboard.state import FilterState
from data.settings import Settings
from data.store import ReportStore
from data.viewer import Right, Viewer
from geo import advice, compare, identity
from geo.calendar import REPORTING, Mark, MarkKind, campaigns
from geo.compare import Comparison, Period
from geo.context import Quarters
from geo.context_quarters import History, history_of
from geo.hotspots import Hotspot, HotspotParams, HotspotResult, find_hotspots
from geo.identity import Cells, Life, Track
from geo.join import OUTSIDE, assign


class Problem(StrEnum):
    """Why two periods cannot be compared."""

    NO_REPORTS = "no_reports"  # none with a date
    SHORT = "short"  # the reports span no two periods
    BACKWARDS = "backwards"  # the first lies after the second
    OVERLAP = "overlap"
    NOTHING_BEFORE = "nothing_before"
    NOTHING_AFTER = "nothing_after"
    TOO_FEW = "too_few"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A buurt or hotspot in both periods. rank: of a hotspot, else 0. there: in which period it was a hotspot."""

    id: str
    name: str
    wijk: str
    figures: Comparison
    rank: int = 0
    there: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, kw_only=True)
class SideBySide:
    """Two periods. problem: why they are not compared; then only the periods and the days of the reports are there.

    first, last: days of the reports there are. city: all reports of the one period against the other. buurten: those
    that are not water, by code; hotspots: of both periods together, by rank, found with params; the figures of either
    are beside each other, so their q counts each kind by itself. areas: the buurten (code, name, wijk_code, water,
    geometry RD). cells: of the hotspots (hotspot_id, geometry RD). marks: of the calendar, in one period and not in
    the other. bounds: what to look at (RD).
    """

    state: DevelopmentState
    before: Period | None
    after: Period | None
    first: date | None
    last: date | None
    problem: Problem | None = None
    n_needed: int = 0
    city: Comparison | None = None
    buurten: tuple[Place, ...] = ()
    hotspots: tuple[Place, ...] = ()
    areas: gpd.GeoDataFrame | None = None
    wijken: gpd.GeoDataFrame | None = None
    cells: gpd.GeoDataFrame | None = None
    params: HotspotParams | None = None
    marks: tuple[Mark, ...] = ()
    bounds: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)

    @property
    def places(self) -> tuple[Place, ...]:
        """What the table is about."""
        return self.buurten if self.state.per is Per.BUURT else self.hotspots


@dataclass(frozen=True, kw_only=True, slots=True)
class Strip:
    """One hotspot through the quarters. now: whether it is one over the whole period. counts: reports on its place."""

    id: str
    name: str
    rank: int
    life: Life | None
    since: date | None
    present: tuple[bool, ...]
    counts: tuple[int, ...]
    now: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Lives:
    """Hotspots through the whole quarters there are: those of now by rank, then those that are no more."""

    starts: tuple[date, ...]
    totals: tuple[int, ...]
    strips: tuple[Strip, ...]


class DevelopmentService:
    """Answers for whoever may ask freely. Every answer raises Denied for anybody else."""

    def __init__(
        self, store: ReportStore, settings: Settings, cache: CityCache, maps: MapService, context: ContextService
    ) -> None:
        self._store = store
        self._settings = settings
        self._cache = cache
        self._maps = maps
        self._context = context

    def side_by_side(self, viewer: Viewer, state: DevelopmentState) -> SideBySide:
        """Two periods, compared in buurten or in hotspots. What cannot be compared says so in ``problem``."""
        viewer.require(Right.CUSTOM)
        city, reports = self._cache.city(), self._reports(viewer)
        dates = reports["event_date"]
        first, last = (dates.min().date(), dates.max().date()) if len(reports) else (None, None)
        before, after = state.before, state.after
        if first and last and not (before and after):
            before, after = usual(first=first, last=last) or (None, None)
        asked = SideBySide(state=state, before=before, after=after, first=first, last=last)
        if first is None:
            return _refused(asked, Problem.NO_REPORTS)
        if before is None or after is None:
            return _refused(asked, Problem.SHORT)
        if after.end < before.start:
            return _refused(asked, Problem.BACKWARDS)
        if after.start <= before.end:
            return _refused(asked, Problem.OVERLAP)
        return self._compared(asked, reports, city, before=before, after=after)

    def lives(self, viewer: Viewer) -> Lives:
        """Every hotspot of the whole period, and places that were one in some quarters but are not now."""
        viewer.require(Right.CUSTOM)
        state = FilterState()
        found, city = self._context.of(viewer, state), self._cache.city()
        reports, positions, result = self._maps.clustered(viewer, state)
        judged = advice.advise(
            reports,
            positions=positions if len(city.buurten) else None,
            eps_m=result.params.eps_m,
            surroundings=city.surroundings,
            result=result,
        )
        past = history_of(
            reports,
            params=result.params,
            density_per_m2=judged.density_per_m2,
            n_view=len(result.labels),
            around=city.surroundings,
        )
        described = {h.id: h for h in found.hotspots}
        now = tuple(
            Strip(
                id=h.id,
                name=h.buurt_name,
                rank=h.rank,
                life=one.life,
                since=one.since,
                present=one.quarters.present,
                counts=one.quarters.counts,
                now=True,
            )
            for h in result.hotspots
            if (one := described.get(h.id)) is not None
        )
        past_places = tuple(
            Strip(
                id=track.id,
                name=_name_of(track.cells, city),
                rank=0,
                life=track.life,
                since=next((start for start, seen in zip(past.starts, track.ids, strict=True) if seen), None),
                present=tuple(bool(seen) for seen in track.ids),
                counts=track.counts,
                now=False,
            )
            for track in ended(past, {h.track for h in found.hotspots})
        )
        quarters = found.quarters
        return Lives(starts=quarters.starts, totals=quarters.totals, strips=now + past_places)

    def course(self, viewer: Viewer, wijk: str = "") -> Course:
        """The quarters and their trend, of the city or of one wijk; and the trend of every wijk beside each other.

        wijk: a code; one there is none of is the city.
        """
        viewer.require(Right.CUSTOM)
        found, city = self._context.of(viewer, FilterState()), self._cache.city()
        starts = found.quarters.starts
        wijken = city.wijken
        at = wijk_trends.rows_of(self._reports(viewer), city, cache=self._cache)
        counts = wijk_trends.by_quarter(*at, starts=starts, n=len(wijken))
        rows = wijk_trends.trends(wijken, counts, np.array(found.quarters.totals))
        marks = wijk_trends.touching(tuple(entry.mark for entry in self._store.calendar()), starts)
        number = next((i for i, code in enumerate(wijken["code"]) if code == wijk), None)
        quarters, mine = found.quarters, None
        if number is not None:
            mine = next((row for row in rows if row.code == wijk), None)
            n = counts[number]
            quarters = Quarters(
                starts=starts,
                counts=tuple(n.tolist()),
                totals=found.quarters.totals,
                shares=tuple(wijk_trends.shares(n, np.array(found.quarters.totals)).tolist()),
                present=tuple((n > 0).tolist()),
            )
        return Course(
            wijk=mine.code if mine else "",
            name=mine.name if mine else "",
            quarters=quarters,
            trend=mine.trend if mine else found.trend,
            share_trend=mine.share_trend if mine else None,
            marks=tuple(mark for mark in marks if mark.kind is not MarkKind.HOLIDAY),
            holidays=tuple(mark for mark in marks if mark.kind is MarkKind.HOLIDAY),
            wijken=rows,
        )

    def _reports(self, viewer: Viewer) -> pd.DataFrame:
        reports = counted(self._store.reports(viewer))
        return reports[reports["event_date"].notna()]

    def _compared(
        self, asked: SideBySide, reports: pd.DataFrame, city: City, *, before: Period, after: Period
    ) -> SideBySide:
        masks = [within(reports, period) for period in (before, after)]
        n_before, n_after = (int(mask.sum()) for mask in masks)
        if not n_before:
            return _refused(asked, Problem.NOTHING_BEFORE)
        if not n_after:
            return _refused(asked, Problem.NOTHING_AFTER)
        needed = compare.n_needed(days_before=before.days, days_after=after.days)
        if n_before + n_after < needed:
            return replace(_refused(asked, Problem.TOO_FEW), n_needed=needed)
        marks = tuple(entry.mark for entry in self._store.calendar())
        both = reports[masks[0] | masks[1]]
        positions = self._cache.positions(both)
        result = self._clustered(both, positions, city)
        whole = Counted(ids=("",), before=(n_before,), after=(n_after,), total_before=n_before, total_after=n_after)
        figures = [
            _figures(counted_, before=before, after=after, marks=marks)
            for counted_ in (
                whole,
                per_buurt(both, positions, city.buurten, before=before, after=after) if len(city.buurten) else NOWHERE,
                per_hotspot(both, result, before=before, after=after),
            )
        ]
        there = self._there(both, result, city, periods=(before, after))
        named = {mark.name for mark in compare.differing(campaigns(marks), before, after)}
        return replace(
            asked,
            n_needed=needed,
            city=figures[0][0],
            buurten=_buurten(city, figures[1]),
            hotspots=_hotspots(result.hotspots, figures[2], there),
            areas=city.buurten,
            wijken=city.wijken,
            cells=hotspot_cells(result.hotspots, result, both, cell_m=self._settings.cell_screen_m),
            params=result.params,
            marks=tuple(mark for mark in marks if mark.kind in REPORTING and mark.name in named),
            bounds=self._maps.bounds(FilterState(), both),
        )

    def _clustered(
        self, reports: pd.DataFrame, positions: NDArray[np.intp], city: City, *, least: int | None = None
    ) -> HotspotResult:
        """With the settings' distance and the advice for these reports, or another least number."""
        eps_m = self._settings.eps_m
        around = city.surroundings
        out = around.left_out(reports, eps_m=eps_m)
        advised = least or advice.for_reports(reports, positions=positions, eps_m=eps_m, surroundings=around, out=out)
        return find_hotspots(
            reports,
            params=HotspotParams(eps_m=eps_m, min_samples=advised),
            surroundings=around,
            data_version=city.version,
            out=out,
            positions=positions,
        )

    def _there(
        self, reports: pd.DataFrame, result: HotspotResult, city: City, *, periods: tuple[Period, Period]
    ) -> NDArray[np.bool_]:
        """In which period each hotspot is one by itself, (hotspots, 2); with one least number for both, the higher."""
        parts = [reports[within(reports, period)] for period in periods]
        alone = [self._clustered(part, self._cache.positions(part), city) for part in parts]
        least = max(found.params.min_samples for found in alone)
        alone = [
            found
            if found.params.min_samples == least
            else self._clustered(part, self._cache.positions(part), city, least=least)
            for found, part in zip(alone, parts, strict=True)
        ]
        places = footprints(reports, result)
        seen = [overlapping(places, footprints(part, found)) for found, part in zip(alone, parts, strict=True)]
        return np.column_stack(seen)


NOWHERE = Counted(ids=(), before=(), after=(), total_before=0, total_after=0)


def ended(past: History, now: set[str]) -> tuple[Track, ...]:
    """Places that were a hotspot in more than one quarter and are none of the tracks of now."""
    return tuple(t for t in past.tracks if t.id not in now and sum(bool(seen) for seen in t.ids) > 1)


def _refused(asked: SideBySide, problem: Problem) -> SideBySide:
    return replace(asked, problem=problem)


def _figures(counted_: Counted, *, before: Period, after: Period, marks: Sequence[Mark]) -> tuple[Comparison, ...]:
    return compare.compare(
        counted_.before,
        counted_.after,
        first=before,
        second=after,
        total_before=counted_.total_before,
        total_after=counted_.total_after,
        campaigns=campaigns(marks),
    )


def _buurten(city: City, figures: Sequence[Comparison]) -> tuple[Place, ...]:
    dry = city.buurten[~city.buurten["water"].astype(bool)] if len(city.buurten) else city.buurten
    wijken = dict(zip(city.wijken["code"], city.wijken["name"], strict=True))
    rows = zip(dry.get("code", ()), dry.get("name", ()), dry.get("wijk_code", ()), figures, strict=True)
    return tuple(Place(id=str(c), name=str(n), wijk=str(wijken.get(w, "")), figures=one) for c, n, w, one in rows)


def _hotspots(
    hotspots: Sequence[Hotspot], figures: Sequence[Comparison], there: NDArray[np.bool_]
) -> tuple[Place, ...]:
    return tuple(
        Place(
            id=h.id,
            name=h.buurt_name,
            wijk=h.wijk_name,
            figures=one,
            rank=h.rank,
            there=(bool(seen[0]), bool(seen[1])),
        )
        for h, one, seen in zip(hotspots, figures, there, strict=True)
    )


def _name_of(cells: Cells, city: City) -> str:
    """The buurt around the middle of a footprint; "" for none."""
    x, y = identity.centre(cells)
    if not len(city.buurten):
        return ""
    at = int(assign(np.array([x]), np.array([y]), city.buurten)[0])
    return "" if at == OUTSIDE else str(city.buurten["name"].iloc[at])

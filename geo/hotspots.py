"""The front door of the analysis: reports in, hotspots out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import barriers, exclusions, extent, profile
from geo.dbscan import NOISE, Clustering, dbscan
from geo.exclusions import LeftOut
from geo.join import OUTSIDE, assign, inside
from geo.marks import (
    MARK_CHAIN,
    MARK_DAY,
    MARK_HOUR,
    MARK_LATTICE,
    MARK_STREET,
    MARKS,
    STREET_M,
    STREET_TIMES,
    is_chain,
)
from geo.near import Nearby, nearest_of
from geo.spans import COLUMNS as SPANS
from geo.spans import middle_minutes
from geo.tally import crowded, most_frequent, tally

ID_CELL_M = 200
HOUR_S, DAY_S = 3_600, 86_400
KINDS = np.array(["border", "noise", "core"], dtype=object)
NO_MOMENT = np.iinfo(np.int64).min

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class HotspotParams:
    """How to cluster.

    eps_m: metres (RD); two reports at this distance or less are neighbours. Not the size of a hotspot.
    min_samples: reports within eps_m, itself included, that make a core report. Not the smallest hotspot.
    raw: cluster every report that has a place; nothing is left out.
    """

    eps_m: float = 75.0
    min_samples: int = 7
    raw: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Hotspot:
    """One concentration of reports. Places are RD metres."""

    id: str  # stable under other filters and input orders: named after the place, e.g. "H526-2127"
    label: int  # its number in HotspotResult.labels
    rank: int  # 1 is the one with most core reports; border reports never decide
    n: int
    n_core: int
    x: float  # centre: mean of the core reports
    y: float
    area_m2: float  # of the hull of its reports, buffered by eps/2 (so one point has an area)
    diameter_m: float  # largest distance between two of its reports
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    n_dates: int
    top_categories: tuple[tuple[str, int], ...]
    hours: tuple[int, ...]  # 24 counts
    weekdays: tuple[int, ...]  # 7 counts, Monday first
    n_time_unknown: int
    buurt_code: str
    buurt_name: str
    wijk_code: str
    wijk_name: str
    focus_areas: tuple[str, ...]
    nearest_school: Nearby | None
    nearest_stop: Nearby | None
    is_chain: bool  # longer than 500 m or 5 eps: probably several places strung together
    width_m: float = float("nan")  # smallest width of its hull; measured where it tells: from STREET_M of diameter on
    marks: tuple[str, ...] = ()  # what speaks against it: MARKS, in that order
    answered: tuple[str, ...] = ()  # marks that an analyst found not to hold here


@dataclass(frozen=True, kw_only=True)
class HotspotResult:
    """What was found, and all that is needed to find it again."""

    params: HotspotParams
    hotspots: tuple[Hotspot, ...]  # by rank
    labels: pd.Series  # int64 on the caller's index, only clustered reports; -1 is noise
    kinds: pd.Series  # "core", "border", "noise", on the same index as labels
    n_in: int
    n_noise: int
    reasons: pd.Series  # of the reports left out of clustering, on the caller's index: coarse_place, default_point, ...
    crs: str = "EPSG:28992"
    data_version: str = ""
    sides: pd.Series | None = None  # int64 on labels' index: the side of the barriers a report is on; None without

    @property
    def left_out(self) -> dict[str, int]:
        """Reason -> number of reports left out of clustering."""
        return counts_of(self.reasons)

    def members(self, hotspot: Hotspot) -> NDArray[np.int64]:
        """Index values of a hotspot's reports."""
        return self.labels.index[self.labels == hotspot.label].to_numpy()


def counts_of(reasons: pd.Series) -> dict[str, int]:
    """How often each reason occurs, by name."""
    return {str(code): int(n) for code, n in reasons.value_counts().sort_index().items()}


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What the hotspots are placed in; every part may be left out.

    buurten, wijken: areas (code, name, wijk_code, geometry in RD). focus: name -> geometry (RD). schools, stops:
    features (name, uncertainty_m, geometry in RD). default_points: (m, 2) RD metres of coordinates that are nobody's.
    accepted_points: (m, 2) RD metres of coordinates the analyst declared to be real places. accepted_sources: sources
    whose lattice of coordinates the analyst accepts. answered_marks: (hotspot's id, mark) that do not hold, says the
    analyst. barriers: water and railway (RD) that no hotspot reaches across.
    """

    buurten: gpd.GeoDataFrame | None = None
    wijken: gpd.GeoDataFrame | None = None
    focus: Mapping[str, shapely.Geometry] = field(default_factory=dict)
    schools: gpd.GeoDataFrame | None = None
    stops: gpd.GeoDataFrame | None = None
    default_points: NDArray[np.float64] | None = None
    join_tolerance_m: float = 1.0
    barriers: tuple[shapely.Geometry, ...] = ()
    accepted_points: NDArray[np.float64] | None = None
    accepted_sources: frozenset[str] = frozenset()
    answered_marks: frozenset[tuple[str, str]] = frozenset()

    def left_out(self, reports: pd.DataFrame, *, eps_m: float) -> LeftOut:
        """What of these reports is kept out of clustering at an eps."""
        return exclusions.left_out(
            reports,
            eps_m=eps_m,
            known=self.default_points,
            accepted=self.accepted_points,
            accepted_sources=self.accepted_sources,
        )


def find_hotspots(
    reports: pd.DataFrame,
    *,
    params: HotspotParams,
    surroundings: Surroundings | None = None,
    data_version: str = "",
    out: LeftOut | None = None,
    positions: NDArray[np.intp] | None = None,
) -> HotspotResult:
    """Cluster the reports of one view.

    reports: geo.report.COLUMNS, any index. Left out of clustering and counted in ``left_out``: no place, probable
    duplicates, places coarser than eps, default points; with params.raw only reports without a place. A hotspot never
    has reports on two sides of a barrier, unless params.raw. out: ``Surroundings.left_out``; positions: of each report
    in surroundings.buurten (geo.join.assign); both where known. Raises ValueError for params that mean nothing.
    """
    around = surroundings or Surroundings()
    check(params)
    out = out or around.left_out(reports, eps_m=params.eps_m)
    reason, rounded = out.reason.copy(), out.rounded_m
    if params.raw:
        reason[reason != exclusions.CODE[exclusions.NO_PLACE]] = 0
    kept, rest = np.flatnonzero(reason == 0), np.flatnonzero(reason)
    index = reports.index[kept]
    x, y = reports["x"].to_numpy(float)[kept], reports["y"].to_numpy(float)[kept]
    sides = None if params.raw else sides_of(x, y, around)
    found = dbscan(x, y, eps_m=params.eps_m, min_samples=params.min_samples, sides=sides)
    members = _members(reports, kept, x, y, found)
    buurt = None if positions is None else positions[members.rows[members.core]]
    hotspots = _describe(members, params=params, around=around, rounded=rounded[members.rows] > 0, buurt=buurt)
    return HotspotResult(
        params=params,
        hotspots=_ranked(hotspots),
        labels=pd.Series(found.labels, index=index, name="label"),
        kinds=pd.Series(KINDS[2 * found.core + (found.labels == NOISE)], index=index, name="kind", dtype="str"),
        n_in=len(reports),
        n_noise=int((found.labels == NOISE).sum()),
        reasons=exclusions.named(reason[rest], index=reports.index[rest]),
        data_version=data_version,
        sides=None if sides is None else pd.Series(sides, index=index, name="side"),
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Members:
    """The reports of all hotspots, one hotspot after the other: row in ``reports``, label, place, core."""

    reports: pd.DataFrame
    rows: NDArray[np.intp]
    label: Ints
    size: int  # hotspots
    x: Floats
    y: Floats
    core: Bools

    def column(self, name: str) -> NDArray[Any]:
        return np.asarray(self.reports[name].to_numpy()[self.rows])

    def count(self, which: Bools) -> Ints:
        """Per hotspot the number of its reports for which ``which`` holds."""
        return np.bincount(self.label[which], minlength=self.size)


def _members(reports: pd.DataFrame, kept: NDArray[np.intp], x: Floats, y: Floats, found: Clustering) -> _Members:
    clustered = np.flatnonzero(found.labels != NOISE)
    labels = found.labels[clustered]
    size = int(labels.max(initial=-1)) + 1
    # numpy sorts 16-bit numbers by counting
    order = clustered[np.argsort(labels.astype(np.uint16) if size < 2**16 else labels, kind="stable")]
    return _Members(
        reports=reports,
        rows=kept[order],
        label=found.labels[order],
        size=size,
        x=x[order],
        y=y[order],
        core=found.core[order],
    )


def _describe(
    m: _Members, *, params: HotspotParams, around: Surroundings, rounded: Bools, buurt: NDArray[np.intp] | None
) -> dict[str, list[Any]]:
    """All hotspots in the order of their labels: name of a field of Hotspot -> values. Without rank."""
    if m.size == 0:
        return {"label": []}
    hulls = extent.hulls(m.x, m.y, np.searchsorted(m.label, np.arange(m.size)))
    diameter = extent.diameters(hulls)
    n, n_core = np.bincount(m.label, minlength=m.size), m.count(m.core)
    core_start = np.cumsum(n_core) - n_core
    cx, cy = (np.add.reduceat(c[m.core], core_start) / n_core for c in (m.x, m.y))
    hours = profile.hours_by(m.label, middle_minutes(m.reports.filter(SPANS).iloc[m.rows]), size=m.size)
    days = _days(m)
    columns: dict[str, list[Any]] = {
        "id": _place_ids(m),
        "label": list(range(m.size)),
        "n": n.tolist(),
        "n_core": n_core.tolist(),
        "x": cx.tolist(),
        "y": cy.tolist(),
        "area_m2": shapely.area(shapely.buffer(hulls, params.eps_m / 2)).tolist(),
        "diameter_m": diameter.tolist(),
        "first": days[0],
        "last": days[1],
        "n_dates": days[2],
        "top_categories": profile.categories_by(m.label, pd.Series(m.column("categories")), size=m.size, top=3),
        "hours": [tuple(row) for row in hours.tolist()],
        "weekdays": [tuple(row) for row in profile.weekdays_by(m.label, m.column("event_date"), size=m.size).tolist()],
        "n_time_unknown": m.count(np.isnan(m.column("event_minute").astype(float))).tolist(),
        **_areas(m, around, buurt),
        "focus_areas": _focus(m, around.focus, cx, cy, n_core),
        "nearest_school": nearest_of(cx, cy, around.schools),
        "nearest_stop": nearest_of(cx, cy, around.stops),
        "is_chain": [is_chain(metres, eps_m=params.eps_m) for metres in diameter.tolist()],
        "width_m": [extent.width(hull) if d > STREET_M else np.nan for hull, d in zip(hulls, diameter, strict=True)],
    }
    seen, answered = _marks(m, columns, rounded), around.answered_marks
    told = [[(mark, (id_, mark) in answered) for mark in marks] for id_, marks in zip(columns["id"], seen, strict=True)]
    columns["marks"], columns["answered"] = (
        [tuple(mark for mark, gone in pairs if gone is wanted) for pairs in told] for wanted in (False, True)
    )
    return columns


def _marks(m: _Members, columns: dict[str, list[Any]], rounded: Bools) -> list[tuple[str, ...]]:
    """Per hotspot what speaks against it, in the order of MARKS."""
    source = pd.factorize(m.column("source"))[0].astype(np.int64)
    moment, timed = _moments(m)
    most = np.array(columns["n"]) // 2 + 1
    dated, timed = (moment != NO_MOMENT) & (source >= 0), timed & (source >= 0)
    (label, _, _), on_day = tally(m.label[dated], source[dated], moment[dated] // DAY_S)
    busiest = np.zeros(m.size, dtype=np.int64)
    np.maximum.at(busiest, label, on_day)
    timed &= (2 * busiest >= most)[m.label]  # an hour has two days at most
    hour = crowded(m.label[timed], source[timed], moment[timed], width=HOUR_S, need=most)
    length, width = np.array(columns["diameter_m"]), np.array(columns["width_m"])
    holds = {
        MARK_CHAIN: np.array(columns["is_chain"]),
        MARK_STREET: length >= STREET_TIMES * width,  # NaN, so never, up to STREET_M
        MARK_HOUR: hour,
        MARK_DAY: (busiest >= most) & ~hour,
        MARK_LATTICE: m.count(rounded) >= most,
    }
    return [tuple(mark for mark in MARKS if holds[mark][label]) for label in range(m.size)]


def _moments(m: _Members) -> tuple[Ints, Bools]:
    """Seconds of reporting, else of the event, else the event's midnight; and whether it is known to the hour."""
    reported = m.column("reported_at").astype("datetime64[s]")
    date, minute = m.column("event_date").astype("datetime64[s]"), m.column("event_minute").astype(float)
    says = ~np.isnat(reported) & (reported.astype(np.int64) % DAY_S != 0)  # midnight is a bare day
    event = date.astype(np.int64) + np.nan_to_num(minute).astype(np.int64) * 60
    moment = np.where(says, reported.astype(np.int64), np.where(np.isnat(date), NO_MOMENT, event))
    return moment, says | (~np.isnat(date) & np.isfinite(minute))


def _days(m: _Members) -> tuple[list[pd.Timestamp | None], list[pd.Timestamp | None], list[int]]:
    """First day, last day and number of distinct days of each hotspot."""
    dates = m.column("event_date")
    known = ~np.isnat(dates)
    (label, day), _ = tally(m.label[known], dates[known].astype(np.int64))
    n = np.bincount(label, minlength=m.size)
    end = np.cumsum(n)
    has = np.flatnonzero(n)
    first: list[pd.Timestamp | None] = [None] * m.size
    last = first.copy()
    for stamps, at in ((first, end[has] - n[has]), (last, end[has] - 1)):
        for hotspot, stamp in zip(has.tolist(), pd.DatetimeIndex(day[at].view(dates.dtype)), strict=True):
            stamps[hotspot] = stamp
    return first, last, n.tolist()


def _place_ids(m: _Members) -> list[str]:
    """The RD cell of 200 m that holds most core reports (ties: lowest). No finer than any published cell may be."""
    i, j = ((c[m.core] // ID_CELL_M).astype(np.int64) for c in (m.x, m.y))
    (label, i, j), counts = tally(m.label[m.core], i, j)
    best = most_frequent(label, counts)
    return [f"H{a}-{b}" for a, b in zip(i[best].tolist(), j[best].tolist(), strict=True)]


def _areas(m: _Members, around: Surroundings, position: NDArray[np.intp] | None) -> dict[str, list[str]]:
    """The buurt of most core reports (ties: lowest code; "" where most are outside or there are none) and its wijk."""
    found = {name: [""] * m.size for name in ("buurt_code", "buurt_name", "wijk_code", "wijk_name")}
    areas = around.buurten
    if areas is None or not len(areas):
        return found
    if position is None:
        position = assign(m.x[m.core], m.y[m.core], areas, tolerance_m=around.join_tolerance_m)
    inside_one = position != OUTSIDE
    by_code = np.argsort(areas["code"].to_numpy(), kind="stable")
    rank = np.argsort(by_code, kind="stable")
    (label, order), counts = tally(m.label[m.core][inside_one], rank[position[inside_one]].astype(np.int64))
    best = most_frequent(label, counts)
    codes, names, of = (areas[c].to_numpy(object)[by_code[order[best]]] for c in ("code", "name", "wijk_code"))
    wijken = (
        {}
        if around.wijken is None
        else dict(zip(*(around.wijken[c].tolist()[::-1] for c in ("code", "name")), strict=True))
    )
    for at, code, name, wijk in zip(label[best].tolist(), codes, names, of, strict=True):
        named = str(wijken.get(wijk, "")) if wijk else ""
        for column, value in zip(found, (str(code), str(name), str(wijk), named), strict=True):
            found[column][at] = value
    return found


def _focus(
    m: _Members, focus: Mapping[str, shapely.Geometry], cx: Floats, cy: Floats, n_core: Ints
) -> list[tuple[str, ...]]:
    """Focus areas that hold a hotspot's centre, or at least half of its core reports."""
    label, x, y = m.label[m.core], m.x[m.core], m.y[m.core]
    held = {
        name: inside(cx, cy, geometry) | (2 * np.bincount(label[inside(x, y, geometry)], minlength=m.size) >= n_core)
        for name, geometry in focus.items()
    }
    return [tuple(name for name, holds in held.items() if holds[at]) for at in range(m.size)]


def check(params: HotspotParams) -> None:
    """Raise ValueError for params that mean nothing, also where there is nothing to cluster."""
    if not (np.isfinite(params.eps_m) and params.eps_m > 0):
        raise ValueError(f"eps_m = {params.eps_m}: must be a distance above 0 metres")
    if not params.min_samples >= 1:
        raise ValueError(f"min_samples = {params.min_samples}: must be 1 or more")


def sides_of(x: Floats, y: Floats, around: Surroundings) -> NDArray[np.int64] | None:
    """The side of the barriers that each place (n,) is on; None without barriers."""
    return barriers.sides(x, y, around.barriers) if around.barriers else None


def _ranked(columns: dict[str, list[Any]]) -> tuple[Hotspot, ...]:
    """Hotspots by rank; the lower-ranked of those that share a place id get a letter."""
    c = columns
    order = sorted(
        c["label"], key=lambda at: (-c["n_core"][at], c["diameter_m"][at], c["id"][at], c["x"][at], c["y"][at])
    )
    rows = list(zip(*columns.values(), strict=True))
    seen: Counter[str] = Counter()
    hotspots = []
    for rank, at in enumerate(order, start=1):
        fields = dict(zip(columns, rows[at], strict=True))
        seen[fields["id"]] += 1
        fields["id"] += _letters(n) if (n := seen[fields["id"]]) > 1 else ""
        hotspots.append(Hotspot(rank=rank, **fields))
    return tuple(hotspots)


def _letters(n: int) -> str:
    """1 is "a", 26 "z", 27 "aa"."""
    above, last = divmod(n - 1, 26)
    return (_letters(above) if above else "") + chr(ord("a") + last)

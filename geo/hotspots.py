"""The front door of the analysis: reports in, hotspots out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

from geo import exclusions, profile
from geo.dbscan import NOISE, dbscan
from geo.join import assign, inside
from geo.near import Nearby, nearest

CHAIN_M = 500.0  # longer than this, or than CHAIN_EPS times eps, a hotspot is probably several places strung together
CHAIN_EPS = 5.0
ID_CELL_M = 200


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
    """

    buurten: gpd.GeoDataFrame | None = None
    wijken: gpd.GeoDataFrame | None = None
    focus: Mapping[str, shapely.Geometry] = field(default_factory=dict)
    schools: gpd.GeoDataFrame | None = None
    stops: gpd.GeoDataFrame | None = None
    default_points: NDArray[np.float64] | None = None
    join_tolerance_m: float = 1.0


def find_hotspots(
    reports: pd.DataFrame,
    *,
    params: HotspotParams,
    surroundings: Surroundings | None = None,
    data_version: str = "",
) -> HotspotResult:
    """Cluster the reports of one view.

    reports: geo.report.COLUMNS, any index. Left out of clustering and counted in ``left_out``: no place, probable
    duplicates, places coarser than eps, default points; with params.raw only reports without a place.
    """
    around = surroundings or Surroundings()
    reason = exclusions.reasons(reports, eps_m=params.eps_m, known=around.default_points)
    if params.raw:
        reason = reason.where(reason == exclusions.NO_PLACE, "")
    clustered = reports[(reason == "").to_numpy()]
    x, y = clustered["x"].to_numpy(float), clustered["y"].to_numpy(float)
    found = dbscan(x, y, eps_m=params.eps_m, min_samples=params.min_samples)
    buurt = None if around.buurten is None else assign(x, y, around.buurten, tolerance_m=around.join_tolerance_m)
    order = np.argsort(found.labels, kind="stable")
    starts = np.searchsorted(found.labels[order], np.arange(found.labels.max(initial=-1) + 2))
    described = [
        _describe(
            clustered.iloc[members := order[low:high]],
            found.core[members],
            None if buurt is None else buurt[members],
            label=label,
            params=params,
            around=around,
        )
        for label, (low, high) in enumerate(pairwise(starts.tolist()))
    ]
    described.sort(key=lambda h: (-h.n_core, h.diameter_m, h.id, h.x, h.y))
    return HotspotResult(
        params=params,
        hotspots=tuple(_identified(described)),
        labels=pd.Series(found.labels, index=clustered.index, name="label"),
        kinds=pd.Series(found.kinds, index=clustered.index, name="kind"),
        n_in=len(reports),
        n_noise=int((found.labels == NOISE).sum()),
        reasons=reason[reason != ""],
        data_version=data_version,
    )


def _describe(
    mine: pd.DataFrame,
    core: NDArray[np.bool_],
    buurt: NDArray[np.intp] | None,
    *,
    label: int,
    params: HotspotParams,
    around: Surroundings,
) -> Hotspot:
    x, y = mine["x"].to_numpy(float), mine["y"].to_numpy(float)
    cx, cy = float(x[core].mean()), float(y[core].mean())
    hull = shapely.convex_hull(shapely.multipoints(np.column_stack([x, y])))
    diameter = _diameter(hull)
    days = mine["event_date"].dropna()
    area = _most_common_area(around.buurten, None if buurt is None else buurt[core])
    wijk_code = str(area["wijk_code"]) if area is not None else ""
    return Hotspot(
        id=_place_id(x[core], y[core]),
        label=label,
        rank=0,
        n=len(mine),
        n_core=int(core.sum()),
        x=cx,
        y=cy,
        area_m2=float(shapely.area(shapely.buffer(hull, params.eps_m / 2))),
        diameter_m=diameter,
        first=days.min() if len(days) else None,
        last=days.max() if len(days) else None,
        n_dates=int(days.nunique()),
        top_categories=profile.categories(mine, top=3),
        hours=profile.hours(mine),
        weekdays=profile.weekdays(mine),
        n_time_unknown=profile.time_unknown(mine),
        buurt_code=str(area["code"]) if area is not None else "",
        buurt_name=str(area["name"]) if area is not None else "",
        wijk_code=wijk_code,
        wijk_name=_name_of(around.wijken, wijk_code),
        focus_areas=_focus(around.focus, x[core], y[core], cx, cy),
        nearest_school=nearest(cx, cy, around.schools),
        nearest_stop=nearest(cx, cy, around.stops),
        is_chain=diameter > CHAIN_M or diameter > CHAIN_EPS * params.eps_m,
    )


def _identified(described: list[Hotspot]) -> Iterator[Hotspot]:
    """Give ranks, and a letter to the lower-ranked of hotspots that share a place id."""
    seen: dict[str, int] = {}
    for rank, hotspot in enumerate(described, start=1):
        n = seen[hotspot.id] = seen.get(hotspot.id, 0) + 1
        yield replace(hotspot, rank=rank, id=hotspot.id + ("" if n == 1 else chr(ord("a") + n - 1)))


def _place_id(x: NDArray[np.float64], y: NDArray[np.float64]) -> str:
    """The RD cell of 200 m that holds most core reports (ties: lowest). No finer than any published cell may be."""
    cell = np.column_stack([x // ID_CELL_M, y // ID_CELL_M]).astype(np.int64)
    distinct, counts = np.unique(cell, axis=0, return_counts=True)
    i, j = distinct[int(np.argmax(counts))]
    return f"H{i}-{j}"


def _diameter(hull: Any) -> float:
    corners = shapely.get_coordinates(hull)
    return float(pdist(corners).max()) if len(corners) > 1 else 0.0


def _most_common_area(areas: gpd.GeoDataFrame | None, positions: NDArray[np.intp] | None) -> pd.Series | None:
    """The area of most core reports; ties go to the lowest code. None when most are outside, or there are no areas."""
    if areas is None or positions is None or not (positions >= 0).any():
        return None
    values, counts = np.unique(positions[positions >= 0], return_counts=True)
    best = values[counts == counts.max()]
    lowest: pd.Series = areas.iloc[best].sort_values("code").iloc[0]
    return lowest


def _name_of(areas: gpd.GeoDataFrame | None, code: str) -> str:
    if areas is None or not code:
        return ""
    names = areas.loc[areas["code"] == code, "name"]
    return str(names.iloc[0]) if len(names) else ""


def _focus(
    focus: Mapping[str, shapely.Geometry], x: NDArray[np.float64], y: NDArray[np.float64], cx: float, cy: float
) -> tuple[str, ...]:
    """Focus areas that hold the hotspot's centre, or at least half of its core reports."""
    return tuple(
        name
        for name, geometry in focus.items()
        if bool(shapely.intersects_xy(geometry, cx, cy)) or 2 * int(inside(x, y, geometry).sum()) >= len(x)
    )

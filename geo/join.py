"""Which buurt a report lies in: exactly one, or none ("outside").

Rule: a point inside or on the border of several areas belongs to the one with the lowest code; a point in no area but
within the tolerance of one belongs to the nearest (ties: lowest code). Neither depends on the order of the input.
"""

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

OUTSIDE = -1

Floats = NDArray[np.float64]


def assign(x: Floats, y: Floats, areas: gpd.GeoDataFrame, *, tolerance_m: float = 1.0) -> NDArray[np.intp]:
    """Position in ``areas`` of each point's area; OUTSIDE (-1) for none.

    x, y: RD metres (n,); NaN is outside. areas: columns ``code`` and ``geometry`` in RD.
    """
    if len(areas) == 0:
        return np.full(len(x), OUTSIDE, dtype=np.intp)
    x, y = np.asarray(x, float), np.asarray(y, float)
    by_code = np.argsort(areas["code"].to_numpy(), kind="stable")
    found = first_around(x, y, areas.geometry.to_numpy(), turns=by_code)
    return _within_tolerance(x, y, areas, found, tolerance_m)


def first_around(x: Floats, y: Floats, geometry: NDArray[np.object_], *, turns: NDArray[np.intp]) -> NDArray[np.intp]:
    """Position in ``geometry`` (RD) of the first one, in the order of ``turns``, that each point (n,) is in or on the border of."""
    found = np.full(len(x), OUTSIDE, dtype=np.intp)
    if len(x) == 0:
        return found
    shapely.prepare(geometry)
    order = np.argsort(x)  # NaN last
    xs, ys = x[order], y[order]
    result = np.full(len(x), OUTSIDE, dtype=np.int32)
    bounds = shapely.bounds(geometry)[turns]  # NaN, so nowhere, for an area without an outline
    lows, highs = np.searchsorted(xs, bounds[:, 0]), np.searchsorted(xs, bounds[:, 2], side="right")
    for position, low, high, (_, ymin, _, ymax) in zip(
        turns.tolist(), lows.tolist(), highs.tolist(), bounds.tolist(), strict=True
    ):
        window = ys[low:high]
        free = np.flatnonzero((window >= ymin) & (window <= ymax) & (result[low:high] == OUTSIDE))
        if len(free):
            free += low
            result[free[shapely.intersects_xy(geometry[position], xs[free], ys[free])]] = position
    found[order] = result
    return found


def _within_tolerance(
    x: Floats, y: Floats, areas: gpd.GeoDataFrame, found: NDArray[np.intp], tolerance_m: float
) -> NDArray[np.intp]:
    left = np.flatnonzero((found == OUTSIDE) & np.isfinite(x) & np.isfinite(y))
    if tolerance_m <= 0 or len(left) == 0:
        return found
    geometry = areas.geometry.to_numpy()
    tree = shapely.STRtree(geometry)
    points = shapely.points(x[left], y[left])
    point, area = tree.query_nearest(points, max_distance=tolerance_m, all_matches=True)
    by_code = np.argsort(np.argsort(areas["code"].to_numpy(), kind="stable"))
    best = np.lexsort((by_code[area], point))
    point, area = point[best], area[best]
    first = np.r_[True, point[1:] != point[:-1]] if len(point) else np.zeros(0, bool)
    found[left[point[first]]] = area[first]
    return found


def inside(x: Floats, y: Floats, geometry: shapely.Geometry) -> NDArray[np.bool_]:
    """Which points lie in or on the border of one geometry (RD); NaN is not inside."""
    shapely.prepare(geometry)
    placed = np.isfinite(x) & np.isfinite(y)
    result = np.zeros(len(x), dtype=bool)
    result[placed] = shapely.intersects_xy(geometry, x[placed], y[placed])
    return result

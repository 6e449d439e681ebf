"""Near schools, near stops: how many reports, always beside how much of the city lies as near."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.intervals import share_interval
from geo.join import inside
from geo.lengths import length_within

RADII_M = (50.0, 100.0, 200.0, 400.0)
SEGMENTS = 32  # per quarter circle: a buffer's area is right to 0.05 %

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """Reports within radius_m of the nearest feature, and the share of the base within it.

    n of n_base reports; share with its exact 95 % interval; base_share of the land's area or the streets' length;
    ratio = share / base_share with the same interval: above 1 more than the space near features accounts for.
    NaN without reports, or where nothing of the base is near.
    """

    radius_m: float
    n: int
    n_base: int
    share: float
    base_share: float
    ratio: float
    low: float
    high: float


def land(areas: gpd.GeoDataFrame) -> shapely.Geometry:
    """The union of the areas that are not water (RD; without a column `water` all are land)."""
    dry = areas[~areas["water"].to_numpy(bool)] if "water" in areas.columns else areas
    return shapely.union_all(dry.geometry.to_numpy())


def distances(x: Floats, y: Floats, features: gpd.GeoDataFrame) -> Floats:
    """Metres from each report to its nearest feature (points, lines or areas in RD), (n,).

    NaN for reports without a place; inf without features.
    """
    x, y = np.asarray(x, float), np.asarray(y, float)
    result = np.full(len(x), np.nan)
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    geometry = features.geometry.to_numpy()
    if len(geometry) == 0:
        result[placed] = np.inf
        return result
    if len(placed):
        found, metres = shapely.STRtree(geometry).query_nearest(
            shapely.points(x[placed], y[placed]), all_matches=False, return_distance=True
        )
        result[placed[found[0]]] = metres
    return result


def near(
    x: Floats,
    y: Floats,
    features: gpd.GeoDataFrame,
    *,
    base: shapely.Geometry,
    radii_m: Sequence[float] = RADII_M,
) -> tuple[Near, ...]:
    """Reports near features beside the share of the base that is as near, per radius.

    x, y: RD metres (n,); NaN is in no count. features: RD, e.g. schools. base: the land (geo.baseline.land), by area,
    and then only reports on it count; or street lines, by length, and then every placed report counts. Everything
    within the base is taken as equally likely: the ratio says nothing about how many people are there.
    Empty without features. ValueError for an empty base or a radius that means nothing.
    """
    total = _extent(base)
    if total == 0:
        raise ValueError("base has neither area nor length: land or streets are needed to compare with")
    for radius in radii_m:
        if not (np.isfinite(radius) and radius > 0):
            raise ValueError(f"radius {radius}: must be above 0 metres")
    if len(features) == 0:
        return ()
    metres = distances(x, y, features)
    on_base = (
        inside(np.asarray(x, float), np.asarray(y, float), base) if shapely.area(base) > 0 else np.isfinite(metres)
    )
    metres = metres[on_base]
    result = []
    for radius in radii_m:
        buffers = shapely.union_all(shapely.buffer(features.geometry.to_numpy(), radius, quad_segs=SEGMENTS))
        base_share = min(1.0, _within(base, buffers) / total)
        result.append(_beside(int((metres <= radius).sum()), len(metres), radius=radius, base_share=base_share))
    return tuple(result)


def _within(base: shapely.Geometry, buffers: shapely.Geometry) -> float:
    """Area of the base within the buffers, or the length of its lines."""
    if shapely.area(base) > 0:
        return float(shapely.area(shapely.intersection(base, buffers)))
    return length_within(shapely.get_parts(np.array([base], dtype=object)), buffers)


def _extent(base: shapely.Geometry) -> float:
    """Area of what has area, else length."""
    return float(shapely.area(base)) or float(shapely.length(base))


def _beside(n: int, n_base: int, *, radius: float, base_share: float) -> Near:
    share = low = high = np.nan
    if n_base:
        share = n / n_base
        low, high = (float(end[0]) for end in share_interval(np.array([n]), np.array([n_base])))
    scale = 1 / base_share if base_share > 0 else np.nan
    return Near(
        radius_m=radius,
        n=n,
        n_base=n_base,
        share=share,
        base_share=base_share,
        ratio=share * scale,
        low=low * scale,
        high=high * scale,
    )

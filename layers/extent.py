"""What part of the country a map shows: RD bounds of what matters, fitted to a frame."""

from collections.abc import Iterable
from typing import Final

import numpy as np

from geo.crs import to_wgs84
from layers import palette
from layers.sheet import Bounds
from layers.spec import LayerSpec

MARGIN_M: Final = 350.0  # around the hotspots
LAND: Final = (palette.PANES["areas"], palette.PANES["outline"])


def content_extent(specs: Iterable[LayerSpec]) -> Bounds:
    """RD bounds worth looking at: the hotspots with room around them, else the areas, else whatever there is.

    Raises ValueError when no visible layer has a feature.
    """
    shown = [spec for spec in specs if spec.visible and not spec.frame.empty]
    spots = bounds_of(spec for spec in shown if spec.kind == "hotspot")
    around = outer_extent(shown) or bounds_of(shown)
    if around is None:
        raise ValueError("a map of nothing has no extent: give Sheet.extent, or a layer with features")
    if spots is None:
        return around
    margin = max(MARGIN_M, 0.08 * max(spots[2] - spots[0], spots[3] - spots[1]))
    return spots[0] - margin, spots[1] - margin, spots[2] + margin, spots[3] + margin


def outer_extent(specs: Iterable[LayerSpec]) -> Bounds | None:
    """RD bounds of all areas together; None when there are none."""
    return bounds_of(spec for spec in specs if not spec.frame.empty and spec.order in LAND)


def fitted(extent: Bounds, *, ratio: float, share: float = 0.03) -> Bounds:
    """An extent grown to a width/height ratio, with a margin (share of its size) on every side."""
    x, y = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    wide = max(extent[2] - extent[0], 1.0) * (1 + 2 * share)
    high = max(extent[3] - extent[1], 1.0) * (1 + 2 * share)
    wide, high = max(wide, high * ratio), max(high, wide / ratio)
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def to_degrees(extent: Bounds) -> Bounds:
    """West, south, east, north in WGS84 of RD bounds (of their four corners, which RD's grid tilts a little)."""
    lon, lat = to_wgs84([extent[0], extent[0], extent[2], extent[2]], [extent[1], extent[3], extent[1], extent[3]])
    return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())


def bounds_of(specs: Iterable[LayerSpec]) -> Bounds | None:
    """RD bounds of the layers together; None without layers."""
    boxes = np.array([spec.frame.total_bounds for spec in specs])
    if not len(boxes):
        return None
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])

"""How far groups of places reach: hulls, diameters, widths. RD metres."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial.distance import pdist

SMALL = 64  # hulls of up to so many corners are measured together, by number of corners

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def hulls(x: Floats, y: Floats, starts: Ints) -> NDArray[Any]:
    """Convex hull of each stretch of places, a point or a line where that is all there is.

    x, y: (n,) finite, one stretch after the other. starts: (m,) where each begins, ascending; none is empty.
    """
    if len(starts) == 0:
        return np.zeros(0, dtype=object)
    sizes = np.diff(np.r_[starts, len(x)])
    twice = np.ones(len(x), dtype=np.int64)
    twice[starts[sizes == 1]] = 2  # a line needs two places, be they the same
    lines = np.repeat(np.arange(len(starts)), np.maximum(sizes, 2))
    return np.asarray(
        shapely.convex_hull(shapely.linestrings(np.repeat(np.column_stack([x, y]), twice, axis=0), indices=lines))
    )


def diameters(shapes: NDArray[Any]) -> Floats:
    """Largest distance between two corners of each hull (m,)."""
    corners, of = shapely.get_coordinates(shapes, return_index=True)
    count = np.bincount(of, minlength=len(shapes))
    start = np.cumsum(count) - count
    metres = np.zeros(len(shapes))
    for k in np.unique(count):
        same = np.flatnonzero(count == k)
        if 1 < k <= SMALL:
            own = corners[start[same, None] + np.arange(k)]
            apart = own[:, :, None] - own[:, None]
            metres[same] = np.sqrt((apart**2).sum(axis=3).max(axis=(1, 2)))
        elif k > SMALL:
            metres[same] = [pdist(corners[at : at + k]).max() for at in start[same].tolist()]
    return metres


def diameter(x: Floats, y: Floats) -> float:
    """Largest distance between two of the places; 0 for one place or none."""
    return float(diameters(hulls(x, y, np.zeros(min(1, len(x)), np.int64))).max(initial=0.0))


def width(shape: Any) -> float:
    """Smallest distance between two parallel lines that hold a hull between them; 0 for a point or a line.

    One of the lines then runs along a side (Houle & Toussaint 1988).
    """
    if shapely.get_dimensions(shape) < 2:
        return 0.0
    corners = shapely.get_coordinates(shape)
    side = np.diff(corners, axis=0)
    across = np.column_stack([-side[:, 1], side[:, 0]]) / np.hypot(*side.T)[:, None]
    off = corners[:-1] @ across.T
    return float(np.ptp(off, axis=0).min())

"""Clusters in place and time: DBSCAN whose neighbours are near in both (ST-DBSCAN, Birant & Kut 2007).

Points are sorted into cells whose square's diagonal is just under eps and whose height is just under eps in time, so
that two points of one cell are always neighbours, as geo.grid does in the plane. No neighbour lists are built: memory
is linear, and a pile of a million reports on one day costs no more than a list of them.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.dbscan import NOISE, Clustering
from geo.kernels import spacetime as kernel
from geo.kernels.spacetime import REACH

Floats = NDArray[np.float64]


def st_dbscan(
    x: Floats,
    y: Floats,
    moment_days: Floats,
    *,
    eps_m: float,
    eps_days: float,
    min_samples: int,
    sides: NDArray[np.int64] | None = None,
) -> Clustering:
    """Cluster points of place and time: neighbours iff distance ≤ eps_m and gap ≤ eps_days, boundaries included.

    x, y: RD metres (n,); moment_days: time in days, e.g. since 1970; all finite. A point is core with min_samples
    neighbours, itself included. sides: (n,) integers, any; points on different sides of a barrier (geo.barriers) are
    never neighbours. Without a time limit the labels are geo.dbscan's. A border point goes to its core
    neighbour nearest in place (ties: nearest in time, then lowest x, y, time), so labels do not depend on the order of
    the input. Clusters are numbered by their first core point in (x, y, time) order. No points: an empty clustering.
    ValueError for settings that mean nothing, or places or times that are not numbers.
    """
    for name, value in (("eps_m", eps_m), ("eps_days", eps_days)):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} = {value}: must be above 0")
    if min_samples < 1:
        raise ValueError(f"min_samples = {min_samples}: must be 1 or more")
    x, y, t = (np.asarray(a, float) for a in (x, y, moment_days))
    if not (np.isfinite(x).all() and np.isfinite(y).all() and np.isfinite(t).all()):
        raise ValueError("x, y and moment_days must be finite: leave reports without a place or time out first")
    n = len(x)
    if sides is not None and np.shape(sides) != (n,):
        raise ValueError("sides must be integers, one for each place")
    if n == 0:
        return Clustering(np.zeros(0, np.int64), np.zeros(0, bool))
    keys, rows, slots = _keys(x, y, t, eps_m, eps_days, sides=sides)
    order = np.argsort(keys, kind="stable")
    sorted_keys = keys[order]
    first = np.flatnonzero(np.r_[True, sorted_keys[1:] != sorted_keys[:-1]])
    start, cells = np.r_[first, n], sorted_keys[first]
    xs, ys, ts = x[order], y[order], t[order]
    eps2, eps_t = float(eps_m * eps_m), float(eps_days)  # one type, or the loops would be compiled once more
    box = kernel.boxes(xs, ys, ts, start)
    core = kernel.cores(xs, ys, ts, start, box, cells, rows, slots, eps2, eps_t, int(min_samples))
    roots = kernel.components(xs, ys, ts, core, start, box, cells, rows, slots, eps2, eps_t)
    labels = kernel.label(xs, ys, ts, core, start, box, cells, roots, rows, slots, eps2, eps_t)
    result, is_core = np.empty(n, np.int64), np.empty(n, bool)
    result[order], is_core[order] = _numbered(xs, ys, ts, labels, core), core
    return Clustering(result, is_core)


def _keys(
    x: Floats, y: Floats, t: Floats, eps_m: float, eps_days: float, *, sides: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], int, int]:
    """Each point's cell: (column · rows + row) · slots + slot, with REACH cells of margin at every side.

    Each side of a barrier is a map by itself, laid beside the one before.
    """
    shrink = 1 - 1e-9  # rounding must not make strangers of a cell's points
    column, row, slot = (
        np.floor((a - a.min()) / (side * shrink))
        for a, side in ((x, eps_m / np.sqrt(2)), (y, eps_m / np.sqrt(2)), (t, eps_days))
    )
    columns, rows, slots = (a.max() + 2 * REACH + 1 for a in (column, row, slot))
    if sides is not None:
        number = np.unique(sides, return_inverse=True)[1]
        column += number * columns
        columns *= number.max() + 1
    if columns * rows * slots >= 2**62:
        raise ValueError(f"eps_m = {eps_m}, eps_days = {eps_days}: too small for places and times this far apart")
    key = (column.astype(np.int64) + REACH) * int(rows) + row.astype(np.int64) + REACH
    return key * int(slots) + slot.astype(np.int64) + REACH, int(rows), int(slots)


def _numbered(x: Floats, y: Floats, t: Floats, labels: NDArray[np.int64], core: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number clusters 0, 1, … by their lowest core point in x, then y, then time."""
    cores = np.flatnonzero(core)
    if len(cores) == 0:
        return labels
    by_place = cores[np.lexsort((t[cores], y[cores], x[cores]))]
    old, at = np.unique(labels[by_place], return_index=True)
    new = np.full(int(labels.max()) + 2, NOISE, dtype=np.int64)
    new[old[np.argsort(at)]] = np.arange(len(old))
    return new[labels]  # -1 reads the last place, which stays NOISE


def hour_gap(a: ArrayLike, b: ArrayLike) -> Floats:
    """Hours between two times of day the short way round: min(|a − b|, 24 − |a − b|); any shapes that broadcast."""
    gap = np.abs(np.asarray(a, float) - np.asarray(b, float)) % 24
    return np.asarray(np.minimum(gap, 24 - gap), dtype=np.float64)

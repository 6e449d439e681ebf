"""Exact DBSCAN on a grid, compiled: the same labels as geo.dbscan's reference at a fraction of time and memory.

Points are sorted into square cells whose diagonal is just under eps, so two points of one cell are always neighbours
(Gunawan 2013; Gan & Tao 2015). A cell with min_samples points is core as a whole; other points count their neighbours
in the 20 cells around, and stop at min_samples. Cells with core points are joined when a pair of core points lies
within eps. Inside a full cell points are ordered by sub-cell and kept in blocks with a bounding box, so that a dense
cell is skipped or counted by the block: a tight blob inside a ring, or a million reports on one coordinate, cost no
more than elsewhere. Each side of a barrier is a map by itself, laid beside the one before; places stay what they are.
Memory beside the input is linear: at most about 50 bytes a point, the answer's nine included.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.kernels import cells
from geo.kernels import grid as kernel
from geo.kernels.cells import SUB
from geo.kernels.grid import REACH

SHARED_FROM = 100_000  # points from which starting threads pays
MOST_WORKERS = 4
PARTS = 4  # per worker, for some cells take longer than others

Floats = NDArray[np.float64]


def is_loaded() -> bool:
    """Whether the compiled loops are in memory, so that the next call costs no more than its work."""
    return bool(kernel.spread.signatures)


def grid_dbscan(
    x: Floats,
    y: Floats,
    *,
    eps_m: float,
    min_samples: float,
    weights: Floats | None = None,
    sides: NDArray[np.int64] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Cluster of each point and whether it is core; clusters are numbered by their lowest core point in x, then y.

    x, y: finite RD metres (n,). weights: (n,), 0 or more; a point is core when the weights within eps, its own
    included, sum to min_samples. sides: (n,) integers, any; points on different sides are not neighbours. A border point
    belongs to its nearest core point (ties: lowest x, then y). -1 is noise.
    """
    n = len(x)
    if n == 0:
        return np.zeros(0, np.int64), np.zeros(0, np.bool_)
    # one layout only, or the loops would be compiled once more for slices
    x, y = np.ascontiguousarray(x, np.float64), np.ascontiguousarray(y, np.float64)
    order, start, cell, rows = _sorted_cells(x, y, eps_m, sides)
    xs, ys = cells.gather(x, order), cells.gather(y, order)
    cells.settle_heavy(xs, ys, order, start)
    ws = np.ones(0) if weights is None else cells.gather(np.ascontiguousarray(weights, np.float64), order)
    work = (xs, ys, ws, start, cell, rows, float(eps_m * eps_m), float(min_samples))
    workers = min(MOST_WORKERS, os.cpu_count() or 1)
    labels, core, size = kernel.cluster(*work) if n < SHARED_FROM or workers < 2 else _together(work, workers)
    low_x, low_y = kernel.lowest_core(xs, ys, labels, core, size)
    number = np.empty(size, np.int64)
    number[np.lexsort((low_y, low_x))] = np.arange(size)  # stable: one place on two sides is numbered by side
    del xs, ys, start, cell, work
    spread: tuple[NDArray[np.int64], NDArray[np.bool_]] = kernel.spread(order, labels, core, number)
    return spread


def _together(
    work: tuple[Floats, Floats, Floats, NDArray[np.int32], NDArray[np.int64], int, float, float], workers: int
) -> tuple[NDArray[np.int32], NDArray[np.bool_], int]:
    """kernel.cluster, with the steps that look at each cell by itself shared among threads: the same answer."""
    xs, ys, ws, start, cell, rows, eps2, need = work
    n = len(xs)
    ends = np.searchsorted(start, np.linspace(0, n, PARTS * workers + 1).astype(np.int64))
    first, boxes = kernel.first_blocks(start)
    core, held, labels = np.empty(n, np.bool_), np.empty(len(start) - 1, np.bool_), np.empty(n, np.int32)
    with ThreadPoolExecutor(workers) as pool:

        def share(step: Callable[..., None], *arguments: object) -> None:
            parts = [pool.submit(step, *arguments, low, high) for low, high in pairwise(np.unique(ends).tolist())]
            for part in parts:
                part.result()

        kernel.fit_boxes(xs, ys, start, first, boxes, core, False)
        share(kernel.core_points, xs, ys, ws, start, cell, rows, first, boxes, eps2, need, core, held)
        kernel.fit_boxes(xs, ys, start, first, boxes, core, True)
        number, near, size = kernel.joined(xs, ys, core, held, start, cell, rows, first, boxes, eps2)
        share(kernel.label, xs, ys, core, number, near, start, cell, rows, first, boxes, eps2, labels)
    return labels, core, size


def _sorted_cells(
    x: Floats, y: Floats, eps_m: float, sides: NDArray[np.int64] | None
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], int]:
    side = eps_m / np.sqrt(2.0) * (1 - 1e-9)
    x0, y0 = float(x.min()), float(y.min())
    rows = int((float(y.max()) - y0) / side) + 2 * REACH + 1
    columns = int((float(x.max()) - x0) / side) + 2 * REACH + 1
    numbers = np.zeros(0, np.int32) if sides is None else np.unique(sides, return_inverse=True)[1].astype(np.int32)
    size = rows * columns * (1 + int(numbers.max(initial=0))) * SUB * SUB
    if size >= 2**62:
        raise ValueError(f"eps_m = {eps_m}: too small for places this far apart")
    return (*cells.sort(x, y, numbers, x0, y0, side, rows, columns, size.bit_length()), rows)

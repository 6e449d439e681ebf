"""The compiled loops of geo.chance: null runs are clustered and measured without a step in Python."""

import numpy as np
from numba import njit

from geo.kernels.cells import SUB, gather, settle_heavy, sort
from geo.kernels.grid import REACH, cluster


@njit(cache=True, nogil=True)
def log_likelihood_ratio(count, expected, n):
    """Kulldorff (1997) for counts that are given in total; 0 when there is no excess."""
    if count <= expected:
        return 0.0
    if expected <= 0.0:
        return np.inf
    total = count * np.log(count / expected)
    if count < n:
        total += (n - count) * np.log((n - count) / (n - expected))
    return total


@njit(cache=True, nogil=True)
def covered(xs, ys, sides, low, high, eps, lattice, ground, x0, y0, side, stamp, mark):
    """Probability of the lattice cells with their centre within eps of a place low..high, each place's own included.

    ground: (rows, columns) int32, which side of the barriers each cell is on, of which only the place's own counts; or
    empty, as sides then is.
    """
    rows, columns = lattice.shape
    reach = eps / side
    total = 0.0
    for k in range(low, high):
        u, v = (xs[k] - x0) / side, (ys[k] - y0) / side
        own_column, own_row = int(np.floor(u)), int(np.floor(v))
        for row in range(max(0, min(own_row, int(np.ceil(v - reach - 0.5)))), min(rows, int(v + reach + 0.5) + 1)):
            dy = row + 0.5 - v
            first, last = own_column, own_column if row == own_row else own_column - 1
            if dy * dy <= reach * reach:
                half = np.sqrt(reach * reach - dy * dy)
                widest = int(np.floor(u + half - 0.5))
                narrowest = int(np.ceil(u - half - 0.5))
                first, last = (min(first, narrowest), max(last, widest)) if row == own_row else (narrowest, widest)
            for column in range(max(0, first), min(columns, last + 1)):
                if stamp[row, column] != mark:
                    own = row == own_row and column == own_column
                    if len(ground) > 0 and not own and ground[row, column] != sides[k]:
                        continue
                    stamp[row, column] = mark
                    total += lattice[row, column]
    return total


@njit(cache=True, nogil=True)
def measure(xs, ys, sides, labels, core, size, eps, lattice, ground, x0, y0, side, stamp, mark):
    """Per label 0..size-1: its reports, and the probability of all within eps (and on the side) of its core reports."""
    count = np.zeros(size, np.int64)
    start = np.zeros(size + 1, np.int64)
    for i in range(len(labels)):
        if labels[i] >= 0:
            count[labels[i]] += 1
            if core[i]:
                start[labels[i] + 1] += 1
    for label in range(size):
        start[label + 1] += start[label]
    at = start[:-1].copy()
    core_x, core_y = np.empty(start[size], np.float64), np.empty(start[size], np.float64)
    core_side = np.empty(start[size], np.int32)
    for i in range(len(labels)):
        if labels[i] >= 0 and core[i]:
            k = at[labels[i]]
            core_x[k], core_y[k] = xs[i], ys[i]
            core_side[k] = sides[i] if len(sides) > 0 else 0
            at[labels[i]] = k + 1
    share = np.empty(size, np.float64)
    for label in range(size):
        low, high = start[label], start[label + 1]
        share[label] = covered(
            core_x, core_y, core_side, low, high, eps, lattice, ground, x0, y0, side, stamp, mark + label
        )
    return count, share


@njit(cache=True, nogil=True)
def _clustered(x, y, sides, eps, need):
    """Places and sides in another order than given, which does not matter here; their labels, core, how many labels."""
    side = eps / np.sqrt(2.0) * (1 - 1e-9)
    x0, y0 = x.min(), y.min()
    rows = int((y.max() - y0) / side) + 2 * REACH + 1
    columns = int((x.max() - x0) / side) + 2 * REACH + 1
    across = columns * (1 + sides.max()) if len(sides) > 0 else columns
    bits = 1
    while (1 << bits) <= rows * across * SUB * SUB:
        bits += 1
    order, start, cell = sort(x, y, sides, x0, y0, side, rows, columns, bits)
    xs, ys = gather(x, order), gather(y, order)
    settle_heavy(xs, ys, order, start)
    ordered_sides = gather(sides, order) if len(sides) > 0 else sides
    labels, core, size = cluster(xs, ys, np.ones(0), start, cell, rows, eps * eps, need)
    return xs, ys, ordered_sides, labels, core, size


@njit(cache=True, nogil=True)
def _sides_of(x, y, ground, x0, y0, side):
    """The side of each place by its lattice cell."""
    rows, columns = ground.shape
    sides = np.empty(len(x), np.int32)
    for i in range(len(x)):
        row, column = int((y[i] - y0) / side), int((x[i] - x0) / side)
        sides[i] = ground[max(0, min(row, rows - 1)), max(0, min(column, columns - 1))]
    return sides


@njit(cache=True, nogil=True)
def null_statistics(x, y, eps, need, lattice, ground, x0, y0, side):
    """Every cluster's statistic in every run (runs, n), and the run it is of."""
    runs, n = x.shape
    stamp = np.full(lattice.shape, -1, np.int64)
    mark = 0
    found = 0
    statistic, of_run = np.empty(1024, np.float64), np.empty(1024, np.int64)
    for run in range(runs):
        sides = _sides_of(x[run], y[run], ground, x0, y0, side) if len(ground) > 0 else np.zeros(0, np.int32)
        xs, ys, sides, labels, core, size = _clustered(x[run], y[run], sides, eps, need)
        if size == 0:
            continue
        count, share = measure(xs, ys, sides, labels, core, size, eps, lattice, ground, x0, y0, side, stamp, mark)
        mark += size
        if found + size > len(statistic):
            wider = max(found + size, 2 * len(statistic))
            statistic = np.concatenate((statistic, np.empty(wider - len(statistic), np.float64)))
            of_run = np.concatenate((of_run, np.empty(wider - len(of_run), np.int64)))
        for label in range(size):
            statistic[found] = log_likelihood_ratio(count[label], n * share[label], n)
            of_run[found] = run
            found += 1
    return statistic[:found], of_run[:found]

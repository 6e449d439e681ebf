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
def covered(xs, ys, low, high, eps, lattice, x0, y0, side, stamp, mark):
    """Probability of the lattice cells with their centre within eps of a place low..high, each place's own included."""
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
                    stamp[row, column] = mark
                    total += lattice[row, column]
    return total


@njit(cache=True, nogil=True)
def measure(xs, ys, labels, core, size, eps, lattice, x0, y0, side, stamp, mark):
    """Per label 0..size-1: its reports, and the probability of all within eps of its core reports."""
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
    for i in range(len(labels)):
        if labels[i] >= 0 and core[i]:
            k = at[labels[i]]
            core_x[k], core_y[k] = xs[i], ys[i]
            at[labels[i]] = k + 1
    share = np.empty(size, np.float64)
    for label in range(size):
        share[label] = covered(
            core_x, core_y, start[label], start[label + 1], eps, lattice, x0, y0, side, stamp, mark + label
        )
    return count, share


@njit(cache=True, nogil=True)
def _clustered(x, y, eps, need):
    """Labels 0.. without gaps, core and their number; places in another order than given, which does not matter here."""
    side = eps / np.sqrt(2.0) * (1 - 1e-9)
    x0, y0 = x.min(), y.min()
    rows = int((y.max() - y0) / side) + 2 * REACH + 1
    columns = int((x.max() - x0) / side) + 2 * REACH + 1
    bits = 1
    while (1 << bits) <= rows * columns * SUB * SUB:
        bits += 1
    order, start, cell = sort(x, y, np.zeros(0, np.int32), x0, y0, side, rows, columns, bits)
    xs, ys = gather(x, order), gather(y, order)
    settle_heavy(xs, ys, order, start)
    labels, core, size = cluster(xs, ys, np.ones(0), start, cell, rows, eps * eps, need)
    return xs, ys, labels, core, size


@njit(cache=True, nogil=True)
def null_statistics(x, y, eps, need, lattice, x0, y0, side):
    """Every cluster's statistic in every run (runs, n), and the run it is of."""
    runs, n = x.shape
    stamp = np.full(lattice.shape, -1, np.int64)
    mark = 0
    found = 0
    statistic, of_run = np.empty(1024, np.float64), np.empty(1024, np.int64)
    for run in range(runs):
        xs, ys, labels, core, size = _clustered(x[run], y[run], eps, need)
        if size == 0:
            continue
        count, share = measure(xs, ys, labels, core, size, eps, lattice, x0, y0, side, stamp, mark)
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

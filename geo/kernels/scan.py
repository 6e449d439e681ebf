"""The compiled loops of geo.scan: Poisson counts per cell, and the strongest circle of a run."""

import numpy as np
from numba import njit

from geo.kernels.chance import log_likelihood_ratio


@njit(cache=True, nogil=True)
def poisson_start(mean):
    """Per mean its mode, and the probability of the mode and of all up to it."""
    mode = np.empty(len(mean), np.int64)
    at, below = np.empty(len(mean), np.float64), np.empty(len(mean), np.float64)
    for i in range(len(mean)):
        m = int(mean[i])
        p = 1.0
        if m > 0:
            log_p = m * np.log(mean[i]) - mean[i]
            for k in range(2, m + 1):
                log_p -= np.log(k)
            p = np.exp(log_p)
        else:
            p = np.exp(-mean[i])
        total, term = p, p
        for k in range(m, 0, -1):
            term *= k / mean[i]
            total += term
            if term < 1e-18:
                break
        mode[i], at[i], below[i] = m, p, total
    return mode, at, below


@njit(cache=True, nogil=True)
def poisson(uniform, mean, mode, at, below, row, column, counts):
    """Counts of every run into counts (runs, rows, columns), by inversion from the mode; gives their totals."""
    runs = uniform.shape[0]
    totals = np.zeros(runs, np.int64)
    for run in range(runs):
        total = 0
        for i in range(len(mean)):
            u, k, p, f = uniform[run, i], mode[i], at[i], below[i]
            if u < f:
                while k > 0 and u < f - p:
                    f -= p
                    p *= k / mean[i]
                    k -= 1
            else:
                while u >= f and p > 1e-18:
                    k += 1
                    p *= mean[i] / k
                    f += p
            counts[run, row[i], column[i]] = k
            total += k
        totals[run] = total
    return totals


@njit(cache=True, nogil=True)
def strongest(sums, share, per_spread, totals, best):
    """Raise best (runs,) to the largest log likelihood ratio over the cells of one radius.

    sums: (runs, rows, columns) of reports within the radius, whole but for rounding. share: probability within the
    radius. per_spread: 1 / (2 q (1 - q)): the ratio is at most n (s - q)² per_spread while s ≤ 1 - q, so that nearly
    every cell is passed over without a logarithm.
    """
    runs = sums.shape[0]
    rows, columns = share.shape
    for run in range(runs):
        n = float(totals[run])
        top = best[run]
        for j in range(rows):
            for i in range(columns):
                q = share[j, i]
                excess = sums[run, j, i] + 0.5 - n * q
                if q <= 0.0 or excess <= 0.0:
                    continue
                count = np.rint(sums[run, j, i])
                if count <= n * (1.0 - q) and excess * excess * per_spread[j, i] <= top * n:
                    continue
                top = max(top, log_likelihood_ratio(count, n * q, n))
        best[run] = top


@njit(cache=True, nogil=True)
def ratios(sums, share, n):
    """The log likelihood ratio per cell of one radius."""
    out = np.zeros(share.shape)
    for j in range(share.shape[0]):
        for i in range(share.shape[1]):
            out[j, i] = log_likelihood_ratio(np.rint(sums[j, i]), n * share[j, i], n) if share[j, i] > 0.0 else 0.0
    return out

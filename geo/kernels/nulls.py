"""Compiled draws of geo.nulls: Walker's alias method, as Vose (1991) builds it."""

import numpy as np
from numba import njit


@njit(cache=True)
def alias_table(probability):
    """Per place the chance to stay on it, and where to go else."""
    size = len(probability)
    keep = probability * size / probability.sum()
    other = np.arange(size)
    small, large = np.empty(size, np.int64), np.empty(size, np.int64)
    n_small, n_large = 0, 0
    for i in range(size):
        if keep[i] < 1.0:
            small[n_small] = i
            n_small += 1
        else:
            large[n_large] = i
            n_large += 1
    while n_small > 0 and n_large > 0:
        n_small -= 1
        low, high = small[n_small], large[n_large - 1]
        other[low] = high
        keep[high] -= 1.0 - keep[low]
        if keep[high] < 1.0:
            n_large -= 1
            small[n_small] = high
            n_small += 1
    for k in range(n_small):  # what rounding left over
        keep[small[k]] = 1.0
    for k in range(n_large):
        keep[large[k]] = 1.0
    return keep, other


@njit(cache=True, nogil=True)
def places(chosen, across, along, keep, other, column, row, x0, y0, cell_m):
    """Uniform numbers to places, in the arrays that held the last two: a cell by alias, a spot within it."""
    size = len(keep)
    for r in range(chosen.shape[0]):
        for i in range(chosen.shape[1]):
            u = chosen[r, i] * size
            k = min(int(u), size - 1)
            if u - k >= keep[k]:
                k = other[k]
            across[r, i] = x0 + (column[k] + across[r, i]) * cell_m
            along[r, i] = y0 + (row[k] + along[r, i]) * cell_m

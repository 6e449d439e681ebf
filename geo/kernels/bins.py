"""Points to bins by cubic interpolation, compiled. numba infers the types."""

import numpy as np
from numba import njit


@njit(cache=True)
def cubic(x, y, x0, y0, side, rows, columns):
    """Spread each point over the 4 × 4 bin centres around it with Lagrange weights; outside: nowhere."""
    bins = np.zeros((rows, columns))
    wx = np.empty(4)
    wy = np.empty(4)
    for i in range(len(x)):
        u = (x[i] - x0) / side - 0.5
        v = (y[i] - y0) / side - 0.5
        if not (u >= 1.0 and v >= 1.0 and u < columns - 2.0 and v < rows - 2.0):
            continue
        c = int(u)
        r = int(v)
        weights(u - c, wx)
        weights(v - r, wy)
        for a in range(4):
            for b in range(4):
                bins[r - 1 + a, c - 1 + b] += wy[a] * wx[b]
    return bins


@njit(cache=True)
def weights(t, out):
    out[0] = -t * (t - 1.0) * (t - 2.0) / 6.0
    out[1] = (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0
    out[2] = -(t + 1.0) * t * (t - 2.0) / 2.0
    out[3] = (t + 1.0) * t * (t - 1.0) / 6.0

"""Points to bins by cubic interpolation, compiled. numba infers the types."""

import numpy as np
from numba import njit


@njit(cache=True, fastmath={"contract", "reassoc"})
def cubic(x, y, x0, y0, side, rows, columns):
    """Spread each point over the 4 × 4 bin centres around it with Lagrange weights; outside: nowhere."""
    bins = np.zeros((rows, columns))
    per_side = 1.0 / side
    for i in range(len(x)):
        u = (x[i] - x0) * per_side - 0.5
        v = (y[i] - y0) * per_side - 0.5
        if not (u >= 1.0 and v >= 1.0 and u < columns - 2.0 and v < rows - 2.0):
            continue
        c = int(u)
        s = u - c
        w0 = -s * (s - 1.0) * (s - 2.0) / 6.0
        w1 = (s + 1.0) * (s - 1.0) * (s - 2.0) / 2.0
        w2 = -(s + 1.0) * s * (s - 2.0) / 2.0
        w3 = (s + 1.0) * s * (s - 1.0) / 6.0
        r = int(v)
        t = v - r
        for a in range(4):
            if a == 0:
                h = -t * (t - 1.0) * (t - 2.0) / 6.0
            elif a == 1:
                h = (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0
            elif a == 2:
                h = -(t + 1.0) * t * (t - 2.0) / 2.0
            else:
                h = (t + 1.0) * t * (t - 1.0) / 6.0
            row = bins[r - 1 + a]
            row[c - 1] += h * w0
            row[c] += h * w1
            row[c + 1] += h * w2
            row[c + 2] += h * w3
    return bins

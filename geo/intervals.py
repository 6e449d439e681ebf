"""Intervals of shares."""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

Floats = NDArray[np.float64]


def share_interval(n: NDArray[np.int64] | Floats, of: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Exact 95 % interval of shares (Clopper & Pearson 1934), (k,) each; 0 to 1 for none of none."""
    low, high = np.zeros(len(n)), np.ones(len(n))
    some, rest = n > 0, of > n
    low[some] = betaincinv(n[some], of[some] - n[some] + 1, 0.025)
    high[rest] = betaincinv(n[rest] + 1, of[rest] - n[rest], 0.975)
    return low, high

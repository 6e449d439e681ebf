"""Is a series of counts going up or down: Mann–Kendall and the Sen slope. Counts of reports: reporting, not incidence."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

LEAST_PERIODS = 4  # with three, even a perfect rise has S = 3 and z = 1.04: no statement is possible


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """Mann–Kendall's test and Sen's slope with its 95 % interval, in the series' unit per period."""

    n: int  # periods with a value
    s: int
    variance: float  # of S, ties taken into account
    z: float
    p: float  # two-sided, normal approximation with continuity correction
    slope: float
    slope_low: float
    slope_high: float


def mann_kendall(values: ArrayLike) -> Trend | None:
    """Monotonic trend in a series of equal, successive periods (Mann 1945, Kendall 1975; Sen 1968).

    values: (n,); NaN is a period without a figure: left out, the others keep their place in time.
    S = Σ_{i<j} sign(v_j − v_i); Var S = [n(n−1)(2n+5) − Σ t(t−1)(2t+5)] / 18 over groups of t equal values;
    z = (S − sign S) / √Var; slope = median of (v_j − v_i)/(j − i), its interval by ranks (Gilbert 1987, 16.4.2).
    None with fewer than LEAST_PERIODS values. A constant series has z = 0 and p = 1. ValueError for infinite values.
    """
    series = np.asarray(values, dtype=float)
    if series.ndim != 1 or np.isinf(series).any():
        raise ValueError(f"values = {series.tolist()}: must be one row of finite numbers or NaN")
    at = np.flatnonzero(~np.isnan(series))
    v = series[at]
    n = len(v)
    if n < LEAST_PERIODS:
        return None
    i, j = np.triu_indices(n, k=1)
    difference = v[j] - v[i]
    s = int(np.sign(difference).sum())
    ties = np.unique(v, return_counts=True)[1].astype(float)
    variance = (n * (n - 1) * (2 * n + 5) - float((ties * (ties - 1) * (2 * ties + 5)).sum())) / 18
    z = 0.0 if s == 0 else (s - np.sign(s)) / np.sqrt(variance)
    slopes = np.sort(difference / (at[j] - at[i]))
    low, high = _interval(slopes, variance)
    return Trend(
        n=n,
        s=s,
        variance=variance,
        z=float(z),
        p=float(2 * norm.sf(abs(z))),
        slope=float(np.median(slopes)),
        slope_low=low,
        slope_high=high,
    )


def _interval(slopes: NDArray[np.float64], variance: float) -> tuple[float, float]:
    """The slopes at ranks (N ∓ 1.96·√Var)/2, rounded outwards."""
    width = norm.ppf(0.975) * np.sqrt(variance)
    low = max(int(np.floor((len(slopes) - width) / 2)) - 1, 0)
    high = min(int(np.ceil((len(slopes) + width) / 2)), len(slopes) - 1)
    return float(slopes[low]), float(slopes[high])

"""Places chosen beforehand against chance: last year's hotspots, schools, stops.

A window that was chosen before these reports were seen is tested as it stands: under the null its count is one of a
multinomial draw, hence binomial. p is the share of draws that reach the count, (1 + r) / (B + 1); over the windows the
false discovery rate is held by Benjamini & Hochberg (1995). The draws of overlapping windows are not tied to each
other, which neither p nor Benjamini-Hochberg asks. Never for hotspots found in the same reports: that calls nearly
every cluster significant (geo.chance is for those).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from geo.chance import ALPHA, RUNS
from geo.nulls import Null, NullKind

BATCH = 100_000  # counts drawn at a time

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class WindowResult:
    """Per window, in the order given: counts, expected (under the null), p (one-sided, more than chance), q (FDR).

    n: all reports. significant: q ≤ alpha.
    """

    null: NullKind
    null_detail: str
    runs: int
    seed: int
    n: int
    counts: Ints
    expected: Floats
    p: Floats
    q: Floats
    significant: NDArray[np.bool_]


def circles(x: Floats, y: Floats, *, radius_m: float) -> NDArray[np.object_]:
    """Circles round places (RD metres), as polygons of 64 corners: 0.2 % smaller."""
    if not (np.isfinite(radius_m) and radius_m > 0):
        raise ValueError(f"radius_m = {radius_m}: must be a distance above 0 metres")
    return np.asarray(shapely.buffer(shapely.points(x, y), radius_m, quad_segs=16), dtype=object)


def against_chance(
    x: Floats,
    y: Floats,
    *,
    windows: NDArray[np.object_],
    null: Null,
    runs: int = RUNS,
    seed: int,
    alpha: float = ALPHA,
    progress: Callable[[float], None] | None = None,
) -> WindowResult:
    """Hold the reports in each window against the null.

    x, y: all reports (RD metres, finite). windows: polygons in RD; may overlap. progress: called with the share done;
    what it raises ends the test. Same seed, same answer. Raises ValueError without runs.
    """
    if runs < 1:
        raise ValueError(f"runs = {runs}: must be 1 or more")
    counts = inside(x, y, windows)
    probability = np.clip(null.shares(windows), 0.0, 1.0)
    p = _p_values(counts, probability, n=len(x), runs=runs, seed=seed, progress=progress)
    q = np.asarray(false_discovery_control(p)) if len(p) else p
    return WindowResult(
        null=null.kind,
        null_detail=null.detail,
        runs=runs,
        seed=seed,
        n=len(x),
        counts=counts,
        expected=len(x) * probability,
        p=p,
        q=q,
        significant=q <= alpha,
    )


def inside(x: Floats, y: Floats, windows: NDArray[np.object_]) -> Ints:
    """Reports within each window (polygons in RD), its border included."""
    order = np.argsort(x, kind="stable")
    xs, ys = np.asarray(x, float)[order], np.asarray(y, float)[order]
    shapely.prepare(windows)
    bounds: Floats = shapely.bounds(windows)
    low, high = np.searchsorted(xs, bounds[:, 0]), np.searchsorted(xs, bounds[:, 2], side="right")
    counts = np.zeros(len(windows), np.int64)
    for k, window in enumerate(windows):
        among = slice(int(low[k]), int(high[k]))
        near = np.flatnonzero((ys[among] >= bounds[k, 1]) & (ys[among] <= bounds[k, 3])) + among.start
        counts[k] = np.count_nonzero(shapely.intersects_xy(window, xs[near], ys[near]))
    return counts


def _p_values(
    counts: Ints,
    probability: Floats,
    *,
    n: int,
    runs: int,
    seed: int,
    progress: Callable[[float], None] | None,
) -> Floats:
    rng = np.random.Generator(np.random.PCG64(seed))
    reached = np.zeros(len(counts), np.int64)
    size = max(1, BATCH // max(1, len(counts)))
    for first in range(0, runs, size):
        mine = min(size, runs - first)
        reached += (rng.binomial(n, probability, size=(mine, len(counts))) >= counts).sum(axis=0)
        if progress is not None:
            progress((first + mine) / runs)
    return np.asarray((1 + reached) / (runs + 1))

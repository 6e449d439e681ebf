"""Near repeats: are reports that are close in place also close in time more often than chance (Knox 1964)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

LEAST_PAIRS = 10  # pairs near in place; below this a statement hangs on one or two
MOST_PAIRS = 200_000

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Knox:
    """Pairs near in place and time, against the same places with shuffled times.

    n: reports with place and time; n_used: of these, tested (a random part when there are too many pairs).
    n_pairs: pairs within distance_m. observed: of these, within `days`. expected: mean over the shuffles.
    ratio: observed / expected, NaN when nothing is expected. p: one-sided, (1 + r)/(B + 1).
    """

    n: int
    n_used: int
    n_pairs: int
    observed: int
    expected: float
    ratio: float
    p: float
    distance_m: float
    days: float
    permutations: int
    seed: int


def knox(
    x: Floats,
    y: Floats,
    moment_days: Floats,
    *,
    distance_m: float,
    days: float,
    permutations: int = 999,
    seed: int,
    most_pairs: int = MOST_PAIRS,
) -> Knox | None:
    """Knox's test (1964) with shuffled times (Besag & Diggle 1977).

    x, y: RD metres (n,); moment_days: time in days, e.g. since 1970; reports with NaN in either are left out.
    A pair is near when its distance is at most distance_m and its gap at most `days`. Default points and duplicates
    are pairs like any other: leave them out first. Where there are more than about most_pairs pairs near in place a
    random part of the reports is tested, so that time and memory stay bounded; the ratio keeps its meaning.
    None with fewer than LEAST_PAIRS pairs near in place. ValueError for distances or gaps that mean nothing.
    """
    for name, value in (("distance_m", distance_m), ("days", days)):
        if not (np.isfinite(value) and value > 0):
            raise ValueError(f"{name} = {value}: must be above 0")
    points, t = np.column_stack([x, y]).astype(float), np.asarray(moment_days, float)
    known = np.isfinite(points).all(axis=1) & np.isfinite(t)
    points, t = points[known], t[known]
    n = len(t)
    if n < 2:
        return None
    order = np.lexsort((t, points[:, 1], points[:, 0]))  # so that the order of the input does not matter
    rng = np.random.default_rng(seed)
    share = np.sqrt(min(1.0, most_pairs / max(_roughly(points, distance_m), 1.0)))
    if share < 1:
        order = np.sort(rng.choice(order, max(2, int(n * share)), replace=False))
    points, t = points[order], t[order]
    pairs = cKDTree(points, balanced_tree=False).query_pairs(distance_m, output_type="ndarray")
    if len(pairs) < LEAST_PAIRS:
        return None
    a, b = np.ascontiguousarray(pairs[:, 0]), np.ascontiguousarray(pairs[:, 1])
    observed = int((np.abs(t[a] - t[b]) <= days).sum())
    drawn = np.empty(permutations)
    for run in range(permutations):
        shuffled = rng.permutation(t)
        drawn[run] = np.count_nonzero(np.abs(shuffled[a] - shuffled[b]) <= days)
    expected = float(drawn.mean()) if permutations else np.nan
    return Knox(
        n=n,
        n_used=len(t),
        n_pairs=len(pairs),
        observed=observed,
        expected=expected,
        ratio=observed / expected if expected > 0 else np.nan,
        p=float((1 + (drawn >= observed).sum()) / (permutations + 1)),
        distance_m=distance_m,
        days=days,
        permutations=permutations,
        seed=seed,
    )


def _roughly(points: Floats, distance_m: float) -> float:
    """About how many pairs are within distance_m, from counts in cells of that side: linear in time and memory."""
    cells = np.floor((points - points.min(axis=0)) / distance_m).astype(np.int64)
    height = int(cells[:, 1].max()) + 3
    keys, counts = np.unique((cells[:, 0] + 1) * height + cells[:, 1] + 1, return_counts=True)
    own = counts.astype(float)
    around = np.zeros(len(keys))
    for step in (-height - 1, -height, -height + 1, -1, 1, height - 1, height, height + 1):
        at = np.minimum(np.searchsorted(keys, keys + step), len(keys) - 1)
        around += np.where(keys[at] == keys + step, own[at], 0.0)
    # Points spread evenly find π/9 of the 3 × 3 block within reach; a pile finds all of its own cell
    return float((own * np.maximum(own, np.pi / 9 * (own + around))).sum() / 2)

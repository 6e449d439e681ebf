"""Getis-Ord Gi* on a grid: which cells, with their surroundings, hold more reports than the land's average.

Zero cells count, water is masked. Gi* compares with reports spread evenly over the land; where many people are, more
is reported: it shows where, not why.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.stats import false_discovery_control, norm

LEAST_CELLS = 30  # below this the normal approximation means nothing
_BATCH = 50  # permutations at a time: memory stays at 50 columns of the grid

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class GiStar:
    """Arrays of the grid's shape; NaN on water.

    z: the statistic. p: one-sided, of at least this much; q: p with false discovery rate (Benjamini & Hochberg 1995).
    n_cells: land cells. permutations: 0 when p comes from the normal distribution.
    """

    z: Floats
    p: Floats
    q: Floats
    n_cells: int
    permutations: int
    seed: int | None


def neighbours(land: Bools, *, reach_cells: float) -> sparse.csr_array:
    """Binary weights between land cells whose centres are within reach_cells of each other, itself included.

    land: (rows, columns). Gives (m, m) for the m land cells, in row-major order.
    """
    if not (np.isfinite(reach_cells) and reach_cells > 0):
        raise ValueError(f"reach_cells = {reach_cells}: must be above 0 cells")
    rows, columns = land.shape
    number = np.full((rows, columns), -1, dtype=np.int64)
    number[land] = np.arange(int(land.sum()))
    r = int(reach_cells)
    offsets = [(i, j) for i in range(-r, r + 1) for j in range(-r, r + 1) if i * i + j * j <= reach_cells**2]
    padded = np.pad(number, r, constant_values=-1)
    there = [padded[r + i : r + i + rows, r + j : r + j + columns][land] for i, j in offsets]
    to = np.concatenate(there)
    of = np.tile(np.arange(int(land.sum())), len(offsets))
    held = to >= 0
    m = int(land.sum())
    ones = np.ones(int(held.sum()), dtype=np.float32)
    return sparse.csr_array((ones, (of[held], to[held])), shape=(m, m))


def gi_star(
    counts: NDArray[np.int64],
    *,
    land: Bools | None = None,
    reach_cells: float = 1.5,
    permutations: int = 0,
    seed: int | None = None,
) -> GiStar:
    """Gi* of every land cell (Getis & Ord 1992; Ord & Getis 1995, eq. 14).

    z = (Σw·x − x̄·Σw) / (S·√((n·Σw² − (Σw)²)/(n − 1))), S² = Σx²/n − x̄², w = 1 within reach_cells, itself included.
    counts: whole numbers (rows, columns), e.g. geo.raster.Raster.counts; land: cells that count, all by default.
    permutations: with 0 p is the normal upper tail, which is too small on skewed counts; else counts are shuffled over
    the land that often (seed needed) and p = (1 + r)/(B + 1), where a cell is ranked among all draws of cells with as
    many neighbours, since those share one null distribution.
    All p are NaN with fewer than LEAST_CELLS land cells or when all hold the same count: nothing can be said.
    """
    x_grid = np.asarray(counts)
    mask = np.ones(x_grid.shape, dtype=bool) if land is None else np.asarray(land, dtype=bool)
    if mask.shape != x_grid.shape:
        raise ValueError(f"land is {mask.shape}, counts {x_grid.shape}: must be one grid")
    if permutations and seed is None:
        raise ValueError("seed = None: permutations need a seed, so that they can be repeated")
    x = x_grid[mask].astype(float)
    if not (np.isfinite(x).all() and (x >= 0).all() and (x == np.floor(x)).all()):
        raise ValueError("counts must be whole numbers of 0 or more on land")
    n = len(x)
    w = neighbours(mask, reach_cells=reach_cells)
    if n < LEAST_CELLS or x.min() == x.max():
        nothing = np.full(x_grid.shape, np.nan)
        return GiStar(z=nothing, p=nothing, q=nothing, n_cells=n, permutations=permutations, seed=seed)
    degree = np.diff(w.indptr).astype(float)
    local = w @ x
    s = np.sqrt((x**2).mean() - x.mean() ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):  # a neighbourhood of all cells has no alternative: NaN
        z = (local - x.mean() * degree) / (s * np.sqrt((n * degree - degree**2) / (n - 1)))
    p = norm.sf(z) if permutations == 0 else _permuted(x, w, local, permutations, seed)
    q = np.full(n, np.nan)
    q[~np.isnan(p)] = false_discovery_control(p[~np.isnan(p)])
    return GiStar(z=_onto(mask, z), p=_onto(mask, p), q=_onto(mask, q), n_cells=n, permutations=permutations, seed=seed)


def _onto(mask: Bools, values: Floats) -> Floats:
    grid = np.full(mask.shape, np.nan)
    grid[mask] = values
    return grid


def _permuted(x: Floats, w: sparse.csr_array, local: Floats, permutations: int, seed: int | None) -> Floats:
    """Rank each cell among the draws of all cells with as many neighbours; each batch is one sparse product."""
    rng = np.random.default_rng(seed)
    degrees, kind = np.unique(np.diff(w.indptr), return_inverse=True)
    most = int(np.sort(x)[-int(degrees.max()) :].sum()) + 1  # no neighbourhood can hold more than this
    drawn = np.zeros((len(degrees), most), dtype=np.int64)
    for first in range(0, permutations, _BATCH):
        width = min(_BATCH, permutations - first)
        shuffled = rng.permuted(np.tile(x.astype(np.float32), (width, 1)), axis=1).T
        sums = (w @ shuffled).astype(np.int64)
        flat = (kind[:, None] * most + sums).ravel()
        drawn += np.bincount(flat, minlength=drawn.size).reshape(drawn.shape)
    at_least = np.cumsum(drawn[:, ::-1], axis=1)[:, ::-1]
    total = drawn.sum(axis=1)
    p: Floats = (1 + at_least[kind, local.astype(np.int64)]) / (1 + total[kind])
    return p

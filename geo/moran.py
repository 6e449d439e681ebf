"""Moran's I: do neighbouring buurten resemble each other, and which stand out together with their neighbours."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.stats import false_discovery_control

LEAST_AREAS = 8  # below this hardly any arrangement is unusual

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, slots=True)
class GlobalMoran:
    """I and its test. p: two-sided, from permutations; z: under randomisation, for who wants it beside."""

    i: float
    expected: float  # −1/(n−1)
    z: float
    p: float
    n: int
    n_islands: int  # areas without neighbours: they weigh nothing
    permutations: int
    seed: int


def contiguity(areas: gpd.GeoDataFrame, *, tolerance_m: float = 1.0) -> sparse.csr_array:
    """Row-standardised weights (n, n) between areas that touch: share a border or a corner (queen).

    areas: polygons in RD. tolerance_m: gaps up to this still touch, since generalised borders seldom meet exactly.
    A row of an area without neighbours is zero.
    """
    geometry = areas.geometry.to_numpy()
    if len(geometry) == 0:
        return sparse.csr_array((0, 0))
    of, to = shapely.STRtree(geometry).query(geometry, predicate="dwithin", distance=tolerance_m)
    other = of != to
    of, to = of[other], to[other]
    degree = np.bincount(of, minlength=len(geometry))
    return sparse.csr_array((1.0 / degree[of], (of, to)), shape=(len(geometry), len(geometry)))


def global_moran(
    values: ArrayLike, weights: sparse.csr_array, *, permutations: int = 999, seed: int
) -> GlobalMoran | None:
    """Global Moran's I (Moran 1950; Cliff & Ord 1981): I = (n/S0)·(z'Wz)/(z'z), z = values − mean.

    values: (n,), e.g. reports per 1,000 inhabitants; NaN areas are left out and the others' weights standardised
    again. p = 2·min over the tails of (1 + r)/(B + 1), shuffling values over areas, at most 1.
    None with fewer than LEAST_AREAS areas with neighbours, or when all values are equal.
    """
    x, w, _ = _usable(values, weights)
    degree = np.diff(w.indptr)
    if int((degree > 0).sum()) < LEAST_AREAS or x.min() == x.max():
        return None
    n, z = len(x), x - x.mean()
    s0 = float(w.sum())
    i = n / s0 * float(z @ (w @ z)) / float(z @ z)
    rng = np.random.default_rng(seed)
    shuffled = rng.permuted(np.tile(z, (permutations, 1)), axis=1).T
    drawn = n / s0 * (shuffled * (w @ shuffled)).sum(axis=0) / float(z @ z)
    high, low = int((drawn >= i - 1e-12).sum()), int((drawn <= i + 1e-12).sum())
    return GlobalMoran(
        i=i,
        expected=-1 / (n - 1),
        z=(i + 1 / (n - 1)) / np.sqrt(_variance(z, w, s0)),
        p=min(1.0, 2 * (1 + min(high, low)) / (permutations + 1)),
        n=n,
        n_islands=int((degree == 0).sum()),
        permutations=permutations,
        seed=seed,
    )


def _variance(z: Floats, w: sparse.csr_array, s0: float) -> float:
    """Var I under randomisation (Cliff & Ord 1981, 1.37)."""
    n = len(z)
    both = w + w.T
    s1 = float((both.multiply(both)).sum()) / 2
    s2 = float(((w.sum(axis=1) + w.sum(axis=0)) ** 2).sum())
    k = (z**4).mean() / (z**2).mean() ** 2
    first = n * ((n**2 - 3 * n + 3) * s1 - n * s2 + 3 * s0**2)
    second = k * ((n**2 - n) * s1 - 2 * n * s2 + 6 * s0**2)
    return float((first - second) / ((n - 1) * (n - 2) * (n - 3) * s0**2) - 1 / (n - 1) ** 2)


def local_moran(values: ArrayLike, weights: sparse.csr_array, *, permutations: int = 999, seed: int) -> pd.DataFrame:
    """Local Moran's I per area (Anselin 1995): I_i = (n − 1)·z_i·Σ_j w_ij z_j / Σ z².

    values, weights: as for global_moran. Gives one row per value: i, p, q (float, NaN without a statement), quadrant.
    quadrant: "HH" high among high, "LL", "HL" high among low, "LH"; "" without a statement.
    p: conditional permutation – the area keeps its value, the others are shuffled – two-sided as in global_moran;
    q: over all areas with false discovery rate (Benjamini & Hochberg 1995). No statement for NaN values, for areas
    without neighbours, and for all of them where global_moran gives None.
    """
    x, w, used = _usable(values, weights)
    result = pd.DataFrame({"i": np.nan, "p": np.nan, "q": np.nan, "quadrant": ""}, index=range(len(np.asarray(values))))
    degree = np.diff(w.indptr)
    at = np.flatnonzero(degree > 0)
    if len(at) < LEAST_AREAS or x.min() == x.max():
        return result
    n, z = len(x), x - x.mean()
    lag = w @ z
    rng = np.random.default_rng(seed)
    most = int(degree.max())
    picks = np.stack([rng.choice(n - 1, most, replace=False) for _ in range(permutations)])
    p = np.empty(len(at))
    for row, area in enumerate(at):
        others = picks[:, : degree[area]]
        drawn = z[others + (others >= area)].mean(axis=1)  # row-standardised: the lag is a mean
        high, low = (drawn >= lag[area] - 1e-12).sum(), (drawn <= lag[area] + 1e-12).sum()
        p[row] = min(1.0, 2 * (1 + min(high, low)) / (permutations + 1))
    rows = used[at]
    result.loc[rows, "i"] = (n - 1) * z[at] * lag[at] / float(z @ z)
    result.loc[rows, "p"] = p
    result.loc[rows, "q"] = false_discovery_control(p)
    result.loc[rows, "quadrant"] = np.char.add(np.where(z[at] > 0, "H", "L"), np.where(lag[at] > 0, "H", "L"))
    return result


def _usable(values: ArrayLike, weights: sparse.csr_array) -> tuple[Floats, sparse.csr_array, NDArray[np.intp]]:
    """Values that are known, the weights between them standardised again, and their positions."""
    x = np.asarray(values, dtype=float)
    if weights.shape != (len(x), len(x)):
        raise ValueError(f"weights are {weights.shape} for {len(x)} values: must be one row and column per value")
    if np.isinf(x).any():
        raise ValueError("values must be finite or NaN: a rate without inhabitants is NaN")
    used = np.flatnonzero(~np.isnan(x))
    w = sparse.csr_array(weights)[used][:, used]
    degree = np.diff(w.indptr)
    w = sparse.csr_array((1.0 / np.repeat(degree, degree), w.indices, w.indptr), shape=w.shape)
    return (x[used] if len(used) else np.zeros(1)), w, used

"""DBSCAN in metres (Ester et al. 1996), labels as scikit-learn's, with what the definition leaves open decided.

A point is core when at least min_samples points lie within eps of it, itself and the boundary included. Which points
are core, how core points group and which points are noise is determined. A border point within reach of two clusters
may go to either: here it goes to its nearest core point (ties: the core point lowest in x, then y), so that labels do
not depend on the order of the input. Clusters are numbered by their first core point in (x, y) order.

With weights a point is core when the weights within eps sum to min_samples, as scikit-learn's sample_weight. With sides
only points on the same side are neighbours (geo.barriers).
"""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo.grid import grid_dbscan, is_loaded

NOISE = -1
GRID_FROM = 20_000

Engine = Literal["auto", "reference", "grid"]

Floats = NDArray[np.float64]


class Clustering(NamedTuple):
    """labels: int64 (n,), -1 for noise. core: bool (n,)."""

    labels: NDArray[np.int64]
    core: NDArray[np.bool_]

    @property
    def kinds(self) -> NDArray[np.str_]:
        """Per point "core", "border" or "noise"."""
        return np.where(self.core, "core", np.where(self.labels == NOISE, "noise", "border"))


def dbscan(
    x: Floats,
    y: Floats,
    *,
    eps_m: float,
    min_samples: int,
    weights: Floats | None = None,
    sides: NDArray[np.int64] | None = None,
    engine: Engine = "auto",
) -> Clustering:
    """Cluster points in RD metres.

    x, y: float64 (n,), finite. weights: (n,), finite, 0 or more; None: 1 each. sides: (n,) integers, any; points on
    different sides are never neighbours. engine: "reference" is scikit-learn, "grid" is geo.grid with the same labels
    at a fraction of the time and memory; "auto" takes the grid from GRID_FROM points on, where loading it pays, and
    for any number once it is loaded.
    Raises ValueError for eps or min_samples that mean nothing, or places or weights that are not numbers.
    """
    if not (np.isfinite(eps_m) and eps_m > 0):
        raise ValueError(f"eps_m = {eps_m}: must be a distance above 0 metres")
    if min_samples < 1:
        raise ValueError(f"min_samples = {min_samples}: must be 1 or more")
    x, y = np.asarray(x, float), np.asarray(y, float)
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x and y must be finite metres: leave reports without a place out first")
    weights = None if weights is None else _weights(weights, len(x))
    if sides is not None and np.shape(sides) != (len(x),):
        raise ValueError("sides must be integers, one for each place")
    if len(x) == 0:
        return Clustering(np.zeros(0, np.int64), np.zeros(0, bool))
    if engine == "grid" or (engine == "auto" and (len(x) >= GRID_FROM or is_loaded())):
        labels, core = grid_dbscan(x, y, eps_m=eps_m, min_samples=min_samples, weights=weights, sides=sides)
    else:
        labels, core = _reference(x, y, eps_m, min_samples, weights=weights, sides=sides)
        labels = _renumber(x, y, labels, core)
    return Clustering(labels, core)


def _weights(weights: Floats, n: int) -> Floats:
    weights = np.asarray(weights, float)
    if weights.shape != (n,) or not (np.isfinite(weights) & (weights >= 0)).all():
        raise ValueError("weights must be finite numbers of 0 or more, one for each place")
    return weights


def _reference(
    x: Floats, y: Floats, eps_m: float, min_samples: int, *, weights: Floats | None, sides: NDArray[np.int64] | None
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """scikit-learn on each side by itself."""
    if sides is None:
        return _one_side(x, y, eps_m, min_samples, weights)
    labels, core = np.full(len(x), NOISE, np.int64), np.zeros(len(x), bool)
    for side in np.unique(sides):
        mine = np.flatnonzero(sides == side)
        found, core[mine] = _one_side(x[mine], y[mine], eps_m, min_samples, None if weights is None else weights[mine])
        labels[mine] = np.where(found == NOISE, NOISE, found + labels.max() + 1)
    return labels, core


def _one_side(
    x: Floats, y: Floats, eps_m: float, min_samples: int, weights: Floats | None
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """scikit-learn on distinct coordinates, by weight: same labels, and piles cost no neighbour lists."""
    distinct, inverse = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    weight = np.bincount(inverse, weights=weights)
    if weight.sum() < min_samples:  # scikit-learn refuses weights that are all 0
        return np.full(len(x), NOISE, np.int64), np.zeros(len(x), bool)
    from sklearn.cluster import DBSCAN  # noqa: PLC0415 most never ask for it, and it takes 60 MB and half a second

    model = DBSCAN(eps=eps_m, min_samples=min_samples, algorithm="ball_tree").fit(distinct, sample_weight=weight)
    core = np.zeros(len(distinct), dtype=bool)
    core[model.core_sample_indices_] = True
    labels = _settle_borders(distinct, model.labels_.astype(np.int64), core)
    return labels[inverse], core[inverse]


def _settle_borders(points: Floats, labels: NDArray[np.int64], core: NDArray[np.bool_]) -> NDArray[np.int64]:
    border = np.flatnonzero((labels != NOISE) & ~core)
    if len(border) == 0:
        return labels
    cores = np.flatnonzero(core)  # in (x, y) order, as points are
    _, nearest = KDTree(points[cores]).query(points[border], k=min(8, len(cores)))
    nearest = np.sort(nearest.reshape(len(border), -1), axis=1)
    apart = points[cores[nearest]] - points[border][:, None, :]
    first = (apart * apart).sum(axis=2).argmin(axis=1)  # of the nearest the first: lowest x, then y
    chosen = nearest[np.arange(len(border)), first]
    settled = labels.copy()
    settled[border] = labels[cores[chosen]]
    return settled


def _renumber(x: Floats, y: Floats, labels: NDArray[np.int64], core: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number clusters 0, 1, … by their lowest core point in x, then y (one place on two sides: as they were)."""
    cores = np.flatnonzero(core)
    if len(cores) == 0:
        return labels
    by_place = cores[np.lexsort((labels[cores], y[cores], x[cores]))]
    old, at = np.unique(labels[by_place], return_index=True)
    new = np.full(int(labels.max()) + 2, NOISE, dtype=np.int64)
    new[old[np.argsort(at)]] = np.arange(len(old))
    return new[labels]  # -1 reads the last place, which stays NOISE


def members(labels: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """Positions of each label 0, 1, … of (n,) labels; noise is in none."""
    order = np.argsort(labels, kind="stable")
    first = np.searchsorted(labels[order], np.arange(int(labels.max(initial=-1)) + 2))
    return np.split(order, first)[1:-1]

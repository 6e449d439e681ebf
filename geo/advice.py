"""Which min_samples keeps chance out, from the reports at hand."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import poisson

from geo import exclusions
from geo.hotspots import Surroundings
from geo.join import OUTSIDE

LEAST = 4  # below this a hotspot is an anecdote, whatever the density
CELL_M = 500.0  # without boundaries the background density is taken over cells of this size


def min_samples(n: int, *, density_per_m2: float, eps_m: float) -> int:
    """Smallest m with n · P(Poisson(μ) ≥ m − 1) ≤ 1, where μ = density · π · eps²; never below LEAST.

    n: reports to cluster. density_per_m2: their background density. With it, reports scattered at random give at most
    one core report on average (METHODS, "DBSCAN"). N = 1,000 over 30 km² with eps 100 m gives 7.
    """
    mean = density_per_m2 * np.pi * eps_m**2
    m = LEAST
    while n * float(poisson.sf(m - 2, mean)) > 1:
        m += 1
    return m


def background_density(counts: NDArray[np.int64], areas_m2: NDArray[np.float64]) -> float:
    """Reports per m² where reports are: the median over reports of their own buurt's density; 0 without reports.

    A plain mean over the municipality would count polders and water, and call any built-up street a concentration.
    """
    dense = counts / areas_m2
    order = np.argsort(dense)
    cumulative = np.cumsum(counts[order])
    if len(cumulative) == 0 or cumulative[-1] == 0:
        return 0.0
    return float(dense[order][np.searchsorted(cumulative, cumulative[-1] / 2)])


def for_reports(
    reports: pd.DataFrame, *, positions: NDArray[np.intp] | None, eps_m: float, surroundings: Surroundings
) -> int:
    """The advice for these reports: those that will be clustered, against the background of their own buurten.

    positions: each report's position in surroundings.buurten (geo.join.assign); None without boundaries.
    """
    keep = (exclusions.reasons(reports, eps_m=eps_m, known=surroundings.default_points) == "").to_numpy()
    if surroundings.buurten is not None and positions is not None and (keep & (positions != OUTSIDE)).any():
        areas_m2 = np.asarray(surroundings.buurten.geometry.area, dtype=np.float64)
        counts = np.bincount(positions[keep & (positions != OUTSIDE)], minlength=len(areas_m2))
    else:
        cells = (reports.loc[keep, ["x", "y"]].to_numpy() // CELL_M).astype(np.int64)
        counts = np.unique(cells, axis=0, return_counts=True)[1]
        areas_m2 = np.full(len(counts), CELL_M**2, dtype=np.float64)
    return min_samples(int(keep.sum()), density_per_m2=background_density(counts, areas_m2), eps_m=eps_m)

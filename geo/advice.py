"""Which eps and min_samples suit these reports, and what speaks against the ones chosen.

eps goes by policy: 25–50 m is one address, 75 m a square or a stretch of street, and a city-wide run never takes more
than 150 m. The knee of the k-distance curve is information only: on real reports it lay at 207–615 m, where one
cluster swallows half the city (METHODS, "DBSCAN").
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree
from scipy.stats import poisson

from geo import exclusions, extent
from geo.dbscan import dbscan
from geo.exclusions import LeftOut
from geo.hotspots import HotspotResult, Surroundings, sides_of
from geo.join import OUTSIDE
from geo.marks import is_chain

LEAST = 4  # below this a hotspot is an anecdote, whatever the density
CELL_M = 500.0  # without boundaries the background density is taken over cells of this size

ADDRESS_M: Final = (25.0, 50.0)
SQUARE_M: Final = 75.0
CITY_M: Final = 150.0
EPS_STEP_M = 5.0

MU_MOST = 2.0  # above this many chance neighbours, chance alone makes dense spots
MU_CHAINS = 4.5  # around this many, discs of eps join into one that spans the city (continuum percolation)
SWALLOWS = 1 / 3  # a hotspot with more than this share of the clustered reports is not one place

EPS_WIDE: Final = "eps_above_city"
EPS_NARROW: Final = "eps_below_address"
MU_HIGH: Final = "mu_high"
MU_PERCOLATES: Final = "mu_chains"
LARGEST_SWALLOWS: Final = "largest_swallows"
LARGEST_CHAIN: Final = "largest_chain"
TOO_FEW: Final = "too_few"
WARNINGS: Final = (EPS_WIDE, EPS_NARROW, MU_HIGH, MU_PERCOLATES, LARGEST_SWALLOWS, LARGEST_CHAIN, TOO_FEW)
CHAINS: Final = frozenset({MU_PERCOLATES, LARGEST_SWALLOWS, LARGEST_CHAIN})

CURVE_POINTS = 5_000  # the k-distance curve is drawn from so many reports at most

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Advice:
    """One answer for one set of reports. The figures hold for ``eps_m``: the one asked for, else the one advised.

    warnings: codes of WARNINGS. chains: whether the setting strings places, or the city, together.
    """

    eps_m: float
    advised_eps_m: float  # SQUARE_M, or less where that would give more than MU_MOST chance neighbours
    min_samples: int  # by the Poisson bound, for eps_m
    mu: float  # chance neighbours within eps_m: density · π · eps²
    density_per_m2: float  # background: that of the typical report's own buurt
    n: int  # reports that will be clustered
    chains: bool
    warnings: tuple[str, ...]
    k_distances: Floats = field(default_factory=lambda: np.zeros(0))  # metres to the min_samples-th report, ascending
    knee_m: float | None = None  # where that curve turns; information, never the advice
    largest_share: float = 0.0  # of the clustered reports, in the largest hotspot
    largest_m: float = 0.0  # its diameter


def min_samples(n: int, *, density_per_m2: float, eps_m: float, least: int = LEAST) -> int:
    """Smallest m with n · P(Poisson(μ) ≥ m − 1) ≤ 1, where μ = density · π · eps²; never below ``least``.

    n: reports to cluster. density_per_m2: their background density. With it, reports scattered at random give at most
    one core report on average (METHODS, "DBSCAN"). N = 1,000 over 30 km² with eps 100 m gives 7.
    """
    mean = density_per_m2 * np.pi * eps_m**2
    m = least
    if n > 1 and mean > LEAST:  # begin just below the answer: with a wide eps it lies in the thousands
        m = max(m, int(poisson.isf(1 / n, mean)) - 1)
    while n * float(poisson.sf(m - 2, mean)) > 1:
        m += 1
    return m


def background_density(counts: NDArray[np.int64], areas_m2: NDArray[np.float64]) -> float:
    """Reports per m² where reports are: the median over reports of their own buurt's density; 0 without reports.

    A plain mean over the municipality would count polders and water, and call any built-up street a concentration.
    An area without a size counts for nothing.
    """
    real = areas_m2 > 0
    counts, dense = counts[real], counts[real] / areas_m2[real]
    order = np.argsort(dense)
    cumulative = np.cumsum(counts[order])
    if len(cumulative) == 0 or cumulative[-1] == 0:
        return 0.0
    return float(dense[order][np.searchsorted(cumulative, cumulative[-1] / 2)])


def eps(density_per_m2: float) -> float:
    """The eps to start from: a square or a stretch of street, less where chance reports lie that close together."""
    if density_per_m2 <= 0:
        return SQUARE_M
    widest = np.sqrt(MU_MOST / (np.pi * density_per_m2))
    return float(np.clip(np.floor(widest / EPS_STEP_M) * EPS_STEP_M, ADDRESS_M[0], SQUARE_M))


def for_reports(
    reports: pd.DataFrame,
    *,
    positions: NDArray[np.intp] | None,
    eps_m: float,
    surroundings: Surroundings,
    out: LeftOut | None = None,
) -> int:
    """The least number of reports alone, as in ``advise``; nothing is clustered. out: as in ``find_hotspots``."""
    _check(eps_m)
    kept = _kept(reports, eps_m, surroundings) if out is None else out.reason == 0
    density = _density(reports, kept, positions, surroundings)
    return min_samples(int(kept.sum()), density_per_m2=density, eps_m=eps_m)


def advise(
    reports: pd.DataFrame,
    *,
    positions: NDArray[np.intp] | None = None,
    eps_m: float | None = None,
    surroundings: Surroundings | None = None,
    result: HotspotResult | None = None,
) -> Advice:
    """The advice for these reports: those that will be clustered, against the background of their own buurten.

    positions: each report's position in surroundings.buurten (geo.join.assign); None without boundaries. eps_m: the
    eps to judge; None judges the advised one. result: the clustering in use, to judge that; None clusters with eps_m
    and the advised min_samples. Raises ValueError for an eps that is no distance above 0.
    """
    around = surroundings or Surroundings()
    if eps_m is not None:
        _check(eps_m)
    kept = _kept(reports, SQUARE_M if eps_m is None else eps_m, around)
    density = _density(reports, kept, positions, around)
    advised = eps(density)
    if eps_m is None:
        eps_m = advised
        kept = _kept(reports, eps_m, around)
    n = int(kept.sum())
    needed = min_samples(n, density_per_m2=density, eps_m=eps_m)
    mu = float(density * np.pi * eps_m**2)
    x, y = reports["x"].to_numpy(float)[kept], reports["y"].to_numpy(float)[kept]
    share, metres = _largest(x, y, eps_m, needed, around) if result is None else _largest_of(result)
    curve = k_distances(x, y, k=needed)
    told = {
        EPS_WIDE: eps_m > CITY_M,
        EPS_NARROW: eps_m < ADDRESS_M[0],
        MU_HIGH: MU_MOST < mu < MU_CHAINS,
        MU_PERCOLATES: mu >= MU_CHAINS,
        LARGEST_SWALLOWS: share > SWALLOWS and metres > CITY_M,  # one busy spot may well be all there is
        LARGEST_CHAIN: is_chain(metres, eps_m=eps_m),
        TOO_FEW: n < needed,
    }
    warnings = tuple(code for code in WARNINGS if told[code])
    return Advice(
        eps_m=eps_m,
        advised_eps_m=advised,
        min_samples=needed,
        mu=mu,
        density_per_m2=density,
        n=n,
        chains=not CHAINS.isdisjoint(warnings),
        warnings=warnings,
        k_distances=curve,
        knee_m=knee(curve),
        largest_share=share,
        largest_m=metres,
    )


def k_distances(x: Floats, y: Floats, *, k: int) -> Floats:
    """Metres from a report to the k-th report, itself the first, ascending: at eps or less it is a core report.

    x, y: finite RD metres. From at most CURVE_POINTS reports, evenly taken, among all. Empty with fewer than k reports.
    """
    if len(x) < k:
        return np.zeros(0)
    inverse, weight = exclusions.piles(x, y)
    first = np.zeros(len(weight), dtype=np.intp)
    first[inverse] = np.arange(len(x))
    places = np.column_stack([x[first], y[first]])
    asked = inverse[np.linspace(0, len(x) - 1, min(len(x), CURVE_POINTS)).astype(np.intp)]
    metres, near = KDTree(places).query(places[asked], k=np.arange(1, min(k, len(places)) + 1))
    reached = np.cumsum(weight[near], axis=1) >= k
    return np.asarray(np.sort(metres[np.arange(len(asked)), reached.argmax(axis=1)]))


def knee(curve: Floats) -> float | None:
    """Where an ascending curve lies furthest below its chord (Satopää et al. 2011, without smoothing); None if straight."""
    if len(curve) < 3 or curve[-1] <= curve[0]:
        return None
    across = np.linspace(0.0, 1.0, len(curve))
    below = across - (curve - curve[0]) / (curve[-1] - curve[0])
    return float(curve[int(below.argmax())]) if below.max() > 1e-9 else None


def _check(eps_m: float) -> None:
    if not (np.isfinite(eps_m) and eps_m > 0):
        raise ValueError(f"eps_m = {eps_m}: must be a distance above 0 metres")


def _kept(reports: pd.DataFrame, eps_m: float, around: Surroundings) -> NDArray[np.bool_]:
    return np.asarray(around.left_out(reports, eps_m=eps_m).reason == 0)


def _density(
    reports: pd.DataFrame, kept: NDArray[np.bool_], positions: NDArray[np.intp] | None, around: Surroundings
) -> float:
    if around.buurten is not None and positions is not None and (kept & (positions != OUTSIDE)).any():
        areas_m2 = np.asarray(around.buurten.geometry.area, dtype=np.float64)
        counts = np.bincount(positions[kept & (positions != OUTSIDE)], minlength=len(areas_m2))
    else:
        cells = (reports.loc[kept, ["x", "y"]].to_numpy(float) // CELL_M).astype(np.int64)
        counts = np.unique(cells, axis=0, return_counts=True)[1]
        areas_m2 = np.full(len(counts), CELL_M**2, dtype=np.float64)
    return background_density(counts, areas_m2)


def _largest(x: Floats, y: Floats, eps_m: float, needed: int, around: Surroundings) -> tuple[float, float]:
    """Share of the reports and diameter in metres of the hotspot with most reports; zeros without one."""
    sides = sides_of(x, y, around)
    labels = dbscan(x, y, eps_m=eps_m, min_samples=needed, sides=sides).labels
    if not (labels >= 0).any():
        return 0.0, 0.0
    counts = np.bincount(labels[labels >= 0])
    mine = labels == counts.argmax()
    return float(counts.max() / len(labels)), extent.diameter(x[mine], y[mine])


def _largest_of(result: HotspotResult) -> tuple[float, float]:
    largest = max(result.hotspots, key=lambda h: h.n, default=None)
    return (0.0, 0.0) if largest is None else (largest.n / len(result.labels), largest.diameter_m)

"""Do the hotspots survive other settings, and other reports? A sweep of eps × min_samples, and resampling.

A hotspot lives in another clustering when at least half of its core reports end in one cluster there that is at most
four times as large as the hotspot itself: found again, and not swallowed by half the city. Core reports and not all,
because border reports may go either way.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.grid import grid_dbscan

EPS_M = (50.0, 75.0, 100.0, 125.0, 150.0)
STEPS = (-2, -1, 0, 1, 2)  # on min_samples
SHARE = 0.8
RUNS = 100
FOUND_AGAIN = 0.5
SWALLOWED = 4
STRONG_FROM = 0.8
FAIR_FROM = 0.6
DENSITY_CELL_M = 500.0

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Bools = NDArray[np.bool_]
Progress = Callable[[float], None]


class Strength(StrEnum):
    """A hotspot's stability in a word."""

    STRONG = "strong"
    FAIR = "fair"
    WEAK = "weak"


@dataclass(frozen=True, kw_only=True, eq=False)
class Sweep:
    """Hotspots under other settings.

    table: per setting eps_m, min_samples, n_hotspots, share_in_hotspots and largest_share (of the reports), mu.
    alive: (settings, hotspots) in the table's order. share: per hotspot the part of the settings it lives in.
    """

    table: pd.DataFrame
    alive: Bools
    share: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Resample:
    """Hotspots among part of the reports. alive: (runs, hotspots). share: per hotspot the part of runs it lives in."""

    part: float
    runs: int
    seed: int
    alive: Bools
    share: Floats


def strength(share: float) -> Strength:
    """The word for a share of runs."""
    if share >= STRONG_FROM:
        return Strength.STRONG
    return Strength.FAIR if share >= FAIR_FROM else Strength.WEAK


def mu(density_per_m2: float, *, eps_m: float) -> float:
    """Neighbours within eps that chance alone gives; near 4.5 chance points chain together (METHODS, "DBSCAN")."""
    return float(density_per_m2 * np.pi * eps_m**2)


def density_where_reports_are(x: Floats, y: Floats) -> float:
    """Reports per m² round the median report, over cells of 500 m (RD); 0 without reports."""
    if len(x) == 0:
        return 0.0
    cells = np.column_stack([x // DENSITY_CELL_M, y // DENSITY_CELL_M]).astype(np.int64)
    _, inverse, counts = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    return float(np.median(counts[inverse.reshape(-1)])) / DENSITY_CELL_M**2


def sweep(
    x: Floats,
    y: Floats,
    *,
    labels: Labels,
    core: Bools,
    min_samples: int,
    eps_list: Sequence[float] = EPS_M,
    min_samples_list: Sequence[int] | None = None,
    density_per_m2: float | None = None,
    sides: Labels | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Cluster again under every eps × min_samples and see which hotspots live.

    x, y: the clustered reports (RD metres); labels, core: what geo.dbscan.dbscan gave for them at min_samples.
    min_samples_list: min_samples − 2 … + 2, at least 2, when left out. density_per_m2: for mu; when left out, round
    the median report. sides: (n,), as for dbscan. progress: called with the share done; what it raises ends the sweep.
    """
    steps = [max(2, min_samples + s) for s in STEPS] if min_samples_list is None else list(min_samples_list)
    settings = [(float(eps), m) for eps in eps_list for m in sorted(set(steps))]
    density = density_where_reports_are(x, y) if density_per_m2 is None else density_per_m2
    n = max(1, len(x))
    rows, alive = [], []
    for done, (eps, m) in enumerate(settings, start=1):
        other, _ = grid_dbscan(x, y, eps_m=eps, min_samples=m, sides=sides)
        other, sizes = _numbered(other)
        rows.append((eps, m, len(sizes), sizes.sum() / n, sizes.max(initial=0) / n, mu(density, eps_m=eps)))
        alive.append(lives(labels, core, other))
        if progress is not None:
            progress(done / len(settings))
    names = ["eps_m", "min_samples", "n_hotspots", "share_in_hotspots", "largest_share", "mu"]
    found = np.array(alive, dtype=bool).reshape(len(settings), -1)
    return Sweep(table=pd.DataFrame(rows, columns=names), alive=found, share=_share(found))


def resample(
    x: Floats,
    y: Floats,
    *,
    labels: Labels,
    core: Bools,
    eps_m: float,
    min_samples: int,
    part: float = SHARE,
    runs: int = RUNS,
    seed: int,
    sides: Labels | None = None,
    progress: Progress | None = None,
) -> Resample:
    """Leave a fifth of the reports out at random, cluster with the same parameters, see which hotspots live; many times.

    x, y, labels, core, sides: as for sweep. Drawn without replacement: a report drawn twice would be a pile that was not
    there. Same seed, same answer, whatever the order of the reports. Raises ValueError for a part outside 0..1.
    """
    if not 0 < part <= 1:
        raise ValueError(f"part = {part}: must be above 0 and at most 1")
    if runs < 1:
        raise ValueError(f"runs = {runs}: must be 1 or more")
    rng = np.random.Generator(np.random.PCG64(seed))
    order = np.lexsort((y, x))  # whatever order the reports came in
    x, y, labels, core = x[order], y[order], labels[order], core[order]
    sides = None if sides is None else sides[order]
    n = len(x)
    alive = []
    for done in range(1, runs + 1):
        drawn = np.sort(rng.permutation(n)[: round(part * n)])
        there = None if sides is None else sides[drawn]
        other, _ = grid_dbscan(x[drawn], y[drawn], eps_m=eps_m, min_samples=min_samples, sides=there)
        alive.append(lives(labels[drawn], core[drawn], _numbered(other)[0], hotspots=int(labels.max(initial=-1)) + 1))
        if progress is not None:
            progress(done / runs)
    found = np.array(alive, dtype=bool).reshape(runs, -1)
    return Resample(part=part, runs=runs, seed=seed, alive=found, share=_share(found))


def lives(labels: Labels, core: Bools, other: Labels, *, hotspots: int | None = None) -> Bools:
    """Per hotspot 0, 1, … of ``labels`` whether it lives in another clustering of the same reports.

    other: labels 0, 1, … without gaps, -1 for noise. hotspots: how many there are, when some may have no report here.
    """
    size = int(labels.max(initial=-1)) + 1 if hotspots is None else hotspots
    others = int(other.max(initial=-1)) + 1
    if size == 0 or others == 0:
        return np.zeros(size, bool)
    mine = core & (labels >= 0)
    cores = np.bincount(labels[mine], minlength=size)
    members = np.bincount(labels[labels >= 0], minlength=size)
    there = np.bincount(other[other >= 0], minlength=others)
    again = mine & (other >= 0)
    pair, shared = np.unique(labels[again] * others + other[again], return_counts=True)
    hotspot, cluster = pair // others, pair % others
    good = (shared >= FOUND_AGAIN * cores[hotspot]) & (there[cluster] <= SWALLOWED * members[hotspot])
    alive = np.zeros(size, bool)
    alive[hotspot[good]] = True
    return alive


def _numbered(labels: Labels) -> tuple[Labels, NDArray[np.int64]]:
    """Labels 0, 1, … without gaps and the size of each; -1 stays."""
    used, inverse, counts = np.unique(labels, return_inverse=True, return_counts=True)
    noise = int(len(used) > 0 and used[0] < 0)
    return inverse.astype(np.int64) - noise, counts[noise:]


def _share(alive: Bools) -> Floats:
    return alive.mean(axis=0) if len(alive) else np.zeros(alive.shape[1])

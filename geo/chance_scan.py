"""Whether hotspots are more than chance, when there are too many reports to cluster every null run again.

The null runs are then those of the scan (geo.scan): counts per cell, at a cost that does not grow with the reports. A
hotspot's statistic is that of its strongest circle, its own reports only, ranked among the runs' strongest circles. p is
familywise as in geo.chance, and q is p: the share of false ones among what is called significant is never more than that.

Where it differs from clustering every run again: circles of 50-300 m know no barriers and fit a long hotspot worse, so
such a hotspot must be stronger; and eps and min_samples, which the null runs do not know, have no part in p.
"""

import numpy as np
from numpy.typing import NDArray

from geo import chance
from geo.barriers import Pieces
from geo.chance import ALPHA, RUNS, ChanceResult, Floats, Method, Progress, p_values
from geo.nulls import Null
from geo.scan import scan

COUNTED = 1_000_000  # reports in the null runs that are clustered after all, to say how many clusters chance gives


def against_scan(
    x: Floats,
    y: Floats,
    *,
    labels: NDArray[np.int64],
    core: NDArray[np.bool_],
    eps_m: float,
    min_samples: int,
    null: Null,
    pieces: Pieces | None = None,
    runs: int = RUNS,
    seed: int,
    alpha: float = ALPHA,
    progress: Progress | None = None,
) -> ChanceResult:
    """Hold the hotspots of a clustering against chance by the scan. Asked and answered as chance.against_chance."""
    chance.check(x, y, labels=labels, core=core, runs=runs)
    ground = chance.ground_of(null, pieces)
    count, share = chance.measured(x, y, labels=labels, core=core, eps_m=eps_m, null=null, ground=ground, pieces=pieces)
    counted = min(runs, max(1, COUNTED // len(x))) if len(x) else 1
    by_chance, _ = chance.null_clusters(
        len(x),
        eps_m=eps_m,
        min_samples=min_samples,
        null=null,
        ground=ground,
        runs=counted,
        seed=seed,
        progress=None if progress is None else lambda done: progress(0.2 * done),
    )
    scanned = scan(
        x,
        y,
        null=null,
        runs=runs,
        seed=seed,
        alpha=alpha,
        progress=None if progress is None else lambda done: progress(0.2 + 0.8 * done),
    )
    statistic = scanned.strongest(x, y, labels=labels)
    p = p_values(statistic, scanned.maxima)
    return chance.answer(
        Method.SCAN,
        n=len(x),
        count=count,
        share=share,
        statistic=statistic,
        p=p,
        q=p,
        maxima=scanned.maxima,
        clusters_per_run=len(by_chance) / counted,
        null=null,
        eps_m=eps_m,
        min_samples=min_samples,
        seed=seed,
        alpha=alpha,
    )

"""Are the hotspots found in these reports more than chance? Monte Carlo, with every null run clustered again.

A hotspot found in the data is the best of very many places that could have been looked at, so it must not be tested as
if it had been chosen beforehand. Here every null run holds as many reports, is clustered with the same parameters, and
its clusters are measured as the hotspots are: the log likelihood ratio (Kulldorff 1997) of their reports against the
expected number on their footprint, which is all within eps of a core report (on a lattice of half the null's cell).

p is familywise: the share of runs whose strongest cluster is at least as strong, (1 + r) / (B + 1). q is the false
discovery rate: the expected number of chance clusters at least as strong, (1 + v) / (B + 1) with v counted over all
runs, over the number of hotspots at least as strong, made monotone as Benjamini & Hochberg (1995) do. The k-th hotspot
is not ranked among the runs' k-th clusters: behind nine real hotspots any chance cluster would pass for the tenth.

With more than RECLUSTER_TO reports this takes minutes; geo.chance_scan answers then, in seconds.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, log

import numpy as np
from numpy.typing import NDArray

from geo.barriers import Pieces
from geo.kernels import chance as kernel
from geo.nulls import Null, NullKind

RUNS = 999
ALPHA = 0.05
RECLUSTER_TO = 20_000  # reports; with more the scan's null runs are used, at a cost that does not grow with them
RELEVANT_SHARE = 0.05  # a hotspot smaller than one report in twenty is no reason to say "too few"
FINER = 2  # lattice cells along each side of a null's cell
BATCH = 50_000  # reports drawn at a time
WORKERS = 2

Floats = NDArray[np.float64]
Progress = Callable[[float], None]
Clusters = tuple[Floats, NDArray[np.int64]]  # statistic, run


class Method(StrEnum):
    """What the hotspots were ranked among; shown beside every p."""

    RECLUSTERED = "reclustered"  # the clusters of null runs that were clustered again
    SCAN = "scan"  # the strongest circles of null runs (geo.chance_scan)


class Outcome(StrEnum):
    """What the test comes to, in a word."""

    MORE_THAN_CHANCE = "more_than_chance"  # at least one hotspot is significant
    NOT_MORE = "not_more"  # none is, and there are reports enough to have seen one that matters
    TOO_FEW = "too_few"  # none is, and there are too few reports to say so
    NO_HOTSPOTS = "no_hotspots"  # nothing was found, and there are reports enough


@dataclass(frozen=True, kw_only=True, slots=True)
class HotspotChance:
    """One hotspot against chance. label: its number in HotspotResult.labels.

    By the scan statistic is that of the hotspot's strongest circle, and q is p, which is never less.
    """

    label: int
    n: int
    expected: float  # reports on its footprint under the null
    ratio: float  # n / expected
    statistic: float  # log likelihood ratio
    p: float  # familywise
    q: float  # false discovery rate
    significant: bool  # q <= alpha


@dataclass(frozen=True, kw_only=True, eq=False)
class ChanceResult:
    """The test, and all that is needed to do it again."""

    method: Method
    null: NullKind
    null_detail: str
    runs: int
    seed: int
    alpha: float
    n: int
    eps_m: float
    min_samples: int
    hotspots: tuple[HotspotChance, ...]  # by label
    maxima: Floats  # the strongest cluster (scan: circle) of every run, sorted; 0 where a run had none
    clusters_per_run: float  # chance clusters in a null run, on average
    outcome: Outcome
    n_needed: int  # reports from which a hotspot of this share would pass; see enough

    @property
    def critical(self) -> float:
        """The smallest statistic with a familywise p of at most alpha."""
        return critical(self.maxima, alpha=self.alpha)


def against_chance(
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
    """Hold the hotspots of a clustering against chance.

    x, y: the clustered reports (RD metres); labels, core: what geo.dbscan.dbscan gave for them at eps_m and
    min_samples. pieces: the land as barriers divide it, when the hotspots were found with barriers: in null runs reports
    on different pieces are then no neighbours either (to a lattice cell), and a footprint keeps to its own piece.
    Without, null runs know no barriers, which is the strict side.
    progress: called with the share done, between batches; what it raises ends the test.
    Same seed, same answer, in whatever order the reports come and however many processors there are.
    Raises ValueError without runs, and for arrays that do not belong together.
    """
    check(x, y, labels=labels, core=core, runs=runs)
    n = len(x)
    ground = ground_of(null, pieces)
    count, share = measured(x, y, labels=labels, core=core, eps_m=eps_m, null=null, ground=ground, pieces=pieces)
    observed = np.array([kernel.log_likelihood_ratio(c, n * s, n) for c, s in zip(count, share, strict=True)])
    statistic, of_run = null_clusters(
        n, eps_m=eps_m, min_samples=min_samples, null=null, ground=ground, runs=runs, seed=seed, progress=progress
    )
    maxima = np.zeros(runs)
    np.maximum.at(maxima, of_run, statistic)
    maxima.sort()
    return answer(
        Method.RECLUSTERED,
        n=n,
        count=count,
        share=share,
        statistic=observed,
        p=p_values(observed, maxima),
        q=false_discovery(observed, np.sort(statistic), runs=runs),
        maxima=maxima,
        clusters_per_run=len(statistic) / runs,
        null=null,
        eps_m=eps_m,
        min_samples=min_samples,
        seed=seed,
        alpha=alpha,
    )


def check(x: Floats, y: Floats, *, labels: NDArray[np.int64], core: NDArray[np.bool_], runs: int) -> None:
    """Raise ValueError without runs, and for arrays that do not belong together."""
    if runs < 1:
        raise ValueError(f"runs = {runs}: must be 1 or more")
    if not (len(x) == len(y) == len(labels) == len(core) and np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x, y, labels and core: one each per clustered report, places finite")


def answer(
    method: Method,
    *,
    n: int,
    count: NDArray[np.int64],
    share: Floats,
    statistic: Floats,
    p: Floats,
    q: Floats,
    maxima: Floats,
    clusters_per_run: float,
    null: Null,
    eps_m: float,
    min_samples: int,
    seed: int,
    alpha: float,
) -> ChanceResult:
    """The result, from figures by label. count, share: reports and footprint probability, from ``measured``."""
    largest = int(np.argmax(statistic)) if len(statistic) else -1
    needed = enough(
        share=float(count[largest]) / n if largest >= 0 else 0.0,
        footprint=float(share[largest]) if largest >= 0 else _typical_footprint(null, eps_m),
        threshold=critical(maxima, alpha=alpha),
        min_samples=min_samples,
    )
    return ChanceResult(
        method=method,
        null=null.kind,
        null_detail=null.detail,
        runs=len(maxima),
        seed=seed,
        alpha=alpha,
        n=n,
        eps_m=eps_m,
        min_samples=min_samples,
        hotspots=tuple(
            HotspotChance(
                label=label,
                n=int(count[label]),
                expected=float(n * share[label]),
                ratio=float(count[label] / (n * share[label])) if share[label] > 0 else float("inf"),
                statistic=float(statistic[label]),
                p=float(p[label]),
                q=float(q[label]),
                significant=bool(q[label] <= alpha),
            )
            for label in range(len(count))
        ),
        maxima=maxima,
        clusters_per_run=clusters_per_run,
        outcome=_outcome(q, alpha=alpha, n=n, needed=needed),
        n_needed=needed,
    )


def p_values(observed: Floats, maxima: Floats) -> Floats:
    """(1 + r) / (B + 1), r the runs (``maxima``, sorted, B of them) that reach the observed statistic."""
    return np.asarray((1 + len(maxima) - np.searchsorted(maxima, observed, side="left")) / (len(maxima) + 1))


def false_discovery(observed: Floats, chance: Floats, *, runs: int) -> Floats:
    """False discovery rate q per observed statistic; chance: those of all clusters in all runs, sorted."""
    if len(observed) == 0:
        return np.zeros(0)
    order = np.argsort(-observed, kind="stable")
    ranked = observed[order]
    by_chance = (1 + len(chance) - np.searchsorted(chance, ranked, side="left")) / (runs + 1)
    at_least = np.searchsorted(-ranked, -ranked, side="right")
    q = np.empty(len(observed))
    q[order] = np.minimum(np.minimum.accumulate((by_chance / at_least)[::-1])[::-1], 1.0)
    return q


def critical(maxima: Floats, *, alpha: float = ALPHA) -> float:
    """The statistic that must be exceeded for (1 + r) / (B + 1) ≤ alpha; infinite when B is too small for that."""
    most = int(np.floor(alpha * (len(maxima) + 1) + 1e-9)) - 1
    return float(np.inf) if most < 0 else float(maxima[len(maxima) - 1 - most])


def enough(*, share: float, footprint: float, threshold: float, min_samples: int) -> int:
    """The smallest number of reports at which a hotspot with this share of them has p ≤ alpha.

    share: of the reports, no less than RELEVANT_SHARE. footprint: probability of its footprint under the null.
    The statistic grows with n as n · (s ln(s/q) + (1 − s) ln((1 − s)/(1 − q))). The threshold is taken as it is at the
    present n: it grows about as ln n, so the answer is somewhat low where it is many times n.
    """
    share = max(share, RELEVANT_SHARE)
    least = ceil(min_samples / share)
    q = min(footprint, share / 2)  # a hotspot is a place with at least twice what is expected there
    gain = share * log(share / q) if q > 0 else float("inf")
    if share < 1:
        gain += (1 - share) * log((1 - share) / (1 - q))
    return max(least, ceil(threshold / gain)) if np.isfinite(threshold) else least


def _typical_footprint(null: Null, eps_m: float) -> float:
    """Probability of a disc of 2 eps where a report of the null itself is."""
    per_cell = float((null.probability**2).sum())
    return min(1.0, per_cell * np.pi * (2 * eps_m) ** 2 / null.cell_m**2)


def _outcome(q: Floats, *, alpha: float, n: int, needed: int) -> Outcome:
    if (q <= alpha).any():
        return Outcome.MORE_THAN_CHANCE
    if n < needed:
        return Outcome.TOO_FEW
    return Outcome.NOT_MORE if len(q) else Outcome.NO_HOTSPOTS


def _lattice(null: Null) -> tuple[Floats, float, float, float]:
    finer = np.repeat(np.repeat(null.probability, FINER, axis=0), FINER, axis=1) / FINER**2
    return finer, null.x0, null.y0, null.cell_m / FINER


def ground_of(null: Null, pieces: Pieces | None) -> NDArray[np.int32]:
    """The piece that the centre of each lattice cell is on, where reports can be; empty without pieces."""
    if pieces is None:
        return np.zeros((0, 0), np.int32)
    lattice, x0, y0, side = _lattice(null)
    ground = np.zeros(lattice.shape, np.int32)
    row, column = np.nonzero(lattice)
    ground[row, column] = pieces.of(np.asarray(x0 + (column + 0.5) * side), np.asarray(y0 + (row + 0.5) * side))
    return ground


def measured(
    x: Floats,
    y: Floats,
    *,
    labels: NDArray[np.int64],
    core: NDArray[np.bool_],
    eps_m: float,
    null: Null,
    ground: NDArray[np.int32],
    pieces: Pieces | None,
) -> tuple[NDArray[np.int64], Floats]:
    """Reports and footprint probability per label, summed in (x, y) order so that the input's order leaves no trace."""
    sides = np.zeros(0, np.int32) if pieces is None else pieces.of(x, y).astype(np.int32)
    order = np.lexsort((y, x))
    lattice, x0, y0, side = _lattice(null)
    stamp = np.full(lattice.shape, -1, np.int64)
    size = int(labels.max(initial=-1)) + 1
    xs, ys = np.asarray(x, float)[order], np.asarray(y, float)[order]
    ls, cs = np.asarray(labels, np.int64)[order], np.asarray(core, bool)[order]
    ss = sides[order] if len(sides) else sides
    found: tuple[NDArray[np.int64], Floats] = kernel.measure(
        xs, ys, ss, ls, cs, size, float(eps_m), lattice, ground, x0, y0, side, stamp, 0
    )
    return found


def null_clusters(
    n: int,
    *,
    eps_m: float,
    min_samples: int,
    null: Null,
    ground: NDArray[np.int32],
    runs: int,
    seed: int,
    progress: Progress | None,
) -> Clusters:
    """Statistic and run of every cluster in every null run.

    One generator draws all batches in turn; only the clustering of a batch, which draws nothing, goes to the workers.
    """
    if n == 0:
        return np.zeros(0), np.zeros(0, np.int64)
    rng = np.random.Generator(np.random.PCG64(seed))
    lattice, x0, y0, side = _lattice(null)

    def work(x: Floats, y: Floats) -> Clusters:
        found: Clusters = kernel.null_statistics(x, y, float(eps_m), float(min_samples), lattice, ground, x0, y0, side)
        return found

    batch = max(1, BATCH // n)
    firsts = range(0, runs, batch)
    draws = ((first, null.draw(n, runs=min(batch, runs - first), rng=rng)) for first in firsts)
    statistics: list[Floats] = []
    of_runs: list[NDArray[np.int64]] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting: deque[tuple[int, Future[Clusters]]] = deque()
        while True:
            while len(waiting) <= WORKERS and (drawn := next(draws, None)) is not None:
                waiting.append((drawn[0], pool.submit(work, *drawn[1])))
            if not waiting:
                break
            first, done = waiting.popleft()
            statistic, run = done.result()
            statistics.append(statistic)
            of_runs.append(run + first)
            if progress is not None:
                progress(min(1.0, (first + batch) / runs))
    return np.concatenate(statistics), np.concatenate(of_runs)

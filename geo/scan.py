"""Is there a concentration anywhere? A scan over circles on cells, at a cost that does not grow with the reports.

Circles of several radii stand on every cell of the null's grid. A circle's statistic is the log likelihood ratio of the
reports in it against the expected number (Kulldorff 1997), a run's is its largest, and p is familywise: the share of
null runs whose largest is at least as large. The sums over circles are convolutions by FFT.

Approximations. A circle is the cells with their centre within the radius of its own cell's centre. A null run draws each
cell's count from a Poisson distribution, so its total varies by √n; its statistic is taken against its own total, which
is exact for that total. Sums are float32 and rounded to whole reports: exact below some millions a circle.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft
from scipy.ndimage import convolve

from geo.chance import ALPHA, RUNS, critical, p_values
from geo.kernels import scan as kernel
from geo.nulls import Null, NullKind

RADII_M = (50.0, 100.0, 150.0, 200.0, 300.0)
MOST_WINDOWS = 50
BATCH_CELLS = 400_000  # cells transformed at a time: what stays in a processor's cache
WORKERS = 2

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A circle (centre in RD metres) with more reports than expected. p: familywise."""

    x: float
    y: float
    radius_m: float
    n: int
    expected: float
    statistic: float
    p: float


@dataclass(frozen=True, kw_only=True, eq=False)
class ScanResult:
    """The scan, and all that is needed to do it again.

    field: per cell its strongest circle's statistic. shares: per radius and cell the probability of a report in the circle.
    """

    null: NullKind
    null_detail: str
    runs: int
    seed: int
    n: int
    radii_m: tuple[float, ...]
    windows: tuple[Window, ...]  # strongest first, none overlapping a stronger one, with p ≤ alpha
    maxima: Floats  # sorted
    critical: float
    field: Floats  # (rows, columns), on the null's grid
    shares: tuple[Floats, ...]
    x0: float
    y0: float
    cell_m: float

    def at(self, x: Floats, y: Floats, *, labels: NDArray[np.int64]) -> Floats:
        """Familywise p per hotspot 0, 1, …: of its strongest circle."""
        return p_values(self.strongest(x, y, labels=labels), self.maxima)

    def strongest(self, x: Floats, y: Floats, *, labels: NDArray[np.int64]) -> Floats:
        """Per hotspot 0, 1, … the largest statistic of any circle in which only its own reports are counted.

        So a strong neighbour lends it nothing; and as no circle holds less than a hotspot's part of it, in a null run
        no hotspot can pass the run's own maximum: p is too small no more often than it says. x, y: as scanned.
        """
        size = int(labels.max(initial=-1)) + 1
        order = np.argsort(labels, kind="stable")
        first = np.searchsorted(labels[order], np.arange(size + 1))
        found = np.zeros(size)
        for label in range(size):
            mine = order[first[label] : first[label + 1]]
            found[label] = self._strongest(x[mine], y[mine])
        return found

    def _strongest(self, x: Floats, y: Floats) -> float:
        rows, columns = self.field.shape
        i, j = ((x - self.x0) // self.cell_m).astype(np.intp), ((y - self.y0) // self.cell_m).astype(np.intp)
        on = (i >= 0) & (j >= 0) & (i < columns) & (j < rows)
        if not on.any():
            return 0.0
        margin = int(max(self.radii_m) / self.cell_m + 1e-9)
        west, south = max(0, int(i[on].min()) - margin), max(0, int(j[on].min()) - margin)
        box = np.s_[south : int(j[on].max()) + margin + 1, west : int(i[on].max()) + margin + 1]
        counts = np.zeros(self.field[box].shape)
        np.add.at(counts, (j[on] - south, i[on] - west), 1.0)
        return max(
            float(
                kernel.ratios(
                    _within(counts, radius, self.cell_m), np.ascontiguousarray(share[box]), float(self.n)
                ).max()
            )
            for radius, share in zip(self.radii_m, self.shares, strict=True)
        )


def _within(counts: Floats, radius_m: float, cell_m: float) -> Floats:
    """Reports within a radius of every cell, nothing lying outside."""
    return np.asarray(convolve(counts, disc(radius_m, cell_m=cell_m).astype(float), mode="constant"))


@dataclass(frozen=True, kw_only=True, eq=False)
class _Plan:
    """What every run shares: the padded shape, and per radius the disc's transform, q and 1 / (2 q (1 - q))."""

    shape: tuple[int, int]
    discs: tuple[NDArray[np.complex64], ...]
    shares: tuple[Floats, ...]
    spreads: tuple[Floats, ...]


def scan(
    x: Floats,
    y: Floats,
    *,
    null: Null,
    radii_m: tuple[float, ...] = RADII_M,
    runs: int = RUNS,
    seed: int,
    alpha: float = ALPHA,
    progress: Callable[[float], None] | None = None,
) -> ScanResult:
    """Scan the reports (x, y: RD metres, all on the null's grid) for circles with more than chance.

    progress: called with the share done; what it raises ends the scan. Same seed, same answer.
    Raises ValueError for a radius below half a cell, or for reports off the grid.
    """
    rows, columns = null.probability.shape
    if runs < 1 or not radii_m or min(radii_m) < null.cell_m / 2:
        raise ValueError(f"radii_m = {radii_m}, runs = {runs}: radii from {null.cell_m / 2} metres, at least one run")
    i, j = ((x - null.x0) // null.cell_m).astype(np.intp), ((y - null.y0) // null.cell_m).astype(np.intp)
    if len(x) and (i.min() < 0 or j.min() < 0 or i.max() >= columns or j.max() >= rows):
        raise ValueError("reports lie off the null's grid: make the null from these reports")
    n = len(x)
    plan = _plan(null, radii_m)
    counts = np.zeros((1, *plan.shape), np.float32)
    np.add.at(counts[0], (j, i), 1.0)
    observed = [sums[0, :rows, :columns] for sums in _sums(counts, plan)]
    levels = np.stack([kernel.ratios(s, q, float(n)) for s, q in zip(observed, plan.shares, strict=True)])
    maxima = np.sort(_null_maxima(n, null=null, plan=plan, runs=runs, seed=seed, progress=progress))
    return ScanResult(
        null=null.kind,
        null_detail=null.detail,
        runs=runs,
        seed=seed,
        n=n,
        radii_m=radii_m,
        windows=_windows(levels, np.stack(observed), plan, n=n, null=null, radii_m=radii_m, maxima=maxima, alpha=alpha),
        maxima=maxima,
        critical=critical(maxima, alpha=alpha),
        field=levels.max(axis=0),
        shares=plan.shares,
        x0=null.x0,
        y0=null.y0,
        cell_m=null.cell_m,
    )


def disc(radius_m: float, *, cell_m: float) -> NDArray[np.bool_]:
    """Cells (2k + 1, 2k + 1) with their centre within the radius of the middle one's centre."""
    k = int(radius_m / cell_m + 1e-9)
    step = np.arange(-k, k + 1) * cell_m
    return np.asarray(np.hypot(*np.meshgrid(step, step)) <= radius_m * (1 + 1e-9))


def _plan(null: Null, radii_m: tuple[float, ...]) -> _Plan:
    rows, columns = null.probability.shape
    margin = int(max(radii_m) / null.cell_m + 1e-9)  # so that a circle at one edge does not reach round to the other
    least = (max(size + margin, 2 * margin + 1) for size in (rows, columns))
    height, width = (fft.next_fast_len(size, real=True) for size in least)
    shape = (height, width)
    probability = fft.rfft2(null.probability, shape)
    discs, shares, spreads = [], [], []
    for radius in radii_m:
        shifted = np.zeros(shape)
        footprint = disc(radius, cell_m=null.cell_m)
        k = len(footprint) // 2
        shifted[: 2 * k + 1, : 2 * k + 1] = footprint
        transform = fft.rfft2(np.roll(shifted, (-k, -k), axis=(0, 1)))
        q = np.clip(fft.irfft2(probability * transform, shape)[:rows, :columns], 0.0, 1.0)
        q[q < 1e-13] = 0.0  # what the transform leaves where nothing can be
        discs.append(transform.astype(np.complex64))
        shares.append(np.ascontiguousarray(q))
        spread = 2 * q * (1 - q)
        spreads.append(np.divide(1.0, spread, out=np.full(q.shape, np.inf), where=spread > 0))
    return _Plan(shape=shape, discs=tuple(discs), shares=tuple(shares), spreads=tuple(spreads))


def _sums(counts: Singles, plan: _Plan) -> list[Singles]:
    """Reports within each radius of every cell (runs, padded rows, padded columns)."""
    transform = fft.rfft2(counts)
    return [np.asarray(fft.irfft2(transform * d, plan.shape)) for d in plan.discs]


def _null_maxima(
    n: int, *, null: Null, plan: _Plan, runs: int, seed: int, progress: Callable[[float], None] | None
) -> Floats:
    """The largest statistic of every run. A batch is drawn from its own stream, whichever worker does it."""
    row, column = np.nonzero(null.probability)
    mean = n * null.probability[row, column]
    mode, at, below = kernel.poisson_start(mean)
    size = max(1, BATCH_CELLS // (plan.shape[0] * plan.shape[1]))
    firsts = range(0, runs, size)
    streams = np.random.SeedSequence(seed).spawn(len(firsts))

    def work(first: int, stream: np.random.SeedSequence) -> Floats:
        mine = min(size, runs - first)
        uniform = np.random.Generator(np.random.PCG64(stream)).random((mine, len(mean)))
        counts = np.zeros((mine, *plan.shape), np.float32)
        totals = kernel.poisson(uniform, mean, mode, at, below, row, column, counts)
        best = np.zeros(mine)
        transform = fft.rfft2(counts)
        for d, q, spread in zip(plan.discs, plan.shares, plan.spreads, strict=True):
            kernel.strongest(fft.irfft2(transform * d, plan.shape), q, spread, totals, best)
        return best

    found: list[Floats] = []
    with ThreadPoolExecutor(WORKERS) as pool:
        try:
            for batch in pool.map(work, firsts, streams):
                found.append(batch)
                if progress is not None:
                    progress(min(1.0, len(found) / len(firsts)))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return np.concatenate(found)


def _windows(
    levels: Floats,
    sums: Singles,
    plan: _Plan,
    *,
    n: int,
    null: Null,
    radii_m: tuple[float, ...],
    maxima: Floats,
    alpha: float,
) -> tuple[Window, ...]:
    """The strongest circles with p ≤ alpha, none overlapping a stronger one."""
    p = p_values(levels, maxima)
    candidates = np.argwhere((levels > 0) & (p <= alpha))
    order = np.argsort(-levels[tuple(candidates.T)], kind="stable")
    found: list[Window] = []
    for r, j, i in candidates[order].tolist():
        x, y = null.x0 + (i + 0.5) * null.cell_m, null.y0 + (j + 0.5) * null.cell_m
        if any(np.hypot(w.x - x, w.y - y) < w.radius_m + radii_m[r] for w in found):
            continue
        window = Window(
            x=x,
            y=y,
            radius_m=radii_m[r],
            n=round(float(sums[r, j, i])),
            expected=n * float(plan.shares[r][j, i]),
            statistic=float(levels[r, j, i]),
            p=float(p[r, j, i]),
        )
        found.append(window)
        if len(found) == MOST_WINDOWS:
            break
    return tuple(found)

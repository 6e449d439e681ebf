"""Class breaks for graded areas: few, round and readable."""

from collections.abc import Callable
from math import floor, log, log10

import numpy as np
from numpy.typing import ArrayLike, NDArray

ROUND = (1.0, 1.5, 2.0, 3.0, 5.0)  # times a power of ten: what reads as a round number
DOUBLING = (1.0, 2.0, 5.0)
TOP = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)  # finer, so that the last class does not promise too much


def breaks(values: ArrayLike, *, n: int = 5, whole: bool = True) -> tuple[float, ...]:
    """Inclusive upper bounds of at most ``n`` classes, all round numbers, the last at or above the largest value.

    values: any numbers >= 0 of any shape; NaN is ignored. whole: counts, so bounds are whole numbers. Of three ways to
    divide (near the quantiles of what is above 0, doubling, equal steps) the one is taken that keeps like with like
    (share of the variance between classes) and uses its classes evenly (their entropy). Nothing above 0: one class.
    """
    numbers = np.asarray(values, float).ravel()
    positive = np.sort(numbers[np.isfinite(numbers) & (numbers > 0)])
    if not len(positive):
        return (0.0,)
    top = _round_up(float(positive[-1]), whole=whole, series=TOP)
    step = _round_up(float(positive[-1]) / n, whole=whole)
    ways = (
        [_round_up(float(q), whole=whole) for q in np.quantile(positive, np.arange(1, n) / n)] if n > 1 else [],
        [_round_up(top / 2.52**i, whole=whole, series=DOUBLING) for i in range(1, n)],
        [float(f"{step * i:.12g}") for i in range(1, n)],
    )
    candidates = [(*sorted({bound for bound in way if 0 < bound < top}), top) for way in ways]
    return max(candidates, key=lambda bounds: _merit(positive, bounds, n=n))


def class_of(values: ArrayLike, *, bounds: tuple[float, ...]) -> NDArray[np.int64]:
    """Class number (0-based) of each value; the class after the last (``len(bounds)``) for NaN."""
    numbers = np.asarray(values, float)
    found = np.searchsorted(np.asarray(bounds), numbers, side="left").astype(np.int64)
    return np.where(np.isnan(numbers), len(bounds), np.minimum(found, len(bounds) - 1))


def class_labels(bounds: tuple[float, ...], *, whole: bool = True, number: Callable[[float], str]) -> tuple[str, ...]:
    """One label per class, such as 0–2, 3–5, 6–10. ``number`` writes a figure in the reader's language."""
    labels = []
    low = 0.0
    for bound in bounds:
        labels.append(number(bound) if low >= bound else f"{number(low)}–{number(bound)}")
        low = bound + 1 if whole else bound
    return tuple(labels)


def _merit(positive: NDArray[np.float64], bounds: tuple[float, ...], *, n: int) -> float:
    """Share of the variance that lies between classes, plus half of how evenly they are used (0..1)."""
    position = class_of(positive, bounds=bounds)
    root = np.sqrt(positive)  # counts vary by their root, so large ones do not decide alone
    counts = np.bincount(position, minlength=len(bounds))
    used = counts > 0
    means = np.bincount(position, weights=root, minlength=len(bounds))[used] / counts[used]
    total = float(((root - root.mean()) ** 2).sum())
    between = float((counts[used] * (means - root.mean()) ** 2).sum())
    share = counts[used] / len(positive)
    evenness = float(-(share * np.log(share)).sum()) / max(log(n), 1e-9)
    return (between / total if total else 1.0) + 0.5 * evenness


def _round_up(value: float, *, whole: bool, series: tuple[float, ...] = ROUND) -> float:
    """The smallest round number (of the series, times a power of ten) at or above ``value`` (> 0)."""
    exponent = floor(log10(value))
    candidates = [float(f"{m:g}e{e}") for e in (exponent, exponent + 1, exponent + 2) for m in series]
    usable = [c for c in candidates if not whole or (c >= 1 and float(c).is_integer())] or [1.0]
    # 1e-9: a quantile that should be 2 but is 2.0000000004 stays in the class up to 2
    return next(c for c in usable if c >= value * (1 - 1e-9))

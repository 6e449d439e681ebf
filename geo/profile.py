"""What sets of reports are made of: hours, weekdays, categories. ``…_by`` count for many groups at once.

Groups are numbered 0..size-1; ``group`` gives each report's.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.report import SEPARATOR
from geo.spans import middle_minutes
from geo.tally import tally

Ints = NDArray[np.int64]
Counted = tuple[tuple[str, int], ...]


def hours(reports: pd.DataFrame) -> tuple[int, ...]:
    """24 counts by local hour, from–to by its middle; reports without a known time are in none."""
    return _row(hours_by(_one(reports), middle_minutes(reports), size=1))


def weekdays(reports: pd.DataFrame) -> tuple[int, ...]:
    """Seven counts, Monday first; reports without a date are in none."""
    return _row(weekdays_by(_one(reports), reports["event_date"].to_numpy(), size=1))


def time_unknown(reports: pd.DataFrame) -> int:
    """How many reports have no known time of day."""
    return int(reports["event_minute"].isna().sum())


def categories(reports: pd.DataFrame, *, top: int | None = None) -> Counted:
    """(category, reports) most frequent first, then by name. A report with two categories counts in both."""
    return categories_by(_one(reports), reports["categories"], size=1, top=top)[0]


def hours_by(group: Ints, minutes: NDArray[np.float64], *, size: int) -> Ints:
    """(size, 24) counts. minutes: of the day, NaN unknown."""
    known = np.isfinite(minutes)
    hour = minutes[known].astype(np.int64) // 60
    own = group[known]
    inside = hour < 24
    return np.bincount(own[inside] * 24 + hour[inside], minlength=size * 24).reshape(size, 24)


def weekdays_by(group: Ints, dates: NDArray[np.datetime64], *, size: int) -> Ints:
    """(size, 7) counts, Monday first. dates: NaT unknown."""
    known = ~np.isnat(dates)
    day = dates[known].astype("datetime64[D]").astype(np.int64)
    return np.bincount(group[known] * 7 + (day + 3) % 7, minlength=size * 7).reshape(
        size, 7
    )  # 1970 began on a Thursday


def categories_by(group: Ints, cells: pd.Series, *, size: int, top: int | None = None) -> list[Counted]:
    """Per group what ``categories`` gives."""
    codes, distinct = pd.factorize(cells)  # missing is -1
    known = codes >= 0
    (own, cell), n = tally(group[known], codes[known].astype(np.int64))
    parts = [[name for name in str(text).split(SEPARATOR) if name] for text in distinct]
    names = sorted({name for split in parts for name in split})
    number = {name: i for i, name in enumerate(names)}
    split = np.array([len(p) for p in parts], dtype=np.int64)
    flat = np.array([number[name] for p in parts for name in p], dtype=np.int64)
    times = split[cell]
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    name_of = flat[np.repeat((np.cumsum(split) - split)[cell], times) + within]
    pair, row = np.unique(np.repeat(own, times) * max(1, len(names)) + name_of, return_inverse=True)
    own, name_of = np.divmod(pair, max(1, len(names)))
    total = np.bincount(row, weights=np.repeat(n, times), minlength=len(own)).astype(np.int64)
    order = np.lexsort((name_of, -total, own))
    found: list[list[tuple[str, int]]] = [[] for _ in range(size)]
    for g, k, count in zip(own[order].tolist(), name_of[order].tolist(), total[order].tolist(), strict=True):
        if top is None or len(found[g]) < top:
            found[g].append((names[k], count))
    return [tuple(pairs) for pairs in found]


def _one(reports: pd.DataFrame) -> Ints:
    return np.zeros(len(reports), dtype=np.int64)


def _row(counts: Ints) -> tuple[int, ...]:
    return tuple(int(n) for n in counts[0])

"""What a set of reports is made of: hours, weekdays, categories, days."""

from collections import Counter

import numpy as np
import pandas as pd

from geo.report import SEPARATOR


def hours(reports: pd.DataFrame) -> tuple[int, ...]:
    """24 counts by local hour; reports without a known time are in none."""
    minute = reports["event_minute"].to_numpy(float)
    known = minute[np.isfinite(minute)]
    return tuple(int(n) for n in np.bincount((known // 60).astype(np.intp), minlength=24)[:24])


def weekdays(reports: pd.DataFrame) -> tuple[int, ...]:
    """Seven counts, Monday first; reports without a date are in none."""
    days = reports["event_date"].dropna().dt.day_of_week.to_numpy()
    return tuple(int(n) for n in np.bincount(days.astype(np.intp), minlength=7))


def time_unknown(reports: pd.DataFrame) -> int:
    """How many reports have no known time of day."""
    return int(reports["event_minute"].isna().sum())


def categories(reports: pd.DataFrame, *, top: int | None = None) -> tuple[tuple[str, int], ...]:
    """(category, reports) most frequent first, then by name. A report with two categories counts in both."""
    counted: Counter[str] = Counter()
    for cell, n in reports["categories"].value_counts().items():
        for name in str(cell).split(SEPARATOR):
            if name:
                counted[name] += int(n)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:top])

"""What part of the reports falls in school time, in the night, on campaign days; beside the part of time that is so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import binomtest

from geo.calendar import Mark, MarkKind
from geo.clock import NIGHT, SCHOOL_WINDOWS, DateRange, Window, night, school_days, school_time

Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeShare:
    """Reports within some part of time, beside how much of the period's time it is.

    n of n_known reports with a known time; share with its exact 95 % interval (Clopper & Pearson 1934), NaN without
    any; base_share: of all hours in the period.
    """

    n_known: int
    n: int
    share: float
    low: float
    high: float
    base_share: float


def time_share(within: Bools, known: Bools, *, base_share: float) -> TimeShare:
    """The share of reports (n,) within; those whose time is unknown are in neither number."""
    n_known, n = int(known.sum()), int((within & known).sum())
    interval = binomtest(n, n_known).proportion_ci() if n_known else None
    return TimeShare(
        n_known=n_known,
        n=n,
        share=n / n_known if n_known else np.nan,
        low=float(interval.low) if interval else np.nan,
        high=float(interval.high) if interval else np.nan,
        base_share=base_share,
    )


def minutes_of(windows: Sequence[Window]) -> int:
    """Minutes of the day in windows that do not overlap."""
    return sum((last - first) % 1440 for first, last in windows)


def known_times(reports: pd.DataFrame) -> Bools:
    """Which reports have a day and a time."""
    return np.asarray(reports["event_date"].notna() & reports["event_minute"].notna(), dtype=bool)


def days_of(start: date, end: date) -> pd.Series:
    """Every day from start to end, both included."""
    return pd.Series(pd.date_range(start, end, freq="D"))


def school_base(start: date, end: date, *, off: Sequence[DateRange], windows: Sequence[Window]) -> float:
    """Share of the hours of a period that are school time."""
    return float(school_days(days_of(start, end), holidays=off).mean()) * minutes_of(windows) / 1440


def at_school(reports: pd.DataFrame, *, off: Sequence[DateRange], windows: Sequence[Window] = SCHOOL_WINDOWS) -> Bools:
    """Which reports happened in school time; off: the holidays."""
    return school_time(reports["event_date"], reports["event_minute"], holidays=off, windows=windows)


def at_night(reports: pd.DataFrame, *, window: Window = NIGHT) -> Bools:
    """Which reports happened in the night."""
    return night(reports["event_minute"].to_numpy(float), window=window)


def in_campaign(dates: pd.Series, marks: Sequence[Mark]) -> Bools:
    """Which dates (NaT: False) lie within a campaign, or the like, that ends: what lasts has no days to compare with."""
    days = dates.to_numpy().astype("datetime64[D]")
    result = np.zeros(len(days), dtype=bool)
    for mark in marks:
        if mark.kind is not MarkKind.HOLIDAY and mark.end is not None:
            result |= (days >= np.datetime64(mark.start)) & (days <= np.datetime64(mark.end))
    return result

"""When of the week: school time, night, and the weekday × hour matrix. All clocks are local wall time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

DateRange = tuple[date, date]  # first and last day, both included
Window = tuple[int, int]  # minutes of the day, from and up to; from > to passes midnight

SCHOOL_WINDOWS: tuple[Window, ...] = ((7 * 60 + 45, 9 * 60), (14 * 60, 16 * 60 + 30))
NIGHT: Window = (22 * 60, 5 * 60)

HOURS_PER_WEEK = 7 * 24
_MONDAY = np.datetime64("2024-01-01T00", "h")  # any Monday at midnight

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Moments = NDArray[np.datetime64]


@dataclass(frozen=True, kw_only=True)
class WeekMatrix:
    """Reports by weekday and hour.

    values: float (7, 24), Monday first; sums to n_known. n_unknown: reports without a known time, spread nowhere.
    n_spread: reports known only by from–to, spread over several hours.
    """

    values: Floats
    n_known: int
    n_unknown: int
    n_spread: int


def moments(dates: pd.Series, minutes: pd.Series) -> Moments:
    """Local moments (datetime64[m], (n,)) of reports by event_date and event_minute; NaT when either is unknown."""
    day = dates.to_numpy().astype("datetime64[m]")
    minute = minutes.to_numpy(float)
    known = np.isfinite(minute) & ~np.isnat(day)
    result = np.full(len(day), np.datetime64("NaT"), dtype="datetime64[m]")
    result[known] = day[known] + minute[known].astype("timedelta64[m]")
    return result


def weekday_hour(start: Moments, end: Moments | None = None) -> WeekMatrix:
    """Weekday × hour matrix, from–to times spread aoristically (Ratcliffe & McCullagh 1998).

    start, end: local datetime64 (n,), NaT unknown. A report with both puts weight 1/h in each of the h clock hours it
    touches (its last moment excluded, so 22:00–23:00 is one hour); with only one of them, or equal ones, it counts
    whole in that hour. ValueError when an end lies before its start.
    """
    first = np.asarray(start, dtype="datetime64[s]")
    last = first if end is None else np.asarray(end, dtype="datetime64[s]")
    if first.shape != last.shape:
        raise ValueError(f"start has {first.shape} moments, end {last.shape}: must be as many")
    wrong = np.flatnonzero(last < first)  # NaT compares false
    if len(wrong):
        raise ValueError(f"end {last[wrong[0]]} lies before start {first[wrong[0]]} (position {wrong[0]})")
    first, last = np.where(np.isnat(first), last, first), np.where(np.isnat(last), first, last)
    known = ~np.isnat(first)
    first, last = first[known], last[known]
    final = np.where(last > first, last - np.timedelta64(1, "s"), last)
    begin = (first.astype("datetime64[h]") - _MONDAY).astype(np.int64)
    hours = (final.astype("datetime64[h]") - _MONDAY).astype(np.int64) - begin + 1
    weeks, rest = np.divmod(hours, HOURS_PER_WEEK)  # whole weeks weigh all hours alike; only the rest is laid out
    which = np.repeat(np.arange(len(rest)), rest)
    step = np.arange(len(which)) - np.repeat(np.cumsum(rest) - rest, rest)
    spread = np.bincount((begin[which] + step) % HOURS_PER_WEEK, weights=1.0 / hours[which], minlength=HOURS_PER_WEEK)
    flat = np.asarray(spread + (weeks / hours).sum(), dtype=np.float64)
    return WeekMatrix(
        values=flat.reshape(7, 24),
        n_known=int(known.sum()),
        n_unknown=int((~known).sum()),
        n_spread=int((hours > 1).sum()),
    )


def in_window(minutes: Floats, window: Window) -> Bools:
    """Whether minutes of the day (NaN unknown: False) lie in a window; its end is not in it."""
    first, last = window
    if not (0 <= first < 1440 and 0 <= last <= 1440):
        raise ValueError(f"window = {window}: must be minutes of the day")
    minute = np.asarray(minutes, float)
    if first <= last:
        return np.asarray((minute >= first) & (minute < last))
    return np.asarray((minute >= first) | (minute < last))


def night(minutes: Floats, *, window: Window = NIGHT) -> Bools:
    """Whether minutes of the day lie in the night, 22:00–05:00 unless told otherwise; NaN is not."""
    return in_window(minutes, window)


def at_night(local: Moments, *, window: Window = NIGHT) -> Bools:
    """``night`` of local moments (n,); NaT is not."""
    return in_window(minute_of(local), window)


def minute_of(local: Moments) -> Floats:
    """Minute of the day of local moments (n,); NaN for NaT."""
    stamps = np.asarray(local, dtype="datetime64[m]")
    return np.asarray((stamps - stamps.astype("datetime64[D]")) / np.timedelta64(1, "m"))


def school_days(dates: pd.Series, *, holidays: Sequence[DateRange]) -> Bools:
    """Whether dates (NaT: False) are Monday to Friday outside the holidays.

    holidays: school holidays and public holidays of the region, as (first, last) days; none are built in, since
    they differ by region and year.
    """
    days = pd.DatetimeIndex(dates.to_numpy())
    result = np.asarray(days.day_of_week < 5) & ~np.asarray(days.isna())
    for first, last in holidays:
        if last < first:
            raise ValueError(f"holiday {first} – {last}: ends before it begins")
        result &= ~np.asarray((days >= pd.Timestamp(first)) & (days <= pd.Timestamp(last)))
    return np.asarray(result, dtype=bool)


def school_time(
    dates: pd.Series,
    minutes: pd.Series,
    *,
    holidays: Sequence[DateRange],
    windows: Sequence[Window] = SCHOOL_WINDOWS,
) -> Bools:
    """Whether reports happened around school hours: 07:45–09:00 or 14:00–16:30 on school days; unknown time is not."""
    minute = minutes.to_numpy(float)
    within = np.zeros(len(minute), dtype=bool)
    for window in windows:
        within |= in_window(minute, window)
    within &= school_days(dates, holidays=holidays)
    return within


def at_school_time(
    local: Moments, *, holidays: Sequence[DateRange], windows: Sequence[Window] = SCHOOL_WINDOWS
) -> Bools:
    """``school_time`` of local moments (n,); NaT is not."""
    stamps = np.asarray(local, dtype="datetime64[m]")
    days = pd.Series(stamps.astype("datetime64[D]").astype("datetime64[s]"))
    return school_time(days, pd.Series(minute_of(stamps)), holidays=holidays, windows=windows)

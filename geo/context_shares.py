"""What part of the reports falls in the dark, in school time, in the night; beside the part of the time that is so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo.calendar import Mark, MarkKind
from geo.clock import NIGHT, SCHOOL_WINDOWS, DateRange, Window, at_night, at_school_time, night, school_time
from geo.darkness import DarkShare, is_dark
from geo.intervals import share_interval
from geo.spans import Spans, share_within, spans_of

STEP_MINUTES: Final = 15  # how finely the period's time is counted; school time begins and ends on quarters

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeShare:
    """Reports within some part of time, beside how much of the asked time it is.

    n of n_known reports with a known time; share with its exact 95 % interval (Clopper & Pearson 1934), NaN without
    any; base_share: of all hours asked for. A report known by from–to adds the part of it that is within; n is rounded.
    """

    n_known: int
    n: int
    share: float
    low: float
    high: float
    base_share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The time a view asks for, and what school time and night are.

    start, end: first and last day; None: of the reports. hours: first and last, both included, may pass midnight;
    weekdays: 0 is Monday, none is all. dark: only the dark or the light; school: only these minutes of school days.
    What is restricted restricts the time that shares are held against.
    """

    start: date | None = None
    end: date | None = None
    hours: tuple[int, int] = (0, 23)
    weekdays: tuple[int, ...] = ()
    dark: bool | None = None
    school: tuple[Window, ...] = ()
    school_windows: tuple[Window, ...] = SCHOOL_WINDOWS
    night: Window = NIGHT


@dataclass(frozen=True, kw_only=True, eq=False)
class Times:
    """Per report (n,) whether its time is known, and how much of it is in a part of time; and the part of the asked time.

    dark, school, night: 1 or 0, in between for a report known by from–to (geo.spans), 0 when unknown.
    Where one part of time is all or none of what is asked, its share says nothing: base_* is then 1 or 0.
    """

    known: Bools
    dark: Floats
    school: Floats
    night: Floats
    base_dark: float
    base_school: float
    base_night: float
    spans: Spans = field(repr=False)


def times_of(
    reports: pd.DataFrame, *, asked: Asked, start: date, end: date, off: Sequence[DateRange], lon: float, lat: float
) -> Times:
    """The times of reports. start, end: the period as it turned out; off: the holidays; lon, lat: the city, WGS84."""
    when = spans_of(reports)
    day, minute = _grid(asked, start, end)
    grid = day.to_numpy().astype("datetime64[m]") + minute.astype("timedelta64[m]")
    in_dark = is_dark(grid, lon=lon, lat=lat)
    in_school = school_time(day, pd.Series(minute), holidays=off, windows=asked.school_windows)
    counts = np.ones(len(grid), dtype=bool) if asked.dark is None else in_dark == asked.dark
    if asked.school:
        counts &= school_time(day, pd.Series(minute), holidays=off, windows=asked.school)
    some = bool(counts.any())
    return Times(
        known=when.known,
        dark=share_within(when, lambda local: is_dark(local, lon=lon, lat=lat)),
        school=share_within(when, lambda local: at_school_time(local, holidays=off, windows=asked.school_windows)),
        night=share_within(when, lambda local: at_night(local, window=asked.night)),
        base_dark=float(in_dark[counts].mean()) if some else np.nan,
        base_school=float(in_school[counts].mean()) if some else np.nan,
        base_night=float(night(minute, window=asked.night)[counts].mean()) if some else np.nan,
        spans=when,
    )


def _grid(asked: Asked, start: date, end: date) -> tuple[pd.Series, Floats]:
    """Every STEP_MINUTES of the asked time: its day, and the minute of the day it begins."""
    days = pd.date_range(start, end, freq="D", unit="s")
    if asked.weekdays:
        days = days[days.day_of_week.isin(asked.weekdays)]
    minute = np.arange(0, 1440, STEP_MINUTES, dtype=float)
    first, last = asked.hours
    hour = minute // 60
    minute = minute[(hour >= first) & (hour <= last) if first <= last else (hour >= first) | (hour <= last)]
    return pd.Series(days.repeat(len(minute))), np.tile(minute, len(days))


def time_shares(within: Floats, known: Bools, label: Ints, *, size: int, base_share: float) -> list[TimeShare | None]:
    """The share of each group's reports within some part of time; None for a group without a known time.

    within: 0…1, known, label: (n,), labels 0..size-1. Reports without a known time are in neither number.
    """
    n_known = np.bincount(label[known], minlength=size)
    n = np.bincount(label[known], weights=within[known], minlength=size).round(9)  # so that thirds add up to one
    low, high = share_interval(n, n_known)
    rows = zip(n.tolist(), n_known.tolist(), low.tolist(), high.tolist(), strict=True)
    return [
        TimeShare(n_known=of, n=round(k), share=k / of, low=a, high=b, base_share=base_share) if of else None
        for k, of, a, b in rows
    ]


def dark_shares(shares: Sequence[TimeShare | None], n_all: Ints) -> list[DarkShare | None]:
    """The same figures as geo.darkness has them. n_all: reports per group, of known time or not."""
    return [
        None
        if one is None
        else DarkShare(
            n_known=one.n_known,
            n_unknown=int(n_all[k]) - one.n_known,
            n_dark=one.n,
            share=one.share,
            low=one.low,
            high=one.high,
            hours_share=one.base_share,
            ratio=one.share / one.base_share if one.base_share > 0 else np.nan,
        )
        for k, one in enumerate(shares)
    ]


def in_campaign(dates: pd.Series, marks: Sequence[Mark]) -> Bools:
    """Which dates (NaT: False) lie within a campaign, or the like, that ends: what lasts has no days to compare with."""
    days = dates.to_numpy().astype("datetime64[D]")
    result = np.zeros(len(days), dtype=bool)
    for mark in marks:
        if mark.kind is not MarkKind.HOLIDAY and mark.end is not None:
            result |= (days >= np.datetime64(mark.start)) & (days <= np.datetime64(mark.end))
    return result


def campaign_days_share(start: date, end: date, marks: Sequence[Mark]) -> float:
    """Share of the days of a period that lie within a campaign."""
    return float(in_campaign(pd.Series(pd.date_range(start, end, freq="D", unit="s")), marks).mean())

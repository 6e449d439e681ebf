"""Spans: reports that are known by from–to, as when somebody found out later. All clocks are local wall time.

Every minute from the start up to the end is as likely (Ratcliffe & McCullagh 1998): a report lies within some part of time
for the share of its minutes that do. What must have one moment takes the middle.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import clock

COLUMNS: Final = ("event_date", "event_minute", "event_until")  # what spans are read from
LIKELY: Final = 0.5  # a report is held to be within a part of time from this share of its minutes

_DAY: Final = 1440
_MINUTE: Final = np.timedelta64(1, "m")

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Moments = NDArray[np.datetime64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Spans:
    """When reports happened. start, end: local datetime64[m] (n,); end is start for one moment; both NaT: unknown."""

    start: Moments
    end: Moments

    @property
    def known(self) -> Bools:
        """Which reports have a known time."""
        return ~np.isnat(self.start)

    @property
    def spread(self) -> Bools:
        """Which reports are known by from–to."""
        return np.asarray(self.end > self.start)  # NaT compares false

    def take(self, rows: NDArray[np.intp] | Bools) -> Self:
        """The spans of some rows."""
        return type(self)(start=self.start[rows], end=self.end[rows])


def spans_of(reports: pd.DataFrame) -> Spans:
    """The spans of reports (geo.report.COLUMNS; event_until may be missing). ValueError for an end before its start."""
    start = clock.moments(reports["event_date"], reports["event_minute"])
    if "event_until" not in reports:
        return Spans(start=start, end=start)
    until = reports["event_until"].to_numpy().astype("datetime64[m]")
    end = np.where(np.isnat(until) | np.isnat(start), start, until)
    wrong = np.flatnonzero(end < start)
    if len(wrong):
        raise ValueError(f"event_until {end[wrong[0]]} lies before the start {start[wrong[0]]} (position {wrong[0]})")
    return Spans(start=start, end=end)


def middle(spans: Spans) -> Moments:
    """The moment halfway (n,), to the minute; the moment itself where there is one, NaT when unknown."""
    return np.asarray(spans.start + (spans.end - spans.start) // 2)


def middle_minutes(reports: pd.DataFrame) -> Floats:
    """Minute of the day (n,) halfway each report's span; NaN when unknown."""
    minutes = reports["event_minute"].to_numpy(float)
    spans = spans_of(reports)
    spread = spans.spread
    if not spread.any():
        return minutes
    halfway = middle(spans.take(spread))
    minutes = minutes.copy()
    minutes[spread] = (halfway - halfway.astype("datetime64[D]")) / _MINUTE
    return minutes


def middle_days(reports: pd.DataFrame) -> Moments:
    """Local day (datetime64[D], (n,)) halfway each report's span; event_date where the time is unknown."""
    days = reports["event_date"].to_numpy().astype("datetime64[D]")
    spans = spans_of(reports)
    return np.where(spans.spread, middle(spans).astype("datetime64[D]"), days)


def share_within(spans: Spans, within: Callable[[Moments], Bools]) -> Floats:
    """Of each span (n,) the share of its minutes that are within a part of time; 0 when unknown.

    within: which of some local moments (datetime64[m], (k,)) are. One moment gives 1 or 0; of a span every minute
    from its start up to its end is asked, each minute once for all spans together.
    """
    shares = np.zeros(len(spans.start))
    spread = spans.spread
    single = spans.known & ~spread
    if single.any():
        shares[single] = within(spans.start[single])
    if spread.any():
        shares[spread] = _by_minute(spans.start[spread], spans.end[spread], within)
    return shares


def likely(spans: Spans, within: Callable[[Moments], Bools]) -> Bools:
    """Which reports (n,) are at least as likely within a part of time as not; never the unknown."""
    return np.asarray(share_within(spans, within) >= LIKELY)


def _by_minute(start: Moments, end: Moments, within: Callable[[Moments], Bools]) -> Floats:
    first, last = start.astype("datetime64[D]"), (end - _MINUTE).astype("datetime64[D]")
    n_days = (last - first).astype(np.int64) + 1
    step = np.arange(n_days.sum()) - np.repeat(np.cumsum(n_days) - n_days, n_days)
    days = np.unique(np.repeat(first, n_days) + step.astype("timedelta64[D]"))  # all that a span touches stand in a row
    minutes = (days.astype("datetime64[m]")[:, None] + np.arange(_DAY).astype("timedelta64[m]")).ravel()
    before = np.concatenate([[0], np.cumsum(within(minutes), dtype=np.int64)])
    at = np.searchsorted(days, first) * _DAY + (start - first.astype("datetime64[m]")).astype(np.int64)
    length = (end - start).astype(np.int64)
    return np.asarray((before[at + length] - before[at]) / length)

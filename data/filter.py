"""ReportFilter: which reports are asked for, by what is known of each report itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import clock, crs, darkness, report, spans


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFilter:
    """Empty means everything. start and end are inclusive local days; hours are inclusive and may wrap past midnight.

    dark: whether the sun was more than 6° below the horizon (geo.darkness). school: minutes of the day, on school days
    only; () for any time. A report without a known time drops out only when hours, dark or school are restricted; one
    known by from–to passes these when at least half of that time does (geo.spans). Its day is the day it began.
    """

    start: date | None = None
    end: date | None = None
    hours: tuple[int, int] = (0, 23)
    weekdays: tuple[int, ...] = ()
    dark: bool | None = None
    school: tuple[clock.Window, ...] = ()
    categories: tuple[str, ...] = ()

    def mask(self, reports: pd.DataFrame, *, holidays: Sequence[clock.DateRange] = ()) -> NDArray[np.bool_]:
        """Which rows of a report table pass (bool, same order). holidays: days without school."""
        keep = np.ones(len(reports), dtype=bool)
        day = reports["event_date"]
        when = cache(lambda: spans.spans_of(reports))
        if self.start is not None:
            keep &= (day >= pd.Timestamp(self.start)).to_numpy()
        if self.end is not None:
            keep &= (day <= pd.Timestamp(self.end)).to_numpy()
        if self.hours != (0, 23):
            keep &= spans.likely(when(), self._in_hours)
        if self.weekdays:
            keep &= day.dt.day_of_week.isin(self.weekdays).to_numpy()
        if self.categories:
            wanted = np.zeros(len(reports), dtype=bool)
            for category in self.categories:
                wanted |= report.has(reports["categories"], category).to_numpy()
            keep &= wanted
        if self.school:
            keep &= spans.likely(
                when(), lambda local: clock.at_school_time(local, holidays=holidays, windows=self.school)
            )
        if self.dark is not None:
            keep[keep] = _dark(reports, when().take(keep), dark=self.dark)
        return keep

    def _in_hours(self, local: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        hour = clock.minute_of(local) // 60
        first, last = self.hours
        return (hour >= first) & (hour <= last) if first <= last else (hour >= first) | (hour <= last)


def _dark(reports: pd.DataFrame, when: spans.Spans, *, dark: bool) -> NDArray[np.bool_]:
    """Which moments are in the dark, or in the light. The sun stands where it does over the middle of all reports."""
    if not when.known.any():
        return np.zeros(len(when.start), dtype=bool)
    lon, lat = crs.to_wgs84([reports["x"].median()], [reports["y"].median()])
    found = spans.likely(when, lambda local: darkness.is_dark(local, lon=lon, lat=lat))
    return found if dark else when.known & ~found

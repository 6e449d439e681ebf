"""ReportFilter: which reports are asked for, by what is known of each report itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import clock, crs, darkness, report


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFilter:
    """Empty means everything. start and end are inclusive local days; hours are inclusive and may wrap past midnight.

    dark: whether the sun was more than 6° below the horizon (geo.darkness). school: minutes of the day, on school days
    only; () for any time. A report without a known time drops out only when hours, dark or school are restricted.
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
        if self.start is not None:
            keep &= (day >= pd.Timestamp(self.start)).to_numpy()
        if self.end is not None:
            keep &= (day <= pd.Timestamp(self.end)).to_numpy()
        if self.hours != (0, 23):
            hour = reports["event_minute"].to_numpy() // 60
            first, last = self.hours
            inside = (hour >= first) & (hour <= last) if first <= last else (hour >= first) | (hour <= last)
            keep &= inside & ~np.isnan(hour)
        if self.weekdays:
            keep &= day.dt.day_of_week.isin(self.weekdays).to_numpy()
        if self.categories:
            wanted = np.zeros(len(reports), dtype=bool)
            for category in self.categories:
                wanted |= report.has(reports["categories"], category).to_numpy()
            keep &= wanted
        if self.school:
            keep &= clock.school_time(day, reports["event_minute"], holidays=holidays, windows=self.school)
        if self.dark is not None:
            keep[keep] = _dark(reports, keep) == self.dark
        return keep


def _dark(reports: pd.DataFrame, rows: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Of the chosen rows: 1 dark, 0 light, NaN unknown. The sun stands where it does over the middle of all reports."""
    asked = reports.loc[rows, ["event_date", "event_minute"]]
    when = clock.moments(asked["event_date"], asked["event_minute"])
    found = np.full(len(asked), np.nan)
    known = ~np.isnat(when)
    if known.any():
        lon, lat = crs.to_wgs84([reports["x"].median()], [reports["y"].median()])
        found[known] = darkness.is_dark(when[known], lon=lon, lat=lat)
    return found

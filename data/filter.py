"""ReportFilter: which reports are asked for, by what is known of each report itself."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import report


@dataclass(frozen=True, kw_only=True, slots=True)
class ReportFilter:
    """Empty means everything. start and end are inclusive local days; hours are inclusive and may wrap past midnight.

    A report without a known time drops out only when hours are restricted.
    """

    start: date | None = None
    end: date | None = None
    hours: tuple[int, int] = (0, 23)
    weekdays: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()

    def mask(self, reports: pd.DataFrame) -> NDArray[np.bool_]:
        """Which rows of a report table pass (bool, same order)."""
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
        return keep

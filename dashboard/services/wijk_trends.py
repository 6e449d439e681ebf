"""The quarters of every wijk: counts, and whether its count and its share of the city go up or down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import false_discovery_control

from dashboard.services.city import City, CityCache
from geo.calendar import Mark
from geo.context import Quarters
from geo.context_quarters import next_quarter
from geo.trend import Trend, mann_kendall


@dataclass(frozen=True, kw_only=True, slots=True)
class WijkTrend:
    """One wijk. q: of the trend of its share, after false discovery rate over the wijken; NaN where there is none."""

    code: str
    name: str
    n: int
    trend: Trend | None
    share_trend: Trend | None
    q: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Course:
    """The quarters of the city or of one wijk. marks: campaigns, laws and apps that touch them; holidays: the others."""

    wijk: str  # code; "" for the city
    name: str
    quarters: Quarters
    trend: Trend | None
    share_trend: Trend | None
    marks: tuple[Mark, ...]
    holidays: tuple[Mark, ...]
    wijken: tuple[WijkTrend, ...]


def rows_of(reports: pd.DataFrame, city: City, *, cache: CityCache) -> tuple[NDArray[np.int64], pd.Series]:
    """Each report's row in ``city.wijken``, -1 for none, and its day."""
    number = {code: i for i, code in enumerate(city.wijken["code"])}
    rows = np.array([*(number.get(code, -1) for code in city.buurten["wijk_code"]), -1], dtype=np.int64)
    return rows[cache.positions(reports)], reports["event_date"]


def by_quarter(rows: NDArray[np.int64], dates: pd.Series, *, starts: Sequence[date], n: int) -> NDArray[np.int64]:
    """Reports per row and quarter, (n, quarters)."""
    if not starts:
        return np.zeros((n, 0), dtype=np.int64)
    edges = np.array([*starts, next_quarter(starts[-1])], dtype="datetime64[D]")
    at = np.searchsorted(edges, dates.to_numpy().astype("datetime64[D]"), side="right") - 1
    kept = (rows >= 0) & (at >= 0) & (at < len(starts))
    flat = np.bincount(rows[kept] * len(starts) + at[kept], minlength=n * len(starts))
    return flat.reshape(n, len(starts)).astype(np.int64)


def shares(counts: NDArray[np.int64], totals: NDArray[np.int64]) -> NDArray[np.float64]:
    """Counts of totals, NaN where a total is 0; all (quarters,)."""
    found = np.full(len(counts), np.nan)
    np.divide(counts, totals, out=found, where=totals > 0)
    return found


def trends(wijken: gpd.GeoDataFrame, counts: NDArray[np.int64], totals: NDArray[np.int64]) -> tuple[WijkTrend, ...]:
    """Every wijk with a report in these quarters, by code."""
    some = np.flatnonzero(counts.sum(axis=1) > 0)
    of_city = [mann_kendall(shares(counts[i], totals)) for i in some]
    known = [i for i, one in enumerate(of_city) if one is not None]
    q = np.full(len(some), np.nan)
    if known:
        q[known] = false_discovery_control([one.p for one in of_city if one is not None])
    return tuple(
        WijkTrend(
            code=str(wijken["code"].iloc[i]),
            name=str(wijken["name"].iloc[i]),
            n=int(counts[i].sum()),
            trend=mann_kendall(counts[i]),
            share_trend=share,
            q=float(value),
        )
        for i, share, value in zip(some.tolist(), of_city, q.tolist(), strict=True)
    )


def touching(marks: Sequence[Mark], starts: Sequence[date]) -> tuple[Mark, ...]:
    """The marks with a day in these quarters."""
    if not starts:
        return ()
    last = next_quarter(starts[-1]) - timedelta(days=1)
    return tuple(mark for mark in marks if mark.touches(starts[0], last))

"""The quarters of a city and of a place in it: counts beside the city's total, the kind of life, and the trend."""

from dataclasses import dataclass
from datetime import date

from geo.identity import Life
from geo.trend import Trend


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarters:
    """Whole calendar quarters, earliest first. All tuples are as long.

    counts: reports on the place (not only those of a hotspot); totals: the city's; shares: counts / totals, NaN for a
    quarter without reports. present: whether the place was a hotspot then; for the city, whether it had any report.
    """

    starts: tuple[date, ...]
    counts: tuple[int, ...]
    totals: tuple[int, ...]
    shares: tuple[float, ...]
    present: tuple[bool, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """One place through the quarters. track: the id it keeps. since: the first day of the first quarter it was there."""

    track: str
    quarters: Quarters
    life: Life | None
    since: date | None
    trend: Trend | None
    share_trend: Trend | None

"""Was it dark: the sun's height at that place and moment, and whether more is reported in the dark than there is dark.

Dark means the sun is more than 6° below the horizon (the end of civil twilight), not a clock hour.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from geo.intervals import share_interval

DARK_BELOW: Final = -6.0  # degrees
STEP_MINUTES: Final = 10  # how finely a period's dark hours are counted
_ZONE: Final = ZoneInfo("Europe/Amsterdam")

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Moments = NDArray[np.datetime64]


@dataclass(frozen=True, kw_only=True, slots=True)
class DarkShare:
    """Share of reports in the dark beside the share of dark hours in the period."""

    n_known: int  # reports with a known moment
    n_unknown: int
    n_dark: int
    share: float  # n_dark / n_known; NaN without any
    low: float  # exact 95 % interval of the share (Clopper & Pearson 1934)
    high: float
    hours_share: float  # of all hours in the period, how many are dark
    ratio: float  # share / hours_share; above 1: more than the dark accounts for


def altitude(days_since_2000: Floats, *, lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Degrees of the sun above the horizon; refraction is left out.

    days_since_2000: days in UTC since 2000-01-01 12:00, any shape; lon, lat: WGS84 degrees that broadcast with it.
    Low-precision formulae of the Astronomical Almanac (section C), good to about 0.1 degree between 1950 and 2050.
    """
    day = days_since_2000
    mean_longitude = np.radians(280.460 + 0.9856474 * day)
    anomaly = np.radians(357.528 + 0.9856003 * day)
    longitude = mean_longitude + np.radians(1.915 * np.sin(anomaly) + 0.020 * np.sin(2 * anomaly))
    tilt = np.radians(23.439 - 4e-7 * day)
    ascension = np.arctan2(np.cos(tilt) * np.sin(longitude), np.cos(longitude))
    declination = np.arcsin(np.sin(tilt) * np.sin(longitude))
    sidereal = np.radians(280.46062 + 360.98564737 * day + np.asarray(lon, float))
    latitude = np.radians(np.asarray(lat, float))
    height = np.sin(latitude) * np.sin(declination)
    height = height + np.cos(latitude) * np.cos(declination) * np.cos(sidereal - ascension)
    return np.asarray(np.degrees(np.arcsin(height)), float)


def sun_altitude(local: Moments, *, lon: ArrayLike, lat: ArrayLike) -> Floats:
    """Degrees of the sun above the horizon at local (Europe/Amsterdam) moments (n,); NaT gives NaN.

    In the hour that happens twice summer time is taken, in the one that does not exist the moment after it: at
    02:30 it is dark either way.
    """
    stamps = pd.DatetimeIndex(np.asarray(local, dtype="datetime64[s]"))
    twice = np.ones(len(stamps), dtype=bool)
    utc = stamps.tz_localize(_ZONE, ambiguous=twice, nonexistent="shift_forward").tz_convert("UTC").tz_localize(None)
    since = (utc - pd.Timestamp("2000-01-01 12:00")) / pd.Timedelta(days=1)
    return altitude(np.asarray(since, float), lon=lon, lat=lat)


def is_dark(local: Moments, *, lon: ArrayLike, lat: ArrayLike, below: float = DARK_BELOW) -> Bools:
    """Whether the sun is below `below` degrees at local moments; NaT is not dark (count the unknown apart)."""
    return np.asarray(sun_altitude(local, lon=lon, lat=lat) < below)


def dark_hours_share(start: date, end: date, *, lon: float, lat: float, below: float = DARK_BELOW) -> float:
    """Share of all hours from start to end, both included, that are dark."""
    if end < start:
        raise ValueError(f"period {start} – {end}: ends before it begins")
    step = np.timedelta64(STEP_MINUTES, "m")
    first, after = np.datetime64(start, "m"), np.datetime64(end, "m") + np.timedelta64(1, "D")
    return float(is_dark(np.arange(first, after, step) + step // 2, lon=lon, lat=lat, below=below).mean())


def dark_share(
    local: Moments, *, start: date, end: date, lon: float, lat: float, below: float = DARK_BELOW
) -> DarkShare:
    """Reports in the dark against the dark hours of the period.

    local: local moments of the reports (n,), NaT unknown (geo.clock.moments); lon, lat: the city, WGS84 degrees.
    The hours of a period are not the hours people are out: a ratio below 1 is usual. Compare places, not 1.
    """
    known = ~np.isnat(local)
    n, n_dark = int(known.sum()), int(is_dark(local[known], lon=lon, lat=lat, below=below).sum())
    hours = dark_hours_share(start, end, lon=lon, lat=lat, below=below)
    share = n_dark / n if n else np.nan
    (low,), (high,) = share_interval(np.array([n_dark]), np.array([n]))
    return DarkShare(
        n_known=n,
        n_unknown=int((~known).sum()),
        n_dark=n_dark,
        share=share,
        low=float(low) if n else np.nan,
        high=float(high) if n else np.nan,
        hours_share=hours,
        ratio=share / hours if hours > 0 else np.nan,
    )

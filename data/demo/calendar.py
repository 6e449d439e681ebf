"""When things happen in the demo: the two years in quarters of an hour, school days, darkness, profiles as weights."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo import facts
from geo.darkness import DARK_BELOW, altitude

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

SLOT_MINUTES: Final = 15
SLOTS: Final = 24 * 60 // SLOT_MINUTES
WEEKDAYS: Final = ("ma", "di", "wo", "do", "vr", "za", "zo")
LON, LAT = 4.67, 51.81

# The city's general pattern: weight per hour of the day, per weekday, per month.
HOURS: Final = (3, 2, 1.5, 1, 0.5, 0.5, 1, 3, 4, 3, 3, 4, 5, 5, 6, 8, 9, 9, 8, 8, 8, 8, 7, 5)
DAYS: Final = (0.9, 0.9, 1.0, 1.0, 1.2, 1.2, 0.8)
MONTHS: Final = (0.8, 0.8, 0.9, 1.0, 1.2, 1.2, 1.1, 1.1, 1.1, 1.0, 0.9, 0.8)
DARK_FACTOR: Final = 1.2


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Every day of the demo, and (days, SLOTS) arrays over local time. possible: the hour exists, once."""

    days: pd.DatetimeIndex
    quarter: NDArray[np.int64]  # per day 1..8
    school_day: Bools
    dark: Bools
    possible: Bools
    campaign: Floats  # per day: factor


@cache
def calendar() -> Calendar:
    """The demo's two years; do not change what it gives."""
    scenario, known = facts.settings("scenario"), facts.settings("calendar")
    days = pd.date_range(scenario["first_day"], scenario["last_day"], freq="D", unit="s")
    quarter = (days.year - days[0].year) * 4 + days.quarter - days[0].quarter + 1
    holiday = np.asarray(days.isin(pd.DatetimeIndex(known["public_holidays"])))
    for first, last in known["school_holidays"]:
        holiday |= _between(days, first, last)
    campaign = np.ones(len(days))
    for one in scenario["campaign"]:
        campaign[_between(days, one["from"], one["to"])] *= one["factor"]
    offset = _utc_offset_hours(days)
    possible = np.ones((len(days), SLOTS), dtype=bool)
    # On the night the clock changes 02:00–03:00 happens twice or never; no report says it was then.
    changes = np.flatnonzero(np.diff(offset, prepend=offset[0]) != 0)
    possible[changes, 2 * SLOTS // 24 : 3 * SLOTS // 24] = False
    return Calendar(
        days=days,
        quarter=np.asarray(quarter, dtype=np.int64),
        school_day=~holiday & np.asarray(days.day_of_week < 5),
        dark=sun_altitude(days, offset) < DARK_BELOW,
        possible=possible,
        campaign=campaign,
    )


def _between(days: pd.DatetimeIndex, first: object, last: object) -> Bools:
    return np.asarray((days >= pd.Timestamp(str(first))) & (days <= pd.Timestamp(str(last))))


def _utc_offset_hours(days: pd.DatetimeIndex) -> Floats:
    """Hours that local noon is ahead of UTC, per day."""
    noon = days + pd.Timedelta(hours=12)
    in_utc = noon.tz_localize(ZoneInfo("Europe/Amsterdam")).tz_convert("UTC").tz_localize(None)
    return np.asarray((noon - in_utc) / pd.Timedelta(hours=1), float)


def sun_altitude(days: pd.DatetimeIndex, offset_hours: Floats) -> Floats:
    """Degrees of the sun above the horizon of Dordrecht at the middle of every slot, (days, SLOTS).

    geo.darkness holds the formula.
    """
    local_hours = (np.arange(SLOTS) + 0.5) * SLOT_MINUTES / 60
    since_2000 = (days - pd.Timestamp("2000-01-01 12:00")) / pd.Timedelta(days=1)
    day = np.asarray(since_2000, float)[:, None] + (local_hours[None, :] - offset_hours[:, None]) / 24
    return altitude(day, lon=LON, lat=LAT)


def general() -> Floats:
    """Weight of every slot in the city's general pattern, campaigns included: (days, SLOTS)."""
    known = calendar()
    hours = np.repeat(np.array(HOURS, float), SLOTS // 24)
    per_day = np.array(DAYS)[known.days.day_of_week] * np.array(MONTHS)[known.days.month - 1] * known.campaign
    weights: Floats = per_day[:, None] * hours[None, :] * np.where(known.dark, DARK_FACTOR, 1.0) * known.possible
    return weights


def window(profile: dict[str, Any]) -> Bools:
    """Which slots are a profile's own moments: (days, SLOTS)."""
    known = calendar()
    inside = np.zeros((len(known.days), SLOTS), dtype=bool)
    for one in profile["windows"]:
        begins = np.isin(known.days.day_of_week, [WEEKDAYS.index(day) for day in one["days"].split()])
        if profile.get("school_days"):
            begins &= known.school_day
        if months := profile.get("months"):
            begins &= np.isin(known.days.month, months)
        first, last = _slot(one["from"]), _slot(one["to"])
        inside[np.ix_(begins, np.arange(first, min(last, SLOTS)))] = True
        if last > SLOTS:  # past midnight: the morning after
            inside[np.ix_(np.roll(begins, 1), np.arange(0, last - SLOTS))] = True
    if profile.get("dark"):
        inside &= known.dark
    return inside & known.possible


def _slot(clock: str) -> int:
    hours, minutes = clock.split(":")
    return (int(hours) * 60 + int(minutes)) // SLOT_MINUTES


def draw(weights: Floats, n: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Moments of n reports, (day, minute of the day), with chance by weight and spread evenly over the whole period.

    One moment is drawn from each n-th part of the weight, so that a persistent place is persistent in every seed.
    """
    cumulative = np.cumsum(weights.ravel())
    aim = (np.arange(n) + rng.random(n)) / max(n, 1) * cumulative[-1]
    cell = np.searchsorted(cumulative, aim, side="right")
    day, slot = np.divmod(cell, SLOTS)
    return day, slot * SLOT_MINUTES + rng.integers(0, SLOT_MINUTES, n)

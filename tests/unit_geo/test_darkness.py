"""Darkness by the sun, against astral; never by the clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from astral import Observer, sun
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import darkness

LON, LAT = 4.67, 51.81
DORDRECHT = {"lon": LON, "lat": LAT}


def stamps(*texts):
    return np.array(texts, dtype="datetime64[s]")


@settings(deadline=None)
@given(st.datetimes(min_value=datetime(2015, 1, 1), max_value=datetime(2035, 1, 1)))
def test_the_suns_height_is_astrals_within_a_seventh_of_a_degree(moment):
    since = (moment - datetime(2000, 1, 1, 12)) / timedelta(days=1)
    ours = darkness.altitude(np.array([since]), lon=LON, lat=LAT)[0]
    theirs = sun.elevation(Observer(LAT, LON), moment.replace(tzinfo=UTC), with_refraction=False)
    assert ours == pytest.approx(theirs, abs=0.15)


@pytest.mark.parametrize("day", [date(2025, 1, 15), date(2025, 3, 30), date(2025, 6, 21), date(2025, 10, 26)])
def test_dark_begins_at_astrals_dusk_on_the_local_clock(day):
    zone = ZoneInfo("Europe/Amsterdam")
    dusk = sun.dusk(Observer(LAT, LON), day, depression=6, tzinfo=zone).replace(tzinfo=None)
    before, after = dusk - timedelta(minutes=2), dusk + timedelta(minutes=2)
    assert darkness.is_dark(stamps(before, after), **DORDRECHT).tolist() == [False, True]


def test_ten_at_night_is_light_in_june_and_dark_in_january():
    assert darkness.is_dark(stamps("2025-06-21T22:00", "2025-01-21T22:00", "NaT"), **DORDRECHT).tolist() == [
        False,
        True,
        False,
    ]


def test_the_hours_that_happen_twice_or_never_are_dark_like_the_night_around_them():
    assert darkness.is_dark(stamps("2025-10-26T02:30", "2025-03-30T02:30"), **DORDRECHT).all()


def test_a_place_of_its_own_per_report_broadcasts():
    local = stamps("2025-03-20T19:20", "2025-03-20T19:20")
    east, west = darkness.sun_altitude(local, lon=np.array([7.0, 3.4]), lat=np.array([52.0, 52.0]))
    assert west - east == pytest.approx(3.6 * np.cos(np.radians(52)), abs=0.1)


def test_dark_hours_of_a_year_are_fewer_than_half_and_winter_has_more_than_summer():
    year = darkness.dark_hours_share(date(2025, 1, 1), date(2025, 12, 31), **DORDRECHT)
    winter = darkness.dark_hours_share(date(2025, 12, 1), date(2025, 12, 31), **DORDRECHT)
    summer = darkness.dark_hours_share(date(2025, 6, 1), date(2025, 6, 30), **DORDRECHT)
    assert year == pytest.approx(0.43, abs=0.02)
    assert summer < 0.25
    assert winter > 0.6


def test_reports_at_random_moments_have_the_share_of_the_hours():
    rng = np.random.default_rng(4)
    local = np.datetime64("2025-01-01", "m") + rng.integers(0, 365 * 1440, 20_000).astype("timedelta64[m]")
    found = darkness.dark_share(local, start=date(2025, 1, 1), end=date(2025, 12, 31), **DORDRECHT)
    assert found.low < found.hours_share < found.high
    assert found.ratio == pytest.approx(1.0, abs=0.03)


def test_reports_without_a_time_are_counted_apart_and_none_at_all_gives_no_share():
    period = {"start": date(2025, 1, 1), "end": date(2025, 1, 31)}
    found = darkness.dark_share(stamps("2025-01-21T23:00", "NaT"), **period, **DORDRECHT)
    assert (found.n_known, found.n_unknown, found.n_dark, found.share) == (1, 1, 1, 1.0)
    nothing = darkness.dark_share(stamps(), **period, **DORDRECHT)
    assert nothing.n_known == 0 and np.isnan(nothing.share) and np.isnan(nothing.ratio)
    assert 0 < nothing.hours_share < 1


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="2025-01-01"):
        darkness.dark_hours_share(date(2025, 2, 1), date(2025, 1, 1), **DORDRECHT)

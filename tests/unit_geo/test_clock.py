"""School time, night and the week's matrix, by tables with a sentence per row."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import clock

HOLIDAYS = ((date(2025, 10, 18), date(2025, 10, 26)), (date(2025, 6, 9), date(2025, 6, 9)))


@pytest.mark.parametrize(
    ("day", "time", "expected"),
    [
        pytest.param("2025-10-15", "07:44", False, id="a minute too early"),
        pytest.param("2025-10-15", "07:45", True, id="the first minute"),
        pytest.param("2025-10-15", "08:59", True, id="the last minute"),
        pytest.param("2025-10-15", "09:00", False, id="school has begun"),
        pytest.param("2025-10-15", "14:00", True, id="school is out"),
        pytest.param("2025-10-15", "16:29", True, id="still on the way home"),
        pytest.param("2025-10-15", "16:30", False, id="home"),
        pytest.param("2025-10-18", "08:15", False, id="Saturday, first day of the holiday"),
        pytest.param("2025-10-20", "08:15", False, id="Monday in the holiday"),
        pytest.param("2025-10-26", "08:15", False, id="last day of the holiday"),
        pytest.param("2025-10-27", "08:15", True, id="the Monday after"),
        pytest.param("2025-06-09", "08:15", False, id="Whit Monday"),
        pytest.param("2025-10-12", "08:15", False, id="Sunday"),
        pytest.param("2025-10-15", None, False, id="time unknown"),
        pytest.param(None, "08:15", False, id="day unknown"),
    ],
)
def test_school_time(day, time, expected):
    minute = np.nan if time is None else int(time[:2]) * 60 + int(time[3:])
    dates = pd.Series([pd.Timestamp(day) if day else pd.NaT]).astype("datetime64[s]")
    assert clock.school_time(dates, pd.Series([minute]), holidays=HOLIDAYS).tolist() == [expected]


@pytest.mark.parametrize(
    ("time", "expected"), [(21 * 60 + 59, 0), (22 * 60, 1), (0, 1), (299, 1), (300, 0), (np.nan, 0)]
)
def test_night_runs_from_22_to_05_past_midnight(time, expected):
    assert clock.night(np.array([time])).tolist() == [bool(expected)]


def test_windows_are_adjustable_and_nonsense_is_refused_by_name():
    assert clock.night(np.array([60.0]), window=(23 * 60, 30)).tolist() == [False]
    with pytest.raises(ValueError, match="1500"):
        clock.night(np.array([60.0]), window=(1500, 300))
    with pytest.raises(ValueError, match="2025-10-26"):
        clock.school_days(
            pd.Series(pd.to_datetime(["2025-01-01"])), holidays=[(date(2025, 10, 26), date(2025, 10, 18))]
        )


def stamps(*texts):
    return np.array(texts, dtype="datetime64[s]")


def test_a_known_moment_counts_whole_in_its_hour():
    found = clock.weekday_hour(stamps("2025-04-03T22:30", "NaT"))  # a Thursday
    assert found.values[3, 22] == 1 and found.values.sum() == 1
    assert (found.n_known, found.n_unknown, found.n_spread) == (1, 1, 0)


def test_from_to_is_spread_evenly_over_the_hours_it_touches_across_midnight_and_weeks():
    found = clock.weekday_hour(stamps("2025-04-06T22:15"), stamps("2025-04-07T02:00"))  # Sunday into Monday
    assert found.values[6, [22, 23]].tolist() == [0.25, 0.25]
    assert found.values[0, [0, 1, 2]].tolist() == [0.25, 0.25, 0.0]
    assert found.n_spread == 1


def test_a_span_of_three_weeks_weighs_every_hour_alike():
    found = clock.weekday_hour(stamps("2025-04-07T00:00"), stamps("2025-04-28T00:00"))
    np.testing.assert_allclose(found.values, 1 / 168)


def test_one_end_known_is_taken_as_the_moment():
    found = clock.weekday_hour(stamps("NaT"), stamps("2025-04-03T22:30"))
    assert found.values[3, 22] == 1


def test_an_end_before_its_start_is_refused_with_both_named():
    with pytest.raises(ValueError, match=r"2025-04-02.*2025-04-03"):
        clock.weekday_hour(stamps("2025-04-03T22:30"), stamps("2025-04-02T22:30"))
    with pytest.raises(ValueError, match="as many"):
        clock.weekday_hour(stamps("2025-04-03"), stamps("2025-04-03", "2025-04-03"))


def test_nothing_gives_an_empty_matrix():
    found = clock.weekday_hour(np.array([], dtype="datetime64[s]"))
    assert found.values.shape == (7, 24) and found.values.sum() == 0


MINUTES = st.integers(0, 60 * 24 * 60)


@settings(deadline=None)
@given(st.lists(st.tuples(MINUTES, st.one_of(st.none(), st.integers(0, 60 * 24 * 20))), max_size=40))
def test_the_matrix_sums_to_the_reports_with_a_time_in_any_order(rows):
    base = np.datetime64("2025-01-01", "m")
    start = np.array([base + a for a, _ in rows], dtype="datetime64[m]")
    end = np.array([np.datetime64("NaT") if d is None else base + a + d for a, d in rows], dtype="datetime64[m]")
    found = clock.weekday_hour(start, end)
    assert found.values.sum() == pytest.approx(len(rows))
    np.testing.assert_allclose(clock.weekday_hour(start[::-1], end[::-1]).values, found.values, atol=1e-9)
    assert found.n_known + found.n_unknown == len(rows)


@settings(deadline=None)
@given(st.lists(st.tuples(MINUTES, st.integers(1, 600)), min_size=1, max_size=20))
def test_the_matrix_equals_the_sum_hour_by_hour(rows):
    base = np.datetime64("2025-01-01", "m")
    expected = np.zeros((7, 24))
    for a, d in rows:
        touched = sorted({(base + a + k).astype("datetime64[h]") for k in range(d)})
        for hour in touched:
            stamp = pd.Timestamp(hour)
            expected[stamp.day_of_week, stamp.hour] += 1 / len(touched)
    start = np.array([base + a for a, _ in rows], dtype="datetime64[m]")
    end = start + np.array([d for _, d in rows], dtype="timedelta64[m]")
    np.testing.assert_allclose(clock.weekday_hour(start, end).values, expected, atol=1e-9)


def test_moments_join_date_and_minute_and_keep_the_unknown_unknown():
    dates = pd.Series(pd.to_datetime(["2025-04-03", "2025-04-03", None])).astype("datetime64[s]")
    found = clock.moments(dates, pd.Series([1350.0, np.nan, 10.0]))
    assert found[0] == np.datetime64("2025-04-03T22:30")
    assert np.isnat(found[1:]).all()

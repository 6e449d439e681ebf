"""Dates and times: what each listed spelling means, and that the fast way and the slow way agree."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.moments import _Parts, read_moments

MONTHS = ["jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]


def one(text, time=None, **options):
    times = None if time is None else pd.Series([time], dtype="str")
    read = read_moments(pd.Series([text], dtype="str"), times, **options)
    return read.day[0].astype(object), None if np.isnan(read.second[0]) else int(read.minute[0])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("03-04-2025", date(2025, 4, 3)),
        ("3-4-2025", date(2025, 4, 3)),
        ("3/4/25", date(2025, 4, 3)),
        ("3.4.49", date(2049, 4, 3)),
        ("3.4.50", date(1950, 4, 3)),
        ("2025-4-3", date(2025, 4, 3)),
        ("2025/04/03", date(2025, 4, 3)),
        ("3 mrt. 2025", date(2025, 3, 3)),
        ("3-mei-2025", date(2025, 5, 3)),
        ("3 Augustus 2025", date(2025, 8, 3)),
        ("29-02-2024", date(2024, 2, 29)),
        ("13-13-2025", None),
        ("12/31/2025", None),
        ("03-04/2025", None),
        ("20250403", None),
        ("3 april", None),
        ("april 2025", None),
        ("vandaag", None),
        ("0", None),
    ],
)
def test_a_date_is_read_day_first_or_not_at_all(text, expected):
    assert one(text)[0] == expected


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        *(("22:30", 1350), ("22.30", 1350), ("9:05", 545), ("22:30:15", 1350), ("2230", 1350), ("0005", 5)),
        *(("22u30", 1350), ("22 u", 1320), ("22 uur", 1320), ("22:30 uur", 1350), ("11:30 PM", 1410), ("9 am", 540)),
        *(("12:15 am", 15), ("12 p.m.", 720), ("0.9375", 1350), ("0,9375", 1350), ("0.30", 30), ("00:00", 0)),
        *(("1899-12-30T22:30:00", 1350), ("13:00 PM", None), ("22", None), ("avond", None), ("22:00-23:00", None)),
    ],
)
def test_a_time_is_read_in_the_listed_spellings(text, minute):
    assert one("03-04-2025", text) == (date(2025, 4, 3), minute)


def test_serial_days_follow_the_workbooks_date_system():
    assert one("45400.9375") == (date(2024, 4, 18), 1350)
    assert one("43938.9375", epoch_1904=True) == (date(2024, 4, 18), 1350)
    assert one("45399.999999") == (date(2024, 4, 18), None)  # a rounding error before midnight is midnight: a bare day


@pytest.mark.parametrize(
    ("dates", "times", "expected"),
    [
        ("2025-04-03T00:00:00", "22:30", 1350),
        ("2025-04-03T21:15:00", "", 1275),
        ("2025-04-03T21:15:00", "22:30", 1350),
        ("2025-04-03T21:15:00", "onbekend", None),
        ("03-04-2025 21:15", "", 1275),
    ],
)
def test_a_column_of_times_decides_unless_it_is_silent(dates, times, expected):
    assert one(dates, times) == (date(2025, 4, 3), expected)


@given(st.datetimes(datetime(2001, 1, 1), datetime(2049, 12, 31)))
def test_every_spelling_of_a_moment_means_the_same(moment):
    day, clock = moment.date(), moment.hour * 60 + moment.minute
    d, m, y = day.day, day.month, day.year
    dates = [
        f"{d:02d}-{m:02d}-{y}",
        f"{d}-{m}-{y % 100:02d}",
        f"{y}-{m:02d}-{d:02d}",
        f"{d} {MONTHS[m - 1]}. {y}",
        f"{d}.{m}.{y}",
    ]
    times = [f"{moment:%H:%M}", f"{moment.hour}.{moment:%M}", f"{moment:%I:%M %p}", f"{moment.hour}u{moment:%M}"]
    joined = [f"{a} {b}" for a in dates for b in times]
    read = read_moments(pd.Series(joined, dtype="str"))
    assert set(read.day.tolist()) == {day} and set(read.minute.tolist()) == {clock}


@given(st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31)), st.integers(-11, 14))
def test_moments_with_an_offset_become_local_time(moment, hours):
    text = f"{moment:%Y-%m-%dT%H:%M:%S}{'-' if hours < 0 else '+'}{abs(hours):02d}:00"
    utc = moment.replace(microsecond=0, tzinfo=ZoneInfo("UTC")) - timedelta(hours=hours)
    local = utc.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert one(text) == (local.date(), local.hour * 60 + local.minute)


@given(st.dates(date(2015, 1, 1), date(2035, 12, 31)), st.integers(0, 1439))
def test_the_clock_changes_when_the_time_zone_database_says_so(day, minute):
    zone = ZoneInfo("Europe/Amsterdam")
    naive = datetime(day.year, day.month, day.day, minute // 60, minute % 60)
    exists = naive.replace(tzinfo=zone).astimezone(ZoneInfo("UTC")).astimezone(zone).replace(tzinfo=None) == naive
    twice = exists and naive.replace(tzinfo=zone).utcoffset() != naive.replace(tzinfo=zone, fold=1).utcoffset()
    read = read_moments(pd.Series([f"{naive:%Y-%m-%d %H:%M}"], dtype="str"))
    assert (bool(read.never[0]), bool(read.twice[0])) == (not exists, twice)


@pytest.mark.parametrize("year", range(2015, 2036))
def test_the_two_odd_hours_of_every_year_are_found(year):
    sundays = [max(d for d in (date(year, m, 25 + i) for i in range(7)) if d.weekday() == 6) for m in (3, 10)]
    read = read_moments(pd.Series([f"{d:%d-%m-%Y} 02:30" for d in sundays], dtype="str"))
    assert read.never.tolist() == [True, False] and read.twice.tolist() == [False, True]


@given(st.lists(st.from_regex(r"[0-3][0-9][-/. ][01][0-9][-/. ]20[0-9]{2}([ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?Z?)?", fullmatch=True), max_size=5)
       | st.lists(st.from_regex(r"20[0-9]{2}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:[0-6][0-9](:[0-6][0-9])?Z?)?", fullmatch=True), max_size=5))  # fmt: skip
def test_the_fast_way_and_the_slow_way_agree(texts):
    fast = _Parts.read(np.array(texts, dtype=object), epoch_1904=False).local()
    slow = _Parts.read(np.array([""] * len(texts), dtype=object), epoch_1904=False)
    for i, text in enumerate(texts):
        slow._one(i, text, epoch_1904=False)
    for a, b in zip(fast[:1] + fast[2:], slow.local()[:1] + slow.local()[2:], strict=True):
        assert np.array_equal(a, b, equal_nan=a.dtype.kind == "M")
    given_time = fast[2] == 1
    assert np.array_equal(fast[1][given_time], slow.local()[1][given_time])


@given(st.lists(st.text(max_size=30), max_size=8), st.lists(st.text(max_size=12), max_size=8))
def test_any_text_is_read_or_refused_but_never_fails(dates, times):
    n = min(len(dates), len(times))
    read = read_moments(pd.Series(dates[:n], dtype="str"), pd.Series(times[:n], dtype="str"))
    known = ~np.isnan(read.second)
    assert ((read.second[known] >= 0) & (read.second[known] < 86_400)).all()
    assert (np.isnat(read.day) == (read.missing | read.unreadable)).all()

"""ReportFilter: light, dark and school time, by the sun and the calendar."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.filter import ReportFilter
from geo.clock import SCHOOL_WINDOWS


def table(*moments):
    """Reports at "2025-06-21 22:30" each; without a time when none is given."""
    days, _, times = zip(*(text.partition(" ") for text in moments), strict=True)
    minutes = [float(t[:2]) * 60 + float(t[3:]) if t else np.nan for t in times]
    n = len(moments)
    return pd.DataFrame(
        {"x": [105_000.0] * n, "y": [425_000.0] * n, "event_date": pd.to_datetime(list(days)), "event_minute": minutes,
         "categories": [""] * n}
    )  # fmt: skip


def test_half_past_nine_in_the_evening_is_light_in_june_and_dark_in_december():
    reports = table("2025-06-21 21:30", "2025-12-21 21:30", "2025-12-21 12:00", "2025-12-21")
    assert ReportFilter(dark=True).mask(reports).tolist() == [False, True, False, False]
    assert ReportFilter(dark=False).mask(reports).tolist() == [True, False, True, False]


def test_after_school_is_on_school_days_only_and_holidays_are_none():
    reports = table("2025-06-02 15:00", "2025-06-02 08:00", "2025-06-07 15:00", "2025-07-21 15:00", "2025-06-02")
    after = ReportFilter(school=SCHOOL_WINDOWS[1:])
    assert after.mask(reports).tolist() == [True, False, False, True, False]
    summer = [(date(2025, 7, 19), date(2025, 8, 31))]
    assert after.mask(reports, holidays=summer).tolist() == [True, False, False, False, False]
    assert ReportFilter(school=SCHOOL_WINDOWS).mask(reports, holidays=summer).tolist()[:2] == [True, True]


@given(
    st.lists(st.datetimes(pd.Timestamp("2023-01-01"), pd.Timestamp("2026-12-31")), min_size=1, max_size=30),
    st.sampled_from([{}, {"hours": (22, 5)}, {"weekdays": (0, 4)}, {"school": SCHOOL_WINDOWS}]),
)
def test_what_has_a_time_is_either_dark_or_light_whatever_else_is_asked(when, others):
    reports = table(*(f"{moment:%Y-%m-%d %H:%M}" for moment in when))
    whole = ReportFilter(**others).mask(reports)
    dark, light = (ReportFilter(dark=which, **others).mask(reports) for which in (True, False))
    assert not (dark & light).any()
    assert ((dark | light) == whole).all()


@pytest.mark.parametrize("dark", [True, False])
def test_no_report_at_all_is_neither_dark_nor_light(dark):
    assert ReportFilter(dark=dark).mask(table("2025-06-02 15:00").iloc[:0]).tolist() == []


def spanned(first, last):
    """One report known from ``first`` to ``last``."""
    return table(first).assign(event_until=pd.Timestamp(last))


@pytest.mark.parametrize(
    ("first", "last", "hours", "passes"),
    [
        pytest.param("2025-06-02 20:00", "2025-06-02 22:00", (21, 21), True, id="half of it"),
        pytest.param("2025-06-02 20:00", "2025-06-02 23:00", (21, 21), False, id="a third of it"),
        pytest.param("2025-06-02 20:00", "2025-06-02 23:00", (20, 21), True, id="two thirds of it"),
        pytest.param("2025-06-02 23:00", "2025-06-03 01:00", (22, 5), True, id="all of it, past midnight"),
        pytest.param("2025-06-02 21:00", "2025-06-02 22:00", (22, 5), False, id="up to the hour, not in it"),
        pytest.param("2025-06-02 21:00", "2025-06-02 22:00", (6, 5), True, id="all hours, begun elsewhere"),
    ],
)
def test_a_span_passes_hours_that_hold_at_least_half_of_it(first, last, hours, passes):
    assert ReportFilter(hours=hours).mask(spanned(first, last)).tolist() == [passes]


def test_a_span_is_dark_or_light_by_most_of_it_and_in_school_time_likewise():
    dusk = spanned("2025-12-19 16:45", "2025-12-19 18:45")  # a Friday; dark from about 17:14
    assert ReportFilter(dark=True).mask(dusk).tolist() == [True]
    assert ReportFilter(dark=False).mask(dusk).tolist() == [False]
    home = spanned("2025-06-02 15:30", "2025-06-02 17:30")
    assert ReportFilter(school=SCHOOL_WINDOWS).mask(home).tolist() == [True]
    assert ReportFilter(school=SCHOOL_WINDOWS).mask(spanned("2025-06-02 16:00", "2025-06-02 18:00")).tolist() == [False]


@given(
    st.lists(
        st.tuples(st.datetimes(pd.Timestamp("2025-01-01"), pd.Timestamp("2025-12-31")), st.integers(0, 1440)),
        min_size=1,
        max_size=20,
    )
)
def test_a_span_is_dark_or_light_never_both_and_in_one_half_of_the_day_at_least(rows):
    reports = table(*(f"{moment:%Y-%m-%d %H:%M}" for moment, _ in rows))
    begin = reports["event_date"] + pd.to_timedelta(reports["event_minute"], unit="min")
    reports["event_until"] = begin + pd.to_timedelta([length for _, length in rows], unit="min")
    dark, light = (ReportFilter(dark=which).mask(reports) for which in (True, False))
    assert (dark ^ light).all()
    first, second = (ReportFilter(hours=hours).mask(reports) for hours in ((0, 11), (12, 23)))
    assert (first | second).all()

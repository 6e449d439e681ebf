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

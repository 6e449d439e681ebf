"""Reports known by from–to: spread over that time, and never counted twice."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import clock, context_shares, darkness, ledger, profile, spans
from geo.clock import weekday_hour

LON, LAT = 4.67, 51.81
BASE = np.datetime64("2025-03-28", "m")  # the clock changes within what is drawn
ROWS = st.lists(
    st.tuples(st.integers(0, 6 * 1440), st.one_of(st.none(), st.integers(0, 24 * 60))), min_size=1, max_size=25
)


def reports(rows):
    """Reports from (minutes after BASE, None unknown; minutes they last, None for one moment)."""
    start = np.array([np.datetime64("NaT") if a is None else BASE + a for a, _ in rows], dtype="datetime64[m]")
    last = np.array([np.timedelta64("NaT") if d is None else np.timedelta64(d, "m") for _, d in rows], "timedelta64[m]")
    day = start.astype("datetime64[D]")
    return pd.DataFrame(
        {
            "event_date": day.astype("datetime64[s]"),
            "event_minute": (start - day) / np.timedelta64(1, "m"),
            "event_until": (start + last).astype("datetime64[s]"),
            "categories": "nafluiten",
        }
    )


def span(first, last):
    return spans.Spans(start=np.array([first], dtype="datetime64[m]"), end=np.array([last], dtype="datetime64[m]"))


def dark(local):
    return darkness.is_dark(local, lon=LON, lat=LAT)


PARTS = {
    "dark": dark,
    "night": clock.at_night,
    "school": lambda local: clock.at_school_time(local, holidays=()),
}


@settings(deadline=None)
@given(ROWS, st.sampled_from(sorted(PARTS)), st.randoms())
def test_shares_equal_counting_minute_by_minute_whatever_the_order(rows, part, random):
    given_spans = spans.spans_of(reports(rows))
    expected = []
    for first, after in zip(given_spans.start, given_spans.end, strict=True):
        minutes = np.arange(first, max(after, first + 1))
        expected.append(PARTS[part](minutes).mean())
    found = spans.share_within(given_spans, PARTS[part])
    np.testing.assert_allclose(found, expected, atol=1e-12)
    order = random.sample(range(len(rows)), len(rows))
    np.testing.assert_array_equal(spans.share_within(given_spans.take(np.array(order)), PARTS[part]), found[order])


@settings(deadline=None)
@given(ROWS, st.sampled_from(sorted(PARTS)))
def test_a_part_of_time_and_the_rest_share_each_report_between_them(rows, part):
    given_spans = spans.spans_of(reports(rows))
    inside = spans.share_within(given_spans, PARTS[part])
    outside = spans.share_within(given_spans, lambda local: ~PARTS[part](local))
    np.testing.assert_allclose(inside + outside, 1.0)


@settings(deadline=None)
@given(st.lists(st.integers(0, 6 * 1440), min_size=1, max_size=25))
def test_an_end_that_is_the_begin_is_the_same_as_no_end_everywhere(starts):
    ended, plain = reports([(a, 0) for a in starts]), reports([(a, None) for a in starts])
    bare = plain.drop(columns="event_until")
    for other in (plain, bare):
        one, two = spans.spans_of(ended), spans.spans_of(other)
        assert not two.spread.any() and (spans.middle(one) == spans.middle(two)).all()
        np.testing.assert_array_equal(weekday_hour(one.start, one.end).values, weekday_hour(two.start, two.end).values)
        np.testing.assert_array_equal(spans.middle_minutes(ended), other["event_minute"])
        np.testing.assert_array_equal(spans.share_within(one, dark), dark(two.start))
        assert profile.hours(ended) == profile.hours(other)


@settings(deadline=None)
@given(ROWS)
def test_the_matrix_of_reports_adds_up_to_those_with_a_known_time(rows):
    table = reports([*rows, (None, None), (None, 60)])
    when = spans.spans_of(table)
    found = weekday_hour(when.start, when.end)
    assert found.values.sum() == pytest.approx(len(rows))
    assert (found.n_known, found.n_unknown) == (len(rows), 2)


@settings(deadline=None)
@given(ROWS)
def test_the_middle_lies_within_and_hours_and_parts_of_the_day_count_each_report_once(rows):
    table = reports(rows)
    when = spans.spans_of(table)
    halfway = spans.middle(when)
    assert ((when.start <= halfway) & (halfway <= when.end)).all()
    assert sum(profile.hours(table)) == len(rows)
    counted = ledger.count(table, np.full(len(rows), "BU01", dtype=object), {})
    assert counted["n"].sum() == len(rows) and ledger.UNKNOWN not in set(counted["part_of_day"])


@pytest.mark.parametrize(
    ("first", "last", "part", "share"),
    [
        pytest.param("2025-04-03T21:00", "2025-04-03T23:00", "night", 0.5, id="an hour before the night and one in it"),
        pytest.param("2025-04-03T21:00", "2025-04-03T22:00", "night", 0.0, id="until the night begins"),
        pytest.param("2025-04-03T23:00", "2025-04-04T04:00", "night", 1.0, id="past midnight"),
        pytest.param("2025-04-04T16:00", "2025-04-04T17:00", "school", 0.5, id="half on the way home"),
        pytest.param("2025-04-05T14:00", "2025-04-05T15:00", "school", 0.0, id="Saturday"),
        pytest.param("2025-12-21T15:00", "2025-12-21T21:00", "dark", 226 / 360, id="dusk ends at a quarter past five"),
    ],
)
def test_a_span_is_within_a_part_of_time_for_as_much_as_it_overlaps(first, last, part, share):
    assert spans.share_within(span(first, last), PARTS[part])[0] == pytest.approx(share, abs=0.01)


def test_likely_is_from_half_on_and_never_for_the_unknown():
    when = spans.Spans(
        start=np.array(["2025-04-03T21:00", "2025-04-03T20:59", "NaT"], dtype="datetime64[m]"),
        end=np.array(["2025-04-03T23:00", "2025-04-03T23:00", "NaT"], dtype="datetime64[m]"),
    )
    assert spans.likely(when, clock.at_night).tolist() == [True, False, False]


def test_the_middle_day_is_the_day_after_when_most_of_the_span_is():
    table = reports([(22 * 60, 180), (22 * 60, 300), (None, None)])
    table.loc[2, "event_date"] = pd.Timestamp("2025-04-01")
    assert spans.middle_days(table).astype(str).tolist() == ["2025-03-28", "2025-03-29", "2025-04-01"]


def test_an_end_before_its_begin_is_refused_by_name():
    table = reports([(600, 30)])
    table["event_until"] = pd.Timestamp("2025-03-27 23:00")
    with pytest.raises(ValueError, match=r"event_until 2025-03-27T23:00 lies before the start 2025-03-28T10:00"):
        spans.spans_of(table)


def test_three_thirds_of_reports_in_the_night_are_one_report_with_the_interval_of_one():
    when = reports([(21 * 60 + 20, 60)] * 3 + [(12 * 60, None)] * 2)  # 21:20–22:20: a third
    times = context_shares.times_of(
        when,
        asked=context_shares.Asked(),
        start=date(2025, 3, 28),
        end=date(2025, 3, 30),
        off=(),
        lon=LON,
        lat=LAT,
    )
    one = np.zeros(5, dtype=np.int64)
    spread = context_shares.time_shares(times.night, times.known, one, size=1, base_share=0.3)[0]
    whole = context_shares.time_shares(np.array([1.0, 0, 0, 0, 0]), times.known, one, size=1, base_share=0.3)[0]
    assert spread == whole
    assert (spread.n, spread.n_known, spread.share) == (1, 5, 0.2)

"""Probable duplicates and floods are found by sorting; here they are found by comparing everything with everything."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data import duplicates

DAYS = st.integers(0, 2)
NEAR = st.builds(
    lambda x, y, day, minute, label, reported: {
        "x": 100_000 + x / 2,
        "y": 420_000 + y / 2,
        "event_date": pd.NaT if day is None else pd.Timestamp("2025-03-01") + pd.Timedelta(days=day),
        "event_minute": np.nan if minute is None else float(minute),
        "reported_at": pd.NaT if reported is None else pd.Timestamp("2025-04-01") + pd.Timedelta(minutes=reported),
        "categories": label,
    },
    st.integers(0, 160),
    st.integers(0, 160),
    st.one_of(st.none(), DAYS, DAYS, DAYS),
    st.one_of(st.none(), st.sampled_from([0, 3, 5, 9, 10, 11, 15, 20, 21, 1430, 1435, 1439])),
    st.sampled_from(["", "nafluiten", "nafluiten"]),
    st.one_of(st.none(), st.integers(0, 200)),
)


def table(rows):
    frame = pd.DataFrame(rows, columns=["x", "y", "event_date", "event_minute", "reported_at", "categories"])
    kinds = {"x": float, "y": float, "event_minute": float, "categories": "str"}
    return frame.astype(kinds | dict.fromkeys(("event_date", "reported_at"), "datetime64[s]"))


def resembles(a, b):
    if any(pd.isna(r["event_date"]) or np.isnan(r["event_minute"]) for r in (a, b)):
        return False
    when = [r["event_date"] + pd.Timedelta(minutes=r["event_minute"]) for r in (a, b)]
    near = np.hypot(a["x"] - b["x"], a["y"] - b["y"]) <= duplicates.WITHIN_M
    soon = abs(when[0] - when[1]) <= pd.Timedelta(minutes=duplicates.WITHIN_MINUTES)
    return near and soon and a["categories"] == b["categories"]


@settings(max_examples=150, deadline=None)
@given(st.lists(NEAR, max_size=14), st.lists(NEAR, max_size=4))
def test_a_report_is_a_probable_duplicate_exactly_when_an_earlier_one_resembles_it(new, stored):
    found = duplicates.probable(table(new), table(stored) if stored else None)
    earlier = [[*stored, *new[:i]] for i in range(len(new))]
    assert found.tolist() == [any(resembles(r, e) for e in seen) for r, seen in zip(new, earlier, strict=True)]


@settings(max_examples=60, deadline=None)
@given(st.lists(NEAR, max_size=12), st.integers(2, 4))
def test_a_flood_is_every_hour_with_so_many_reports(rows, many):
    reports = table(rows)
    event = reports["event_date"] + pd.to_timedelta(reports["event_minute"], unit="min")
    bare = reports["reported_at"] == reports["reported_at"].dt.normalize()
    moment = reports["reported_at"].where(~bare & reports["reported_at"].notna(), event)
    flooded = np.zeros(len(reports), dtype=bool)
    for start in moment.dropna():
        inside = ((moment >= start) & (moment < start + pd.Timedelta(hours=1))).to_numpy()
        flooded |= inside & (inside.sum() >= many)
    with_many = duplicates.FLOOD_REPORTS
    try:
        duplicates.FLOOD_REPORTS = many
        assert duplicates.flood(reports).tolist() == flooded.tolist()
    finally:
        duplicates.FLOOD_REPORTS = with_many

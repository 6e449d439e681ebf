"""Filter controls and the address say the same thing."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import filter_values
from dashboard.services.types import Choices
from dashboard.state import FilterState
from data.categories import CATEGORIES
from geo.rates import Denominator, Per

CHOICES = Choices(
    first=date(2023, 2, 3),
    last=date(2025, 8, 31),
    categories=CATEGORIES,
    wijken=(("WK01", "Wijk 01 Binnenstad"),),
    buurten=(("BU0101", "Centrum"),),
    focus_areas=("Lijnbaan",),
    has_areas=True,
    is_demo=False,
    denominators=(
        Denominator(per=Per.INHABITANTS, values=np.array([100.0]), scale=1000.0),
        Denominator(per=Per.STREETS, values=np.array([2.0]), scale=1.0),
        Denominator(per=Per.WEIGHT, values=np.array([2.0]), scale=10.0, name="Telling & co; 2025", unit="fietsen"),
    ),
)
DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
STATES = st.builds(
    FilterState,
    start=st.none() | DAYS,
    end=st.none() | DAYS,
    hours=st.tuples(st.integers(0, 23), st.integers(0, 23)),
    weekdays=st.sets(st.integers(0, 6)).map(lambda days: tuple(sorted(days))),
    categories=st.lists(st.sampled_from(CATEGORIES), unique=True).map(tuple),
    area=st.sampled_from(["", "Lijnbaan", "WK01", "Kromhout e.o."]),
    eps_m=st.none() | st.integers(10, 500).map(float),
    min_samples=st.none() | st.integers(2, 1000),
    light=st.sampled_from(["", "dark", "light"]),
    school=st.sampled_from(["", "around", "before", "after"]),
    shade=st.sampled_from(["count", "change", "rate", "streets", "weight:Telling & co; 2025"]),
)


@given(STATES)
def test_an_address_holds_the_whole_state(state):
    assert FilterState.from_query("?" + state.to_query()) == state


def test_a_part_of_the_day_is_its_hours_and_other_hours_are_none():
    hours = [filter_values.hours_of_part(part) for part in (*filter_values.PARTS, None)]
    assert hours == [(0, 5), (6, 11), (12, 17), (18, 23), (0, 23)]
    assert [filter_values.part_of(h) for h in hours] == [*filter_values.PARTS, None]
    assert filter_values.part_of((22, 5)) is None


@given(st.dates(date(2015, 1, 1), date(2026, 12, 31)), st.integers(0, 4000))
def test_every_preset_is_another_period_that_holds_a_day_of_the_reports(first, days):
    choices = replace(CHOICES, first=first, last=first + timedelta(days=days))
    found = filter_values.presets(choices)
    assert len(set(found.values())) == len(found)
    assert all((end or choices.last) >= first and (start or first) <= choices.last for start, end in found.values())


@given(STATES)
def test_controls_that_show_a_state_hold_that_state(state):
    back = filter_values.to_state(filter_values.to_values(state, CHOICES))
    assert hours_held(back.hours) == hours_held(state.hours)
    assert replace(back, hours=state.hours) == state


def test_a_colour_this_store_cannot_compute_shows_as_the_count():
    for shade in ("boardings", "weight:Van elders"):
        assert filter_values.to_values(FilterState(shade=shade), CHOICES)["shade"] == "count"


def hours_held(hours):
    first, last = hours
    return {h % 24 for h in range(first, last + 1 if first <= last else last + 25)}


@given(st.integers(0, 23), st.integers(1, 24), st.booleans())
def test_slider_bounds_mean_the_hours_between_or_outside_them(low, high, wrap):
    if low >= high:
        return
    between = set(range(low, high))
    meant = set(range(24)) - between if wrap else between
    first, last = filter_values.hours_of([low, high], wrap=wrap)
    assert hours_held((first, last)) == (meant or set(range(24)))


@pytest.mark.parametrize(
    ("key", "start", "end"),
    [
        ("all", None, None),
        ("12m", date(2024, 9, 1), date(2025, 8, 31)),
        ("3m", date(2025, 6, 1), date(2025, 8, 31)),
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2025-Q3", date(2025, 7, 1), date(2025, 9, 30)),
        ("2024-Q3", date(2024, 7, 1), date(2024, 9, 30)),
        ("2025/2026", date(2025, 8, 1), date(2026, 7, 31)),
        ("2023/2024", date(2023, 8, 1), date(2024, 7, 31)),
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
    ],
)
def test_a_preset_is_the_period_its_name_says(key, start, end):
    assert filter_values.presets(CHOICES)[key] == (start, end)
    assert filter_values.preset_of(FilterState(start=start, end=end), CHOICES) == key


@given(st.dates(date(2001, 3, 1), date(2030, 12, 31)), st.integers(1, 24))
def test_so_many_months_back_from_any_day_is_a_day_that_exists_and_lies_before_it(day, months):
    start = filter_values.months_before(day, months)
    assert 27 * months <= (day - start).days + 1 <= 31 * months


def test_any_other_period_is_a_custom_one():
    assert filter_values.preset_of(FilterState(start=date(2025, 1, 2)), CHOICES) == filter_values.CUSTOM


def test_half_a_period_is_not_asked_yet():
    assert filter_values.incomplete({"dates": ["2025-01-01", None]})
    assert not filter_values.incomplete({"dates": ["2025-01-01", "2025-02-01"]})
    assert not filter_values.incomplete({"dates": [None, None]})
    assert not filter_values.incomplete({"dates": None})


def test_what_a_tampered_page_sends_is_read_by_the_rules_of_the_address():
    state = filter_values.to_state(
        {"dates": ["x", "2025-02-30"], "hours": [0, 24], "eps": "9999", "min": "-1", "shade": "<b>", "area": None}
    )
    assert state == FilterState()

"""Class breaks are few, round, and hold every value exactly once."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from layers.classes import breaks, class_labels, class_of

counts = arrays(np.int64, st.integers(1, 150), elements=st.integers(0, 100_000))
rates = arrays(np.float64, st.integers(1, 150), elements=st.floats(0, 1e6, allow_subnormal=False))


def plain(x):
    return f"{x:g}"


def is_round(bound):
    """Whether a number has at most two digits that matter."""
    return bound == 0 or float(f"{bound:.2g}") == pytest.approx(bound)


def test_small_counts_with_a_few_large_ones_get_doubling_classes():
    values = [0] * 17 + [1] * 4 + [2] * 7 + [3] * 6 + [5, 22, 28, 45]
    bounds = breaks(values)
    assert bounds == (2, 5, 10, 20, 50)
    assert class_labels(bounds, number=plain) == ("0–2", "3–5", "6–10", "11–20", "21–50")


def test_evenly_spread_rates_get_equal_steps():
    bounds = breaks(np.linspace(0, 0.97, 50), whole=False)
    assert bounds == pytest.approx((0.2, 0.4, 0.6, 0.8, 1.0))
    assert class_labels(bounds, whole=False, number=plain)[:2] == ("0–0.2", "0.2–0.4")


@pytest.mark.parametrize("values", [[], [0, 0], [np.nan], [np.nan, 0]])
def test_without_any_report_there_is_one_class_called_zero(values):
    assert breaks(values) == (0.0,)
    assert class_labels((0.0,), number=plain) == ("0",)


def test_a_class_of_one_number_is_called_by_that_number():
    assert class_labels((2, 3, 5), number=plain) == ("0–2", "3", "4–5")


def test_no_figure_falls_in_the_class_after_the_last_and_too_large_in_the_last():
    assert class_of([0, 2, 3, 5, 9, np.nan], bounds=(2.0, 5.0)).tolist() == [0, 0, 1, 1, 1, 2]


@given(counts, st.integers(1, 5))
def test_breaks_of_counts_are_round_rising_few_and_reach_the_largest(values, n):
    bounds = breaks(values, n=n)
    assert 1 <= len(bounds) <= n
    assert all(a < b for a, b in pairwise(bounds))
    assert bounds[-1] >= values.max()
    assert all(is_round(bound) and float(bound).is_integer() for bound in bounds)


@given(rates)
def test_every_rate_lies_within_the_bounds_of_its_class(values):
    bounds = breaks(values, whole=False)
    edges = np.array([-np.inf, *bounds])
    position = class_of(values, bounds=bounds)
    assert (values <= edges[position + 1] * (1 + 1e-9)).all()
    assert (values > edges[position]).all()


@given(counts, st.randoms(use_true_random=False))
def test_breaks_do_not_depend_on_the_order_of_the_areas(values, random):
    shuffled = values.tolist()
    random.shuffle(shuffled)
    assert breaks(shuffled) == breaks(values)

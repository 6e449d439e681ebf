"""Figures of one place over several periods: what follows from them together."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import milp

from geo.differencing import Said, isolated
from geo.disclosure import rounded

K = 10


def said(first, end, n, k=K):
    """A figure as it is handed out."""
    return Said(first, end, max(k, rounded(n) - 2), rounded(n) + 2)


def test_a_year_and_its_quarters_short_of_one_isolate_the_rest():
    assert isolated([said(0, 4, 25), said(0, 3, 20)], k=K) == (3, 4)
    assert isolated([said(0, 4, 35), said(0, 3, 20)], k=K) is None  # the rest may be ten or more
    assert isolated([said(0, 4, 20), said(0, 3, 20)], k=K) is None  # the rest may be none


def test_two_that_say_nothing_apart_tell_something_by_a_third():
    whole, left, right = said(0, 4, 40, k=15), said(0, 2, 15, k=15), said(3, 4, 15, k=15)
    assert isolated([whole, left], k=15) is None and isolated([whole, right], k=15) is None
    assert isolated([whole, left, right], k=15) == (2, 3)


def test_the_same_period_told_twice_with_a_small_difference_is_seen():
    assert isolated([said(0, 4, 20), said(0, 4, 25)], k=K) == (0, 4)
    assert isolated([said(0, 4, 20), said(0, 4, 40)], k=K) is None
    assert isolated([said(0, 4, 20), said(0, 4, 20)], k=K) is None


def test_figures_that_are_not_of_one_place_tell_nothing():
    assert isolated([said(0, 4, 15), said(0, 2, 60)], k=K) is None
    assert isolated([], k=K) is None


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 30), min_size=5, max_size=5),
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 5)), min_size=1, max_size=5, unique=True),
)
def test_the_bounds_are_those_of_integer_programming(counts, periods):
    periods = [(a, b) for a, b in periods if a < b and sum(counts[a:b]) >= K]
    figures = [said(a, b, sum(counts[a:b])) for a, b in periods]
    rows = np.array([[a <= q < b for q in range(5)] for a, b in periods], dtype=float).reshape(-1, 5)
    low, high = [f.low for f in figures], [f.high for f in figures]
    edges = sorted({e for p in periods for e in p})

    def bound(a, b, sign):
        cost = sign * np.array([a <= q < b for q in range(5)], dtype=float)
        found = milp(cost, constraints=(rows, low, high), integrality=np.ones(5), bounds=(0, np.inf))
        return np.inf if found.x is None else round(sign * found.fun)  # nothing bounds it; there is always a table

    leaking = [
        (a, b) for i, a in enumerate(edges) for b in edges[i + 1 :] if bound(a, b, 1) >= 1 and bound(a, b, -1) < K
    ]
    assert isolated(figures, k=K) == (leaking[0] if leaking else None)

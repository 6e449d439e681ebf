"""Knox's test against its definition, pair by pair, and against what its null must do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.knox import knox

SETTINGS = {"distance_m": 100.0, "days": 7.0, "seed": 1}


def scattered(seed, n=300, days=365):
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 2000, n), rng.uniform(0, 2000, n), rng.integers(0, days, n).astype(float)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_observed_pairs_are_those_of_the_definition_in_any_order(seed):
    x, y, t = scattered(seed, 120)
    near = np.hypot(x[:, None] - x, y[:, None] - y) <= 100
    soon = np.abs(t[:, None] - t) <= 7
    above = np.triu(np.ones((120, 120), bool), k=1)
    found = knox(x, y, t, permutations=19, **SETTINGS)
    assert found.n_pairs == (near & above).sum()
    assert found.observed == (near & soon & above).sum()
    order = np.random.default_rng(seed).permutation(120)
    assert knox(x[order], y[order], t[order], permutations=19, **SETTINGS) == found


def test_expected_is_pairs_near_in_place_times_pairs_near_in_time_over_all_pairs():
    x, y, t = scattered(3, 400)
    found = knox(x, y, t, **SETTINGS)
    soon = (np.abs(t[:, None] - t) <= 7)[np.triu_indices(400, k=1)].mean()  # Knox's own expectation
    assert found.expected == pytest.approx(found.n_pairs * soon, rel=0.03)


def test_planted_near_repeats_are_found():
    x, y, t = scattered(5, 300)
    rng = np.random.default_rng(6)
    again = rng.integers(0, 300, 60)
    x2, y2 = x[again] + rng.normal(0, 30, 60), y[again] + rng.normal(0, 30, 60)
    found = knox(np.r_[x, x2], np.r_[y, y2], np.r_[t, t[again] + rng.integers(0, 5, 60)], **SETTINGS)
    assert found.ratio > 1.5 and found.p == pytest.approx(0.001)


def test_without_near_repeats_p_is_spread_evenly():
    p = [knox(*scattered(s, 150), permutations=99, **SETTINGS).p for s in range(60)]
    assert 0.35 < np.mean(p) < 0.65
    assert sum(v <= 0.05 for v in p) <= 8


def test_a_pile_of_a_million_is_tested_on_a_part_and_says_so():
    rng = np.random.default_rng(1)
    n = 1_000_000
    x, y = np.full(n, 105_000.0), np.full(n, 425_000.0)
    x[: n // 20] += rng.uniform(-5000, 5000, n // 20)
    found = knox(x, y, rng.uniform(0, 365, n), permutations=19, **SETTINGS)
    assert found.n == n and found.n_used < 2000
    assert found.n_pairs <= 1_000_000
    assert found.ratio == pytest.approx(1.0, abs=0.05)


def test_a_dense_city_is_tested_on_a_part_with_the_same_ratio():
    rng = np.random.default_rng(2)
    home, when = rng.uniform(0, 3000, (400, 2)), rng.uniform(0, 365, 400)
    which = rng.integers(0, 400, 8000)
    x, y = (home[which] + rng.normal(0, 40, (8000, 2))).T
    t = when[which] + rng.uniform(0, 60, 8000)
    whole = knox(x, y, t, permutations=19, **SETTINGS)
    part = knox(x, y, t, permutations=19, most_pairs=20_000, **SETTINGS)
    assert whole.n_used == 8000 and part.n_pairs < 40_000
    assert part.ratio == pytest.approx(whole.ratio, rel=0.15)


def test_too_few_reports_or_pairs_give_no_statement():
    nothing = np.zeros(0)
    assert knox(nothing, nothing, nothing, **SETTINGS) is None
    assert knox(np.array([1.0]), np.array([1.0]), np.array([1.0]), **SETTINGS) is None
    assert knox(np.arange(9) * 1000.0, np.zeros(9), np.zeros(9), **SETTINGS) is None
    nan = np.full(50, np.nan)
    assert knox(nan, nan, nan, **SETTINGS) is None
    assert knox(np.zeros(50), np.zeros(50), nan, **SETTINGS) is None


def test_all_at_one_place_and_one_day_is_no_evidence():
    found = knox(np.zeros(30), np.zeros(30), np.zeros(30), permutations=99, **SETTINGS)
    assert (found.observed, found.ratio, found.p) == (435, 1.0, 1.0)


@pytest.mark.parametrize("wrong", [{"distance_m": 0.0}, {"days": -1.0}, {"days": np.nan}])
def test_nonsense_is_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        knox(*scattered(1), **(SETTINGS | wrong))

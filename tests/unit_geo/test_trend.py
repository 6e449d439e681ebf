"""Mann–Kendall and Sen against a published example and scipy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, theilslopes

from geo.trend import mann_kendall

# Little (College of the Holy Cross), "A Mann-Kendall example by hand": S = 54, Z = 2.9058
BY_HAND = [12.9, 14.8, 13.2, 15.7, 13.8, 15.6, 12.9, 11.0, 17.3, 15.9, 19.0, 18.3, 20.1, 21.7]

SERIES = st.lists(st.integers(0, 40), min_size=4, max_size=30)


def test_the_published_example_gives_its_s_variance_and_z():
    found = mann_kendall(BY_HAND)
    assert found.s == 54
    assert found.variance == pytest.approx(14 * 13 * 33 / 18 - 2 * 1 * 9 / 18)
    assert found.z == pytest.approx(2.9058, abs=5e-5)
    assert found.p == pytest.approx(2 * 0.0018, abs=1e-4)


def test_s_and_slope_equal_scipys():
    rng = np.random.default_rng(1)
    v = rng.normal(size=40).cumsum()
    found = mann_kendall(v)
    assert found.s == round(kendalltau(np.arange(40), v).statistic * 40 * 39 / 2)
    slope, _, low, high = theilslopes(v)
    assert found.slope == pytest.approx(slope)
    assert found.slope_low <= low < slope < high <= found.slope_high


def test_without_continuity_the_p_is_scipys_asymptotic_one():
    rng = np.random.default_rng(2)
    v = rng.integers(0, 9, 25)
    found = mann_kendall(v)
    from scipy.stats import norm

    asymptotic = kendalltau(np.arange(25), v, method="asymptotic").pvalue
    assert 2 * norm.sf(abs(found.s) / np.sqrt(found.variance)) == pytest.approx(asymptotic)


@settings(deadline=None)
@given(SERIES)
def test_turning_time_around_turns_the_trend_around(values):
    there, back = mann_kendall(values), mann_kendall(values[::-1])
    assert back.s == -there.s
    assert back.slope == pytest.approx(-there.slope)
    assert back.p == pytest.approx(there.p)


@settings(deadline=None)
@given(SERIES, st.integers(1, 9), st.integers(-5, 5))
def test_a_constant_added_or_a_scale_changes_no_test_and_scales_the_slope(values, scale, shift):
    plain, changed = mann_kendall(values), mann_kendall(np.array(values) * scale + shift)
    assert (changed.s, changed.variance) == (plain.s, plain.variance)
    assert changed.slope == pytest.approx(plain.slope * scale)


def test_a_missing_period_keeps_the_others_in_their_place():
    assert mann_kendall([1, np.nan, 3, 4, 5]).slope == pytest.approx(1.0)
    assert mann_kendall([1, np.nan, 3, 4, 5]).n == 4


def test_a_constant_series_is_no_trend_and_three_periods_are_too_few():
    flat = mann_kendall([3, 3, 3, 3, 3])
    assert (flat.s, flat.z, flat.p, flat.slope) == (0, 0.0, 1.0, 0.0)
    assert mann_kendall([1, 2, 3]) is None
    assert mann_kendall([]) is None
    assert mann_kendall([np.nan] * 9) is None


def test_infinite_values_are_refused_by_name():
    with pytest.raises(ValueError, match="inf"):
        mann_kendall([1.0, np.inf, 2, 3, 4])

"""Places chosen beforehand are tested as binomial counts, and many of them together by false discovery rate."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from geo import nulls, windows

X0, Y0, SIDE = 100_000.0, 420_000.0, 4_000.0
SQUARE = gpd.GeoDataFrame({"code": ["B"]}, geometry=[shapely.box(X0, Y0, X0 + SIDE, Y0 + SIDE)], crs="EPSG:28992")
UNIFORM = nulls.uniform(np.array([]), np.array([]), on=nulls.land(SQUARE))


def places(seed, n):
    rng = np.random.default_rng(seed)
    return rng.uniform(X0, X0 + SIDE, n), rng.uniform(Y0, Y0 + SIDE, n)


def test_p_is_the_binomial_tail_to_within_what_so_many_draws_can_tell():
    x, y = places(1, 2_000)
    circles = windows.circles(*places(2, 60), radius_m=120)
    result = windows.against_chance(x, y, windows=circles, null=UNIFORM, runs=9_999, seed=3)
    exact = binom.sf(result.counts - 1, 2_000, UNIFORM.shares(circles))
    assert np.abs(result.p - exact).max() < 0.02
    assert result.p.min() >= 1 / 10_000


def test_in_noise_windows_are_seldom_significant_and_a_window_round_a_planted_place_is():
    x, y = places(5, 2_000)
    cx, cy = places(6, 500)
    circles = windows.circles(np.r_[cx, X0 + 1000], np.r_[cy, Y0 + 1000], radius_m=100)
    quiet = windows.against_chance(x, y, windows=circles, null=UNIFORM, seed=1)
    assert quiet.significant.sum() <= 1
    rng = np.random.default_rng(7)
    x, y = np.r_[x, rng.normal(X0 + 1000, 30, 60)], np.r_[y, rng.normal(Y0 + 1000, 30, 60)]
    loud = windows.against_chance(x, y, windows=circles[-1:], null=UNIFORM, seed=1)
    assert loud.p[0] == 1 / 1000 and loud.significant[0]


def test_q_is_benjamini_hochbergs_step_up():
    result = windows.against_chance(
        *places(9, 500), windows=windows.circles(*places(10, 40), radius_m=150), null=UNIFORM, seed=1
    )
    order = np.argsort(result.p)
    stepped = result.p[order] * 40 / np.arange(1, 41)
    expected = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1)
    np.testing.assert_allclose(result.q[order], expected)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1_000), st.integers(0, 200))
def test_counts_are_those_of_every_window_by_itself_overlaps_included(seed, n):
    x, y = places(seed, n)
    some = windows.circles(*places(seed + 1, 12), radius_m=700)
    counts = windows.inside(x, y, some)
    assert counts.tolist() == [int(shapely.intersects_xy(w, x, y).sum()) for w in some]


def test_order_of_reports_and_seed_decide_as_they_should():
    x, y = places(1, 300)
    circles = windows.circles(*places(2, 20), radius_m=200)
    first = windows.against_chance(x, y, windows=circles, null=UNIFORM, seed=4)
    again = windows.against_chance(x[::-1], y[::-1], windows=circles, null=UNIFORM, seed=4)
    other = windows.against_chance(x, y, windows=circles, null=UNIFORM, seed=5)
    np.testing.assert_array_equal(first.p, again.p)
    assert not np.array_equal(first.p, other.p)


def test_no_windows_no_reports_and_windows_off_the_map_are_answers_not_errors():
    none = windows.against_chance(*places(1, 10), windows=np.array([], dtype=object), null=UNIFORM, seed=1)
    assert len(none.p) == len(none.q) == 0
    away = np.array([shapely.box(0, 0, 10, 10), shapely.Polygon()], dtype=object)
    empty = windows.against_chance(np.array([]), np.array([]), windows=away, null=UNIFORM, seed=1)
    assert empty.counts.tolist() == [0, 0] and empty.p.tolist() == [1.0, 1.0]


def test_an_exception_in_progress_ends_the_test():
    def cancel(share):
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        windows.against_chance(
            *places(1, 10), windows=windows.circles(*places(1, 3), radius_m=50), null=UNIFORM, seed=1, progress=cancel
        )


@pytest.mark.parametrize("radius_m", [0.0, -1.0, float("nan")])
def test_a_radius_that_is_no_distance_is_refused(radius_m):
    with pytest.raises(ValueError, match="radius_m"):
        windows.circles(*places(1, 3), radius_m=radius_m)

"""The nulls put reports where they say they do: on land, by weight, smoothed without losing any."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from geo import nulls
from geo.kernels.nulls import alias_table

X0, Y0 = 100_000.0, 420_000.0
NOWHERE = np.array([])


def areas_of(*boxes, water=None):
    return gpd.GeoDataFrame(
        {"code": [f"B{i}" for i in range(len(boxes))], "water": water or [False] * len(boxes)},
        geometry=[shapely.box(X0 + a, Y0 + b, X0 + c, Y0 + d) for a, b, c, d in boxes],
        crs="EPSG:28992",
    )


TWO_BANKS = areas_of((0, 0, 1000, 400), (0, 400, 1000, 600), (0, 600, 1000, 1000), water=[False, True, False])


def test_land_is_counted_to_the_cell_and_water_is_none():
    land = nulls.land(TWO_BANKS)
    assert land.share[:20, :20].sum() * 2500 == pytest.approx(1000 * 800)
    assert land.share[9, 5] == 0.0


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=200).filter(lambda w: sum(w) > 1e-6))
def test_the_alias_table_keeps_every_probability(weights):
    weights = np.array(weights)
    keep, other = alias_table(weights)
    got = keep.copy()
    np.add.at(got, other, 1 - keep)
    np.testing.assert_allclose(got / len(weights), weights / weights.sum(), atol=1e-12)


def test_uniform_reports_never_fall_in_water_and_are_as_many_per_m2_on_both_banks():
    null = nulls.uniform(NOWHERE, NOWHERE, on=nulls.land(TWO_BANKS))
    x, y = null.draw(2_000, runs=10, rng=np.random.default_rng(1))
    assert x.shape == y.shape == (10, 2_000)
    assert not ((y > Y0 + 400) & (y < Y0 + 600)).any()
    assert (x >= X0).all() and (x <= X0 + 1000).all()
    assert chisquare(np.histogram2d(x.ravel(), y.ravel(), bins=[10, [Y0, Y0 + 200, Y0 + 400]])[0].ravel()).pvalue > 1e-4


def test_the_same_generator_draws_the_same_places():
    null = nulls.uniform(NOWHERE, NOWHERE, on=nulls.land(TWO_BANKS))
    first, second = (null.draw(50, runs=3, rng=np.random.default_rng(7)) for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_a_report_in_water_or_beyond_the_areas_shows_that_one_can_be_there():
    x, y = np.array([X0 + 500, X0 - 120]), np.array([Y0 + 500, Y0 + 1300])
    null = nulls.uniform(x, y, on=nulls.land(TWO_BANKS))
    rows, columns = ((y - null.y0) // 50).astype(int), ((x - null.x0) // 50).astype(int)
    assert (null.probability[rows, columns] > 0).all()
    assert null.probability.sum() == pytest.approx(1)


def test_smoothing_keeps_each_report_and_gives_back_to_land_what_water_would_take():
    x, y = np.full(100, X0 + 500.0), np.full(100, Y0 + 390.0)
    null = nulls.smoothed(x, y, on=nulls.land(TWO_BANKS), bandwidth_m=300)
    assert null.probability.sum() == pytest.approx(1)
    assert null.probability[9, 5] == 0.0
    assert null.expected(100, shapely.box(X0, Y0 + 401, X0 + 1000, Y0 + 599)) < 1


def test_smoothing_leaves_nothing_of_a_hotspot_smaller_than_the_bandwidth():
    land = nulls.land(areas_of((0, 0, 4000, 4000)))
    rng = np.random.default_rng(3)
    x, y = rng.normal(X0 + 2000, 30, 100), rng.normal(Y0 + 2000, 30, 100)
    null = nulls.smoothed(x, y, on=land, bandwidth_m=400)
    around = shapely.Point(X0 + 2000, Y0 + 2000).buffer(100)
    assert null.expected(100, around) == pytest.approx(100 * np.pi * 100**2 / (2 * np.pi * 400**2), rel=0.1)


def test_a_weight_divides_reports_over_areas_and_leaves_one_in_twenty_to_all_land():
    areas = areas_of((0, 0, 500, 1000), (500, 0, 1000, 1000), (1000, 0, 2000, 1000))
    null = nulls.weighted(
        NOWHERE, NOWHERE, on=nulls.land(areas), weights=np.array([300.0, 100.0, np.nan]), name="inwoners"
    )
    got = null.shares(np.asarray(areas.geometry))
    np.testing.assert_allclose(got, [0.95 * 0.75 + 0.05 / 4, 0.95 * 0.25 + 0.05 / 4, 0.05 / 2], atol=1e-9)
    assert (null.kind, null.detail) == (nulls.NullKind.WEIGHTED, "inwoners")


def test_expected_numbers_follow_the_area_of_a_circle():
    null = nulls.uniform(NOWHERE, NOWHERE, on=nulls.land(areas_of((0, 0, 2000, 2000))))
    circle = shapely.Point(X0 + 1013, Y0 + 977).buffer(150)
    assert null.expected(1000, circle) == pytest.approx(1000 * circle.area / 4e6, rel=0.02)
    assert null.expected(1000, shapely.box(0, 0, 10, 10)) == 0.0
    assert null.expected(1000, shapely.Polygon()) == 0.0


def test_without_boundaries_land_is_the_hull_of_the_reports_even_of_one():
    one = nulls.land_of_reports(np.array([X0]), np.array([Y0]))
    assert one.share.sum() * 2500 == pytest.approx(np.pi * 100**2, rel=0.05)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda land: nulls.smoothed(NOWHERE, NOWHERE, on=land), "no reports"),
        (lambda land: nulls.smoothed(np.array([X0]), np.array([Y0]), on=land, bandwidth_m=0), "bandwidth_m = 0"),
        (lambda land: nulls.uniform(np.array([np.nan]), np.array([Y0]), on=land), "finite"),
        (lambda land: nulls.uniform(np.array([X0 + 5e7]), np.array([Y0 + 5e7]), on=land), "too far"),
        (lambda land: nulls.weighted(NOWHERE, NOWHERE, on=land, weights=np.zeros(3), name="w"), "weight 'w'"),
        (lambda land: nulls.weighted(NOWHERE, NOWHERE, on=land, weights=np.array([0, 1.0, 0]), name="w"), "no land"),
        (lambda land: nulls.land(areas_of((0, 0, 9, 9), water=[True])), "no land"),
        (lambda land: nulls.land(areas_of((0, 0, 300_000, 300_000))), "larger cells"),
        (lambda land: nulls.land_of_reports(NOWHERE, NOWHERE), "no reports"),
    ],
)
def test_what_means_nothing_is_refused_by_name(make, message):
    with pytest.raises(ValueError, match=message):
        make(nulls.land(TWO_BANKS))

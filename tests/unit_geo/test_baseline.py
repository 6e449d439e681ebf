"""Near schools and stops, beside the share of land or street that is as near."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from geo.baseline import distances, land, near

RD = "EPSG:28992"
LAND = shapely.box(0, 0, 2000, 1000)


def places(*points):
    return gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in points], crs=RD)


def test_the_share_of_land_is_the_circles_area_and_overlap_counts_once():
    one = near(np.array([]), np.array([]), places((1000, 500)), base=LAND, radii_m=[100.0])[0]
    assert one.base_share == pytest.approx(np.pi * 100**2 / 2e6, rel=1e-3)
    twice = near(np.array([]), np.array([]), places((1000, 500), (1000, 500)), base=LAND, radii_m=[100.0])[0]
    assert twice.base_share == pytest.approx(one.base_share)
    edge = near(np.array([]), np.array([]), places((0, 500)), base=LAND, radii_m=[100.0])[0]
    assert edge.base_share == pytest.approx(one.base_share / 2, rel=1e-3)


def test_reports_anywhere_on_land_have_a_ratio_of_one_in_19_of_20_cities():
    covered = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        x, y = rng.uniform(0, 2000, 2000), rng.uniform(0, 1000, 2000)
        schools = places(*rng.uniform(0, 1000, (6, 2)))
        for one in near(x, y, schools, base=LAND, radii_m=(100.0, 200.0)):
            covered.append(one.low < 1 < one.high)
            interval = binomtest(one.n, one.n_base).proportion_ci()
            assert one.low == pytest.approx(interval.low / one.base_share)
            assert one.high == pytest.approx(interval.high / one.base_share)
    assert np.mean(covered) >= 0.9


def test_reports_at_the_school_gate_stand_out():
    rng = np.random.default_rng(1)
    x = np.r_[rng.normal(500, 20, 30), rng.uniform(0, 2000, 100)]
    y = np.r_[rng.normal(500, 20, 30), rng.uniform(0, 1000, 100)]
    found = near(x, y, places((500, 500)), base=LAND)
    assert found[1].low > 5
    assert [one.radius_m for one in found] == [50, 100, 200, 400]


def test_the_boundary_is_near_and_reports_on_water_are_in_no_count():
    x, y = np.array([100.0, 100.1, 3000.0, np.nan]), np.array([0.0, 0.0, 0.0, 0.0])
    found = near(x, y, places((0, 0)), base=LAND, radii_m=[100.0])[0]
    assert (found.n, found.n_base) == (1, 2)


def test_streets_are_a_base_by_length():
    street = shapely.LineString([(0, 0), (1000, 0)])
    found = near(np.array([10.0, 600.0]), np.array([5.0, 5.0]), places((0, 0)), base=street, radii_m=[250.0])[0]
    assert found.base_share == pytest.approx(0.25)
    assert (found.n, found.n_base, found.ratio) == (1, 2, pytest.approx(2.0))


def test_land_is_every_area_that_is_not_water():
    areas = gpd.GeoDataFrame({"water": [False, True]}, geometry=[shapely.box(0, 0, 9, 9), LAND], crs=RD)
    assert land(areas).area == 81
    assert land(areas[["geometry"]]).area == LAND.area


COORDINATE = st.floats(0, 1000)
POINTS = st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None)
@given(POINTS, POINTS)
def test_distances_are_the_smallest_ones_and_counts_grow_with_the_radius(reports, schools):
    x, y = np.array(reports).T
    features = np.array(schools)
    expected = np.hypot(x[:, None] - features[:, 0], y[:, None] - features[:, 1]).min(axis=1)
    np.testing.assert_allclose(distances(x, y, places(*schools)), expected, atol=1e-9)
    found = near(x, y, places(*schools), base=LAND)
    assert [one.n for one in found] == sorted(one.n for one in found)
    assert [one.base_share for one in found] == sorted(one.base_share for one in found)
    assert all(0 <= one.share <= 1 and one.low <= one.ratio <= one.high for one in found)


def test_no_features_no_reports_or_no_place_give_clear_answers():
    nothing = np.array([])
    assert near(nothing, nothing, places(), base=LAND) == ()
    empty = near(nothing, nothing, places((5, 5)), base=LAND)[0]
    assert empty.n_base == 0 and np.isnan(empty.ratio) and empty.base_share > 0
    assert distances(np.array([1.0, np.nan]), np.array([1.0, 1.0]), places()).tolist()[0] == np.inf
    far = near(np.array([5.0]), np.array([5.0]), places((9e5, 9e5)), base=LAND)[0]
    assert far.base_share == 0 and np.isnan(far.ratio)


def test_nonsense_is_refused_by_name():
    with pytest.raises(ValueError, match="neither area nor length"):
        near(np.zeros(1), np.zeros(1), places((0, 0)), base=shapely.Polygon())
    with pytest.raises(ValueError, match="radius -5"):
        near(np.zeros(1), np.zeros(1), places((0, 0)), base=LAND, radii_m=[-5])

"""Every point gets exactly one area or none, by a rule that does not depend on the order of anything."""

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import RD
from geo.join import OUTSIDE, assign, inside


def grid_city(side=4, cell=100.0):
    boxes = [
        (i, j, shapely.box(i * cell, j * cell, (i + 1) * cell, (j + 1) * cell))
        for i in range(side)
        for j in range(side)
    ]
    return gpd.GeoDataFrame({"code": [f"BU{i}{j}" for i, j, _ in boxes]}, geometry=[box for *_, box in boxes], crs=RD)


COORDINATE = st.one_of(st.floats(-50, 450), st.integers(-1, 5).map(lambda n: n * 100.0))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(COORDINATE, COORDINATE), min_size=1, max_size=50), st.randoms(use_true_random=False))
def test_the_same_point_gets_the_same_area_whatever_the_order_of_points_or_areas(points, random):
    areas = grid_city()
    x, y = np.array(points).T
    codes = np.append(areas["code"].to_numpy(), "")[assign(x, y, areas)]
    shuffled = list(range(len(areas)))
    random.shuffle(shuffled)
    other = areas.iloc[shuffled].reset_index(drop=True)
    turned = np.append(other["code"].to_numpy(), "")[assign(x[::-1], y[::-1], other)][::-1]
    np.testing.assert_array_equal(codes, turned)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=1, max_size=50))
def test_a_point_of_the_city_has_an_area_that_touches_it(points):
    areas = grid_city()
    x, y = np.array(points).T
    found = assign(x, y, areas)
    assert (found != OUTSIDE).all()
    assert shapely.intersects_xy(areas.geometry.to_numpy()[found], x, y).all()


def test_a_point_on_a_shared_border_belongs_to_the_lowest_code():
    found = assign(np.array([100.0, 100.0]), np.array([50.0, 100.0]), areas := grid_city())
    assert areas["code"].to_numpy()[found].tolist() == ["BU00", "BU00"]


def test_a_hair_outside_every_polygon_is_the_nearest_and_further_is_outside():
    areas = grid_city()
    x, y = np.array([-0.5, -0.5, -1.5, np.nan]), np.array([50.0, 100.0, 50.0, 50.0])
    found = assign(x, y, areas, tolerance_m=1.0)
    assert np.append(areas["code"].to_numpy(), "")[found].tolist() == ["BU00", "BU00", "", ""]


def test_the_answers_are_those_of_geopandas_sjoin_within():
    rng = np.random.default_rng(3)
    areas = grid_city(10, 37.3)
    x, y = rng.uniform(-20, 400, (2, 5_000))
    points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=RD)
    joined = gpd.sjoin(points, areas, how="left", predicate="within")["code"].fillna("").to_numpy()
    np.testing.assert_array_equal(np.append(areas["code"].to_numpy(), "")[assign(x, y, areas, tolerance_m=0)], joined)


def test_no_areas_or_no_points_are_outside():
    assert assign(np.array([1.0]), np.array([1.0]), grid_city().iloc[:0]).tolist() == [OUTSIDE]
    assert len(assign(np.zeros(0), np.zeros(0), grid_city())) == 0


def test_inside_counts_the_border_and_never_a_missing_place():
    square = shapely.box(0, 0, 10, 10)
    assert inside(np.array([5.0, 10.0, 11.0, np.nan]), np.array([5.0, 5.0, 5.0, 5.0]), square).tolist() == [
        True,
        True,
        False,
        False,
    ]


def test_areas_without_a_shape_or_a_size_hold_nothing_but_what_lies_on_them():
    shapes = [None, shapely.Polygon(), shapely.Point(10, 10), shapely.LineString([(0, 0), (5, 0)])]
    areas = gpd.GeoDataFrame({"code": ["A", "B", "C", "D"]}, geometry=shapes, crs="EPSG:28992")
    x, y = np.array([10.0, 3.0, 50.0, np.nan, np.inf]), np.array([10.0, 0.0, 50.0, 0.0, 0.0])
    assert assign(x, y, areas).tolist() == [2, 3, OUTSIDE, OUTSIDE, OUTSIDE]


def test_a_whole_number_of_metres_will_do():
    assert assign(np.array([50]), np.array([50]), grid_city()).tolist() == [0]

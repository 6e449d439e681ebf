"""The quick way to RD metres against the projection itself."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import WGS84_BOUNDS, to_rd
from geo.quick_rd import quick_rd

WEST, SOUTH, EAST, NORTH = WGS84_BOUNDS


def apart(lon, lat):
    return max(float(np.abs(a - b).max(initial=0)) for a, b in zip(quick_rd(lon, lat), to_rd(lon, lat), strict=True))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(WEST, EAST), st.floats(SOUTH, NORTH)), max_size=5))
def test_any_place_is_within_a_tenth_of_a_micrometre_of_the_projection(places):
    lon, lat = np.array(places, dtype=float).reshape(-1, 2).T
    assert apart(lon, lat) < 1e-7


def test_a_hundred_thousand_places_and_the_corners_are_as_near():
    rng = np.random.default_rng(5)
    lon = np.r_[WEST, EAST, WEST, EAST, rng.uniform(WEST, EAST, 100_000)]
    lat = np.r_[SOUTH, SOUTH, NORTH, NORTH, rng.uniform(SOUTH, NORTH, 100_000)]
    assert apart(lon, lat) < 1e-7

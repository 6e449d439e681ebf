"""The density surface against the exact sum over reports."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import KernelDensity

from geo import raster
from geo.density import density

BOX = (100_000.0, 420_000.0, 103_000.0, 422_000.0)


def exact(x, y, grid, h, kernel):
    squared = ((grid.centres_x[None, :, None] - x) ** 2 + (grid.centres_y[:, None, None] - y) ** 2) / h**2
    if kernel == "gaussian":
        return (np.exp(-squared / 2) / (2 * np.pi * h**2)).sum(axis=2) * 1e6
    return (3 / (np.pi * h**2) * np.maximum(1 - squared, 0) ** 2).sum(axis=2) * 1e6


@pytest.mark.parametrize(
    ("kernel", "bandwidth", "cell"),
    [
        ("gaussian", 50.0, 25.0),
        ("gaussian", 100.0, 50.0),
        ("gaussian", 300.0, 50.0),
        ("gaussian", 20.0, 50.0),
        ("quartic", 150.0, 50.0),
        ("quartic", 300.0, 25.0),
    ],
)
@pytest.mark.parametrize("n", [1, 5, 300])
def test_the_error_is_at_most_a_thousandth_of_the_peak(kernel, bandwidth, cell, n):
    rng = np.random.default_rng(n)
    x, y = rng.uniform(BOX[0], BOX[2], n), rng.uniform(BOX[1], BOX[3], n)
    found = density(x, y, bandwidth_m=bandwidth, cell_m=cell, kernel=kernel, bounds=BOX)
    # the peak of one report's own kernel is the smallest a peak can be; the grid may miss it
    one = 1e6 / (2 * np.pi * bandwidth**2) if kernel == "gaussian" else 3e6 / (np.pi * bandwidth**2)
    expected = exact(x, y, found.raster, bandwidth, kernel)
    assert np.abs(found.values - expected).max() <= 0.001 * max(one, expected.max())


def test_it_is_scikit_learns_density_times_the_reports():
    rng = np.random.default_rng(7)
    points = rng.normal([101_500, 421_000], 200, (500, 2))
    found = density(points[:, 0], points[:, 1], bandwidth_m=100.0, bounds=BOX)
    x, y = np.meshgrid(found.raster.centres_x, found.raster.centres_y)
    model = KernelDensity(bandwidth=100.0).fit(points)
    theirs = np.exp(model.score_samples(np.column_stack([x.ravel(), y.ravel()]))).reshape(x.shape) * 500 * 1e6
    assert np.abs(found.values - theirs).max() <= 0.001 * theirs.max()


def test_a_pile_of_a_million_weighs_a_million():
    x, y = np.full(1_000_000, 101_512.3), np.full(1_000_000, 421_003.7)
    pile = density(x, y, bandwidth_m=100.0, bounds=BOX)
    single = density(x[:1], y[:1], bandwidth_m=100.0, bounds=BOX)
    np.testing.assert_allclose(pile.values, single.values * 1e6, atol=1e-4 * pile.values.max())


PLACES = st.lists(st.tuples(st.floats(100_000, 101_000), st.floats(420_000, 421_000)), min_size=1, max_size=30)


@settings(max_examples=30, deadline=None)
@given(PLACES, st.sampled_from(["gaussian", "quartic"]))
def test_the_whole_surface_holds_every_report_and_order_does_not_matter(places, kernel):
    x, y = np.array(places).T
    found = density(x, y, bandwidth_m=150.0, cell_m=25.0, kernel=kernel)
    assert found.values.min() >= 0
    assert found.values.sum(dtype=float) * 25.0**2 / 1e6 == pytest.approx(len(x), rel=2e-3)
    again = density(x[::-1], y[::-1], bandwidth_m=150.0, cell_m=25.0, kernel=kernel)
    np.testing.assert_allclose(again.values, found.values, atol=1e-4 * found.values.max())


def test_reports_outside_the_bounds_count_where_they_reach_in():
    outside = density(np.array([99_950.0]), np.array([421_000.0]), bandwidth_m=100.0, bounds=BOX)
    assert outside.values[:, 0].max() > 0.7 * 1e6 / (2 * np.pi * 100**2)


def test_without_places_there_is_no_surface_and_nan_is_counted_out():
    nan = np.array([np.nan, np.nan])
    assert density(nan, nan, bandwidth_m=100.0) is None
    assert density(np.zeros(0), np.zeros(0), bandwidth_m=100.0) is None
    found = density(np.array([100_000.0, np.nan]), np.array([420_000.0, 1.0]), bandwidth_m=100.0)
    assert (found.n, found.n_out) == (1, 1)


@pytest.mark.parametrize(
    ("given_wrong", "named"),
    [
        ({"bandwidth_m": 0.0}, "bandwidth_m = 0.0"),
        ({"bandwidth_m": np.nan}, "bandwidth_m = nan"),
        ({"bandwidth_m": 100.0, "cell_m": -1.0}, "cell_m = -1.0"),
        ({"bandwidth_m": 100.0, "kernel": "box"}, "kernel = 'box'"),
        ({"bandwidth_m": 100.0, "bounds": (5.0, 0.0, 1.0, 1.0)}, "bounds = "),
        ({"bandwidth_m": 100.0, "cell_m": 1.0, "bounds": (0.0, 3e5, 3e5, 6e5)}, "larger cells"),
    ],
)
def test_nonsense_is_refused_by_name(given_wrong, named):
    with pytest.raises(ValueError, match=named):
        density(np.array([100_000.0]), np.array([420_000.0]), **given_wrong)


def test_cells_count_their_lower_left_sides_and_land_is_where_no_water_is():
    import geopandas as gpd
    import shapely

    grid = raster.over((0.0, 0.0, 199.0, 99.0), cell_m=100.0)
    assert grid.shape == (1, 2)
    counts = grid.counts(np.array([0.0, 99.9, 100.0, 200.0, np.nan]), np.array([0.0, 50, 50, 50, 50]))
    assert counts.tolist() == [[2, 1]]
    areas = gpd.GeoDataFrame(
        {"water": [False, True]},
        geometry=[shapely.box(0, 0, 100, 100), shapely.box(100, 0, 200, 100)],
        crs="EPSG:28992",
    )
    assert grid.land(areas).tolist() == [[True, False]]
    assert not grid.land(areas[areas["water"]]).any()

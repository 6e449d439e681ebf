"""Which eps and min_samples are advised, and what is warned about."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from geo import advice, report
from geo.crs import RD
from geo.dbscan import dbscan
from geo.hotspots import HotspotParams, Surroundings, find_hotspots


@pytest.mark.parametrize(("n", "expected"), [(1000, 7), (2000, 10)])
def test_the_published_examples_over_thirty_square_kilometres_with_eps_100(n, expected):
    assert advice.min_samples(n, density_per_m2=n / 30e6, eps_m=100.0) == expected


@pytest.mark.parametrize("n", [50, 500, 5_000])
def test_the_advice_is_the_smallest_that_keeps_chance_to_one_core_report(n):
    m = advice.min_samples(n, density_per_m2=n / 10e6, eps_m=75.0)
    mu = n / 10e6 * np.pi * 75.0**2
    assert n * poisson.sf(m - 2, mu) <= 1
    assert m == advice.LEAST or n * poisson.sf(m - 3, mu) > 1


def test_the_background_density_is_that_of_the_typical_reports_own_buurt():
    counts, areas = np.array([10, 100, 5, 0]), np.array([1e6, 1e6, 50e6, 1e6])
    assert advice.background_density(counts, areas) == 100 / 1e6
    assert advice.background_density(np.zeros(2, int), np.ones(2)) == 0.0


CITY_M2 = 30e6


def reports(n=1_000, seed=0, clumps=()):
    """Reports scattered over 30 km², with a clump of 30 on each place given."""
    rng = np.random.default_rng(seed)
    places = [rng.uniform([100_000, 420_000], [106_000, 425_000], (n, 2))]
    places += [np.array(at) + rng.normal(0, 15, (30, 2)) for at in clumps]
    points = np.vstack(places)
    return report.empty().reindex(range(len(points))).assign(x=points[:, 0], y=points[:, 1], flags="")


def city():
    buurten = gpd.GeoDataFrame(
        {"code": ["BU1"], "name": ["Stad"], "wijk_code": [""]},
        geometry=[shapely.box(100_000, 420_000, 106_000, 425_000)],
        crs=RD,
    )
    return Surroundings(buurten=buurten)


def advise(frame, **given):
    return advice.advise(frame, positions=np.zeros(len(frame), int), surroundings=city(), **given)


def test_the_answer_bears_the_eps_of_policy_the_poisson_bound_and_the_chance_neighbours():
    told = advise(reports(clumps=[(103_000, 422_000)]))
    assert (told.eps_m, told.advised_eps_m, told.n) == (75.0, 75.0, 1_030)
    assert told.density_per_m2 == pytest.approx(1_030 / CITY_M2)
    assert told.mu == pytest.approx(1_030 / CITY_M2 * np.pi * 75**2)
    assert told.min_samples == advice.min_samples(1_030, density_per_m2=told.density_per_m2, eps_m=75.0)
    assert told.warnings == () and not told.chains


@pytest.mark.parametrize(
    ("eps", "code"), [(20.0, advice.EPS_NARROW), (151.0, advice.EPS_WIDE), (150.0, None), (25.0, None), (100.0, None)]
)
def test_an_eps_outside_policy_is_warned_about(eps, code):
    told = advise(reports(200), eps_m=eps).warnings
    assert told == ((code,) if code else ())


@pytest.mark.parametrize(("n", "codes"), [(3_000, ()), (4_000, (advice.MU_HIGH,)), (8_000, (advice.MU_PERCOLATES,))])
def test_more_than_two_chance_neighbours_are_warned_about_and_four_and_a_half_chain_the_city(n, codes):
    told = advise(reports(n), eps_m=75.0)
    assert told.warnings == codes and told.chains == (advice.MU_PERCOLATES in codes)


def test_where_reports_lie_dense_the_advised_eps_gives_no_more_than_two_chance_neighbours():
    told = advise(reports(12_000))
    assert (
        25 <= told.eps_m < 75
        and told.eps_m % 5 == 0
        and told.mu <= advice.MU_MOST < told.mu * (1 + 5 / told.eps_m) ** 2
    )
    assert advice.eps(1.0) == advice.ADDRESS_M[0] and advice.eps(0.0) == advice.SQUARE_M


def test_a_hotspot_that_swallows_a_third_of_the_reports_or_is_a_chain_is_warned_about():
    along = np.column_stack([np.linspace(101_000, 101_900, 300), np.full(300, 422_000.0)])
    frame = reports(200)
    frame = pd.concat([frame, reports(300).assign(x=along[:, 0], y=along[:, 1])], ignore_index=True)
    told = advise(frame, eps_m=50.0)
    assert told.warnings == (advice.LARGEST_SWALLOWS, advice.LARGEST_CHAIN) and told.chains
    assert told.largest_share >= 0.6 and told.largest_m >= 900
    params = HotspotParams(eps_m=50.0, min_samples=told.min_samples)
    judged = advise(frame, eps_m=50.0, result=find_hotspots(frame, params=params, surroundings=city()))
    assert (judged.warnings, judged.largest_share, judged.largest_m) == (
        told.warnings,
        told.largest_share,
        pytest.approx(told.largest_m),
    )


def test_one_busy_spot_with_most_reports_is_not_a_chain():
    told = advise(reports(40, clumps=[(103_000, 422_000)] * 3), eps_m=75.0)
    assert told.largest_share > 0.6 and told.warnings == ()


def test_the_barriers_part_the_clustering_that_is_judged():
    strip = np.linspace(101_000, 101_400, 300)
    frame = report.empty().reindex(range(300)).assign(x=strip, y=422_000.0, flags="")
    river = Surroundings(barriers=(shapely.box(101_190, 410_000, 101_210, 430_000),))
    whole, parted = (advice.advise(frame, eps_m=50.0, surroundings=s) for s in (None, river))
    assert whole.largest_m == pytest.approx(400) and parted.largest_m < 210
    assert advice.LARGEST_CHAIN in whole.warnings and advice.LARGEST_CHAIN not in parted.warnings


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=80),
    st.integers(1, 12),
    st.floats(0.5, 20),
)
def test_a_report_is_core_exactly_when_its_k_distance_is_within_eps(places, k, eps):
    x, y = np.array(places, float).T
    curve = advice.k_distances(x, y, k=k)
    core = dbscan(x, y, eps_m=eps, min_samples=k).core
    assert (curve <= eps).sum() == core.sum()
    assert (np.diff(curve) >= 0).all() and len(curve) == (len(x) if len(x) >= k else 0)


def test_the_curve_of_very_many_reports_is_drawn_from_some_of_them():
    x, y = np.random.default_rng(0).uniform(100_000, 110_000, (2, 20_000))
    assert len(advice.k_distances(x, y, k=5)) == advice.CURVE_POINTS


def test_the_knee_is_where_the_curve_leaves_its_chord_most_and_a_straight_line_has_none():
    assert advice.knee(np.r_[np.arange(0, 10.0), np.arange(10.0, 200, 20)]) == 10.0
    assert (
        advice.knee(np.arange(10.0)) is None and advice.knee(np.zeros(5)) is None and advice.knee(np.zeros(0)) is None
    )


@pytest.mark.parametrize("eps", [0.0, -5.0, np.nan, np.inf])
def test_an_eps_that_is_no_distance_is_refused(eps):
    for call in (advice.advise, advice.for_reports):
        with pytest.raises(ValueError, match=r"eps_m = .*must be a distance above 0 metres"):
            call(reports(10), positions=None, eps_m=eps, surroundings=city())


@pytest.mark.parametrize(
    "frame",
    [report.empty(), reports(20).assign(x=np.nan), reports(1), reports(3)],
    ids=["none", "no place", "one", "three"],
)
def test_too_few_reports_for_any_hotspot_are_told(frame):
    told = advice.advise(frame, eps_m=75.0)
    assert told.warnings[-1:] == (advice.TOO_FEW,) and not told.chains
    assert told.min_samples >= advice.LEAST and told.largest_share == 0.0 and len(told.k_distances) == 0
    assert told.knee_m is None and np.isfinite(told.mu)
    assert advice.for_reports(frame, positions=None, eps_m=75.0, surroundings=Surroundings()) == told.min_samples


def test_reports_that_all_lie_on_one_point_get_an_answer():
    told = advice.advise(reports(50).assign(x=101_000.0, y=421_000.0), eps_m=75.0)
    assert told.knee_m is None and (told.k_distances == 0).all() and told.largest_share == 1.0 and not told.chains


def test_an_area_without_a_size_counts_for_nothing():
    assert advice.background_density(np.array([10, 100]), np.array([0.0, 1e6])) == 100 / 1e6
    assert advice.background_density(np.array([10]), np.array([0.0])) == 0.0

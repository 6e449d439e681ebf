"""Rates: always with the denominator, its interval, and never where there is too little to divide by."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from esda.smoothing import Empirical_Bayes
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2

from geo import baseline, exposure
from geo.crs import RD
from geo.exposure import Base
from geo.rates import DAYS_PER_YEAR, MINIMUM, Denominator, LeftOut, Per, poisson_interval, rates, round_scale, shrunk

COUNTS = arrays(np.int64, st.shared(st.integers(2, 40), key="n"), elements=st.integers(0, 500))
PEOPLE = arrays(np.float64, st.shared(st.integers(2, 40), key="n"), elements=st.floats(1, 20_000))


def people(*values):
    return Denominator(per=Per.INHABITANTS, values=np.array(values, float), scale=1000.0)


def squares(n=3, side=100.0, **columns):
    shapes = [shapely.box(i * side, 0, (i + 1) * side, side) for i in range(n)]
    base = {"code": [f"BU{i}" for i in range(n)], "water": False, "inhabitants": 1000.0}
    return gpd.GeoDataFrame(base | columns, geometry=shapes, crs=RD)


def lines(*coordinates):
    return gpd.GeoDataFrame(geometry=[shapely.LineString(c) for c in coordinates], crs=RD)


def test_a_rate_is_per_scale_per_year_with_the_interval_of_its_count():
    found = rates(np.array([10]), people(2000), days=730)
    years = 730 / DAYS_PER_YEAR
    assert found.value[0] == pytest.approx(10 / 2 / years)
    assert found.low[0] == pytest.approx(4.795389 / 2 / years)  # published: 4.795 to 18.390 for a count of 10
    assert found.high[0] == pytest.approx(18.390356 / 2 / years)
    assert found.overall == pytest.approx(found.value[0])


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30))
def test_the_interval_is_garwoods_by_chi_square_and_holds_its_count(counts):
    n = np.array(counts)
    low, high = poisson_interval(n)
    assert np.allclose(low, np.where(n > 0, chi2.ppf(0.025, 2 * np.maximum(n, 1)) / 2, 0))
    assert np.allclose(high, chi2.ppf(0.975, 2 * n + 2) / 2)
    assert (low <= n).all() and (n < high).all()


@given(COUNTS, PEOPLE)
def test_shrunk_rates_are_esdas_wherever_areas_differ_by_more_than_chance(counts, exposed):
    assume(counts.sum() > 0)
    mean = counts.sum() / exposed.sum()
    between = (exposed * (counts / exposed - mean) ** 2).sum() / exposed.sum() - mean / exposed.mean()
    mine = shrunk(counts, exposed)
    if between > 1e-12:
        assert np.allclose(mine, Empirical_Bayes(counts, exposed).r.ravel())
    elif between < -1e-12:  # esda goes on with a negative variance; Marshall sets it to 0
        assert np.allclose(mine, mean)


@given(COUNTS, PEOPLE)
def test_a_shrunk_rate_lies_between_its_own_and_the_common_rate(counts, exposed):
    raw, mean = counts / exposed, counts.sum() / exposed.sum()
    found = shrunk(counts, exposed)
    slack = 1e-9 * (1 + raw)
    assert (found >= np.minimum(raw, mean) - slack).all() and (found <= np.maximum(raw, mean) + slack).all()


def test_of_two_equal_rates_the_one_that_rests_on_less_is_drawn_further():
    counts, exposed = np.array([2, 200, 10, 400]), np.array([1.0, 100.0, 100.0, 100.0])
    small, large = shrunk(counts, exposed)[:2]
    mean = counts.sum() / exposed.sum()
    assert abs(small - mean) < 0.6 * abs(large - mean)


@given(COUNTS, PEOPLE, st.integers(1, 4000))
def test_permuting_the_areas_permutes_their_rates(counts, values, days):
    order = np.random.default_rng(len(counts)).permutation(len(counts))
    found, other = rates(counts, people(*values), days=days), rates(counts[order], people(*values[order]), days=days)
    for name in ("value", "low", "high", "shrunk"):
        assert np.allclose(getattr(found, name)[order], getattr(other, name), equal_nan=True)
    assert found.left_out == other.left_out and found.n_left_out == other.n_left_out


def test_water_unknown_and_small_areas_have_no_rate_and_are_told_with_their_reports():
    found = rates(
        np.array([5, 1, 2, 3]), people(500, 500, np.nan, 49), days=365, water=np.array([False, True, False, False])
    )
    assert np.isfinite(found.value).tolist() == [True, False, False, False]
    assert np.isnan(found.shrunk[1:]).all() and np.isnan(found.high[1:]).all()
    assert found.left_out == {LeftOut.WATER: 1, LeftOut.UNKNOWN: 1, LeftOut.SMALL: 1}
    assert found.n_left_out == 6
    assert found.shrunk[0] == pytest.approx(found.value[0])  # alone it is the common rate


@pytest.mark.parametrize("per", list(Per))
def test_every_denominator_has_a_least_and_a_weight_must_be_above_0(per):
    least = MINIMUM[per]
    made = Denominator(per=per, values=np.array([least, least * 0.99, 0.0, 1e-9 + least, np.nan]), scale=1.0)
    assert made.bears.tolist() == [least > 0, False, False, True, False]


def test_without_a_period_or_without_any_area_there_are_no_rates():
    assert np.isnan(rates(np.array([5]), people(500), days=0).value).all()
    assert np.isnan(rates(np.array([5]), people(10), days=365).overall)
    assert len(rates(np.zeros(0, int), people(), days=365).value) == 0
    with pytest.raises(ValueError, match="2 counts for 1 areas"):
        rates(np.array([1, 2]), people(500), days=365)


def test_no_reports_at_all_is_a_rate_of_0_with_an_upper_bound():
    found = rates(np.array([0, 0]), people(500, 500), days=365)
    assert found.value.tolist() == [0, 0] and found.shrunk.tolist() == [0, 0] and (found.high > 0).all()


def test_the_scale_of_a_weight_is_a_round_number_of_its_own_size():
    assert round_scale(np.array([12_000.0, 9_000, 30_000, np.nan, 0])) == 10_000
    assert round_scale(np.array([1000.0])) == 1000
    assert round_scale(np.array([3.0])) == 10 and round_scale(np.zeros(2)) == 10


def test_street_is_cut_at_borders_and_what_lies_outside_counts_for_nobody():
    found = exposure.street_m(squares(), lines([(50, 50), (250, 50)], [(-80, 20), (20, 20)], [(900, 0), (900, 90)]))
    assert found.tolist() == pytest.approx([70, 100, 50])


def test_a_street_along_a_border_belongs_half_to_either_side():
    found = exposure.street_m(squares(), lines([(100, 0), (100, 100)], [(0, 0), (60, 0)]))
    assert found.tolist() == pytest.approx([50 + 30, 50, 0])  # at the city's edge the other half lies outside


@given(st.lists(st.tuples(*[st.floats(-200, 500)] * 4), min_size=1, max_size=20))
def test_the_streets_of_all_areas_together_are_the_streets_within_the_city(ends):
    given_lines = lines(*[[(a, b), (c, d)] for a, b, c, d in ends])
    city = shapely.box(0, 0, 300, 100)
    inside = shapely.length(shapely.intersection(given_lines.geometry.to_numpy(), city)).sum()
    edge = shapely.length(shapely.intersection(given_lines.geometry.to_numpy(), city.exterior)).sum()
    assert exposure.street_m(squares(), given_lines).sum() == pytest.approx(inside - edge / 2, abs=1e-6)


def test_boardings_are_summed_and_a_stop_just_outside_serves_the_nearest():
    stops = gpd.GeoDataFrame(geometry=shapely.points([[10, 10], [90, 10], [-99, 50], [150, -101], [150, 50]]), crs=RD)
    found = exposure.boardings(squares(), stops, np.array([100.0, 50, 7, 1000, 60]))
    assert found.values.tolist() == [157, 60, 0]


def test_a_buurt_with_a_stop_of_which_boardings_are_unknown_is_unknown_as_a_whole():
    stops = gpd.GeoDataFrame(geometry=shapely.points([[10, 10], [90, 10], [150, 50]]), crs=RD)
    found = exposure.boardings(squares(), stops, np.array([100.0, np.nan, 60]))
    assert np.isnan(found.values[0]) and found.values[1] == 60


def test_a_weight_is_laid_beside_the_areas_by_code_and_missing_is_unknown():
    found = exposure.weight(squares(), pd.Series([5.0, 7.0], index=["BU2", "BU0"]), name="terrassen")
    assert found.values[[0, 2]].tolist() == [7, 5] and np.isnan(found.values[1])
    assert (found.key, found.unit, found.scale) == ("weight:terrassen", "terrassen", 10)


def test_near_schools_stands_beside_the_share_of_street_when_there_are_streets():
    areas, schools = squares(1, 1000.0), gpd.GeoDataFrame(geometry=[shapely.Point(0, 500)], crs=RD)
    along = lines([(0, 500), (1000, 500)], [(-500, 500), (0, 500)])
    x, y = np.array([50.0, 150, 500, -50, np.nan]), np.array([500.0, 500, 500, 500, 500])
    [found] = exposure.near_features(x, y, schools, areas=areas, lines=along, radii_m=(100,)).rows
    assert (found.n, found.n_base) == (1, 3)  # the report outside the city counts for neither
    assert found.base_share == pytest.approx(0.1)
    land = exposure.near_features(x, y, schools, areas=areas, radii_m=(100,))
    assert land.base is Base.LAND
    assert land.rows == baseline.near(x, y, schools, base=baseline.land(areas), radii_m=(100,))


def test_without_a_street_in_the_city_land_is_the_base():
    areas, schools = squares(1, 1000.0), gpd.GeoDataFrame(geometry=[shapely.Point(0, 500)], crs=RD)
    for given_lines in (lines(), lines([(5000, 0), (6000, 0)])):
        found = exposure.near_features(np.array([1.0]), np.array([1.0]), schools, areas=areas, lines=given_lines)
        assert found.base is Base.LAND


def test_two_carriageways_count_as_two_in_the_base():
    lane = [(0, 500), (400, 500)]
    assert shapely.length(exposure.on_land(lines(lane, lane), shapely.box(0, 0, 300, 1000))) == pytest.approx(600)

"""What is counted but not clustered, and why."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import exclusions, report
from geo.crs import RD


def reports(x, y, **columns):
    frame = report.empty().reindex(range(len(x)))
    return frame.assign(x=x, y=y, flags="", **columns)


def scattered(n, seed=0):
    return np.random.default_rng(seed).uniform(100_000, 103_000, (2, n))


def test_thirty_reports_on_one_coordinate_among_scattered_ones_are_a_default_point():
    x, y = scattered(200)
    x[:30], y[:30] = 101_000.0, 101_500.0
    assert np.flatnonzero(exclusions.default_points(x, y)).tolist() == list(range(30))


def test_a_source_that_snaps_every_report_to_a_street_has_no_default_point():
    rng = np.random.default_rng(1)
    spots = rng.uniform(100_000, 103_000, (40, 2))
    x, y = spots[rng.integers(0, 40, 300)].T
    assert not exclusions.default_points(x, y).any()


def test_three_reports_on_a_known_default_coordinate_suffice():
    x, y = scattered(50)
    x[:3], y[:3] = 101_000.0, 101_500.0
    assert not exclusions.default_points(x, y).any()
    assert exclusions.default_points(x, y, known=np.array([[101_000.4, 101_500.4]])).sum() == 3


def test_reports_close_together_but_not_on_one_coordinate_are_no_default_point():
    rng = np.random.default_rng(2)
    x, y = rng.normal(101_000, 5, (2, 60))
    assert not exclusions.default_points(x, y).any()


def test_each_report_has_at_most_one_reason_and_coarser_than_eps_is_one():
    x, y = scattered(6)
    x[5] = np.nan
    frame = reports(x, y, uncertainty_m=[10.0, 75.0, 76.0, np.nan, 500.0, 500.0])
    frame["flags"] = ["", "", "", report.join_cell([report.COARSE_PLACE, report.PROBABLE_DUPLICATE]), "", ""]
    got = exclusions.reasons(frame, eps_m=75.0)
    assert got.tolist() == ["", "", "coarse_place", "probable_duplicate", "coarse_place", "no_place"]
    assert isinstance(got, pd.Series)


def test_flags_about_the_place_or_the_truth_of_a_report_keep_it_out_and_those_about_time_or_text_do_not():
    x, y = scattered(len(report.FLAGS))
    frame = reports(x, y, uncertainty_m=1.0)
    frame["flags"] = list(report.FLAGS)
    kept = {flag for flag, why in zip(report.FLAGS, exclusions.reasons(frame, eps_m=75.0), strict=True) if why == ""}
    assert kept == {
        report.COARSE_PLACE,
        report.AMBIGUOUS_TIME,
        report.MOJIBAKE,
        report.REVIEW_TEXT,
        report.DEFAULT_POINT,
        report.SNAPPED,
    }


def test_a_pile_declared_to_be_a_real_place_is_no_default_point_whatever_is_known_of_it():
    x, y = scattered(200)
    x[:30], y[:30] = 101_000.0, 101_500.0
    x[30:40], y[30:40] = 102_000.0, 102_500.0
    here = np.array([[101_000.0, 101_500.3]])
    assert np.flatnonzero(exclusions.default_points(x, y, accepted=here)).tolist() == list(range(30, 40))
    assert np.flatnonzero(exclusions.default_points(x, y, known=here, accepted=here)).tolist() == list(range(30, 40))
    frame = reports(x, y)
    assert (exclusions.reasons(frame, eps_m=75.0, accepted=here).iloc[:40] != "").sum() == 10


def test_a_place_that_is_not_finite_is_nobodys_default_and_nobodys_place():
    x, y = scattered(20)
    nowhere = np.array([[np.nan, np.inf]])
    assert not exclusions.default_points(x, y, known=nowhere, accepted=nowhere).any()
    assert len(exclusions.default_points(x[:0], y[:0], known=nowhere)) == 0


def test_a_rounded_place_is_left_out_when_it_may_be_further_off_than_eps():
    x, y = scattered(4)
    frame = reports(x, y, uncertainty_m=[np.nan, np.nan, 500.0, np.nan])
    got = exclusions.reasons(frame, eps_m=75.0, rounded_m=np.array([0.0, 75.0, 100.0, 76.0]))
    assert got.tolist() == ["", "", "coarse_place", "lattice"]


def test_the_middles_of_areas_of_every_level_are_nobodys_place():
    squares = gpd.GeoDataFrame(geometry=[shapely.box(0, 0, 200, 100), shapely.box(200, 0, 300, 100)], crs=RD)
    corner = shapely.difference(shapely.box(0, 0, 300, 300), shapely.box(100, 100, 300, 300))  # its middle lies outside
    whole = gpd.GeoDataFrame(geometry=[corner], crs=RD)
    middles = exclusions.centres([squares, whole, whole.iloc[:0]])
    np.testing.assert_allclose(middles, [[100, 50], [250, 50], [110, 110]])
    assert exclusions.centres([]).shape == exclusions.centres([whole.iloc[:0]]).shape == (0, 2)
    x, y = scattered(60)
    x[:3], y[:3] = 250.0, 50.0
    x[3:6], y[3:6] = 110.0, 110.0
    x[6:9], y[6:9] = 250.0, 52.0
    got = exclusions.reasons(reports(x, y), eps_m=75.0, known=middles)
    assert got.tolist() == [report.DEFAULT_POINT] * 6 + [""] * 54


def oracle(x, y, known):
    """Default points by numbering every coordinate."""
    inverse, counts = exclusions.piles(x, y)
    is_default = counts >= max(exclusions.MIN_PILE, 4.0 * np.percentile(counts, 95))
    for pile, n in enumerate(counts):
        place = [x[inverse == pile][0], y[inverse == pile][0]]
        near = np.hypot(*(known - place).T) <= exclusions.KNOWN_WITHIN_M
        is_default[pile] |= near.any() and n >= exclusions.MIN_PILE_KNOWN
    return is_default[inverse]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 60)), min_size=1, max_size=200), st.booleans())
def test_default_points_found_by_sorting_are_those_found_by_numbering_every_coordinate(spots, spread):
    places = np.array([(a, b if spread else b % 3) for a, b in spots], float) * 10 + 100_000
    known = np.array([[100_000.0, 100_000.5], [100_040.0, 100_020.0]])
    x, y = places.T
    np.testing.assert_array_equal(exclusions.default_points(x, y, known=known), oracle(x, y, known))

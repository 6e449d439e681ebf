"""What is counted but not clustered, and why."""

import numpy as np
import pandas as pd

from geo import exclusions, report


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
    }

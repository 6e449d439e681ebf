"""HDBSCAN as a second opinion on hotspots."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_rand_score

from geo import report
from geo.dbscan import NOISE, dbscan
from geo.opinion import agreement, hdbscan, of_reports


def town(seed=0):
    rng = np.random.default_rng(seed)
    blobs = [rng.normal(c, 25, (n, 2)) for c, n in (((1000, 1000), 60), ((2000, 1500), 30), ((500, 2500), 20))]
    return np.vstack([*blobs, rng.uniform(0, 3000, (80, 2))])


def test_labels_are_scikit_learns_up_to_numbering():
    points = town()
    ours = hdbscan(points[:, 0], points[:, 1], min_cluster_size=10)
    theirs = HDBSCAN(min_cluster_size=10, copy=True).fit(points).labels_
    assert adjusted_rand_score(theirs, ours) == pytest.approx(1.0)
    np.testing.assert_array_equal(ours == NOISE, theirs == NOISE)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000))
def test_the_order_of_the_input_does_not_matter(seed):
    points = np.round(town(seed) / 25) * 25  # a lattice: many ties
    order = np.random.default_rng(seed).permutation(len(points))
    plain = hdbscan(points[:, 0], points[:, 1], min_cluster_size=8)
    np.testing.assert_array_equal(hdbscan(points[order, 0], points[order, 1], min_cluster_size=8), plain[order])


def test_planted_hotspots_are_agreed_on():
    x, y = town().T
    found = dbscan(x, y, eps_m=75.0, min_samples=9)
    agreed = agreement(found.labels, found.core, hdbscan(x, y, min_cluster_size=9))
    assert len(agreed) == 3
    assert all(a.share > 0.7 and a.other != NOISE for a in agreed)
    assert len({a.other for a in agreed}) == 3


def test_agreement_counts_core_reports_only_and_noise_is_no_cluster():
    labels = np.array([0, 0, 0, 0, 1, 1, -1])
    core = np.array([True, True, True, False, True, True, False])
    opinion = np.array([4, 4, -1, 4, -1, -1, 4])
    first, second = agreement(labels, core, opinion)
    assert (first.share, first.other, first.other_n, first.n_core, first.n) == (2 / 3, 4, 4, 3, 4)
    assert (second.share, second.other, second.other_n) == (0.0, NOISE, 0)
    assert agreement(np.full(3, NOISE), np.zeros(3, bool), np.zeros(3, int)) == ()


def test_too_few_or_all_on_one_place_is_all_noise():
    assert hdbscan(np.zeros(0), np.zeros(0), min_cluster_size=5).tolist() == []
    assert hdbscan(np.arange(4.0), np.arange(4.0), min_cluster_size=5).tolist() == [NOISE] * 4
    assert hdbscan(np.arange(6.0), np.arange(6.0), min_cluster_size=3, min_samples=9).tolist() == [NOISE] * 6
    assert hdbscan(np.ones(50), np.ones(50), min_cluster_size=5).tolist() == [NOISE] * 50


@pytest.mark.parametrize(
    ("points", "sizes", "named"),
    [
        (np.zeros(9), {"min_cluster_size": 1}, "min_cluster_size = 1"),
        (np.zeros(9), {"min_cluster_size": 5, "min_samples": 0}, "min_samples = 0"),
        (np.full(9, np.nan), {"min_cluster_size": 5}, "finite"),
        (np.zeros(30_001), {"min_cluster_size": 5}, "30001 reports"),
    ],
)
def test_nonsense_is_refused_by_name(points, sizes, named):
    with pytest.raises(ValueError, match=named):
        hdbscan(points, points, **sizes)
    with pytest.raises(ValueError, match="same reports"):
        agreement(np.zeros(2, int), np.zeros(2, bool), np.zeros(3, int))


def test_reports_that_retention_moved_to_the_middle_of_their_cell_are_agreed_on_as_before():
    x, y = town().T
    found = dbscan(x, y, eps_m=75.0, min_samples=9)
    moved = report.empty().reindex(range(len(x))).assign(x=x // 50 * 50 + 25, y=y // 50 * 50 + 25)
    moved = moved.assign(flags=report.SNAPPED, uncertainty_m=25 * np.sqrt(2))
    again = dbscan(moved["x"].to_numpy(), moved["y"].to_numpy(), eps_m=75.0, min_samples=9)
    as_stored = agreement(again.labels, again.core, hdbscan(moved["x"], moved["y"], min_cluster_size=9))
    assert min(a.share for a in as_stored) < 0.5  # the fault: piles in the middle of a cell are places of their own
    agreed = agreement(again.labels, again.core, of_reports(moved, min_cluster_size=9))
    before = agreement(found.labels, found.core, hdbscan(x, y, min_cluster_size=9))
    assert len(agreed) == len(before) == 3 and min(a.share for a in agreed) > 0.7
    order = np.random.default_rng(1).permutation(len(x))
    shuffled = of_reports(moved.iloc[order], min_cluster_size=9)
    np.testing.assert_array_equal(shuffled, of_reports(moved, min_cluster_size=9)[order])
    plain = report.empty().reindex(range(len(x))).assign(x=x, y=y, flags="", uncertainty_m=30.0)
    np.testing.assert_array_equal(of_reports(plain, min_cluster_size=9), hdbscan(x, y, min_cluster_size=9))

"""A hotspot that survives other settings and fewer reports is told from one that does not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import stability
from geo.dbscan import dbscan
from geo.stability import Strength

X0, Y0 = 100_000.0, 420_000.0


def city(seed=1):
    """Noise, one dense place and one of five reports, far from all others."""
    rng = np.random.default_rng(seed)
    x = np.r_[rng.uniform(X0, X0 + 4800, 300), rng.normal(X0 + 1000, 25, 40), X0 + 4990 + 5.0 * np.arange(5)]
    y = np.r_[rng.uniform(Y0, Y0 + 4800, 300), rng.normal(Y0 + 1000, 25, 40), np.full(5, Y0 + 4990.0)]
    return x, y


def both(x, y, *, eps_m=75.0, min_samples=3, seed=1):
    found = dbscan(x, y, eps_m=eps_m, min_samples=min_samples, engine="grid")
    swept = stability.sweep(x, y, labels=found.labels, core=found.core, min_samples=min_samples)
    drawn = stability.resample(
        x, y, labels=found.labels, core=found.core, eps_m=eps_m, min_samples=min_samples, seed=seed
    )
    return found, swept, drawn


def test_a_dense_place_is_strong_and_one_without_a_report_to_spare_is_weak():
    x, y = city()
    found, swept, drawn = both(x, y, min_samples=5)
    dense, thin = found.labels[300], found.labels[342]
    assert drawn.share[dense] == 1.0
    assert swept.share[dense] >= 0.8
    assert drawn.share[thin] == pytest.approx(0.8**5, abs=0.2)  # all five must be drawn
    assert swept.share[thin] == 0.6  # at three, four and five of the five settings of min_samples
    assert stability.strength(min(drawn.share[thin], swept.share[thin])) is Strength.WEAK


@pytest.mark.parametrize(
    ("share", "word"),
    [
        (1.0, Strength.STRONG),
        (0.8, Strength.STRONG),
        (0.79, Strength.FAIR),
        (0.6, Strength.FAIR),
        (0.59, Strength.WEAK),
    ],
)
def test_words_begin_at_their_shares(share, word):
    assert stability.strength(share) is word


def test_the_table_has_every_setting_with_what_the_clustering_gives_there():
    x, y = city()
    _, swept, _ = both(x, y, min_samples=7)
    table = swept.table
    assert table["eps_m"].unique().tolist() == [50, 75, 100, 125, 150]
    assert sorted(table["min_samples"].unique()) == [5, 6, 7, 8, 9]
    for row in table.sample(6, random_state=1).itertuples():
        labels = dbscan(x, y, eps_m=row.eps_m, min_samples=row.min_samples, engine="reference").labels
        assert row.n_hotspots == labels.max() + 1
        assert row.share_in_hotspots == pytest.approx((labels >= 0).mean())
        assert row.largest_share == pytest.approx(np.bincount(labels[labels >= 0]).max() / len(x))
    assert (table.groupby("eps_m")["mu"].nunique() == 1).all()


def test_mu_is_the_neighbours_that_chance_gives():
    assert stability.mu(1000 / 30e6, eps_m=100) == pytest.approx(1.047, abs=1e-3)
    x, y = np.meshgrid(X0 + 10.0 * np.arange(100), Y0 + 10.0 * np.arange(100))
    assert stability.density_where_reports_are(x.ravel(), y.ravel()) == pytest.approx(0.01)
    assert stability.density_where_reports_are(np.array([]), np.array([])) == 0.0


def test_in_its_own_clustering_every_hotspot_lives():
    x, y = city()
    found = dbscan(x, y, eps_m=75.0, min_samples=4, engine="grid")
    assert stability.lives(found.labels, found.core, found.labels).all()


def test_a_hotspot_dies_when_it_falls_apart_disappears_or_is_swallowed():
    labels = np.r_[np.zeros(10, int), np.full(30, -1)]
    core = labels == 0

    def fate(other):
        return stability.lives(labels, core, np.array(other)).tolist()

    assert fate([0] * 5 + [1] * 5 + [-1] * 30) == [True]  # half suffices
    assert fate([0] * 4 + [1] * 3 + [2] * 3 + [-1] * 30) == [False]
    assert fate([-1] * 40) == [False]
    assert fate([0] * 40) == [True]  # four times as large, no more
    assert stability.lives(np.r_[labels, -1], np.r_[core, False], np.zeros(41, int)).tolist() == [False]


def test_border_reports_have_no_say():
    labels = np.zeros(6, int)
    core = np.array([True, True, False, False, False, False])
    assert stability.lives(labels, core, np.array([0, 0, -1, -1, -1, -1])).tolist() == [True]
    assert stability.lives(labels, core, np.array([-1, -1, 0, 0, 0, 0])).tolist() == [False]


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(random):
    x, y = city()
    shuffled = list(range(len(x)))
    random.shuffle(shuffled)
    _, swept, drawn = both(x, y)
    _, other, redrawn = both(x[shuffled], y[shuffled])
    np.testing.assert_array_equal(swept.alive, other.alive)
    np.testing.assert_array_equal(drawn.alive, redrawn.alive)


def test_the_seed_decides_the_draws():
    x, y = city()
    first, again, other = (both(x, y, seed=s)[2] for s in (1, 1, 2))
    np.testing.assert_array_equal(first.alive, again.alive)
    assert not np.array_equal(first.alive, other.alive)
    assert (first.runs, first.part, first.seed) == (100, 0.8, 1)


def test_without_reports_or_hotspots_there_is_a_table_and_nothing_to_share():
    nothing = np.array([])
    _, swept, drawn = both(nothing, nothing)
    assert swept.table["n_hotspots"].tolist() == [0] * len(swept.table)
    assert swept.alive.shape == (len(swept.table), 0) and drawn.alive.shape == (100, 0)
    assert len(swept.share) == len(drawn.share) == 0


def test_min_samples_never_falls_below_two_and_no_setting_is_swept_twice():
    x, y = city()
    table = both(x, y, min_samples=3)[1].table
    assert sorted(table["min_samples"].unique()) == [2, 3, 4, 5]
    assert not table.duplicated(["eps_m", "min_samples"]).any()


def test_an_exception_in_progress_ends_both():
    x, y = city()
    found = dbscan(x, y, eps_m=75.0, min_samples=4, engine="grid")
    seen = []
    stability.sweep(x, y, labels=found.labels, core=found.core, min_samples=4, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0

    def cancel(share):
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        stability.sweep(x, y, labels=found.labels, core=found.core, min_samples=4, progress=cancel)
    with pytest.raises(InterruptedError):
        stability.resample(
            x, y, labels=found.labels, core=found.core, eps_m=75.0, min_samples=4, seed=1, progress=cancel
        )


@pytest.mark.parametrize("bad", [{"part": 0.0}, {"part": 1.5}, {"runs": 0}])
def test_what_means_nothing_is_refused(bad):
    with pytest.raises(ValueError, match=r"part =|runs ="):
        stability.resample(
            np.array([X0]), np.array([Y0]), labels=np.array([0]), core=np.array([True]), eps_m=75.0, min_samples=1,
            seed=1, **bad,
        )  # fmt: skip

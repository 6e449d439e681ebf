"""ST-DBSCAN against its definition, pair by pair."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.dbscan import NOISE, dbscan
from geo.spacetime import hour_gap, st_dbscan


def by_definition(x, y, t, eps, eps_t, min_samples):
    near = ((x[:, None] - x) ** 2 + (y[:, None] - y) ** 2 <= eps * eps) & (np.abs(t[:, None] - t) <= eps_t)
    core = near.sum(axis=1) >= min_samples
    reach = near & core[None, :] & core[:, None]
    group = np.where(core, np.arange(len(x)), len(x))
    for _ in range(len(x)):
        group = np.where(core, np.where(reach, group[None, :], len(x)).min(axis=1), group)
    return near, core, group


def check(points, eps, eps_t, min_samples):
    x, y, t = np.array(points, dtype=float).T
    found = st_dbscan(x, y, t, eps_m=eps, eps_days=eps_t, min_samples=min_samples)
    near, core, group = by_definition(x, y, t, eps, eps_t, min_samples)
    np.testing.assert_array_equal(found.core, core)
    same = set(zip(found.labels[core].tolist(), group[core].tolist(), strict=True))
    assert len(same) == len({a for a, _ in same}) == len({b for _, b in same})
    np.testing.assert_array_equal(found.labels == NOISE, ~(near & core).any(axis=1))
    for i in np.flatnonzero(~core & (found.labels != NOISE)):
        neighbours = np.flatnonzero(near[i] & core)
        place = np.hypot(x[neighbours] - x[i], y[neighbours] - y[i])
        nearest = neighbours[place <= place.min() * (1 + 1e-12)]
        assert found.labels[i] in found.labels[nearest]
    return found


LATTICE = st.tuples(
    st.integers(0, 8).map(lambda n: 100_000.0 + 25.0 * n),
    st.integers(0, 8).map(lambda n: 420_000.0 + 25.0 * n),
    st.integers(0, 40).map(lambda n: 20_000.0 + n / 2),
)
FREE = st.tuples(st.floats(100_000, 100_400), st.floats(420_000, 420_400), st.floats(20_000, 20_040))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(LATTICE, min_size=1, max_size=60),
    st.sampled_from([25.0, 50.0]),
    st.sampled_from([0.5, 3.0]),
    st.integers(1, 6),
)
def test_labels_are_those_of_the_definition_on_lattices_with_duplicates_and_exact_gaps(points, eps, eps_t, m):
    check(points, eps, eps_t, m)


@settings(max_examples=80, deadline=None)
@given(st.lists(FREE, min_size=1, max_size=60), st.floats(5, 150), st.floats(0.1, 15), st.integers(1, 6))
def test_labels_are_those_of_the_definition_on_free_points(points, eps, eps_t, m):
    check(points, eps, eps_t, m)


@settings(max_examples=40, deadline=None)
@given(st.lists(LATTICE, min_size=1, max_size=50), st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_matter(points, random):
    order = list(range(len(points)))
    random.shuffle(order)
    plain, shuffled = check(points, 50.0, 3.0, 3), check([points[i] for i in order], 50.0, 3.0, 3)
    np.testing.assert_array_equal(shuffled.labels, plain.labels[order])


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(LATTICE, st.integers(-1, 1)), min_size=1, max_size=50), st.integers(1, 5))
def test_sides_are_clustered_as_if_each_were_alone(rows, m):
    x, y, t = np.array([place for place, _ in rows], dtype=float).T
    sides = np.array([side for _, side in rows])
    found = st_dbscan(x, y, t, eps_m=50.0, eps_days=3.0, min_samples=m, sides=sides)
    seen = set()
    for side in np.unique(sides):
        mine = sides == side
        alone = st_dbscan(x[mine], y[mine], t[mine], eps_m=50.0, eps_days=3.0, min_samples=m)
        np.testing.assert_array_equal(found.core[mine], alone.core)
        pairs = set(zip(found.labels[mine].tolist(), alone.labels.tolist(), strict=True)) - {(NOISE, NOISE)}
        assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
        assert not seen & {a for a, _ in pairs}
        seen |= {a for a, _ in pairs}


@pytest.mark.parametrize("seed", range(3))
def test_without_a_time_limit_the_labels_are_dbscans(seed):
    rng = np.random.default_rng(seed)
    x, y = np.vstack([rng.normal([500, 500], 60, (80, 2)), rng.uniform(0, 2000, (300, 2))]).T
    found = st_dbscan(x, y, rng.uniform(0, 365, 380), eps_m=75.0, eps_days=1e4, min_samples=6)
    plain = dbscan(x, y, eps_m=75.0, min_samples=6)
    np.testing.assert_array_equal(found.labels, plain.labels)
    np.testing.assert_array_equal(found.core, plain.core)


def test_one_place_in_two_summers_is_two_clusters():
    x, y = np.full(20, 105_000.0), np.full(20, 425_000.0)
    t = np.r_[np.arange(10.0), 365 + np.arange(10.0)]
    assert st_dbscan(x, y, t, eps_m=75, eps_days=14, min_samples=5).labels.tolist() == [0] * 10 + [1] * 10


def test_a_pile_of_a_million_builds_no_neighbour_lists():
    rng = np.random.default_rng(1)
    n = 300_000
    x, y = np.full(n, 105_000.0), np.full(n, 425_000.0)
    found = st_dbscan(x, y, rng.uniform(0, 730, n), eps_m=75, eps_days=14, min_samples=10)
    assert found.core.all() and (found.labels == 0).all()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"eps_m": 0.0}, "eps_m = 0.0"),
        ({"eps_days": np.nan}, "eps_days = nan"),
        ({"min_samples": 0}, "min_samples = 0"),
        ({"eps_days": 1e-15}, "too small"),
    ],
)
def test_nonsense_is_refused_by_name(wrong, named):
    given_right = {"eps_m": 75.0, "eps_days": 14.0, "min_samples": 5}
    with pytest.raises(ValueError, match=named):
        st_dbscan(np.array([0.0, 9e5]), np.array([0.0, 9e5]), np.array([0.0, 2e4]), **(given_right | wrong))


def test_missing_times_are_refused_and_nothing_gives_nothing():
    settings_ = {"eps_m": 75.0, "eps_days": 14.0, "min_samples": 5}
    with pytest.raises(ValueError, match="without a place or time"):
        st_dbscan(np.zeros(1), np.zeros(1), np.array([np.nan]), **settings_)
    assert len(st_dbscan(np.zeros(0), np.zeros(0), np.zeros(0), **settings_).labels) == 0
    assert st_dbscan(np.zeros(1), np.zeros(1), np.zeros(1), **settings_).labels.tolist() == [NOISE]


@given(st.floats(0, 24), st.floats(0, 24), st.integers(-3, 3))
@settings(deadline=None)
def test_the_gap_between_hours_goes_the_short_way_round(a, b, days):
    gap = float(hour_gap(a, b))
    assert 0 <= gap <= 12
    assert gap == float(hour_gap(b, a)) == pytest.approx(float(hour_gap(a + 24 * days, b)), abs=1e-9)
    assert hour_gap([23, 0, 6], [1, 24, 18]).tolist() == [2, 0, 12]

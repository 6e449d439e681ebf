"""Labels equal scikit-learn's, up to numbering and the border points that the definition leaves open."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from sklearn.cluster import DBSCAN

from geo import dbscan as engines
from geo import grid
from geo.dbscan import GRID_FROM, NOISE, dbscan

ROOT = Path(__file__).parents[2]


def check_same_as_sklearn(points, eps, min_samples):
    x, y = points[:, 0], points[:, 1]
    ours = dbscan(x, y, eps_m=eps, min_samples=min_samples, engine="reference")
    fast = dbscan(x, y, eps_m=eps, min_samples=min_samples, engine="grid")
    np.testing.assert_array_equal(fast.core, ours.core)
    np.testing.assert_array_equal(fast.labels, ours.labels)
    reference = DBSCAN(eps=eps, min_samples=min_samples).fit(points)
    core = np.zeros(len(points), bool)
    core[reference.core_sample_indices_] = True
    np.testing.assert_array_equal(ours.core, core)
    np.testing.assert_array_equal(ours.labels == NOISE, reference.labels_ == NOISE)
    pairs = set(zip(ours.labels[core].tolist(), reference.labels_[core].tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
    border = ~core & (ours.labels != NOISE)
    for i in np.flatnonzero(border):
        reach = np.linalg.norm(points[core] - points[i], axis=1)
        assert ours.labels[i] in set(ours.labels[core][reach <= eps * (1 + 1e-12)].tolist())


GRID = st.integers(0, 12).map(lambda n: 100_000.0 + 25.0 * n)
FREE = st.floats(100_000, 100_400, allow_nan=False, width=32)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(GRID, GRID), min_size=1, max_size=60),
    st.sampled_from([25.0, 50.0, 75.0]),
    st.integers(1, 8),
)
def test_labels_equal_sklearn_on_lattices_with_duplicates_and_distances_exactly_eps(points, eps, min_samples):
    check_same_as_sklearn(np.array(points), eps, min_samples)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(FREE, FREE), min_size=1, max_size=60), st.floats(5, 150), st.integers(1, 8))
def test_labels_equal_sklearn_on_free_points(points, eps, min_samples):
    check_same_as_sklearn(np.array(points, dtype=float), eps, min_samples)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=60), st.integers(1, 6))
def test_labels_equal_sklearn_on_collinear_points(steps, min_samples):
    line = np.array([(100_000.0 + 30 * s, 400_000.0 + 40 * s) for s in steps])  # 50 m apart: exactly eps
    check_same_as_sklearn(line, 50.0, min_samples)


@pytest.mark.parametrize("seed", range(5))
def test_labels_equal_sklearn_on_a_city_of_blobs_piles_and_noise(seed):
    rng = np.random.default_rng(seed)
    centres = rng.uniform(0, 5_000, (12, 2))
    blobs = rng.normal(centres[rng.integers(0, 12, 400)], 30)
    points = np.vstack([blobs, np.round(blobs[:100], -1), rng.uniform(0, 5_000, (500, 2)), np.full((40, 2), 2_500.0)])
    check_same_as_sklearn(points + [100_000, 420_000], 75.0, 7)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(GRID, GRID), min_size=2, max_size=50), st.randoms(use_true_random=False))
def test_permuting_the_input_permutes_the_labels_borders_included(points, random):
    given_order = np.array(points)
    shuffled = list(range(len(points)))
    random.shuffle(shuffled)
    first = dbscan(given_order[:, 0], given_order[:, 1], eps_m=50.0, min_samples=3)
    second = dbscan(given_order[shuffled, 0], given_order[shuffled, 1], eps_m=50.0, min_samples=3)
    np.testing.assert_array_equal(first.labels[shuffled], second.labels)


WEIGHT = st.integers(0, 12).map(lambda n: n / 4)  # sums are exact, in whatever order


def both(points, eps, min_samples, **more):
    x, y = points[:, 0], points[:, 1]
    fast = dbscan(x, y, eps_m=eps, min_samples=min_samples, engine="grid", **more)
    reference = dbscan(x, y, eps_m=eps, min_samples=min_samples, engine="reference", **more)
    np.testing.assert_array_equal(fast.core, reference.core)
    np.testing.assert_array_equal(fast.labels, reference.labels)
    return fast


def check_partition(found, reference):
    """Same core points, same groups of them, same noise as a fitted scikit-learn model."""
    core = np.zeros(len(found.labels), bool)
    core[reference.core_sample_indices_] = True
    np.testing.assert_array_equal(found.core, core)
    np.testing.assert_array_equal(found.labels == NOISE, reference.labels_ == NOISE)
    pairs = set(zip(found.labels[core].tolist(), reference.labels_[core].tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(GRID, GRID, WEIGHT), min_size=1, max_size=60), st.sampled_from([25.0, 50.0]), st.integers(1, 9)
)
def test_weights_count_as_scikit_learns_sample_weight(rows, eps, min_samples):
    points, weights = np.array(rows)[:, :2], np.array(rows)[:, 2]
    found = both(points, eps, min_samples, weights=weights)
    assume(weights.any())  # which scikit-learn refuses
    check_partition(found, DBSCAN(eps=eps, min_samples=min_samples).fit(points, sample_weight=weights))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(GRID, GRID, st.integers(1, 3)), min_size=1, max_size=40), st.integers(1, 9))
def test_a_weight_of_two_is_the_same_as_two_reports(rows, min_samples):
    points, weights = np.array(rows)[:, :2], np.array(rows)[:, 2]
    each = np.repeat(np.arange(len(points)), weights.astype(int))
    weighed, repeated = both(points, 50.0, min_samples, weights=weights), both(points[each], 50.0, min_samples)
    np.testing.assert_array_equal(weighed.labels[each], repeated.labels)
    np.testing.assert_array_equal(weighed.core[each], repeated.core)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(GRID, GRID, st.integers(-2, 2), WEIGHT), min_size=1, max_size=60),
    st.sampled_from([25.0, 50.0, 75.0]),
    st.integers(1, 8),
    st.booleans(),
)
def test_points_on_other_sides_are_no_neighbours_as_scikit_learn_says_of_infinite_distances(rows, eps, m, weighed):
    table = np.array(rows)
    points, sides, weights = table[:, :2], table[:, 2].astype(np.int64), table[:, 3] if weighed else None
    found = both(points, eps, m, sides=sides, weights=weights)
    assume(weights is None or weights.any())  # which scikit-learn refuses
    apart = np.where(sides[:, None] == sides, cdist(points, points), np.inf)
    check_partition(
        found, DBSCAN(eps=eps, min_samples=m, metric="precomputed").fit(np.minimum(apart, 1e9), sample_weight=weights)
    )
    for i in np.flatnonzero(~found.core & (found.labels != NOISE)):
        near = np.flatnonzero(found.core & (apart[i] == apart[i][found.core].min()))
        assert found.labels[i] in found.labels[near]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(GRID, GRID, st.integers(0, 3), WEIGHT), min_size=2, max_size=50),
    st.randoms(use_true_random=False),
)
def test_permuting_the_input_permutes_the_labels_with_sides_and_weights_too(rows, random):
    table = np.array(rows)
    shuffled = list(range(len(table)))
    random.shuffle(shuffled)
    for engine in ("reference", "grid"):
        first, second = (
            dbscan(
                t[:, 0], t[:, 1], eps_m=50.0, min_samples=3, sides=t[:, 2].astype(int), weights=t[:, 3], engine=engine
            )
            for t in (table, table[shuffled])
        )
        np.testing.assert_array_equal(first.labels[shuffled], second.labels)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(GRID, GRID), min_size=1, max_size=40), st.integers(-(10**9), 10**9))
def test_one_side_for_all_is_no_side_and_its_number_does_not_matter(points, side):
    points = np.array(points)
    plain, sided = both(points, 50.0, 3), both(points, 50.0, 3, sides=np.full(len(points), side))
    np.testing.assert_array_equal(plain.labels, sided.labels)


@pytest.mark.parametrize("shape", ["town", "blob in a ring", "line", "piles"])
@pytest.mark.parametrize("min_samples", [3, 10, 200])
def test_many_points_shared_among_threads_get_the_labels_that_one_thread_gives(shape, min_samples, monkeypatch):
    rng = np.random.default_rng(5)
    n = 6_000
    angle = rng.uniform(0, 2 * np.pi, n // 2)
    points = {
        "town": rng.normal(0, 1_000, (n, 2)),
        "blob in a ring": np.vstack([76 * np.c_[np.cos(angle), np.sin(angle)], rng.normal(0, 0.3, (n // 2, 2))]),
        "line": rng.uniform(0, 60_000, n)[:, None] * [0.6, 0.8],
        "piles": rng.integers(0, 40, (n, 2)) * 60.0,
    }[shape] + [100_000, 420_000]
    sides, weights = (points[:, 0] > 100_010).astype(int), rng.integers(0, 8, n) / 4
    for more in ({}, {"sides": sides}, {"weights": weights}):
        alone = both(points, 75.0, min_samples, **more)
        monkeypatch.setattr(grid, "SHARED_FROM", 0)
        monkeypatch.setattr(grid.os, "cpu_count", lambda: 3)
        shared = both(points, 75.0, min_samples, **more)
        monkeypatch.undo()
        np.testing.assert_array_equal(alone.labels, shared.labels)


def test_a_border_point_between_two_clusters_goes_to_the_nearest_core():
    x = np.array([0.0, 0, 0, 0, 20, 200, 200, 200, 200, 170, 100])
    found = dbscan(x, np.zeros(len(x)), eps_m=80.0, min_samples=5)
    assert found.kinds[-1] == "border"
    assert found.labels[-1] == found.labels[5]


def test_a_million_reports_on_few_coordinates_need_no_neighbour_lists():
    rng = np.random.default_rng(1)
    spots = rng.uniform(0, 20_000, (500, 2))
    points = spots[rng.integers(0, 500, 1_000_000)]
    found = dbscan(points[:, 0], points[:, 1], eps_m=75.0, min_samples=7)
    close = cdist(spots, spots) <= 75.0
    assert found.labels.max() + 1 == len({frozenset(np.flatnonzero(row).tolist()) for row in _components(close)})


MEMORY = """
import gc, sys
from pathlib import Path
import numpy as np
from geo.dbscan import dbscan

def kb(name):
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name)]
    return int(line.split()[1])

n, piled = int(sys.argv[1]), sys.argv[2] == "piled"
rng = np.random.default_rng(1)
spots = rng.uniform(0, 20_000, (500, 2))
x, y = (spots[rng.integers(0, 500, n)] if piled else rng.uniform(0, 20_000, (n, 2))).T.copy()
dbscan(x[:100_000], y[:100_000], eps_m=75.0, min_samples=7)  # so that loading the compiled loops is not counted
gc.collect()
Path("/proc/self/clear_refs").write_text("5")  # the highest so far is what is there now
before = kb("VmRSS")
found = dbscan(x, y, eps_m=75.0, min_samples=7)
assert found.core.any()
print(x.nbytes + y.nbytes, (kb("VmHWM") - before) * 1024)
"""


@pytest.mark.parametrize("n", [500_000, 2_000_000])
@pytest.mark.parametrize("places", ["piled", "spread"])
def test_memory_above_the_input_is_at_most_four_times_the_coordinates_on_however_few_of_them(n, places):
    command = [sys.executable, "-c", MEMORY, str(n), places]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    given, taken = map(int, done.stdout.split())
    assert given == 16 * n and 0 < taken <= 4 * given


@pytest.mark.parametrize(
    ("n", "loaded", "picked"),
    [
        (GRID_FROM - 1, False, "reference"),
        (GRID_FROM - 1, True, "grid"),
        (GRID_FROM, False, "grid"),
        (GRID_FROM + 1, True, "grid"),
    ],
)
def test_auto_takes_the_grid_from_so_many_points_on_or_once_it_is_loaded_with_the_same_labels(
    n, loaded, picked, monkeypatch
):
    rng = np.random.default_rng(n)
    x, y = rng.normal(0, 4_000, (2, n))
    asked = {engine: dbscan(x, y, eps_m=75.0, min_samples=7, engine=engine) for engine in ("reference", "grid")}
    taken = []

    def noting(name, work):
        return lambda *a, **k: (taken.append(name), work(*a, **k))[1]

    monkeypatch.setattr(engines, "is_loaded", lambda: loaded)
    monkeypatch.setattr(engines, "grid_dbscan", noting("grid", engines.grid_dbscan))
    monkeypatch.setattr(engines, "_reference", noting("reference", engines._reference))
    found = dbscan(x, y, eps_m=75.0, min_samples=7)
    assert taken == [picked] and found.labels.max() > 10
    for engine in asked.values():
        np.testing.assert_array_equal(found.labels, engine.labels)
        np.testing.assert_array_equal(found.core, engine.core)


def test_the_grid_counts_as_loaded_once_it_has_worked_and_not_before():
    asked = (
        "import numpy as np; from geo import dbscan as d; x = np.arange(9.0)\n"
        "print(d.is_loaded()); d.dbscan(x, x, eps_m=5.0, min_samples=2); print(d.is_loaded())\n"
        "d.dbscan(x, x, eps_m=5.0, min_samples=2, engine='grid'); print(d.is_loaded())"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["False", "False", "True"], done.stderr


def _components(close):
    from scipy.sparse.csgraph import connected_components

    n, which = connected_components(close)
    return [which == i for i in range(n)]


@pytest.mark.parametrize(
    ("eps", "min_samples", "x", "words"),
    [
        (0.0, 5, 1.0, "eps_m = 0"),
        (float("nan"), 5, 1.0, "eps_m = nan"),
        (75.0, 0, 1.0, "min_samples = 0"),
        (75.0, 5, np.nan, "finite"),
    ],
)
def test_meaningless_parameters_are_refused_with_the_value(eps, min_samples, x, words):
    with pytest.raises(ValueError, match=words):
        dbscan(np.array([x]), np.array([1.0]), eps_m=eps, min_samples=min_samples)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"weights": [1.0]}, "weights must be"),
        ({"weights": [1.0, -1.0]}, "weights must be"),
        ({"weights": [1.0, np.nan]}, "weights must be"),
        ({"sides": [0]}, "sides must be"),
    ],
)
def test_weights_and_sides_that_do_not_fit_are_refused(more, words):
    with pytest.raises(ValueError, match=words):
        dbscan(np.zeros(2), np.zeros(2), eps_m=75.0, min_samples=1, **more)


def test_no_points_give_no_clusters():
    assert len(dbscan(np.zeros(0), np.zeros(0), eps_m=75.0, min_samples=5).labels) == 0

"""A hotspot is called more than chance as often as it should be: seldom in noise, always where one was planted."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from data.demo import outline
from data.demo.reports import generate, noise_city
from geo import chance, nulls
from geo.crs import to_rd
from geo.dbscan import dbscan
from geo.kernels import chance as kernel

X0, Y0, SIDE = 100_000.0, 420_000.0, 4_000.0
EPS, MIN = 75.0, 4
NOWHERE = np.array([])
SQUARE = gpd.GeoDataFrame({"code": ["B"]}, geometry=[shapely.box(X0, Y0, X0 + SIDE, Y0 + SIDE)], crs="EPSG:28992")
UNIFORM = nulls.uniform(NOWHERE, NOWHERE, on=nulls.land(SQUARE))


def noise(seed, n=400):
    rng = np.random.default_rng(seed)
    return rng.uniform(X0, X0 + SIDE, n), rng.uniform(Y0, Y0 + SIDE, n)


def planted(seed, *, centres=1, each=20, n=400):
    """Noise with concentrations of 25 m; which reports were planted."""
    rng = np.random.default_rng(seed + 10_000)
    x, y = noise(seed, n)
    cx, cy = X0 + 400 + 800 * (np.arange(centres) % 5), Y0 + 1000 + 2000 * (np.arange(centres) // 5)
    x = np.r_[x, (cx[:, None] + rng.normal(0, 25, (centres, each))).ravel()]
    y = np.r_[y, (cy[:, None] + rng.normal(0, 25, (centres, each))).ravel()]
    return x, y, np.arange(len(x)) >= n


def against(x, y, *, null=UNIFORM, runs=99, seed=1, eps_m=EPS, min_samples=MIN, **more):
    found = dbscan(x, y, eps_m=eps_m, min_samples=min_samples, engine="grid")
    return chance.against_chance(
        x, y, labels=found.labels, core=found.core, eps_m=eps_m, min_samples=min_samples, null=null, runs=runs, seed=seed, **more
    )  # fmt: skip


def test_in_pure_noise_something_is_significant_in_about_one_city_in_twenty():
    results = [against(*noise(seed), seed=seed) for seed in range(300)]
    assert np.mean([len(r.hotspots) for r in results]) > 1  # chance does make clusters, and they are tested
    by_p = np.mean([min((h.p for h in r.hotspots), default=1) <= 0.05 for r in results])
    by_q = np.mean([any(h.significant for h in r.hotspots) for r in results])
    # 0.05 ± 3.2 standard errors of 300 cities and of 99 runs each
    assert 0.01 <= by_p <= 0.10
    assert 0.01 <= by_q <= 0.10


def test_a_planted_hotspot_has_the_smallest_p_there_is():
    x, y, own = planted(1)
    found = dbscan(x, y, eps_m=EPS, min_samples=MIN, engine="grid")
    result = against(x, y, runs=199)
    label = np.bincount(found.labels[own & (found.labels >= 0)]).argmax()
    assert result.hotspots[label].p == 1 / 200
    assert result.hotspots[label].significant
    assert result.outcome is chance.Outcome.MORE_THAN_CHANCE
    assert result.null is nulls.NullKind.UNIFORM


def test_a_chance_cluster_is_not_carried_along_by_ten_real_hotspots():
    called, missed, clusters = 0, 0, 0
    for seed in range(15):
        x, y, own = planted(seed, centres=10)
        found = dbscan(x, y, eps_m=EPS, min_samples=MIN, engine="grid")
        for hotspot in against(x, y, seed=seed).hotspots:
            real = own[found.labels == hotspot.label].any()
            clusters += not real
            called += hotspot.significant and not real
            missed += real and not hotspot.significant
    assert clusters >= 20
    assert called <= 0.05 * (150 + called)
    assert missed == 0


@settings(max_examples=20, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_order_of_the_reports_does_not_matter(random):
    x, y, _ = planted(3, centres=2)
    shuffled = list(range(len(x)))
    random.shuffle(shuffled)
    first, second = against(x, y, runs=19), against(x[shuffled], y[shuffled], runs=19)
    assert first.hotspots == second.hotspots
    np.testing.assert_array_equal(first.maxima, second.maxima)


def test_the_same_seed_gives_the_same_answer_with_any_number_of_workers_and_another_seed_another(monkeypatch):
    x, y, _ = planted(4)
    monkeypatch.setattr(chance, "BATCH", 2_000)  # many batches
    first = against(x, y, seed=5)
    monkeypatch.setattr(chance, "WORKERS", 1)
    second = against(x, y, seed=5)
    assert first.hotspots == second.hotspots
    np.testing.assert_array_equal(first.maxima, second.maxima)
    assert not np.array_equal(first.maxima, against(x, y, seed=6).maxima)


def test_null_runs_are_clustered_and_measured_as_the_definition_says():
    x, y = UNIFORM.draw(600, runs=5, rng=np.random.default_rng(2))
    lattice, x0, y0, side = chance._lattice(UNIFORM)
    got, of_run = kernel.null_statistics(x, y, EPS, float(MIN), lattice, np.zeros((0, 0), np.int32), x0, y0, side)
    rows, columns = lattice.shape
    across, along = np.meshgrid(x0 + (np.arange(columns) + 0.5) * side, y0 + (np.arange(rows) + 0.5) * side)
    for run in range(5):
        found = dbscan(x[run], y[run], eps_m=EPS, min_samples=MIN, engine="reference")
        expected = []
        for label in range(found.labels.max() + 1):
            covered = np.zeros(lattice.shape, bool)
            for i in np.flatnonzero(found.core & (found.labels == label)):
                covered |= np.hypot(across - x[run, i], along - y[run, i]) <= EPS
                covered[int((y[run, i] - y0) // side), int((x[run, i] - x0) // side)] = True
            count, mean = np.sum(found.labels == label), 600 * lattice[covered].sum()
            ratio = count * np.log(count / mean) + (600 - count) * np.log((600 - count) / (600 - mean))
            expected.append(ratio if count > mean else 0.0)
        np.testing.assert_allclose(np.sort(got[of_run == run]), np.sort(expected), rtol=1e-9)


@pytest.mark.parametrize(
    ("count", "expected", "ratio"),
    [(5, 5.0, 0.0), (3, 5.0, 0.0), (10, 5.0, 10 * np.log(2) + 90 * np.log(90 / 95)), (100, 5.0, 100 * np.log(20))],
)
def test_the_log_likelihood_ratio_is_kulldorffs(count, expected, ratio):
    assert kernel.log_likelihood_ratio(count, expected, 100) == pytest.approx(ratio)


def test_p_counts_the_runs_that_reach_the_statistic_ties_included():
    maxima = np.array([0.0, 1.0, 2.0, 3.0])
    np.testing.assert_allclose(chance.p_values(np.array([4.0, 3.0, 2.5, 0.0]), maxima), [1 / 5, 2 / 5, 2 / 5, 1.0])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 99), max_size=300), st.integers(0, 99), st.floats(0.01, 0.5))
def test_the_critical_value_is_where_p_becomes_alpha(values, at, alpha):
    maxima = np.sort(np.array(values, float))
    above = chance.p_values(np.array([float(at)]), maxima)[0] <= alpha
    assert above == (at > chance.critical(maxima, alpha=alpha))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=15), st.lists(st.integers(0, 30), max_size=100))
def test_q_is_benjamini_hochberg_over_the_expected_chance_clusters(observed, by_chance):
    observed, by_chance = np.array(observed, float), np.sort(np.array(by_chance, float))
    runs = 20 * len(by_chance) + 1
    m = len(observed)
    p = np.array([(1 + (by_chance >= t).sum()) / (runs + 1) / m for t in observed])
    np.testing.assert_allclose(
        chance.false_discovery(observed, by_chance, runs=runs), false_discovery_control(np.minimum(p, 1)), rtol=1e-9
    )


def test_the_number_that_would_do_is_the_smallest_that_passes_the_threshold():
    n = chance.enough(share=0.1, footprint=0.02, threshold=9.0, min_samples=4)
    at, before = (kernel.log_likelihood_ratio(0.1 * k, 0.02 * k, float(k)) for k in (n, n - 1))
    assert before < 9.0 <= at
    assert chance.enough(share=0.1, footprint=0.02, threshold=0.0, min_samples=4) == 40
    assert chance.enough(share=0.001, footprint=0.02, threshold=0.0, min_samples=4) == 80  # one in twenty at least


def test_at_the_number_that_would_do_a_hotspot_with_that_share_is_usually_found_significant():
    threshold = against(*noise(0, 300), runs=199, min_samples=5).critical
    footprint = np.pi * 100**2 / SIDE**2
    n = chance.enough(share=0.06, footprint=footprint, threshold=threshold, min_samples=5)
    hits = 0
    for seed in range(10):
        x, y, own = planted(seed, each=round(0.06 * n), n=n - round(0.06 * n))
        found = dbscan(x, y, eps_m=EPS, min_samples=5, engine="grid")
        hits += any(h.p <= 0.05 and own[found.labels == h.label].any() for h in against(x, y, min_samples=5).hotspots)
    assert hits >= 5


@pytest.mark.parametrize("n", [0, 1, 6, 30])
def test_a_handful_of_reports_is_too_few_and_says_how_many_would_do(n):
    result = against(*noise(n, n), runs=19)
    assert result.outcome is chance.Outcome.TOO_FEW
    assert result.n_needed > n


def test_with_many_reports_and_nothing_found_it_is_not_for_want_of_reports():
    x, y = noise(5, 400)
    result = against(x, y, min_samples=12)
    assert (result.outcome, result.hotspots) == (chance.Outcome.NO_HOTSPOTS, ())


def test_all_reports_on_one_point_are_one_hotspot_with_a_footprint():
    x, y = np.full(50, X0 + 1000.0), np.full(50, Y0 + 1000.0)
    (only,) = against(x, y).hotspots
    assert only.n == 50 and only.p == 1 / 100
    assert only.expected == pytest.approx(50 * np.pi * EPS**2 / SIDE**2, rel=0.2)


def test_progress_rises_to_one_and_an_exception_in_it_ends_the_test():
    x, y = noise(1)
    seen = []
    against(x, y, runs=499, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 2

    def cancel(share):
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        against(x, y, runs=499, progress=cancel)


@pytest.mark.parametrize("bad", [{"runs": 0}, {"x": np.array([np.nan])}, {"labels": np.zeros(2, np.int64)}])
def test_what_means_nothing_is_refused(bad):
    given_ = {"x": np.array([X0]), "labels": np.zeros(1, np.int64), "runs": 9} | bad
    with pytest.raises(ValueError, match=r"runs = 0|one each"):
        chance.against_chance(
            given_["x"], np.array([Y0]), labels=given_["labels"], core=np.ones(1, bool), eps_m=EPS, min_samples=1,
            null=UNIFORM, runs=given_["runs"], seed=1,
        )  # fmt: skip


@pytest.fixture(scope="module")
def demo_land():
    areas = outline.outlines()
    return nulls.land(areas.assign(water=areas["water"] == "JA"))


def test_the_demo_citys_planted_hotspots_are_all_significant_against_smoothed_reports(demo_land):
    demo = generate()
    errors = demo.truth["errors"]
    left_out = {d["id"] for d in demo.truth["duplicates"]} | set(demo.truth["default_pin"]["ids"])
    left_out |= {i for kind in ("swapped_axes", "null_island", "coarse_place", "withdrawn") for i in errors[kind]}
    table = demo.table[~demo.table["kenmerk"].isin(left_out)]
    lon, lat = (table[c].str.replace(",", ".").astype(float).to_numpy() for c in ("lengtegraad", "breedtegraad"))
    x, y = to_rd(lon, lat)
    found = dbscan(x, y, eps_m=75.0, min_samples=7)
    result = against(x, y, null=nulls.smoothed(x, y, on=demo_land), eps_m=75.0, min_samples=7, runs=999)
    ids = table["kenmerk"].to_numpy()
    for truth in demo.truth["hotspots"]:
        mine = found.labels[np.isin(ids, truth["ids"])]
        label = np.bincount(mine[mine >= 0]).argmax()
        assert result.hotspots[label].significant, truth["name"]
        assert result.hotspots[label].p == 1 / 1000


@pytest.mark.parametrize("min_samples", [4, 7])
def test_a_city_of_noise_has_at_most_one_significant_hotspot_on_average(demo_land, min_samples):
    counts = []
    for seed in range(1, 21):
        city = noise_city(seed, 450)
        x, y = city["x"].to_numpy(), city["y"].to_numpy()
        null = nulls.smoothed(x, y, on=demo_land)
        result = against(x, y, null=null, min_samples=min_samples, seed=seed)
        counts.append(sum(h.significant for h in result.hotspots))
    assert np.mean(counts) <= 1

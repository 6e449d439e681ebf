"""With very many reports the scan's null runs answer: what is planted is found, noise is not, and the answer says so."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from geo import chance, nulls, report
from geo.certainty import assess
from geo.chance_scan import against_scan
from geo.dbscan import dbscan
from geo.hotspots import HotspotParams, find_hotspots

X0, Y0, SIDE = 100_000.0, 420_000.0, 5_000.0
N, EPS = 30_000, 40.0
MIN = 20  # 6 are expected within eps: chance has a core report in about one city in four
SQUARE = gpd.GeoDataFrame({"code": ["B"]}, geometry=[shapely.box(X0, Y0, X0 + SIDE, Y0 + SIDE)], crs="EPSG:28992")
NOWHERE = np.array([])
UNIFORM = nulls.uniform(NOWHERE, NOWHERE, on=nulls.land(SQUARE))


def noise(seed, n=N):
    rng = np.random.default_rng(seed)
    return rng.uniform(X0, X0 + SIDE, n), rng.uniform(Y0, Y0 + SIDE, n)


def planted(seed, places, each=60):
    """Noise with concentrations of 25 m around places (metres from the corner); which reports were planted."""
    rng = np.random.default_rng(seed + 1_000)
    x, y = noise(seed)
    for dx, dy in places:
        x, y = np.r_[x, rng.normal(X0 + dx, 25, each)], np.r_[y, rng.normal(Y0 + dy, 25, each)]
    return x, y, np.arange(len(x)) >= N


def held(x, y, *, min_samples=MIN, runs=199, seed=1, **more):
    found = dbscan(x, y, eps_m=EPS, min_samples=min_samples, engine="grid")
    return found, against_scan(
        x, y, labels=found.labels, core=found.core, eps_m=EPS, min_samples=min_samples,
        null=UNIFORM, runs=runs, seed=seed, **more,
    )  # fmt: skip


def table(x, y):
    frame = report.empty().reindex(range(len(x))).assign(x=x, y=y, flags="")
    return frame.assign(event_date=pd.Timestamp("2025-01-01"))


def test_a_planted_hotspot_among_thirty_thousand_has_the_smallest_p_there_is():
    x, y, own = planted(1, [(2_013.0, 3_037.0)])
    found, result = held(x, y)
    label = np.bincount(found.labels[own & (found.labels >= 0)]).argmax()
    hotspot = result.hotspots[label]
    assert (hotspot.p, hotspot.q, hotspot.significant) == (1 / 200, 1 / 200, True)
    assert hotspot.n == (found.labels == label).sum() > 3 * hotspot.expected
    assert result.outcome is chance.Outcome.MORE_THAN_CHANCE
    assert result.method is chance.Method.SCAN and (result.runs, len(result.maxima)) == (199, 199)


@pytest.mark.parametrize("min_samples", [MIN, 14])
def test_pure_noise_of_thirty_thousand_gives_hardly_any(min_samples):
    results = [held(*noise(seed), min_samples=min_samples, runs=99, seed=seed)[1] for seed in range(20)]
    if min_samples < MIN:
        assert np.mean([len(r.hotspots) for r in results]) > 20  # chance does make clusters, and they are tested
    assert sum(any(h.significant for h in r.hotspots) for r in results) <= 3  # one in twenty + 2 standard errors


def test_a_chance_cluster_beside_a_strong_hotspot_is_not_carried_along():
    called, clusters = 0, 0
    for seed in range(5):
        x, y, own = planted(seed, [(700.0 + 900 * (k % 5), 700.0 + 900 * (k // 5)) for k in range(25)])
        found, result = held(x, y, min_samples=14, runs=99, seed=seed)
        for hotspot in result.hotspots:
            real = own[found.labels == hotspot.label].any()
            clusters += not real
            called += hotspot.significant and not real
            assert hotspot.significant or not real or own[found.labels == hotspot.label].sum() < 30
    assert clusters >= 100 and called <= 0.05 * clusters


def test_both_tests_agree_where_both_can_answer():
    x, y, own = planted(3, [(1_013.0, 1_037.0), (3_490.0, 2_210.0)])
    found, by_scan = held(x, y, min_samples=15)
    again = chance.against_chance(
        x, y, labels=found.labels, core=found.core, eps_m=EPS, min_samples=15, null=UNIFORM, runs=199, seed=1
    )
    assert again.method is chance.Method.RECLUSTERED
    for one, other in zip(by_scan.hotspots, again.hotspots, strict=True):
        assert (one.n, one.expected) == (other.n, other.expected)
        if own[found.labels == one.label].sum() > 30:
            assert one.significant and other.significant
    assert by_scan.clusters_per_run == pytest.approx(again.clusters_per_run, rel=0.2)


def test_the_number_of_reports_decides_which_test_and_the_answer_names_it(monkeypatch):
    x, y, _ = planted(1, [(2_013.0, 3_037.0)])
    many = table(x, y)
    result = find_hotspots(many, params=HotspotParams(eps_m=EPS, min_samples=MIN))
    seen = []
    large = assess(many, result, buurten=SQUARE, null=nulls.NullKind.UNIFORM, runs=99, progress=seen.append)
    assert large.chance.method is chance.Method.SCAN
    assert large.hotspots[0].significant and large.hotspots[0].p == 1 / 100
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 10
    monkeypatch.setattr(chance, "RECLUSTER_TO", len(x))
    few = assess(many, result, buurten=SQUARE, null=nulls.NullKind.UNIFORM, runs=19)
    assert few.chance.method is chance.Method.RECLUSTERED


@pytest.mark.parametrize("at", [0.0, 0.3])
def test_it_can_be_stopped_while_clustering_and_while_scanning(at):
    def cancel(share):
        if share > at:
            raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        held(*noise(1), progress=cancel)


def test_the_same_seed_gives_the_same_answer_in_whatever_order():
    x, y, _ = planted(4, [(2_013.0, 3_037.0)])
    (_, first), (_, second), (_, other) = held(x, y), held(x[::-1], y[::-1]), held(x, y, seed=2)
    assert {h.n: h.p for h in first.hotspots} == {h.n: h.p for h in second.hotspots}
    np.testing.assert_array_equal(first.maxima, second.maxima)
    assert not np.array_equal(first.maxima, other.maxima)


def test_nothing_found_is_an_answer_too():
    _, result = held(*noise(5), min_samples=60, runs=99)
    assert (result.outcome, result.hotspots) == (chance.Outcome.NO_HOTSPOTS, ())

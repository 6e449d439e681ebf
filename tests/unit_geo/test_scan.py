"""The scan's circles are counted as by hand, its null runs are what they say, and it finds what was planted."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.stats import chisquare, poisson

from geo import nulls, scan
from geo.kernels import scan as kernel

X0, Y0 = 100_000.0, 420_000.0
NOWHERE = np.array([])


def uniform_on(width, height):
    square = gpd.GeoDataFrame(
        {"code": ["B"]}, geometry=[shapely.box(X0, Y0, X0 + width - 1, Y0 + height - 1)], crs="EPSG:28992"
    )
    return nulls.uniform(NOWHERE, NOWHERE, on=nulls.land(square))


UNIFORM = uniform_on(3000, 3000)


def noise(seed, n):
    x, y = UNIFORM.draw(n, runs=1, rng=np.random.default_rng(seed))
    return x[0], y[0]


def ratio(c, e, n):
    if c <= e:
        return 0.0
    return c * np.log(c / e) + ((n - c) * np.log((n - c) / (n - e)) if c < n else 0.0)


@pytest.mark.parametrize("seed", range(3))
def test_every_circle_equals_a_count_by_hand(seed):
    rng = np.random.default_rng(seed)
    null = uniform_on(600, 450)
    rows, columns = null.probability.shape
    x, y = X0 + rng.random(80) * 599, Y0 + rng.random(80) ** 2 * 449
    radii = (50.0, 120.0, 200.0)
    result = scan.scan(x, y, null=null, radii_m=radii, runs=19, seed=1)
    cx, cy = np.meshgrid(X0 + 25 + 50 * np.arange(columns), Y0 + 25 + 50 * np.arange(rows))
    ix, iy = X0 + 25 + 50 * ((x - X0) // 50), Y0 + 25 + 50 * ((y - Y0) // 50)
    for j in range(rows):
        for i in range(columns):
            best = 0.0
            for radius in radii:
                inside = np.hypot(cx - cx[j, i], cy - cy[j, i]) <= radius
                reports = np.hypot(ix - cx[j, i], iy - cy[j, i]) <= radius
                best = max(best, ratio(int(reports.sum()), 80 * null.probability[inside].sum(), 80))
            assert result.field[j, i] == pytest.approx(best, abs=1e-6)


@pytest.mark.parametrize("mean", [0.001, 0.4, 3.0, 47.3, 812.0])
def test_cell_counts_are_poisson(mean):
    means = np.full(20_000, mean)
    counts = np.zeros((1, 1, 20_000), np.float32)
    uniform = np.random.default_rng(1).random((1, 20_000))
    row, column = np.zeros(20_000, np.int64), np.arange(20_000)
    totals = kernel.poisson(uniform, means, *kernel.poisson_start(means), row, column, counts)
    assert totals[0] == counts.sum()
    edges = np.unique(poisson.ppf(np.linspace(0.1, 0.9, 9), mean))
    share = np.diff(np.r_[0.0, poisson.cdf(edges, mean), 1.0])
    seen = np.bincount(np.searchsorted(edges, counts.ravel(), side="left"), minlength=len(share))
    if len(edges) > 1:
        assert chisquare(seen, share * 20_000).pvalue > 1e-4
    assert counts.mean() == pytest.approx(mean, abs=5 * np.sqrt(mean / 20_000))


def test_passing_over_weak_circles_loses_no_maximum():
    plan = scan._plan(UNIFORM, scan.RADII_M)
    rows, columns = UNIFORM.probability.shape
    counts = np.zeros((4, *plan.shape), np.float32)
    counts[:, :rows, :columns] = np.random.default_rng(1).poisson(0.3, (4, rows, columns))
    totals = counts.sum(axis=(1, 2)).astype(np.int64)
    best, full = np.zeros(4), np.zeros(4)
    for sums, q, spread in zip(scan._sums(counts, plan), plan.shares, plan.spreads, strict=True):
        kernel.strongest(sums, q, spread, totals, best)
        for run in range(4):
            full[run] = max(full[run], kernel.ratios(sums[run, :rows, :columns], q, float(totals[run])).max())
    np.testing.assert_allclose(best, full)


def test_noise_is_significant_in_about_one_city_in_twenty():
    hits = [bool(scan.scan(*noise(seed, 1_500), null=UNIFORM, runs=99, seed=seed).windows) for seed in range(100)]
    assert 0.0 <= np.mean(hits) <= 0.12  # 0.05 + 3.2 standard errors


def test_a_planted_place_is_the_strongest_window_and_its_hotspot_has_the_smallest_p():
    rng = np.random.default_rng(2)
    x, y = noise(1, 20_000)
    x, y = np.r_[x, rng.normal(X0 + 1210, 40, 150)], np.r_[y, rng.normal(Y0 + 2010, 40, 150)]
    result = scan.scan(x, y, null=UNIFORM, runs=199, seed=3)
    strongest = result.windows[0]
    assert np.hypot(strongest.x - X0 - 1210, strongest.y - Y0 - 2010) <= 75
    assert strongest.p == 1 / 200
    assert strongest.n > strongest.expected
    labels = np.r_[np.full(20_000, -1), np.zeros(150, int)]
    labels[(x < X0 + 500) & (y < Y0 + 100)] = 1
    p = result.at(x, y, labels=labels)
    assert p[0] == 1 / 200
    assert p[1] > 0.05


def test_windows_do_not_overlap_and_come_strongest_first():
    rng = np.random.default_rng(4)
    x, y = noise(1, 2_000)
    x = np.r_[x, rng.normal(X0 + 600, 60, 80), rng.normal(X0 + 2200, 60, 120)]
    y = np.r_[y, rng.normal(Y0 + 600, 60, 80), rng.normal(Y0 + 2200, 60, 120)]
    found = scan.scan(x, y, null=UNIFORM, runs=99, seed=1).windows
    assert len(found) >= 2
    assert [w.statistic for w in found] == sorted((w.statistic for w in found), reverse=True)
    for k, one in enumerate(found):
        for other in found[:k]:
            assert np.hypot(one.x - other.x, one.y - other.y) >= one.radius_m + other.radius_m


def test_order_and_number_of_workers_leave_no_trace_and_the_seed_does(monkeypatch):
    x, y = noise(1, 500)
    first = scan.scan(x, y, null=UNIFORM, runs=299, seed=1)
    monkeypatch.setattr(scan, "WORKERS", 1)
    again = scan.scan(x[::-1], y[::-1], null=UNIFORM, runs=299, seed=1)
    np.testing.assert_array_equal(first.maxima, again.maxima)
    np.testing.assert_array_equal(first.field, again.field)
    assert not np.array_equal(first.maxima, scan.scan(x, y, null=UNIFORM, runs=299, seed=2).maxima)


def test_a_place_smaller_than_the_circles_is_scanned_too():
    x, y = np.full(9, X0 + 10.0), np.full(9, Y0 + 10.0)
    result = scan.scan(x, y, null=nulls.uniform(x, y, on=nulls.land_of_reports(x, y)), runs=19, seed=1)
    assert result.field.max() == pytest.approx(result.windows[0].statistic)
    assert result.windows[0].n == 9


def test_no_reports_is_no_window():
    result = scan.scan(NOWHERE, NOWHERE, null=UNIFORM, runs=19, seed=1)
    assert result.windows == () and result.field.max() == 0.0


def test_an_exception_in_progress_ends_the_scan():
    def cancel(share):
        raise InterruptedError(share)

    with pytest.raises(InterruptedError):
        scan.scan(*noise(1, 100), null=UNIFORM, runs=999, seed=1, progress=cancel)


@pytest.mark.parametrize(
    ("x", "given_", "message"),
    [(X0, {"radii_m": (10.0,)}, "radii_m"), (X0, {"runs": 0}, "runs = 0"), (X0 - 999, {}, "off the null's grid")],
)
def test_what_means_nothing_is_refused(x, given_, message):
    with pytest.raises(ValueError, match=message):
        scan.scan(np.array([x]), np.array([Y0 + 10]), null=UNIFORM, seed=1, **given_)

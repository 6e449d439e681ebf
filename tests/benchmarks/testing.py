"""Chance, stability, windows, scan and density: seconds to reach rather than peers, except where a peer exists."""

import numpy as np
from sklearn.neighbors import KernelDensity

from geo import chance, nulls, scan, stability, windows
from geo.dbscan import dbscan
from geo.density import density
from tests.benchmarks.measure import Case, Want

EPS, LEAST = 75.0, 10


def town(n, rng):
    """A town of 8 by 8 km: half strewn, half round twenty places."""
    centres = rng.uniform(101_000, 107_000, (20, 2))
    half = n // 2
    return np.vstack(
        [
            rng.uniform(100_000, 108_000, (half, 2)),
            centres[rng.integers(0, 20, n - half)] + rng.normal(0, 40, (n - half, 2)),
        ]
    )


def case_of(n, rng):
    x, y = np.ascontiguousarray(town(n, rng).T)
    found = dbscan(x, y, eps_m=EPS, min_samples=LEAST, engine="grid")
    return x, y, found, nulls.smoothed(x, y, on=nulls.land_of_reports(x, y))


def re_clustered(n, rng):
    x, y, found, null = case_of(n, rng)
    return lambda: chance.against_chance(
        x, y, labels=found.labels, core=found.core, eps_m=EPS, min_samples=LEAST, null=null, seed=1
    )


def together(n, rng):
    x, y, found, null = case_of(n, rng)
    ask = {"labels": found.labels, "core": found.core, "min_samples": LEAST}

    def run():
        chance.against_chance(x, y, eps_m=EPS, null=null, seed=1, **ask)
        stability.sweep(x, y, **ask)
        stability.resample(x, y, eps_m=EPS, seed=1, **ask)

    return run


def swept(n, rng):
    x, y, found, _ = case_of(n, rng)
    return lambda: stability.sweep(x, y, labels=found.labels, core=found.core, min_samples=LEAST)


def fixed(n, count, rng):
    x, y, _, null = case_of(n, rng)
    places = rng.uniform(100_500, 107_500, (count, 2))
    circles = windows.circles(places[:, 0], places[:, 1], radius_m=100.0)
    return lambda: windows.against_chance(x, y, windows=circles, null=null, seed=1)


def scanned(n, rng):
    x, y, _, null = case_of(n, rng)
    return lambda: scan.scan(x, y, null=null, seed=1)


def sums(points, bandwidth):
    """scikit-learn on the cells' centres, a hundredth of the reports: the whole would take minutes."""
    few = points[::100]
    side = np.arange(100_025, 108_000, 50.0)
    grid = np.column_stack([a.ravel() for a in np.meshgrid(side, side)])
    return lambda: KernelDensity(bandwidth=bandwidth, algorithm="kd_tree").fit(few).score_samples(grid)


def cases(scale, _folder):
    rng = np.random.default_rng(4)
    n = int(1_000_000 * scale)
    points = town(n, rng)
    x, y = np.ascontiguousarray(points.T)
    return [
        Case(
            name="999 null runs re-clustered, 2,000 reports",
            ours=re_clustered(2_000, rng),
            want=Want(seconds=2.5),
        ),
        Case(name="the same + 25-cell sweep + 100 resamples", ours=together(2_000, rng), want=Want(seconds=5)),
        Case(name="25-cell sweep, 20,000 reports", ours=swept(20_000, rng), want=Want(seconds=1)),
        Case(
            name="999 draws, 1,000 fixed windows, 100,000 reports",
            ours=fixed(100_000, 1_000, rng),
            want=Want(seconds=1),
        ),
        Case(name="scan, 999 runs, 10,000 reports", ours=scanned(10_000, rng), want=Want(seconds=5)),
        Case(name=f"scan, 999 runs, {n:,} reports", ours=scanned(n, rng), want=Want(seconds=5)),
        Case(
            name=f"kernel density, {n:,} reports, 50 m grid",
            ours=lambda: density(x, y, bandwidth_m=200.0),
            peers={"scikit-learn, 1 % of the reports": sums(points, 200.0)},
            want=Want(seconds=0.1),
        ),
    ]

"""DBSCAN against scikit-learn and the compiled package ``dbscan``, on easy and nasty shapes."""

import numpy as np
from sklearn.cluster import DBSCAN

from geo.dbscan import dbscan
from tests.benchmarks.measure import Case


def cities(n, rng):
    """Reports over 350 cities of a few kilometres."""
    centres = rng.uniform([20_000, 320_000], [270_000, 600_000], (350, 2))
    return centres[rng.integers(0, 350, n)] + rng.normal(0, 1_200, (n, 2))


def shared(n, rng):
    """95 % of the reports on 5,000 shared coordinates."""
    spots = rng.uniform(100_000, 120_000, (5_000, 2))
    return np.vstack([spots[rng.integers(0, 5_000, n * 95 // 100)], rng.uniform(100_000, 120_000, (n * 5 // 100, 2))])


def one_city(n, rng):
    return rng.normal(110_000, 3_000, (n, 2))


def ring(n, rng):
    """A tight blob inside a ring of just more than eps."""
    angle = rng.uniform(0, 2 * np.pi, n // 2)
    around = np.column_stack([np.cos(angle), np.sin(angle)]) * 76
    return np.vstack([around, rng.normal(0, 0.2, (n - n // 2, 2))]) + 100_000


def line(n, rng):
    x = rng.uniform(0, 1e6, n)
    return np.column_stack([x, x * 0.5])


def ours(points, eps, m):
    x, y = np.ascontiguousarray(points[:, 0]), np.ascontiguousarray(points[:, 1])
    return lambda: dbscan(x, y, eps_m=eps, min_samples=m, engine="grid")


def sklearn(points, eps, m):
    return lambda: DBSCAN(eps=eps, min_samples=m, algorithm="ball_tree").fit(points)


def package(points, eps, m):
    def run():
        import dbscan as peer

        peer.DBSCAN(points, eps=eps, min_samples=m)

    return run


def cases(scale):
    rng = np.random.default_rng(1)
    n = int(1_000_000 * scale)
    c, s, o, r, li = cities(n, rng), shared(n, rng), one_city(n, rng), ring(n, rng), line(n, rng)
    h = cities(n // 10, rng)
    return [
        Case(
            name=f"DBSCAN, {n // 10:,} over 350 cities",
            ours=ours(h, 75, 10),
            peers={"scikit-learn ball_tree": sklearn(h, 75, 10), "dbscan": package(h, 75, 10)},
            want="",
        ),
        Case(
            name=f"DBSCAN, {n:,} over 350 cities",
            ours=ours(c, 75, 10),
            peers={"scikit-learn ball_tree": sklearn(c, 75, 10), "dbscan": package(c, 75, 10)},
            want="want 25 x scikit-learn, 3 x dbscan, memory <= 64 MB",
        ),
        Case(
            name=f"DBSCAN, {n:,} with 95 % shared coordinates",
            ours=ours(s, 75, 10),
            peers={"scikit-learn ball_tree": sklearn(s, 75, 10), "dbscan": package(s, 75, 10)},
            want="want 250 x scikit-learn, <= 0.15 s",
        ),
        Case(
            name=f"DBSCAN, {n:,} in one city (scikit-learn runs out of memory)",
            ours=ours(o, 75, 10),
            peers={"dbscan": package(o, 75, 10)},
            want="want <= 0.15 s",
        ),
        Case(
            name=f"DBSCAN, {n:,}: a blob inside a ring",
            ours=ours(r, 75, 10),
            peers={"dbscan": package(r, 75, 10)},
            want="want no worse than 3 x dbscan",
        ),
        Case(
            name=f"DBSCAN, {n:,}: min_samples 1,000 in one city",
            ours=ours(o, 75, 1_000),
            peers={"dbscan": package(o, 75, 1_000)},
            want="want no worse than 3 x dbscan",
        ),
        Case(
            name=f"DBSCAN, {n:,}: on one line",
            ours=ours(li, 75, 10),
            peers={"dbscan": package(li, 75, 10)},
            want="want no worse than 3 x dbscan",
        ),
    ]

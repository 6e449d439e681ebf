"""DBSCAN against scikit-learn and the compiled package ``dbscan``, on easy and nasty shapes."""

import numpy as np
from scipy.spatial import KDTree
from sklearn.cluster import DBSCAN

from geo.dbscan import dbscan
from tests.benchmarks.measure import Case, Want

PEER, PACKAGE = "scikit-learn ball_tree", "dbscan"
NO_WORSE = Want(times={PACKAGE: 1 / 3})


def cities(n, rng, count=350):
    """Reports over some cities of a few kilometres."""
    centres = rng.uniform([20_000, 320_000], [270_000, 600_000], (count, 2))
    return centres[rng.integers(0, count, n)] + rng.normal(0, 1_200, (n, 2))


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
    def run():
        found = DBSCAN(eps=eps, min_samples=m, algorithm="ball_tree").fit(points)
        core = np.zeros(len(points), dtype=bool)
        core[found.core_sample_indices_] = True
        return found.labels_, core

    return run


def same_labels(points, eps):
    """Says whether two clusterings (labels, core) are one: core points, noise and clusters the same, whatever their numbers.

    A border point within eps of two clusters is scikit-learn's in the order of the input; ours goes to the nearest core
    point (geo.dbscan). Those are held to that rule and counted.
    """

    def said(ours, theirs):
        (mine, core), (other, their_core) = ours, theirs
        if (core != their_core).any() or ((mine == -1) != (other == -1)).any():
            return "labels identical: NO (other core points or noise)"
        pairs = np.unique(np.column_stack([mine[core], other[core]]), axis=0)
        if any(len(np.unique(side)) != len(pairs) for side in pairs.T):
            return "labels identical: NO (other clusters)"
        renumbered = np.full(other.max() + 2, -1)  # the last: noise
        renumbered[pairs[:, 1]] = pairs[:, 0]
        differs = np.flatnonzero(renumbered[other] != mine)
        away, nearest = KDTree(points[core]).query(points[differs])
        if (mine[core][nearest] != mine[differs]).any() or (away > eps).any():
            return "labels identical: NO (border points)"
        between = f"; {len(differs):,} border points in reach of two go to the nearest (scikit-learn: the first found)"
        return f"labels identical: yes, {len(pairs):,} clusters" + (between if len(differs) else "")

    return said


def package(points, eps, m):
    def run():
        import dbscan as peer

        peer.DBSCAN(points, eps=eps, min_samples=m)

    return run


def cases(scale, _folder):
    rng = np.random.default_rng(1)
    n = int(1_000_000 * scale)
    many, few = max(10, int(350 * scale)), max(1, int(35 * scale))  # as many to a city at every scale
    c, s, o, r, li = cities(n, rng, many), shared(n, rng), one_city(n, rng), ring(n, rng), line(n, rng)
    h = cities(n // 10, rng, few)
    four_times = 4 * c.nbytes / 2**20
    return [
        against_both(f"DBSCAN, {n // 10:,} over {few} cities", h, Want()),
        against_both(
            f"DBSCAN, {n:,} over {many} cities", c, Want(times={PEER: 25, PACKAGE: 3}, above_mb=round(four_times, 1))
        ),
        against_both(f"DBSCAN, {n:,} with 95 % shared coordinates", s, Want(times={PEER: 250}, seconds=0.15)),
        against_package(f"DBSCAN, {n:,} in one city (scikit-learn runs out of memory)", o, 10, Want(seconds=0.15)),
        against_package(f"DBSCAN, {n:,}: a blob inside a ring", r, 10, NO_WORSE),
        against_package(f"DBSCAN, {n:,}: min_samples 1,000 in one city", o, 1_000, NO_WORSE),
        against_package(f"DBSCAN, {n:,}: on one line", li, 10, NO_WORSE),
    ]


def against_both(name, points, want):
    return Case(
        name=name,
        ours=ours(points, 75, 10),
        peers={PEER: sklearn(points, 75, 10), PACKAGE: package(points, 75, 10)},
        same={PEER: same_labels(points, 75)},
        want=want,
    )


def against_package(name, points, m, want):
    return Case(name=name, ours=ours(points, 75, m), peers={PACKAGE: package(points, 75, m)}, want=want)

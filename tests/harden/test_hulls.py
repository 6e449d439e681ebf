"""Getting reports back out of the shape of a hotspot: from a hull all of them, from grid cells none beyond chance."""

import itertools

import numpy as np
import pytest
import shapely

from geo import disclosure

pytestmark = [pytest.mark.harden, pytest.mark.slow]
N_MAPS, PERIODS, NEAR_M = 200, 3, 25.0


def hotspot(rng):
    """Reports of one hotspot in successive periods: each period keeps the ones before and adds some."""
    centre = rng.uniform([104_000, 420_000], [110_000, 428_000])
    n = int(rng.integers(10, 40))
    along = rng.normal(0, rng.uniform(20, 90), (n, 1)) * np.array([[np.cos(a := rng.uniform(0, np.pi)), np.sin(a)]])
    points = centre + along + rng.normal(0, 15, (n, 2))
    return [points[: max(5, n * (i + 1) // PERIODS)] for i in range(PERIODS)]


def corners(shape):
    return shapely.get_coordinates(shape).reshape(-1, 2)


def erosions(shape, by):
    return [shape.buffer(-f * by, join_style="mitre") for f in (0.5, 1.0, 1.5)]


def attacks(maps, by):
    """The shapes an attacker makes of successive maps of one hotspot."""
    for shape in maps:
        yield from erosions(shape, by)
        yield from (shape.simplify(t) for t in (10, 25, 50))
        yield shape.buffer(-0.45 * by).buffer(0.45 * by)
    both = shapely.intersection_all(maps)
    yield from (both, *erosions(both, by))
    for one, other in itertools.pairwise(maps):
        yield other.difference(one)
        yield from (b.difference(a) for a, b in zip(erosions(one, by), erosions(other, by), strict=True))


def near(guesses, points):
    """How many guesses lie within 25 m of a report."""
    if not len(guesses):
        return 0
    gaps = np.linalg.norm(guesses[:, None, :] - points[None, :, :], axis=2)
    return int((gaps.min(axis=1) <= NEAR_M).sum())


def random_points(shape, n, rng):
    """n points anywhere on the outline of a shape, where its corners are too."""
    return shapely.get_coordinates(shapely.line_interpolate_point(shape.boundary, rng.random(n), normalized=True))


@pytest.mark.parametrize("cell_m", [50, 100])
def test_no_shape_made_of_published_maps_comes_nearer_to_reports_than_chance(cell_m, capsys):
    rng = np.random.default_rng(cell_m)
    hits, chance, guesses = 0, 0, 0
    for _ in range(N_MAPS):
        periods = hotspot(rng)
        maps = [disclosure.cells(p[:, 0], p[:, 1], cell_m=cell_m) for p in periods]
        for shape in attacks(maps, cell_m):
            if shape.is_empty or shape.area < 1:
                continue
            found = np.unique(corners(shape), axis=0)
            guesses += len(found)
            hits += near(found, periods[-1])
            chance += near(random_points(shape, len(found), rng), periods[-1])
    margin = 3 * np.sqrt(max(chance, 1))
    beyond = max(0, round(hits - chance - margin))
    with capsys.disabled():
        print(
            f"\ncells of {cell_m} m, {N_MAPS} hotspots × {PERIODS} maps: {guesses:,} corners, {hits:,} within {NEAR_M:.0f} m of "
            f"a report, random points on the same outlines {chance:,}: {beyond} beyond chance"
        )
    assert guesses > 10_000 and beyond == 0


def test_no_corner_of_a_published_shape_is_a_report_and_every_corner_of_a_hull_is(capsys):
    rng = np.random.default_rng(7)
    of_cells, of_hulls, n_cells, n_hulls = 0, 0, 0, 0
    for _ in range(N_MAPS):
        points = hotspot(rng)[-1]
        shape = disclosure.cells(points[:, 0], points[:, 1], cell_m=50)
        hull = shapely.convex_hull(shapely.multipoints(points))
        again = corners(hull.buffer(50, join_style="mitre").buffer(-50, join_style="mitre"))
        n_cells, n_hulls = n_cells + len(corners(shape)), n_hulls + len(again)
        of_cells += sum((np.linalg.norm(points - c, axis=1) < 0.01).any() for c in corners(shape))
        of_hulls += sum((np.linalg.norm(points - c, axis=1) < 0.5).any() for c in again)
    with capsys.disabled():
        print(
            f"\ncorners that are reports: {of_cells} of {n_cells:,} of cells, {of_hulls:,} of {n_hulls:,} of buffered hulls"
        )
    assert of_cells == 0 and of_hulls > 0.9 * n_hulls

"""The spatial join against geopandas, over a city's and a country's polygons."""

import geopandas as gpd
import numpy as np
import shapely

from geo.crs import RD
from geo.join import assign
from tests.benchmarks.measure import Case


def polygons(n, box, rng):
    """Voronoi cells with wobbly borders (about sixty vertices each), as buurten have."""
    seeds = rng.uniform(box[:2], box[2:], (n, 2))
    cells = shapely.voronoi_polygons(shapely.multipoints(seeds), extend_to=shapely.box(*box))
    parts = shapely.intersection(shapely.get_parts(cells), shapely.box(*box))
    side = np.sqrt((box[2] - box[0]) * (box[3] - box[1]) / n)
    dense = shapely.segmentize(parts, side / 12)
    wobble = shapely.transform(dense, lambda p: p + side / 40 * np.sin(p[:, ::-1] / side * 9))
    return gpd.GeoDataFrame({"code": [f"BU{i:08d}" for i in range(len(wobble))]}, geometry=wobble, crs=RD)


def sjoin(x, y, areas):
    def run():
        points = gpd.GeoDataFrame(geometry=gpd.points_from_xy(x, y), crs=RD)
        return gpd.sjoin(points, areas, how="left", predicate="within")

    return run


def case(n, count, box, rng, want):
    areas = polygons(count, box, rng)
    x, y = rng.uniform(box[0], box[2], n), rng.uniform(box[1], box[3], n)
    return Case(
        name=f"join, {n:,} points x {count:,} polygons",
        ours=lambda: assign(x, y, areas, tolerance_m=0.0),
        peers={"geopandas.sjoin within": sjoin(x, y, areas)},
        want=want,
    )


def cases(scale):
    rng = np.random.default_rng(2)
    n = int(1_000_000 * scale)
    return [
        case(n, 133, (95_000, 410_000, 115_000, 430_000), rng, "want 5 x"),
        case(n, max(200, int(14_000 * scale)), (20_000, 320_000, 270_000, 600_000), rng, "want 2 x"),
    ]

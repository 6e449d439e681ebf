"""The spatial join against geopandas, over a city's and a country's polygons; and the join with all hotspots described."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo import report
from geo.crs import RD
from geo.hotspots import HotspotParams, find_hotspots
from geo.join import assign
from tests.benchmarks.clustering import cities
from tests.benchmarks.measure import Case, Want

PEER = "geopandas.sjoin within"


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
        return gpd.sjoin(points, areas, how="left", predicate="within")["index_right"]

    return run


def same_areas(ours, theirs):
    """Says whether each point has the same area (position, -1 for none; NaN in theirs) in both."""
    if len(theirs) != len(ours):
        return f"answers identical: NO (theirs has {len(theirs) - len(ours):,} points in two areas)"
    differ = int((theirs.sort_index().fillna(-1).to_numpy() != ours).sum())
    inside = f"{int((ours >= 0).sum()):,} points inside"
    return f"answers identical: NO ({differ:,} differ)" if differ else f"answers identical: yes, {inside}"


def case(n, count, box, rng, times):
    areas = polygons(count, box, rng)
    x, y = rng.uniform(box[0], box[2], n), rng.uniform(box[1], box[3], n)
    return Case(
        name=f"join, {n:,} points x {count:,} polygons",
        ours=lambda: assign(x, y, areas, tolerance_m=0.0),
        peers={PEER: sjoin(x, y, areas)},
        same={PEER: same_areas},
        want=Want(times={PEER: times}),
    )


def reports(n, rng):
    """Reports over 350 cities with all that a hotspot tells about them."""
    points = cities(n, rng)
    filled = {
        "source": "app",
        "x": points[:, 0],
        "y": points[:, 1],
        "event_date": pd.Timestamp("2024-10-01") + pd.to_timedelta(rng.integers(0, 700, n), unit="D"),
        "event_minute": rng.integers(0, 1440, n),
        "categories": rng.choice(["nafluiten", "naroepen", "nastaren|volgen"], n),
    }
    return (
        report.empty().reindex(range(n)).assign(**dict.fromkeys(("flags", "text"), ""), **filled).astype(report.COLUMNS)
    )


def join_and_hotspots(table, areas):
    def run():
        assign(table["x"].to_numpy(), table["y"].to_numpy(), areas)
        return find_hotspots(table, params=HotspotParams(eps_m=75, min_samples=10))

    return run


def cases(scale, _folder):
    rng = np.random.default_rng(2)
    n = int(1_000_000 * scale)
    country = polygons(max(200, int(14_000 * scale)), (20_000, 320_000, 270_000, 600_000), rng)
    return [
        Case(
            name=f"join + hotspots, {n:,} reports over the country x {len(country):,} polygons",
            ours=join_and_hotspots(reports(n, rng), country),
            want=Want(seconds=1.2),
        ),
        case(n, 133, (95_000, 410_000, 115_000, 430_000), rng, 5),
        case(n, max(200, int(14_000 * scale)), (20_000, 320_000, 270_000, 600_000), rng, 2),
    ]

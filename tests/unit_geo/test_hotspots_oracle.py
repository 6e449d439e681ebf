"""All hotspots described at once say exactly what the same words, worked out hotspot by hotspot, say."""

from collections import Counter

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from geo import report
from geo.crs import RD
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.join import OUTSIDE, assign, inside
from geo.near import Nearby

CATEGORIES = ["nafluiten", "naroepen", "nastaren", "volgen", ""]
ROUNDED = ("x", "y", "area_m2", "diameter_m")


def _nearest(x, y, features):
    if features is None or len(features) == 0:
        return None
    metres = shapely.distance(features.geometry.to_numpy(), shapely.Point(x, y))
    closest = features.iloc[np.flatnonzero(metres == metres.min())].sort_values("name").iloc[0]
    off = float(closest["uncertainty_m"])
    return Nearby(name=str(closest["name"]), metres=float(metres.min()), uncertainty_m=off if np.isfinite(off) else 0.0)


def _place_id(x, y):
    cells = np.column_stack([x // 200, y // 200]).astype(np.int64)
    distinct, counts = np.unique(cells, axis=0, return_counts=True)
    i, j = distinct[int(np.argmax(counts))]
    return f"H{i}-{j}"


def _buurt(areas, positions):
    known = positions[positions != OUTSIDE]
    if len(known) == 0:
        return None
    values, counts = np.unique(known, return_counts=True)
    return areas.iloc[values[counts == counts.max()]].sort_values("code").iloc[0]


def _categories(cells):
    counted = Counter(name for cell in cells for name in cell.split("|") if name)
    return tuple(sorted(counted.items(), key=lambda item: (-item[1], item[0]))[:3])


def one_by_one(mine, core, *, params, around, centre):
    """What one hotspot of these reports must say, field by field; what is near, is near the centre it gave."""
    x, y = mine["x"].to_numpy(float), mine["y"].to_numpy(float)
    cx, cy = centre  # sums may differ in the last bit
    hull = shapely.convex_hull(shapely.multipoints(np.column_stack([x, y])))
    corners = shapely.get_coordinates(hull)
    diameter = float(pdist(corners).max()) if len(corners) > 1 else 0.0
    days, minute = mine["event_date"].dropna(), mine["event_minute"].dropna()
    buurt = _buurt(around.buurten, assign(x, y, around.buurten, tolerance_m=1.0)[core])
    wijk = "" if buurt is None else buurt["wijk_code"]
    names = around.wijken.loc[around.wijken["code"] == wijk, "name"]
    return {
        "id": _place_id(x[core], y[core]),
        "n": len(mine),
        "n_core": int(core.sum()),
        "x": x[core].mean(),
        "y": y[core].mean(),
        "area_m2": shapely.area(shapely.buffer(hull, params.eps_m / 2)),
        "diameter_m": diameter,
        "first": days.min() if len(days) else None,
        "last": days.max() if len(days) else None,
        "n_dates": days.nunique(),
        "top_categories": _categories(mine["categories"]),
        "hours": tuple(int((minute // 60 == hour).sum()) for hour in range(24)),
        "weekdays": tuple(int((days.dt.day_of_week == day).sum()) for day in range(7)),
        "n_time_unknown": int(mine["event_minute"].isna().sum()),
        "buurt_code": "" if buurt is None else buurt["code"],
        "buurt_name": "" if buurt is None else buurt["name"],
        "wijk_code": wijk,
        "wijk_name": names.iloc[0] if len(names) else "",
        "focus_areas": tuple(
            name
            for name, shape in around.focus.items()
            if shapely.intersects_xy(shape, cx, cy) or 2 * inside(x[core], y[core], shape).sum() >= core.sum()
        ),
        "nearest_school": _nearest(cx, cy, around.schools),
        "nearest_stop": _nearest(cx, cy, around.stops),
        "is_chain": diameter > 500.0 or diameter > 5 * params.eps_m,
    }


def around():
    """Four buurten in an odd order with one wijk unnamed, features at equal distances, overlapping focus areas."""
    boxes = {f"BU{i}{j}": shapely.box(i * 300, j * 300, i * 300 + 300, j * 300 + 300) for i in (0, 1) for j in (0, 1)}
    codes = ["BU11", "BU00", "BU10", "BU01"]
    buurten = gpd.GeoDataFrame(
        {"code": codes, "name": [f"naam {c}" for c in codes], "wijk_code": ["WK1", "WK0", "WK9", "WK0"]},
        geometry=[boxes[c] for c in codes],
        crs=RD,
    )
    wijken = gpd.GeoDataFrame(
        {"code": ["WK0", "WK1"], "name": ["Wijk 0", "Wijk 1"]}, geometry=[boxes["BU00"], boxes["BU11"]], crs=RD
    )
    schools = gpd.GeoDataFrame(
        {"name": ["B", "A", "C"], "uncertainty_m": [0.0, 20.0, np.nan]},
        geometry=gpd.points_from_xy([0, 0, 600], [100, 100, 600]),
        crs=RD,
    )
    focus = {"west": shapely.box(-100, -100, 250, 700), "midden": shapely.box(200, 200, 400, 400)}
    return Surroundings(buurten=buurten, wijken=wijken, schools=schools, stops=schools.iloc[:0], focus=focus)


PLACE = st.one_of(st.floats(-50, 650), st.integers(-1, 13).map(lambda n: n * 50.0))
REPORTS = st.tuples(
    PLACE,
    PLACE,
    st.one_of(st.none(), st.integers(0, 20)),
    st.one_of(st.none(), st.integers(0, 1439)),
    st.lists(st.sampled_from(CATEGORIES), max_size=3),
)


def table(rows):
    x, y, day, minute, names = zip(*rows, strict=True)
    frame = report.empty().reindex(range(len(rows)))
    return frame.assign(
        x=x,
        y=y,
        event_date=pd.to_datetime([None if d is None else f"2025-03-{d + 1:02d}" for d in day]).astype("datetime64[s]"),
        event_minute=np.array([np.nan if m is None else m for m in minute], float),
        categories=["|".join(n) for n in names],
        source="app",
        flags="",
    )


def differences(frame, params, surroundings):
    """(hotspot, field, as found, worked out one by one from its reports), of all that differ; and what was found."""
    found = find_hotspots(frame, params=params, surroundings=surroundings)
    assert found.labels.max() + 1 == len(found.hotspots)
    differ = []
    for hotspot in found.hotspots:
        keys = found.members(hotspot)
        core = (found.kinds[keys] == "core").to_numpy()
        centre = hotspot.x, hotspot.y
        want = one_by_one(frame.loc[keys], core, params=params, around=surroundings, centre=centre)
        told = {name: getattr(hotspot, name) for name in want}
        told["id"] = hotspot.id.rstrip("abcdefghijklmnopqrstuvwxyz")
        want |= {name: pytest.approx(want[name], rel=1e-12, abs=1e-7) for name in ROUNDED}
        differ += [(hotspot.id, name, told[name], want[name]) for name in want if told[name] != want[name]]
    ranks = [(-h.n_core, h.diameter_m) for h in found.hotspots]
    assert ranks == sorted(ranks) and [h.rank for h in found.hotspots] == list(range(1, len(ranks) + 1))
    assert len({h.id for h in found.hotspots}) == len(ranks)
    return differ, found


@settings(max_examples=150, deadline=None)
@given(st.lists(REPORTS, min_size=1, max_size=60), st.sampled_from([10.0, 60.0, 150.0]), st.integers(1, 4))
def test_hotspots_described_together_are_the_hotspots_described_one_by_one(rows, eps, least):
    differ, _ = differences(table(rows), HotspotParams(eps_m=eps, min_samples=least, raw=True), around())
    assert differ == []


def test_many_hotspots_of_every_size_are_described_as_one_by_one():
    rng = np.random.default_rng(7)
    centres = rng.uniform(0, 20_000, (150, 2))
    at = centres[rng.integers(0, 150, 4_000)] + rng.normal(0, 40, (4_000, 2))
    days = rng.integers(0, 21, 4_000)
    rows = [(*p, int(d), None if d == 3 else int(d) * 60, [CATEGORIES[d % 5]]) for p, d in zip(at, days, strict=True)]
    differ, found = differences(table(rows), HotspotParams(eps_m=60.0, min_samples=6), around())
    assert differ == [] and len(found.hotspots) > 100

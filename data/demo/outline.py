"""Outlines of the buurten, drawn from one point and one area each: a power diagram within hand-drawn borders.

A power diagram (Aurenhammer 1987) gives every place to the site with the smallest squared distance minus weight; the
weights make the cells about as large as the buurten are. Wantij and railway part the municipality into zones, and a
cell never crosses them. The result is schematic: no border in it is an official one.
"""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.demo import facts
from geo.crs import RD, to_rd

Floats = NDArray[np.float64]
GRID_M = 0.1  # every corner lies on this grid, so that neighbours share their corners exactly


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """What the cells are drawn in and from. RD metres.

    outline: the municipality. zones: its parts between Wantij and railway. sites: (n, 2), the fact points first, then
    the aid points. owner: per site the position of its buurt in the facts. zone: per site the position of its zone.
    """

    outline: shapely.Polygon
    zones: tuple[shapely.Polygon, ...]
    sites: Floats
    owner: NDArray[np.intp]
    zone: NDArray[np.intp]


def points_rd(lonlat: object) -> Floats:
    """(n, 2) WGS84 lon, lat to (n, 2) RD metres."""
    degrees = np.asarray(lonlat, float)
    return np.column_stack(to_rd(degrees[:, 0], degrees[:, 1]))


def drawing() -> Drawing:
    """The hand-drawn frame and the sites of every buurt."""
    drawn = facts.settings("drawing")
    buurten = facts.table("buurten")
    outline = shapely.Polygon(points_rd(drawn["outline"]))
    barriers = [r["line"] for r in drawn["railway"]] + [w["line"] for w in drawn["water"] if w["name"] == "Wantij"]
    lines = shapely.union_all([outline.exterior, *(shapely.LineString(points_rd(line)) for line in barriers)])
    pieces = shapely.get_parts(shapely.polygonize([lines]))
    zones = tuple(p for p in pieces if outline.contains(p.representative_point()))
    position = {code: i for i, code in enumerate(buurten["code"])}
    aid = [(position[code], point) for code, points in drawn["aid"].items() for point in points]
    lonlat = [*buurten[["lon", "lat"]].itertuples(index=False, name=None), *(point for _, point in aid)]
    sites = points_rd(lonlat)
    inside = np.column_stack([shapely.contains_xy(zone, sites) for zone in zones])
    if not inside.any(axis=1).all():
        raise ValueError(
            f"drawing.toml: points outside the outline: {np.asarray(lonlat)[~inside.any(axis=1)].tolist()}"
        )
    return Drawing(
        outline=outline,
        zones=zones,
        sites=sites,
        owner=np.array([*range(len(buurten)), *(i for i, _ in aid)], dtype=np.intp),
        zone=inside.argmax(axis=1),
    )


def cell(site: int, *, rivals: NDArray[np.intp], sites: Floats, weights: Floats, frame: Floats) -> Floats:
    """Corners (k, 2) of the convex power cell of one site within the convex ``frame`` (k, 2); empty when crowded out.

    weights: per site, m². The border with rival j is where |p-s|² - w = |p-j|² - wj.
    """
    corners = frame
    gap = sites[rivals] - sites[site]
    limit = (np.sum(sites[rivals] ** 2, axis=1) - np.sum(sites[site] ** 2) - weights[rivals] + weights[site]) / 2
    for j in np.argsort(np.hypot(gap[:, 0], gap[:, 1]), kind="stable"):
        over = corners @ gap[j] - limit[j]
        if (over > 0).any():
            corners = _clipped(corners, over)
        if len(corners) == 0:
            break
    return corners


def _clipped(corners: Floats, over: Floats) -> Floats:
    """The convex polygon without its part where ``over`` (per corner, linear between corners) is above 0."""
    nxt, over_next = np.roll(corners, -1, axis=0), np.roll(over, -1)
    keep = over <= 0
    crossing = keep != (over_next <= 0)
    share = np.divide(over, over - over_next, out=np.zeros_like(over), where=crossing)
    cut = corners + share[:, None] * (nxt - corners)
    both = np.stack([corners, cut], axis=1).reshape(-1, 2)
    left: Floats = both[np.column_stack([keep, crossing]).ravel()]
    return left


def cells(drawn: Drawing, weights: Floats) -> list[shapely.Geometry]:
    """Per site its power cell within its zone. weights: per buurt, m²; sites of one buurt do not part themselves."""
    per_site = weights[drawn.owner]
    west, south, east, north = drawn.outline.buffer(1000).bounds
    frame = np.array([[west, south], [east, south], [east, north], [west, north]])
    out: list[shapely.Geometry] = []
    for site, zone in enumerate(drawn.zone):
        rivals = np.flatnonzero((drawn.zone == zone) & (np.arange(len(drawn.zone)) != site))
        corners = cell(site, rivals=rivals, sites=drawn.sites, weights=per_site, frame=frame)
        polygon = shapely.Polygon(corners) if len(corners) > 2 else shapely.Polygon()
        out.append(shapely.intersection(polygon, drawn.zones[zone]))
    return out


def outlines() -> gpd.GeoDataFrame:
    """Every buurt of the facts with its schematic outline (RD, MultiPolygon), in the order of the facts.

    Outlines do not overlap, and together are the municipality; neighbours share their corners.
    """
    drawn = drawing()
    buurten = facts.table("buurten")
    weights = facts.table("weights").set_index("code")["weight_m2"].reindex(buurten["code"]).to_numpy(float)
    parts = cells(drawn, weights)
    rings = [shapely.boundary(g) for g in [*parts, *drawn.zones] if not shapely.is_empty(g)]
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(rings, grid_size=GRID_M)]))
    owner = _owners(shapely.point_on_surface(faces), drawn, weights)
    geometry = np.empty(len(buurten), dtype=object)
    for i in range(len(buurten)):
        mine = shapely.union_all(faces[owner == i], grid_size=GRID_M)
        geometry[i] = shapely.multipolygons(shapely.get_parts(mine))
    return gpd.GeoDataFrame(pd.DataFrame(buurten), geometry=geometry, crs=RD)


def _owners(inner: NDArray[np.object_], drawn: Drawing, weights: Floats) -> NDArray[np.intp]:
    """Per inner point of a face the buurt it belongs to; -1 outside the municipality.

    A zone without any site is shared out by all sites.
    """
    xy = shapely.get_coordinates(inner)
    power = np.sum((xy[:, None, :] - drawn.sites[None, :, :]) ** 2, axis=2) - weights[drawn.owner]
    within = np.column_stack([shapely.contains_xy(zone, xy) for zone in drawn.zones])
    zone = within.argmax(axis=1)
    peopled = np.isin(np.arange(len(drawn.zones)), drawn.zone)
    allowed = (drawn.zone[None, :] == zone[:, None]) | ~peopled[zone][:, None]
    best = np.where(allowed, power, np.inf).argmin(axis=1)
    return np.where(within.any(axis=1), drawn.owner[best], -1)

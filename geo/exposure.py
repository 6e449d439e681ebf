"""What there is of each denominator in each area: inhabitants, kilometres of street, boardings, the user's weight."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo import baseline
from geo.baseline import RADII_M, Near
from geo.join import OUTSIDE, assign, inside
from geo.lengths import pieces
from geo.rates import SCALE, Denominator, Per, round_scale

STOP_REACH_M = 100.0  # a stop so far outside all areas serves the nearest

Floats = NDArray[np.float64]
Geometries = NDArray[np.object_]


class Base(StrEnum):
    """What "as near" is a share of."""

    LAND = "land"
    STREETS = "streets"


@dataclass(frozen=True, kw_only=True, slots=True)
class NearFeatures:
    """Reports near features beside the share of the base that is as near; rows per radius, none without features."""

    base: Base
    rows: tuple[Near, ...]


def inhabitants(areas: gpd.GeoDataFrame, *, source: str = "") -> Denominator:
    """Inhabitants per area as the boundaries give them (column ``inhabitants``; NaN unknown)."""
    values = areas["inhabitants"].to_numpy(float)
    return Denominator(per=Per.INHABITANTS, values=values, scale=SCALE[Per.INHABITANTS], source=source)


def streets(areas: gpd.GeoDataFrame, lines: gpd.GeoDataFrame, *, source: str = "") -> Denominator:
    """Kilometres of street per area. areas, lines: RD."""
    values = street_m(areas, lines) / 1000.0
    return Denominator(per=Per.STREETS, values=values, scale=SCALE[Per.STREETS], source=source)


def boardings(
    areas: gpd.GeoDataFrame, stops: gpd.GeoDataFrame, per_day: Floats, *, unit: str = "", source: str = ""
) -> Denominator:
    """Boardings a day per area. stops: points (RD); per_day: (stops,), NaN unknown.

    A stop outside every area but within 100 m of one counts for the nearest. An area with a stop of which the number
    is unknown is unknown as a whole: half a denominator would double its rate.
    """
    xy = shapely.get_coordinates(shapely.point_on_surface(stops.geometry.to_numpy()))
    position = assign(xy[:, 0], xy[:, 1], areas, tolerance_m=STOP_REACH_M)
    mine = position != OUTSIDE
    values = np.zeros(len(areas))
    np.add.at(values, position[mine], np.asarray(per_day, float)[mine])
    return Denominator(per=Per.BOARDINGS, values=values, scale=SCALE[Per.BOARDINGS], unit=unit, source=source)


def weight(areas: gpd.GeoDataFrame, values: pd.Series, *, name: str, unit: str = "", source: str = "") -> Denominator:
    """The user's weight. values: figures by area code; areas that are not among them are unknown."""
    aligned = np.asarray(values.reindex(areas["code"].to_numpy()), dtype=np.float64)
    return Denominator(
        per=Per.WEIGHT, values=aligned, scale=round_scale(aligned), name=name, unit=unit or name, source=source
    )


def street_m(areas: gpd.GeoDataFrame, lines: gpd.GeoDataFrame) -> Floats:
    """Metres of line within each area, (areas,). areas: polygons, lines: lines (RD).

    Lines are cut exactly at borders. Where a line runs along a border, half of it belongs to either side, so at the
    edge of the city half of it lies outside. All lines given count, each carriageway by itself.
    """
    shapes, parts = np.asarray(areas.geometry, dtype=object), np.asarray(lines.geometry, dtype=object)
    result = np.zeros(len(shapes))
    if not len(shapes) or not len(parts):
        return result
    area, line, metres, cut = pieces(parts, shapes)
    along = shapely.length(shapely.intersection(parts[line[cut]], shapely.boundary(shapes)[area[cut]]))
    metres[cut] -= along / 2
    np.add.at(result, area, metres)
    return result


def on_land(lines: gpd.GeoDataFrame, land: shapely.Geometry) -> shapely.Geometry:
    """The lines as far as they lie on land (RD), as one geometry; nothing is dissolved, so every line keeps its length."""
    parts = np.asarray(lines.geometry, dtype=object)
    shapely.prepare(land)
    touching = parts[shapely.intersects(land, parts)]
    whole = shapely.contains_properly(land, touching)
    cut = shapely.intersection(touching[~whole], land)
    kept = shapely.get_parts(shapely.get_parts(np.r_[touching[whole], cut]))
    joined: shapely.Geometry = shapely.multilinestrings(kept[shapely.get_dimensions(kept) == 1])
    return joined


def near_features(
    x: Floats,
    y: Floats,
    features: gpd.GeoDataFrame,
    *,
    areas: gpd.GeoDataFrame,
    lines: gpd.GeoDataFrame | None = None,
    radii_m: Sequence[float] = RADII_M,
) -> NearFeatures:
    """Reports near schools or stops beside the share of street that is as near, or of land without streets.

    x, y: RD metres (n,); only reports on land count. areas: their land, those marked ``water`` left out. lines:
    streets (RD); reports lie along streets, so these are the fairer base wherever they are known. Raises ValueError
    without land, or for a radius that means nothing.
    """
    land = baseline.land(areas)
    on = on_land(lines, land) if lines is not None and len(lines) else None
    if on is None or not shapely.length(on) > 0:
        return NearFeatures(base=Base.LAND, rows=baseline.near(x, y, features, base=land, radii_m=radii_m))
    x, y = np.asarray(x, float), np.asarray(y, float)
    counted = inside(x, y, land)
    return NearFeatures(
        base=Base.STREETS, rows=baseline.near(x[counted], y[counted], features, base=on, radii_m=radii_m)
    )

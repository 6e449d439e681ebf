"""How much of many lines lies within many polygons, without dissolving either."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray


class Pieces(NamedTuple):
    """One line within one polygon each, (k,).

    polygon, line: positions; metres: length within or on the border; cut: whether the line touches the border.
    """

    polygon: NDArray[np.intp]
    line: NDArray[np.intp]
    metres: NDArray[np.float64]
    cut: NDArray[np.bool_]


def pieces(lines: NDArray[np.object_], polygons: NDArray[np.object_]) -> Pieces:
    """Every pair that shares a point. lines, polygons: shapes in metres; what is no line has length 0."""
    shapely.prepare(polygons)
    polygon, line = shapely.STRtree(lines).query(polygons, predicate="intersects")
    cut = ~shapely.contains_properly(polygons[polygon], lines[line])
    metres = shapely.length(lines)[line]
    metres[cut] = shapely.length(shapely.intersection(lines[line[cut]], polygons[polygon[cut]]))
    return Pieces(polygon, line, metres, cut)


def length_within(lines: NDArray[np.object_], area: shapely.Geometry) -> float:
    """Metres of these lines within an area, lines that lie over each other each by themselves."""
    return float(pieces(lines, shapely.get_parts(np.array([area], dtype=object))).metres.sum())

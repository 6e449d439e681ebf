"""Which side of water and railway a place is on: reports on opposite banks are not neighbours (METHODS, "DBSCAN").

The surroundings of the reports, less the barriers, fall apart into pieces of land; two reports are on the same side
when they lie on the same piece, so when one can walk from one to the other without crossing a barrier and without
straying far from where reports are. So a barrier that ends amid reports (a harbour basin, a terminus) divides nothing,
and one that lets through anywhere amid reports (a lock narrower than what counts as wide) does not divide there either.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.join import OUTSIDE, first_around
from geo.squares import grown_squares, squares

CELL_M = 500.0  # surroundings: the cells of this size with a report, and the eight around each
LINE_M = 1.0  # to each side of a line: tracks whose ends miss each other by a hair still join up
LEAST_M2 = 5_000.0  # less land than this is a pier, a platform or the ground between two tracks, and no side
WIDE_M = 20.0
BRIDGED_M = 20.0  # water that is cut by something narrower, as under a bridge, is one water
NO_BARRIER = frozenset(
    ["tram", "tramway", "light_rail", "sneltram", "metro", "subway", "monorail", "funicular", "miniature"]
    + ["abandoned", "disused", "razed", "dismantled", "proposed", "construction"]
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pieces:
    """Pieces of land: polygons (RD) by their lowest x, then y; at least one."""

    polygons: NDArray[np.object_]

    def of(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """Number of the piece that each place (n,) is on; on a barrier or far away: of the nearest (ties: lowest)."""
        if len(self.polygons) == 1:
            return np.zeros(len(x), np.int64)
        found = first_around(x, y, self.polygons, turns=np.arange(len(self.polygons))).astype(np.int64)
        off = np.flatnonzero(found == OUTSIDE)
        if len(off):
            tree, piece = self._banks
            place, stretch = tree.query_nearest(shapely.points(x[off], y[off]), all_matches=True)
            lowest = np.full(len(off), len(self.polygons), np.int64)
            np.minimum.at(lowest, place, piece[stretch])
            found[off] = lowest
        return found

    @cached_property
    def _banks(self) -> tuple[shapely.STRtree, NDArray[np.intp]]:
        """Every straight stretch of the pieces' outlines, and its piece: a whole outline is slow to measure to."""
        rings, piece = shapely.get_parts(shapely.boundary(self.polygons), return_index=True)
        corners, ring = shapely.get_coordinates(rings, return_index=True)
        along = np.flatnonzero(ring[1:] == ring[:-1])
        stretches = np.asarray(
            shapely.linestrings(np.stack([corners[along], corners[along + 1]], axis=1)), dtype=object
        )
        return shapely.STRtree(stretches), piece[ring[along]]


def sides(x: Floats, y: Floats, barriers: Sequence[shapely.Geometry]) -> NDArray[np.int64]:
    """Number of the piece of land that each place is on, 0 for all without barriers.

    x, y: finite RD metres (n,). barriers: polygons of water and lines of railway (RD). A place on a barrier itself (a
    ferry pier, a platform) belongs to the nearest piece; the ground between two tracks is none.
    """
    return pieces(x, y, barriers).of(np.asarray(x, float), np.asarray(y, float))


def pieces(x: Floats, y: Floats, barriers: Sequence[shapely.Geometry]) -> Pieces:
    """The land around these places (finite RD metres, (n,)) as the barriers divide it; to be asked about any place."""
    if len(x) == 0 or len(barriers) == 0:
        return Pieces(polygons=np.array([shapely.Polygon()], dtype=object))
    rows_first = squares(np.asarray(y, float), np.asarray(x, float), side_m=CELL_M)
    return _divided(grown_squares(rows_first).tobytes(), tuple(barriers))


@lru_cache(maxsize=16)
def _divided(cells: bytes, barriers: tuple[shapely.Geometry, ...]) -> Pieces:
    """Surroundings less the barriers; kept, for a city is asked about again and again."""
    surroundings = shapely.union_all(list(_boxes(np.frombuffer(cells, np.int64).reshape(-1, 2))))
    parts = shapely.get_parts(shapely.difference(surroundings, _broad(barriers)))
    large = parts[shapely.area(parts) >= LEAST_M2]
    if len(large) == 0:
        large = np.array([surroundings], dtype=object)
    large = _without_ponds(large)
    bounds = shapely.bounds(large)
    return Pieces(polygons=large[np.lexsort((bounds[:, 1], bounds[:, 0]))])


@lru_cache(maxsize=4)
def _broad(barriers: tuple[shapely.Geometry, ...]) -> shapely.Geometry:
    """All barriers as one shape, lines as wide as they divide."""
    flat = shapely.get_parts(shapely.get_parts(np.array(barriers, dtype=object)))  # twice: collections of multiparts
    broad = np.where(shapely.get_dimensions(flat) == 1, shapely.buffer(flat, LINE_M, quad_segs=2), flat)
    return shapely.union_all(shapely.make_valid(broad))


def _without_ponds(polygons: NDArray[np.object_]) -> NDArray[np.object_]:
    """Polygons without the holes that hold none of the others: such water divides nothing, and there is much of it."""
    rings, piece = shapely.get_rings(polygons, return_index=True)
    outer = np.r_[True, piece[1:] != piece[:-1]]
    holes = shapely.polygons(rings[~outer])
    hole, _ = shapely.STRtree(shapely.point_on_surface(polygons)).query(holes, predicate="contains")
    kept = np.isin(np.arange(len(holes)), hole)
    inner, of = rings[~outer][kept], piece[~outer][kept]
    filled = [shapely.polygons(shell, holes=inner[of == i]) for i, shell in enumerate(rings[outer])]
    return np.array(filled, dtype=object)


def _boxes(cells: NDArray[np.int64]) -> Iterator[shapely.Geometry]:
    """One box per run of cells (row, column; sorted) in a row."""
    breaks = np.flatnonzero((np.diff(cells[:, 0]) != 0) | (np.diff(cells[:, 1]) != 1)) + 1
    for run in np.split(cells, breaks):
        (row, first), last = run[0], run[-1, 1]
        yield shapely.box(first * CELL_M, row * CELL_M, (last + 1) * CELL_M, (row + 1) * CELL_M)


def barriers(
    water: gpd.GeoDataFrame | None, railway: gpd.GeoDataFrame | None, *, min_width_m: float = WIDE_M
) -> tuple[shapely.Geometry, ...]:
    """What divides, out of features: water where it is at least so wide, and railway.

    water, railway: features (subtype, geometry in RD) or None. Ditches, ponds' arms and streams narrower than
    min_width_m, and water drawn as a line, are no barrier; nor are tram, metro and lines no longer there, by their
    subtype. Water interrupted by less than BRIDGED_M goes on below. Raises ValueError for a width that is no distance.
    """
    if not (np.isfinite(min_width_m) and min_width_m > 0):
        raise ValueError(f"min_width_m = {min_width_m}: must be a distance above 0 metres")
    found: list[shapely.Geometry] = []
    if water is not None and len(water):
        shapes = shapely.make_valid(_shapes(water))
        whole = _resized(_resized(shapely.union_all(shapes[shapely.area(shapes) > 0]), BRIDGED_M / 2), -BRIDGED_M / 2)
        wide = shapely.get_parts(_resized(_resized(whole, -min_width_m / 2), min_width_m / 2))
        found.extend(wide[~shapely.is_empty(wide)])
    if railway is not None and len(railway):
        train = ~railway["subtype"].astype(str).str.strip().str.lower().isin(NO_BARRIER)
        lines = _shapes(railway[train])
        found.extend(shapely.get_parts(lines[shapely.length(lines) > 0]))
    return tuple(found)


def _shapes(features: gpd.GeoDataFrame) -> NDArray[np.object_]:
    shapes: NDArray[np.object_] = np.array(features.geometry, dtype=object)
    present: NDArray[np.object_] = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    return present


def _resized(shape: shapely.Geometry, by_m: float) -> shapely.Geometry:
    return shapely.buffer(shape, by_m, quad_segs=4)

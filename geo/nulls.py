"""Where reports would fall if there were no hotspots: the two nulls that hotspots are held against.

Uniform: a report is as likely on any m² of land. Inhomogeneous: reports follow what is there anyway, which is the
reports themselves smoothed at 300-500 m (hotspots are smaller than that and disappear), or inhabitants, or a weight
that the user brings. The second is the one to show (METHODS, "Is it more than chance?"). Both are grids of cells with
a probability each; within a cell every spot is as likely. Streets are not known here: reports snapped to addresses lie
closer together than any of these nulls draws them.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from geo.crs import RD
from geo.join import OUTSIDE, assign
from geo.kernels import nulls as kernel

CELL_M = 50.0
BANDWIDTH_M = 400.0
SUB = 4  # spots along each side of a cell at which is looked which area it lies in
MAX_CELLS = 4_000_000
ANYWHERE = 0.05  # share of a weighted null spread over all land: a report is possible where the weight is 0
HULL_MARGIN_M = 100.0

Floats = NDArray[np.float64]


class NullKind(StrEnum):
    """Which null it was; shown beside every p."""

    UNIFORM = "uniform"
    SMOOTHED = "smoothed"
    WEIGHTED = "weighted"


@dataclass(frozen=True, kw_only=True, eq=False)
class Land:
    """Land on a grid. x0, y0: its lower left corner (RD metres).

    owner: int32 (rows · SUB, columns · SUB), per spot the position of its area, OUTSIDE where there is no land.
    """

    x0: float
    y0: float
    cell_m: float
    owner: NDArray[np.int32]

    @cached_property
    def share(self) -> Floats:
        """Share of each cell that is land (rows, columns), rows from south to north."""
        return _per_cell((self.owner != OUTSIDE).astype(np.float64)) / SUB**2


@dataclass(frozen=True, kw_only=True, eq=False)
class Null:
    """A distribution of one report over cells. x0, y0: lower left corner (RD metres).

    probability: (rows, columns), rows from south to north, sums to 1. detail: the bandwidth in metres or the name of
    the weight, "" for uniform.
    """

    kind: NullKind
    detail: str
    x0: float
    y0: float
    cell_m: float
    probability: Floats

    @cached_property
    def _alias(self) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        row, column = np.nonzero(self.probability)
        keep, other = kernel.alias_table(self.probability[row, column])
        return keep, other, column, row

    def draw(self, n: int, *, runs: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
        """Places of n reports in each of so many runs: x, y (runs, n) in RD metres."""
        chosen, x, y = rng.random((runs, n)), rng.random((runs, n)), rng.random((runs, n))
        kernel.places(chosen, x, y, *self._alias, self.x0, self.y0, self.cell_m)
        return x, y

    def expected(self, n: int, geometry: shapely.Geometry) -> float:
        """Reports of n that fall in a geometry (RD) on average, to within spots of cell_m / 5."""
        return n * float(self.shares(np.array([geometry], dtype=object))[0])

    def shares(self, geometries: NDArray[np.object_]) -> Floats:
        """Probability of a report in each geometry (RD), from 5 × 5 spots a cell; 0 for what lies off the grid."""
        shapely.prepare(geometries)
        rows, columns = self.probability.shape
        spot = (np.arange(5) + 0.5) / 5
        out = np.zeros(len(geometries))
        bounds: Floats = shapely.bounds(geometries)
        for k in np.flatnonzero(np.isfinite(bounds).all(axis=1)):
            xmin, ymin, xmax, ymax = bounds[k].tolist()
            i0, i1 = np.clip([(xmin - self.x0) // self.cell_m, (xmax - self.x0) // self.cell_m + 1], 0, columns)
            j0, j1 = np.clip([(ymin - self.y0) // self.cell_m, (ymax - self.y0) // self.cell_m + 1], 0, rows)
            across = (np.arange(i0, i1)[:, None] + spot).ravel() * self.cell_m + self.x0
            along = (np.arange(j0, j1)[:, None] + spot).ravel() * self.cell_m + self.y0
            if len(across) == 0 or len(along) == 0:
                continue
            inside = shapely.intersects_xy(geometries[k], *np.meshgrid(across, along))
            share = inside.reshape(len(along) // 5, 5, len(across) // 5, 5).mean(axis=(1, 3))
            out[k] = float((share * self.probability[int(j0) : int(j1), int(i0) : int(i1)]).sum())
        return out


def land(areas: gpd.GeoDataFrame, *, cell_m: float = CELL_M) -> Land:
    """Areas on a grid, those marked ``water`` left out. To be kept: it does not depend on the reports.

    areas: code, geometry (RD) and, where known, water. Raises ValueError when there is no land, or too much of it.
    """
    wet = areas["water"].to_numpy(bool) if "water" in areas.columns else np.zeros(len(areas), bool)
    if wet.all():
        raise ValueError("no land: every area is water, or there is none")
    xmin, ymin, xmax, ymax = np.asarray(areas[~wet].total_bounds, float).tolist()
    x0, y0 = np.floor(xmin / cell_m) * cell_m, np.floor(ymin / cell_m) * cell_m
    columns, rows = int((xmax - x0) // cell_m) + 1, int((ymax - y0) // cell_m) + 1
    if rows * columns > MAX_CELLS:
        raise ValueError(f"{rows * columns} cells of {cell_m} m: take larger cells, or fewer areas")
    spot = cell_m / SUB
    x, y = x0 + (np.arange(columns * SUB) + 0.5) * spot, y0 + (np.arange(rows * SUB) + 0.5) * spot
    everywhere = np.meshgrid(x, y)
    position = assign(everywhere[0].ravel(), everywhere[1].ravel(), areas, tolerance_m=0).astype(np.int32)
    position[(position != OUTSIDE) & wet[position]] = OUTSIDE
    return Land(x0=float(x0), y0=float(y0), cell_m=cell_m, owner=position.reshape(rows * SUB, columns * SUB))


def land_of_reports(x: Floats, y: Floats, *, cell_m: float = CELL_M) -> Land:
    """Without boundaries: the convex hull of the reports, 100 m wider. At least one finite place (RD metres)."""
    if len(x) == 0:
        raise ValueError("no reports and no areas: there is nothing to draw in")
    reports = shapely.multipoints(np.column_stack([x, y]))
    hull = np.array([shapely.buffer(shapely.convex_hull(reports), HULL_MARGIN_M)], dtype=object)
    return land(gpd.GeoDataFrame({"code": ["hull"]}, geometry=hull, crs=RD), cell_m=cell_m)


def uniform(x: Floats, y: Floats, *, on: Land) -> Null:
    """Every m² of land as likely. x, y: the reports (RD metres): where one is, one can be, so its cell counts as land."""
    grid, share = _covering(on, x, y)
    return _null(grid, share, NullKind.UNIFORM, "")


def smoothed(x: Floats, y: Floats, *, on: Land, bandwidth_m: float = BANDWIDTH_M) -> Null:
    """The reports themselves, smoothed by a Gaussian with this standard deviation and kept to land.

    The part of a report's kernel that falls on water goes back to the land around it (Jones 1993), so that quays are
    not thinned out. Raises ValueError without reports or for a bandwidth that is no distance.
    """
    if len(x) == 0:
        raise ValueError("no reports: there is nothing to smooth")
    if not (np.isfinite(bandwidth_m) and bandwidth_m > 0):
        raise ValueError(f"bandwidth_m = {bandwidth_m}: must be a distance above 0 metres")
    grid, share = _covering(on, x, y)
    counts = np.zeros(share.shape)
    np.add.at(counts, _cells(grid, x, y), 1.0)
    sigma = bandwidth_m / grid.cell_m
    kept = gaussian_filter(share, sigma, mode="constant")
    counts[counts > 0] /= kept[counts > 0]
    return _null(grid, share * gaussian_filter(counts, sigma, mode="constant"), NullKind.SMOOTHED, f"{bandwidth_m:g}")


def weighted(x: Floats, y: Floats, *, on: Land, weights: Floats, name: str) -> Null:
    """Areas in proportion to a weight (inhabitants, footfall, km of street), and evenly over the land within each.

    on: land of the areas that the weights belong to, in their order. weights: (areas,), NaN counts as 0. One report in
    twenty is drawn anywhere on land: nobody lives at a station, yet reports come from there.
    """
    weight = np.nan_to_num(np.asarray(weights, float))
    if (weight < 0).any() or not weight.sum() > 0:
        raise ValueError(f"weight {name!r}: must be 0 or more, and above 0 somewhere")
    grid, share = _covering(on, x, y)
    on_land = grid.owner != OUTSIDE
    spots = np.bincount(grid.owner[on_land], minlength=len(weight))
    per_spot = np.divide(weight, spots, out=np.zeros(len(weight)), where=spots > 0)
    mass = _per_cell(np.where(on_land, per_spot[grid.owner], 0.0))
    if not mass.sum() > 0:
        raise ValueError(f"weight {name!r}: above 0 only where there is no land")
    mixed = (1 - ANYWHERE) * mass / mass.sum() + ANYWHERE * share / share.sum()
    return _null(grid, mixed, NullKind.WEIGHTED, name)


def _null(grid: Land, mass: Floats, kind: NullKind, detail: str) -> Null:
    return Null(kind=kind, detail=detail, x0=grid.x0, y0=grid.y0, cell_m=grid.cell_m, probability=mass / mass.sum())


def _covering(on: Land, x: Floats, y: Floats) -> tuple[Land, Floats]:
    """The land widened to hold every report, and per cell its share of land, 1 where a report shows there is some."""
    rows, columns = on.share.shape
    grid = on
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("x and y must be finite metres: leave reports without a place out first")
    if len(x):
        i, j = (x - on.x0) // on.cell_m, (y - on.y0) // on.cell_m
        west, south = max(0, -int(i.min())), max(0, -int(j.min()))
        east, north = max(0, int(i.max()) - columns + 1), max(0, int(j.max()) - rows + 1)
        if (rows + south + north) * (columns + west + east) > MAX_CELLS:
            raise ValueError("reports lie too far from the areas: leave those outside out first")
        if west or south or east or north:
            pad = ((south * SUB, north * SUB), (west * SUB, east * SUB))
            owner = np.pad(on.owner, pad, constant_values=OUTSIDE)
            x0, y0 = on.x0 - west * on.cell_m, on.y0 - south * on.cell_m
            grid = Land(x0=x0, y0=y0, cell_m=on.cell_m, owner=owner)
    share = grid.share.copy()
    if len(x):
        at = _cells(grid, x, y)
        share[at] = np.where(share[at] > 0, share[at], 1.0)
    return grid, share


def _cells(grid: Land, x: Floats, y: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column of each place."""
    return ((y - grid.y0) // grid.cell_m).astype(np.intp), ((x - grid.x0) // grid.cell_m).astype(np.intp)


def _per_cell(spots: Floats) -> Floats:
    """Sum over the SUB × SUB spots of each cell."""
    rows, columns = spots.shape
    return np.asarray(spots.reshape(rows // SUB, SUB, columns // SUB, SUB).sum(axis=(1, 3)))

"""Square cells aligned to the RD grid: counts per cell, and which cells are land."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geo.join import inside

MOST_CELLS = 50_000_000

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]  # xmin, ymin, xmax, ymax in RD metres


@dataclass(frozen=True, kw_only=True, slots=True)
class Raster:
    """rows × columns cells of cell_m metres; (x0, y0) is the lower left corner, row 0 the southern one (RD)."""

    x0: float
    y0: float
    cell_m: float
    rows: int
    columns: int

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, columns)."""
        return self.rows, self.columns

    @property
    def centres_x(self) -> Floats:
        """RD x of the columns' centres."""
        return np.asarray(self.x0 + (np.arange(self.columns) + 0.5) * self.cell_m, dtype=np.float64)

    @property
    def centres_y(self) -> Floats:
        """RD y of the rows' centres."""
        return np.asarray(self.y0 + (np.arange(self.rows) + 0.5) * self.cell_m, dtype=np.float64)

    def counts(self, x: Floats, y: Floats) -> NDArray[np.int64]:
        """Points per cell, (rows, columns); a cell holds its lower and left side. Outside and NaN: in none."""
        with np.errstate(invalid="ignore"):  # NaN, and beyond what int64 holds: cut away below
            column, row = np.floor((x - self.x0) / self.cell_m), np.floor((y - self.y0) / self.cell_m)
            held = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        flat = row[held].astype(np.int64) * self.columns + column[held].astype(np.int64)
        return np.bincount(flat, minlength=self.rows * self.columns).reshape(self.shape)

    def land(self, areas: gpd.GeoDataFrame) -> NDArray[np.bool_]:
        """Which cells have their centre in an area that is not water (RD; without a column `water` all areas are land)."""
        dry = areas[~areas["water"].to_numpy(bool)] if "water" in areas.columns else areas
        if len(dry) == 0:
            return np.zeros(self.shape, dtype=bool)
        x, y = np.meshgrid(self.centres_x, self.centres_y)
        return inside(x.ravel(), y.ravel(), shapely.union_all(dry.geometry.to_numpy())).reshape(self.shape)

    def shapes(self, groups: NDArray[np.integer]) -> NDArray[np.object_]:
        """The union of each group's cells as a geometry in RD, (number of groups,).

        groups: (rows, columns), 0, 1, … without gaps, -1 for cells in none.
        """
        if groups.shape != self.shape:
            raise ValueError(f"groups is {groups.shape}, the raster {self.shape}: must be one grid")
        row, start = np.nonzero(np.diff(groups, axis=1, prepend=-2))  # -2: every row begins a run
        # A run of equal cells ends where the next begins, or at the end of its row
        last = np.append(row[1:] != row[:-1], True)[: len(row)]
        stop = np.where(last, self.columns, np.append(start[1:], 0)[: len(row)])
        group = groups[row, start]
        held = group >= 0
        row, start, stop, group = row[held], start[held], stop[held], group[held]
        runs = shapely.box(
            self.x0 + start * self.cell_m,
            self.y0 + row * self.cell_m,
            self.x0 + stop * self.cell_m,
            self.y0 + (row + 1) * self.cell_m,
        )
        size = int(groups.max(initial=-1)) + 1
        return np.array([shapely.union_all(runs[group == one]) for one in range(size)], dtype=object)


def over(bounds: Bounds, *, cell_m: float) -> Raster:
    """The cells that cover bounds, aligned to whole multiples of cell_m.

    ValueError for bounds or a cell size that mean nothing, or more than MOST_CELLS cells.
    """
    if not (np.isfinite(cell_m) and cell_m > 0):
        raise ValueError(f"cell_m = {cell_m}: must be a side above 0 metres")
    xmin, ymin, xmax, ymax = bounds
    if not (np.isfinite(bounds).all() and xmin <= xmax and ymin <= ymax):
        raise ValueError(f"bounds = {bounds}: must be finite xmin ≤ xmax, ymin ≤ ymax")
    left, bottom = np.floor(xmin / cell_m), np.floor(ymin / cell_m)
    columns, rows = np.floor(xmax / cell_m) - left + 1, np.floor(ymax / cell_m) - bottom + 1
    if rows * columns > MOST_CELLS:
        raise ValueError(f"cell_m = {cell_m}: {rows * columns:.0f} cells over {bounds}; take larger cells")
    return Raster(x0=left * cell_m, y0=bottom * cell_m, cell_m=cell_m, rows=int(rows), columns=int(columns))

"""What the subjects on a grid share: its cells, which are land, neighbouring cells as one patch, and cells in a file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import click
import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage

from dashboard.commands.analyse.common import Found
from dashboard.console import fail, writable
from dashboard.i18n import _, number
from dashboard.services.material import Floats
from dashboard.subject import check_spread
from geo import raster
from geo.crs import RD, WGS84
from geo.nulls import HULL_MARGIN_M
from geo.raster import Raster

MOST_CELL_M: Final = 500
DRIVERS: Final = {".geojson": "GeoJSON", ".json": "GeoJSON", ".gpkg": "GPKG"}

cell_option = click.option(
    "--cell",
    "cell_m",
    type=click.IntRange(1, MOST_CELL_M),
    metavar="METER",
    help="Celmaat; weggelaten: de instelling cell_screen_m.",
)


@dataclass(frozen=True, kw_only=True)
class Patch:
    """Neighbouring cells that stand out. x, y: centre of the highest; peak: its value; q: the smallest, NaN for none."""

    buurt: str
    x: float
    y: float
    n: int
    area_m2: float
    peak: float
    q: float


def areas_of(found: Found) -> gpd.GeoDataFrame:
    """The buurten; without any, what the reports span, as one area."""
    if len(found.subject.buurten):
        return found.subject.buurten
    points = shapely.multipoints(np.column_stack([found.x, found.y]))
    return gpd.GeoDataFrame(
        {"code": ["hull"], "name": [""], "water": [False]},
        geometry=np.array([shapely.buffer(shapely.convex_hull(points), HULL_MARGIN_M)], dtype=object),
        crs=RD,
    )


def cell_side(found: Found, asked: int | None) -> float:
    """The side of a cell in metres: never finer than the setting allows."""
    least = found.subject.settings.cell_screen_m
    if asked is not None and asked < least:
        fail(
            _(
                "--cell {asked}: fijner dan {least} meter mag niet, dan zijn losse meldingen te herkennen (instelling cell_screen_m).",
                asked=asked,
                least=number(least),
            )
        )
    return float(least if asked is None else asked)


def grid_over(found: Found, cell_m: float) -> tuple[Raster, NDArray[np.bool_]]:
    """The cells over the land and which of them are land; where a report is, there is land."""
    areas = areas_of(found)
    check_spread(found.clustered, areas)
    low, high = areas.total_bounds[:2], areas.total_bounds[2:]
    left, bottom = min(low[0], found.x.min()), min(low[1], found.y.min())
    right, top = max(high[0], found.x.max()), max(high[1], found.y.max())
    grid = raster.over((float(left), float(bottom), float(right), float(top)), cell_m=cell_m)
    return grid, grid.land(areas) | (grid.counts(found.x, found.y) > 0)


def patches(
    chosen: NDArray[np.bool_], grid: Raster, *, values: Floats, q: Floats | None, found: Found
) -> tuple[Patch, ...]:
    """Neighbouring chosen cells (corners too) as one; the highest value first."""
    numbers, size = ndimage.label(chosen, structure=np.ones((3, 3)))
    if not size:
        return ()
    which = np.arange(1, size + 1)
    n = np.asarray(ndimage.sum_labels(grid.counts(found.x, found.y), numbers, which)).astype(int)
    cells = np.bincount(numbers.ravel(), minlength=size + 1)[1:]
    top = np.array(ndimage.maximum_position(np.nan_to_num(values), numbers, which))
    x, y = grid.centres_x[top[:, 1]], grid.centres_y[top[:, 0]]
    names = found.buurt_names(x, y)
    smallest = (
        np.full(size, np.nan) if q is None else np.asarray(ndimage.minimum(np.nan_to_num(q, nan=1.0), numbers, which))
    )
    made = [
        Patch(
            buurt=names[i],
            x=float(x[i]),
            y=float(y[i]),
            n=int(n[i]),
            area_m2=float(cells[i] * grid.cell_m**2),
            peak=float(values[top[i, 0], top[i, 1]]),
            q=float(smallest[i]),
        )
        for i in range(size)
    ]
    return tuple(sorted(made, key=lambda patch: (-patch.peak, patch.x, patch.y)))


def check_out(out: Path | None) -> None:
    """A name that says nothing, or that cannot be written to, ends the command before the work is done."""
    if out is None:
        return
    if out.suffix.lower() not in DRIVERS:
        fail(_("--out {file}: kies een naam op .geojson of .gpkg.", file=out))
    writable(out)


def write_cells(
    out: Path,
    grid: Raster,
    chosen: NDArray[np.bool_],
    *,
    columns: dict[str, Floats],
    notes: dict[str, Any],
) -> int:
    """Write the chosen cells with their figures: GeoJSON in WGS84 (RFC 7946), GeoPackage in RD. Gives how many.

    notes: how the figures were made, the same for every cell.
    """
    row, column = np.nonzero(chosen)
    left, bottom = grid.x0 + column * grid.cell_m, grid.y0 + row * grid.cell_m
    boxes = shapely.box(left, bottom, left + grid.cell_m, bottom + grid.cell_m)
    table = {name: np.round(values[row, column].astype(float), 6) for name, values in columns.items()}
    frame = gpd.GeoDataFrame(
        table | {name: [value] * len(row) for name, value in notes.items()}, geometry=boxes, crs=RD
    )
    driver = DRIVERS[out.suffix.lower()]
    (frame.to_crs(WGS84) if driver == "GeoJSON" else frame).to_file(out, driver=driver)
    return len(frame)

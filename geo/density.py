"""Kernel density: reports per km² as a smooth surface. A picture, never a test.

Every report is laid on fine bins with cubic (Lagrange) weights, which keeps sums of smooth functions right to the
fourth order, and the bins are smoothed exactly at the centres of the grid's cells: a Gaussian by two matrix products,
a quartic by a Fourier transform. The cost hardly grows with the number of reports, nor with piles.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from geo import raster
from geo.kernels import bins
from geo.raster import Bounds, Raster

FINENESS: dict[str, float] = {
    "gaussian": 5.0,
    "quartic": 25.0,
}  # bins per bandwidth, at least: the error is below 0.1 %
REACH = 4.0  # bandwidths beyond the grid from which a Gaussian still counts: less than 0.04 % of its peak
MOST_BINS = 100_000_000
M2_PER_KM2 = 1e6

Kernel = Literal["gaussian", "quartic"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Density:
    """A density surface and how it was made.

    values: float32 raster.shape, reports per km² at the cells' centres. bandwidth_m: standard deviation of the
    Gaussian, radius of the quartic. n: reports with a place; n_out: those without, left out.
    """

    values: NDArray[np.float32]
    raster: Raster
    bandwidth_m: float
    kernel: Kernel
    n: int
    n_out: int


def density(
    x: Floats,
    y: Floats,
    *,
    bandwidth_m: float,
    cell_m: float = 50.0,
    kernel: Kernel = "gaussian",
    bounds: Bounds | None = None,
) -> Density | None:
    """Kernel density of reports on a grid (Silverman 1986, 4.2).

    x, y: RD metres (n,); not finite is left out and counted. bounds: what to cover, by default the reports and the
    kernel's reach around them; reports outside count where their kernel reaches in.
    gaussian: exp(−d²/2h²)/(2πh²); quartic: 3/(πh²)·(1 − d²/h²)² within h. Within 0.1 % of the peak of the exact sum.
    None without any placed report. ValueError for a bandwidth, cell or kernel that means nothing.
    """
    if not (np.isfinite(bandwidth_m) and bandwidth_m > 0):
        raise ValueError(f"bandwidth_m = {bandwidth_m}: must be a distance above 0 metres")
    if kernel not in ("gaussian", "quartic"):
        raise ValueError(f"kernel = {kernel!r}: must be 'gaussian' or 'quartic'")
    x, y = np.asarray(x, float), np.asarray(y, float)
    placed = np.isfinite(x) & np.isfinite(y)
    n = int(placed.sum())
    if n == 0:
        return None
    if n < len(x):
        x, y = x[placed], y[placed]
    reach = bandwidth_m * (REACH if kernel == "gaussian" else 1.0)
    if bounds is None:
        bounds = (x.min() - reach, y.min() - reach, x.max() + reach, y.max() + reach)
    grid = raster.over(bounds, cell_m=cell_m)
    smooth = _gaussian if kernel == "gaussian" else _quartic
    values = smooth(x, y, grid, bandwidth_m, reach).clip(min=np.float32(0))  # cubic weights dip below 0 by a hair
    return Density(
        values=values * np.float32(M2_PER_KM2),
        raster=grid,
        bandwidth_m=bandwidth_m,
        kernel=kernel,
        n=n,
        n_out=len(placed) - n,
    )


def _fine(grid: Raster, parts: int, reach: float) -> Raster:
    """Bins of 1/parts of a cell over the grid and what reaches into it, in whole cells."""
    margin = int(np.ceil(reach / grid.cell_m)) + 1
    rows, columns = (grid.rows + 2 * margin) * parts, (grid.columns + 2 * margin) * parts
    if rows * columns > MOST_BINS:
        raise ValueError(f"cell_m = {grid.cell_m}: too fine for {rows // parts} × {columns // parts} cells")
    shift = margin * grid.cell_m
    return Raster(x0=grid.x0 - shift, y0=grid.y0 - shift, cell_m=grid.cell_m / parts, rows=rows, columns=columns)


def _binned(x: Floats, y: Floats, fine: Raster) -> NDArray[np.float32]:
    # Sums in float64: a million reports on one coordinate lose percents in float32
    summed: Floats = bins.cubic(x, y, fine.x0, fine.y0, fine.cell_m, fine.rows, fine.columns)
    return summed.astype(np.float32)


def _gaussian(x: Floats, y: Floats, grid: Raster, h: float, reach: float) -> NDArray[np.float32]:
    fine = _fine(grid, int(np.ceil(grid.cell_m * FINENESS["gaussian"] / h)), reach)
    across = _weights(grid.centres_x, fine.centres_x, h)
    along = _weights(grid.centres_y, fine.centres_y, h)
    return np.asarray(along @ _binned(x, y, fine) @ across.T, dtype=np.float32)


def _weights(to: Floats, of: Floats, h: float) -> NDArray[np.float32]:
    squared = ((to[:, None] - of[None, :]) / h) ** 2
    return np.asarray(np.exp(-squared / 2) / (np.sqrt(2 * np.pi) * h), dtype=np.float32)


def _quartic(x: Floats, y: Floats, grid: Raster, h: float, reach: float) -> NDArray[np.float32]:
    parts = int(np.ceil(grid.cell_m * FINENESS["quartic"] / h))
    parts += 1 - parts % 2  # odd, so that a bin's centre is a cell's centre
    fine = _fine(grid, parts, reach)
    half = int(np.ceil(h / fine.cell_m))
    offset = np.arange(-half, half + 1) * fine.cell_m
    inside = np.maximum(1 - (offset[:, None] ** 2 + offset[None, :] ** 2) / h**2, 0)
    bump = (3 / (np.pi * h**2) * inside**2).astype(np.float32)
    surface = np.asarray(oaconvolve(_binned(x, y, fine), bump, mode="same"), dtype=np.float32)
    margin = (fine.rows // parts - grid.rows) // 2
    first = margin * parts + parts // 2
    rows, columns = slice(first, first + grid.rows * parts, parts), slice(first, first + grid.columns * parts, parts)
    return surface[rows, columns]

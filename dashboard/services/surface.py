"""SurfaceService: the reports of a view as cells of a grid instead of buurten: kernel density, and Gi*."""

from dataclasses import dataclass, replace
from math import floor, log10
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from dashboard.services.city import City
from dashboard.services.map import MapService
from dashboard.services.recent import Recent
from dashboard.state import FilterState
from data.settings import Settings
from data.viewer import Right, Viewer
from geo import raster
from geo.certainty import SEED
from geo.density import density
from geo.getis import gi_star
from geo.join import OUTSIDE, assign
from geo.raster import Raster

KEPT = 8
BANDWIDTH_M: Final = 150.0  # of the density's Gaussian: a few streets
REACH_M: Final = 125.0  # round each cell, of Gi*
DENSITIES: Final = (1, 2, 5)  # times a power of ten: the classes' bounds, each about twice the one below
PERMUTATIONS: Final = 199
ALPHA: Final = 0.05
STRICT: Final = 0.01

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Key = tuple[str, Viewer, FilterState]


@dataclass(frozen=True, kw_only=True, slots=True)
class Patch:
    """Neighbouring cells that stand out. peak: reports per km² for density, z for Gi*; q: the smallest, NaN for density."""

    buurt: str  # of its highest cell; "" outside
    n: int  # reports in its cells
    area_m2: float
    peak: float
    q: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Surface:
    """One picture of the reports on a grid.

    values: (rows, columns), reports per km² or z, NaN on water. classes: class of each cell, -1 for none; the higher,
    the more. bounds: of density, where the lowest class begins and each ends; () for Gi*, whose classes are 0 not
    significant, 1 q ≤ ALPHA, 2 q ≤ STRICT. patches: what stands out (of density the two highest classes), the highest
    first. n: reports that are drawn.
    """

    picture: Literal["density", "gistar"]
    raster: Raster
    values: Floats
    classes: Ints
    bounds: tuple[float, ...]
    patches: tuple[Patch, ...]
    n: int


class SurfaceService:
    """Draws the reports that hotspots are made from, once per data version, viewer and question."""

    def __init__(self, maps: MapService, settings: Settings) -> None:
        self._maps = maps
        self._settings = settings
        self._recent: Recent[Key, Surface | None] = Recent(KEPT)

    def of(self, viewer: Viewer, state: FilterState) -> Surface | None:
        """The picture a state asks for; None for buurten, and without reports or land. Raises Denied but to analysts.

        As with hotspots the whole city is drawn, whatever area is looked at.
        """
        viewer.require(Right.CUSTOM)
        if state.picture == "areas":
            return None
        key = (self._maps.city().version, viewer, _question(state))
        return self._recent.of(key, lambda: self._made(viewer, state))

    def _made(self, viewer: Viewer, state: FilterState) -> Surface | None:
        city = self._maps.city()
        reports, _, result = self._maps.clustered(viewer, state)
        clustered = reports.loc[result.labels.index]
        if clustered.empty or not len(city.buurten) or bool(city.buurten["water"].all()):
            return None
        return self._density(clustered, city) if state.picture == "density" else self._gi_star(clustered, city)

    def _density(self, reports: pd.DataFrame, city: City) -> Surface | None:
        x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
        bounds = tuple(float(v) for v in city.buurten.total_bounds)
        made = density(
            x, y, bandwidth_m=BANDWIDTH_M, cell_m=float(self._settings.cell_screen_m), bounds=bounds  # type: ignore[arg-type]  # four by construction
        )  # fmt: skip
        if made is None:
            return None
        values = np.where(made.raster.land(city.buurten), made.values.astype(float), np.nan)
        if not np.nanmax(values) > 0:
            return None
        low, *upper = _bounds(float(np.nanmax(values)))
        classes = np.searchsorted(np.asarray(upper), np.nan_to_num(values), side="left").astype(np.int64)
        with np.errstate(invalid="ignore"):
            classes[~(values > low)] = -1  # hardly anything is nothing to colour
        nothing, counts = np.full(values.shape, np.nan), made.raster.counts(x, y)
        return Surface(
            picture="density",
            raster=made.raster,
            values=values,
            classes=classes,
            bounds=(low, *upper),
            patches=_patches(
                classes >= len(upper) - 2, made.raster, values=values, q=nothing, counts=counts, city=city
            ),
            n=made.n,
        )

    def _gi_star(self, reports: pd.DataFrame, city: City) -> Surface:
        x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
        bounds = tuple(float(v) for v in city.buurten.total_bounds)
        grid = raster.over(bounds, cell_m=float(self._settings.cell_screen_m))  # type: ignore[arg-type]  # four by construction
        counts, land = grid.counts(x, y), grid.land(city.buurten)
        land |= counts > 0  # where a report is, one can be
        reach = max(REACH_M / grid.cell_m, 1.0)
        found = gi_star(counts, land=land, reach_cells=reach, permutations=PERMUTATIONS, seed=SEED)
        with np.errstate(invalid="ignore"):
            significant, strict = found.q <= ALPHA, found.q <= STRICT
        classes = np.where(counts > 0, 0, -1).astype(np.int64)
        classes[significant] = 1
        classes[strict] = 2
        return Surface(
            picture="gistar",
            raster=grid,
            values=found.z,
            classes=classes,
            bounds=(),
            patches=_patches(significant, grid, values=found.z, q=found.q, counts=counts, city=city),
            n=int(counts.sum()),
        )


def _bounds(peak: float, *, n: int = 5) -> tuple[float, ...]:
    """So many round numbers and one more, the last at or above the peak."""
    around = floor(log10(peak))
    numbers = [float(f"{m}e{e}") for e in range(around - 4, around + 2) for m in DENSITIES]
    last = next(i for i, number in enumerate(numbers) if number >= peak)
    return tuple(numbers[last - n : last + 1])


def _patches(
    chosen: NDArray[np.bool_], grid: Raster, *, values: Floats, q: Floats, counts: Ints, city: City
) -> tuple[Patch, ...]:
    """Neighbouring chosen cells (corners too) as one; the highest value first."""
    numbers, size = ndimage.label(chosen, structure=np.ones((3, 3)))
    if not size:
        return ()
    which = np.arange(1, size + 1)
    n = np.asarray(ndimage.sum_labels(counts, numbers, which)).astype(int)
    cells = np.bincount(numbers.ravel(), minlength=size + 1)[1:]
    at = np.array(ndimage.maximum_position(np.nan_to_num(values), numbers, which))
    centre_x, centre_y = grid.centres_x[at[:, 1]], grid.centres_y[at[:, 0]]
    position = assign(centre_x, centre_y, city.buurten, tolerance_m=grid.cell_m)
    names = np.append(city.buurten["name"].to_numpy(object), "")
    smallest = np.asarray(ndimage.minimum(np.nan_to_num(q, nan=np.inf), numbers, which))
    found = [
        Patch(
            buurt=str(names[position[i]] if position[i] != OUTSIDE else ""),
            n=int(n[i]),
            area_m2=float(cells[i] * grid.cell_m**2),
            peak=float(values[at[i, 0], at[i, 1]]),
            q=float(smallest[i]) if np.isfinite(smallest[i]) else float("nan"),
        )
        for i in range(size)
    ]
    return tuple(sorted(found, key=lambda patch: (-patch.peak, patch.buurt)))


def _question(state: FilterState) -> FilterState:
    """What decides the picture: the hotspots' question, and which picture."""
    return replace(state.clustering(), picture=state.picture)

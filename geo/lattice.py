"""Sources that round their places: coordinates on a regular lattice, and how far off a report may then be.

A source is on a lattice when at least SHARE of its distinct places lie on it and chance cannot have put them there:
P(Binomial(places, 1/4) ≥ places on it) ≤ CHANCE. One in four is what a source gives that already writes its places on
a lattice half as fine; of places written to the metre one in 2,500 fits. So twelve places that all fit are the fewest,
and a source without this lattice is called one in at most LATTICES · CHANCE = 1.4 in a million cases (in 10⁻³⁹ where
it writes metres). Default pins and postcode centroids are piles, not lattices: geo.exclusions.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import bdtrc

from geo.crs import RD, WGS84, to_rd, to_wgs84
from geo.squares import distinct

RD_SPACINGS: Final = (1000.0, 500.0, 250.0, 100.0, 50.0)  # metres
DEGREE_SPACINGS: Final = (0.01, 0.001)  # two and three decimals
WITHIN: Final = 0.01  # of the spacing: so much off is still on the lattice
FITS: Final = 0.25
SHARE: Final = 0.9
CHANCE: Final = 1e-7
LATTICES: Final = 2 * (len(RD_SPACINGS) + len(DEGREE_SPACINGS))  # on the corners of cells and on their centres
SAMPLE: Final = 2_000  # a first look at so many reports tells nearly every source without one
SAMPLE_SHARE: Final = 0.8

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lattice:
    """A lattice of places. spacing: metres for crs RD, degrees for WGS84. centred: on the cells' centres."""

    crs: str
    spacing: float
    centred: bool
    radius_m: float  # half of a cell's diagonal: how far a place may be off


def find(x: Floats, y: Floats) -> Lattice | None:
    """The coarsest lattice that these places lie on; None for places that are not rounded.

    x, y: RD metres (n,) of one source; those that are not finite are passed over. Repeated places count once.
    """
    placed = np.flatnonzero(np.isfinite(x) & np.isfinite(y))
    if len(placed) == 0:
        return None
    look = placed[:: max(1, len(placed) // SAMPLE)]
    seen = _distinct(x[look], y[look])
    rough = _rough(_lattices(seen), *seen)
    if not rough:
        return None
    x, y = _distinct(x[placed], y[placed])
    for lattice in rough:
        n_on = int(_on(lattice, x, y).sum())
        if n_on >= SHARE * len(x) and bdtrc(n_on - 1, len(x), FITS) <= CHANCE:
            return lattice
    return None


def by_source(reports: pd.DataFrame) -> dict[str, Lattice]:
    """Source -> the lattice of its places, of the sources that have one. reports: geo.report.COLUMNS."""
    x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
    return {name: lattice for name, rows in _sources(reports) if (lattice := find(x[rows], y[rows])) is not None}


def radius(reports: pd.DataFrame, *, accepted: frozenset[str] = frozenset()) -> Floats:
    """Per report (n,) how far off its place may be, in metres, because its source rounds; 0 where it does not.

    accepted: sources whose lattice is taken for real (stops along a grid of streets, say).
    """
    x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
    metres = np.zeros(len(reports))
    for name, rows in _sources(reports):
        lattice = None if name in accepted else find(x[rows], y[rows])
        if lattice is not None:
            with np.errstate(invalid="ignore"):  # a report without a place is on no lattice
                metres[rows] = np.where(_on(lattice, x[rows], y[rows]), lattice.radius_m, 0.0)
    return metres


def _sources(reports: pd.DataFrame) -> list[tuple[str, NDArray[np.intp] | slice]]:
    source = reports["source"].to_numpy()
    if len(source) and (source == source[0]).all():  # as good as always, and quicker seen than numbered
        return [(str(source[0]), slice(None))]
    codes, names = pd.factorize(source)
    return [(str(name), np.flatnonzero(codes == code)) for code, name in enumerate(names)]


def _distinct(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    places = distinct(*(np.rint(v * 100).astype(np.int64) for v in (x, y))) / 100.0
    return places[:, 0], places[:, 1]


def _lattices(places: tuple[Floats, Floats]) -> list[Lattice]:
    """Every lattice that is known, coarsest first, with its radius around these places."""
    x, y = places
    lon, lat = to_wgs84(np.median(x), np.median(y))
    found = []
    for step in DEGREE_SPACINGS:
        east, north = to_rd([lon - step / 2, lon + step / 2], [lat - step / 2, lat + step / 2])
        found.append((WGS84, step, float(np.hypot(*np.diff([east, north])[:, 0]) / 2)))
    found += [(RD, step, step * np.sqrt(0.5)) for step in RD_SPACINGS]
    return [
        Lattice(crs=crs, spacing=step, centred=centred, radius_m=float(metres))
        for crs, step, metres in sorted(found, key=lambda each: -each[2])
        for centred in (False, True)
    ]


def _rough(known: list[Lattice], x: Floats, y: Floats) -> list[Lattice]:
    """Those of the lattices that SAMPLE_SHARE of the places (n,; RD) lie on, all of a CRS looked at together."""
    found: set[Lattice] = set()
    for crs in (RD, WGS84):
        of = [lattice for lattice in known if lattice.crs == crs]
        spacing, shift = np.array([[one.spacing] for one in of]), np.array([[_shift(one)] for one in of])
        share = _fits(*_placed(crs, x, y), spacing, shift).mean(axis=1)
        found |= {lattice for lattice, holds in zip(of, share >= SAMPLE_SHARE, strict=True) if holds}
    return [lattice for lattice in known if lattice in found]


def _on(lattice: Lattice, x: Floats, y: Floats) -> Bools:
    """Which places (n,; RD) lie on the lattice."""
    return _fits(*_placed(lattice.crs, x, y), lattice.spacing, _shift(lattice))


def _placed(crs: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Places in the units of a lattice's CRS: metres, or degrees east and north."""
    return (x, y) if crs == RD else to_wgs84(x, y)


def _shift(lattice: Lattice) -> float:
    return 0.5 if lattice.centred else 0.0


def _fits(across: Floats, up: Floats, spacing: Floats | float, shift: Floats | float) -> Bools:
    u, v = across / spacing - shift, up / spacing - shift
    return (np.abs(u - np.round(u)) <= WITHIN) & (np.abs(v - np.round(v)) <= WITHIN)

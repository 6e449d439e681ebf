"""Sources that round their places: coordinates on a regular lattice, and how far off a report may then be.

A source is on a lattice when at least SHARE of its distinct places lie on it and chance cannot have put them there:
P(Binomial(places, 1/4) ≥ places on it) ≤ CHANCE. One in four is what a source gives that already writes its places on
a lattice half as fine; of places written to the metre one in 2,500 fits. So twelve places that all fit are the fewest,
and a source without this lattice is called one in at most len(KNOWN) · CHANCE = 1.4 in a million cases (in 10⁻³⁹ where
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

COARSEST_FIRST: Final = (  # metres, or degrees of two and three decimals; in this order anywhere in the Netherlands
    (RD, 1000.0), (WGS84, 0.01), (RD, 500.0), (RD, 250.0), (RD, 100.0), (WGS84, 0.001), (RD, 50.0),
)  # fmt: skip
KNOWN: Final = tuple((crs, spacing, centred) for crs, spacing in COARSEST_FIRST for centred in (False, True))
WITHIN: Final = 0.01  # of the spacing: so much off is still on the lattice
FITS: Final = 0.25
SHARE: Final = 0.9
CHANCE: Final = 1e-7
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
    rough = [lattice for lattice, share in zip(KNOWN, _shares(*seen), strict=True) if share >= SAMPLE_SHARE]
    if not rough:
        return None
    x, y = _distinct(x[placed], y[placed])
    for crs, spacing, centred in rough:
        lattice = Lattice(crs=crs, spacing=spacing, centred=centred, radius_m=_radius(crs, spacing, *seen))
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


def _shares(x: Floats, y: Floats) -> Floats:
    """Of each lattice in KNOWN the share of these places (n,; RD) that lie on it; all at once, for a view waits."""
    placed = {crs: _placed(crs, x, y) for crs in (RD, WGS84)}
    across, up = (np.array([placed[crs][axis] for crs, _, _ in KNOWN]) for axis in (0, 1))
    spacing, shift = np.array([[spacing] for _, spacing, _ in KNOWN]), np.array([[_shift(c)] for _, _, c in KNOWN])
    return np.asarray(_fits(across, up, spacing, shift).mean(axis=1))


def _radius(crs: str, spacing: float, x: Floats, y: Floats) -> float:
    """Half of a cell's diagonal in metres, around these places (RD)."""
    if crs == RD:
        return float(spacing * np.sqrt(0.5))
    lon, lat = to_wgs84(np.median(x), np.median(y))
    east, north = to_rd([lon - spacing / 2, lon + spacing / 2], [lat - spacing / 2, lat + spacing / 2])
    return float(np.hypot(*np.diff([east, north])[:, 0]) / 2)


def _on(lattice: Lattice, x: Floats, y: Floats) -> Bools:
    """Which places (n,; RD) lie on the lattice."""
    return _fits(*_placed(lattice.crs, x, y), lattice.spacing, _shift(lattice.centred))


def _placed(crs: str, x: Floats, y: Floats) -> tuple[Floats, Floats]:
    """Places in the units of a lattice's CRS: metres, or degrees east and north."""
    return (x, y) if crs == RD else to_wgs84(x, y)


def _shift(centred: bool) -> float:
    return 0.5 if centred else 0.0


def _fits(across: Floats, up: Floats, spacing: Floats | float, shift: Floats | float) -> Bools:
    u, v = across / spacing - shift, up / spacing - shift
    return (np.abs(u - np.round(u)) <= WITHIN) & (np.abs(v - np.round(v)) <= WITHIN)

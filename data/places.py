"""Where a report was: coordinates as text in, RD metres and an uncertainty radius out."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from data import import_reasons as why
from data.columns import DEGREES, GEOMETRY, METRES, Columns, known_crs
from data.findings import Findings
from data.free_text import seen_figure
from data.reasons import FileRefused, Reason
from data.sources.figures import Figures
from data.texts import Cells
from geo.crs import RD, RD_BOUNDS, WGS84_BOUNDS, to_rd
from geo.quick_rd import quick_rd

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

COARSE_M: Final = 100.0  # a radius above this is flagged
LAT_DEGREE_M, LON_DEGREE_M = 111_300.0, 68_800.0  # at 52° north
# The Netherlands, drawn 5 to 10 km too wide, lon and lat: what lies outside it cannot be a Dutch report.
_OUTLINE: Final = (
    *((3.20, 51.60), (3.20, 51.40), (3.28, 51.23), (3.75, 51.15), (4.05, 51.16), (4.28, 51.30), (4.45, 51.33)),
    *((4.75, 51.38), (5.05, 51.36), (5.25, 51.22), (5.50, 51.20), (5.75, 51.12), (5.60, 50.95), (5.57, 50.72)),
    *((6.10, 50.68), (6.18, 50.80), (6.18, 50.92), (6.05, 51.05), (6.15, 51.10), (6.30, 51.17), (6.32, 51.40)),
    *((6.30, 51.60), (6.30, 51.80), (6.60, 51.78), (6.90, 51.90), (7.00, 52.08), (7.15, 52.20), (7.15, 52.48)),
    *((7.15, 52.70), (7.18, 52.85), (7.30, 52.98), (7.32, 53.25), (7.10, 53.45), (6.95, 53.60), (5.50, 53.60)),
    *((4.95, 53.45), (4.60, 53.20), (4.50, 52.60), (3.95, 52.15), (3.55, 51.85)),
)
RD_ORIGIN: Final = (155_000.0, 463_000.0)
PLACEHOLDERS: Final = (-1.0, -9999.0, 99_999.0, 999_999.0, 9_999_999.0)

_NUMBER = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]*)?")
_METRES = re.compile(r"(?:ca\.?|±|~)?\s*([0-9]{1,6}(?:[.,][0-9]+)?)\s*(m|meter|km|kilometer)?\.?", re.IGNORECASE)
_STATED: Final = {
    "exact": 0.0,
    "precies": 0.0,
    "gps": 10.0,
    "adres": 10.0,
    "huisnummer": 10.0,
    "straat": 100.0,
    "buurt": 500.0,
    "postcode": 500.0,
    "wijk": 1000.0,
    "gemeente": 5000.0,
}


@dataclass(frozen=True, kw_only=True)
class Places:
    """x, y: RD metres, NaN where there is no usable place. uncertainty_m: radius. near_border, coarse: flags."""

    x: Floats
    y: Floats
    uncertainty_m: Floats
    near_border: Bools
    coarse: Bools


def numbers(cells: pd.Series) -> Floats:
    """Stripped text as numbers with a decimal point or comma; NaN for all else: "51.813.300", "51.8N", "NaN", "1e308"."""
    readable = cells.str.fullmatch(_NUMBER).to_numpy(dtype=bool)
    text = cells.str.replace(",", ".", regex=False).where(readable)
    return pd.to_numeric(text, errors="coerce").to_numpy(dtype=np.float64)


def _read(cells: Figures) -> tuple[Floats, Bools]:
    """The numbers of a column, and which of its cells are empty."""
    value, empty = cells.values, np.zeros(len(cells), dtype=bool)
    if len(cells.odd):
        texts = pd.Series(cells.odd_texts, dtype="str")
        value = value.copy()
        value[cells.odd] = numbers(texts)
        empty[cells.odd] = (texts == "").to_numpy(bool)
    return value, empty


def _has_comma(cells: Figures, rows: Bools) -> bool:
    """Whether one of these rows has a decimal comma."""
    if cells.mark == "," and bool(((cells.decimals > 0) & rows).any()):
        return True
    return any("," in text for text in cells.odd_texts[rows[cells.odd]].tolist())


def stated_radius(cells: pd.Series) -> tuple[Floats, Bools]:
    """A stated accuracy ("100", "100 m", "straat") in metres, NaN where nothing is stated; and what was not understood."""
    codes, uniques = pd.factorize(cells)
    if len(uniques) == 0:
        return np.full(len(cells), np.nan), np.zeros(len(cells), dtype=bool)
    radius = np.array([_radius(str(text)) for text in uniques], dtype=np.float64)
    unread = np.isnan(radius) & np.array([str(text) not in ("", "onbekend", "-") for text in uniques])
    return radius[codes], unread[codes]


def _radius(text: str) -> float:
    word = text.strip().lower()
    if word in _STATED:
        return _STATED[word]
    if found := _METRES.fullmatch(word):
        metres = float(found[1].replace(",", "."))
        return metres * 1000 if (found[2] or "").startswith("k") else metres
    return np.nan


def degree_radius(lon: Floats, lat: Floats) -> Floats:
    """Half the diagonal, in metres, of the cell that the decimals of both axes together leave open.

    Decimals that are zero say nothing: 51.800000 may be 51.8 in a padded column.
    """
    decimals = np.full(len(lon), 9, dtype=np.int64)
    every = np.arange(len(lon))
    # What is not nearly whole at five decimals is not whole at fewer either, and most coordinates have six or more.
    near = (_off_whole(lon, 5) < 0.2) & (_off_whole(lat, 5) < 0.2)
    for d, left in [(d, every) for d in (8, 7, 6)] + [(d, np.flatnonzero(near)) for d in range(5, -1, -1)]:
        whole = (_off_whole(lon[left], d) < 1e-6) & (_off_whole(lat[left], d) < 1e-6)
        decimals[left[whole]] = d
    return np.asarray(0.5 * np.hypot(LAT_DEGREE_M, LON_DEGREE_M) * 10.0**-decimals)


def _off_whole(degrees: Floats, decimals: int) -> Floats:
    """How far degrees are from a whole number of steps with so many decimals, in steps."""
    scaled = degrees * 10.0**decimals
    return np.asarray(np.abs(scaled - np.round(scaled)))


def metre_radius(x: Floats, y: Floats) -> Floats:
    """Half the diagonal, in metres, of the largest power of ten (0.01 m to 100 km) that divides both RD axes."""
    step = np.full(len(x), 0.01)
    for power in range(-1, 6):
        size = 10.0**power
        divides = (np.abs(x / size - np.round(x / size)) < 1e-6) & (np.abs(y / size - np.round(y / size)) < 1e-6)
        step[divides] = size
    return np.asarray(0.5 * np.sqrt(2) * step)


def _inside(east: Floats, north: Floats, bounds: tuple[float, float, float, float]) -> Bools:
    with np.errstate(invalid="ignore"):
        return np.asarray((east >= bounds[0]) & (east <= bounds[2]) & (north >= bounds[1]) & (north <= bounds[3]))


def read_places(
    cells: Cells,
    columns: Columns,
    *,
    found: Findings,
    crs: str | None = None,
    swap_xy: bool = False,
    municipality: shapely.Geometry | None = None,
    tolerance_m: float = 50.0,
    skip: Bools | None = None,
    quick: bool = False,
) -> Places:
    """The place of every row; what is wrong goes into ``found``.

    crs: what the file or the mapping states. skip: rows not to judge (withdrawn). municipality: RD, None: no test.
    quick: the last hundred millionth of a metre does not matter. Raises FileRefused swapped_axes when most rows have their axes swapped.
    """
    east_name, north_name = columns.place
    if swap_xy:
        east_name, north_name = north_name, east_name
        found.note(why.AXES_SWAPPED)
    east_text, north_text = cells.figures(east_name), cells.figures(north_name)
    judged = np.ones(cells.n, dtype=bool) if skip is None else ~skip
    east, empty_east = _read(east_text)
    north, empty_north = _read(north_text)
    missing = (empty_east | empty_north) & judged
    names = ("", "") if columns.kind == GEOMETRY else (east_name, north_name)
    found.add(why.MISSING_PLACE, missing & empty_north, column=names[1])
    found.add(why.MISSING_PLACE, missing & ~empty_north, column=names[0])
    bad_north, bad_east = np.isnan(north) & judged & ~missing, np.isnan(east) & judged & ~missing
    found.add(why.UNREADABLE_PLACE, bad_north, column=names[1], values=north_text, show=seen_figure)
    found.add(why.UNREADABLE_PLACE, bad_east & ~bad_north, column=names[0], values=east_text, show=seen_figure)
    readable = judged & np.isfinite(east) & np.isfinite(north)
    found.note(why.DECIMAL_COMMA, _has_comma(east_text, readable))
    pair = _Pair(east, north, east_text, north_text, names[1] or names[0], found)
    x, y, radius = _to_rd(pair, readable, kind=columns.kind, crs=crs, swapped_on_request=swap_xy, quick=quick)
    near = _in_municipality(x, y, pair, municipality=municipality, tolerance_m=tolerance_m)
    if accuracy := columns.get("nauwkeurigheid"):
        stated, unread = stated_radius(cells.series(accuracy))
        found.note(why.ACCURACY_UNREAD, bool(unread.any()))
        radius = np.fmax(radius, stated)
    with np.errstate(invalid="ignore"):
        coarse = np.isfinite(x) & (radius > COARSE_M)
    pair.add(why.COARSE_PLACE, coarse)
    return Places(x=x, y=y, uncertainty_m=np.round(radius, 2), near_border=near, coarse=coarse)


@dataclass(frozen=True)
class _Pair:
    """Two coordinate columns as read, and where to report on them."""

    east: Floats
    north: Floats
    east_text: Figures
    north_text: Figures
    column: str
    found: Findings

    def add(self, reason: Reason, mask: Bools) -> None:
        """Report rows, showing both cells as they stood, in the order lat, lon or x, y."""
        chosen = np.flatnonzero(mask)
        if len(chosen) == 0:
            return
        first, second = self.east_text, self.north_text
        if (np.abs(self.north[chosen]) <= 90).all():
            first, second = second, first
        self.found.add(
            reason, mask, column=self.column, cells=lambda at: (first.at(at) + "; " + second.at(at)).tolist()
        )


def _to_rd(
    pair: _Pair, readable: Bools, *, kind: str, crs: str | None, swapped_on_request: bool, quick: bool
) -> tuple[Floats, Floats, Floats]:
    """RD metres and radius, NaN where the place cannot be used."""
    east, north, found = pair.east, pair.north, pair.found
    nowhere = np.full(len(east), np.nan)
    default = readable & (
        np.isin(east, PLACEHOLDERS)
        | np.isin(north, PLACEHOLDERS)
        | ((east == 0) & (north == 0))
        | ((east == RD_ORIGIN[0]) & (north == RD_ORIGIN[1]))
    )
    pair.add(why.DEFAULT_PLACE, default)
    usable = readable & ~default
    system = known_crs(crs) if crs else None
    if system is not None and not system.is_geographic and not _is_rd(system):
        found.note(why.CRS_CONVERTED)
        return _converted(pair, usable, system)
    if system is not None:
        kind = DEGREES if system.is_geographic else METRES
    elif kind == GEOMETRY:
        kind = DEGREES  # GeoJSON says so (RFC 7946)
    degrees, metres = _inside(east, north, WGS84_BOUNDS) & usable, _inside(east, north, RD_BOUNDS) & usable
    degrees_swapped = _inside(north, east, WGS84_BOUNDS) & usable
    metres_swapped = _inside(north, east, RD_BOUNDS) & usable
    own, own_swapped = (degrees, degrees_swapped) if kind == DEGREES else (metres, metres_swapped)
    if own_swapped.sum() > own.sum():
        _refuse_swapped(int(own_swapped.sum()), int(usable.sum()), swapped_on_request=swapped_on_request)
    # Names that speak of the other system say nothing on which axis comes first: the ranges do, they do not overlap.
    other, other_swapped = (metres, metres_swapped) if kind == DEGREES else (degrees, degrees_swapped)
    flipped = bool(other_swapped.sum() > other.sum())
    if flipped:
        other, other_swapped = other_swapped, other
    found.note(why.RD_IN_DEGREES if kind == DEGREES else why.DEGREES_IN_RD, bool(other.any()))
    pair.add(why.SWAPPED_PLACE, own_swapped | other_swapped)
    pair.add(why.OUTSIDE_NL, usable & ~(own | own_swapped | other | other_swapped))
    x, y, radius = nowhere.copy(), nowhere.copy(), nowhere.copy()
    for chosen, is_degrees, flip in ((own, kind == DEGREES, False), (other, kind != DEGREES, flipped)):
        if not chosen.any():
            continue
        a, b = (north[chosen], east[chosen]) if flip else (east[chosen], north[chosen])
        radius[chosen] = degree_radius(a, b) if is_degrees else metre_radius(a, b)
        project = quick_rd if quick else to_rd
        x[chosen], y[chosen] = project(a, b) if is_degrees else (a, b)
    return _without_origin(x, y, radius, pair)


@cache
def netherlands() -> shapely.Polygon:
    """A generous outline of the country in RD."""
    outline = shapely.Polygon(np.column_stack(to_rd(*np.transpose(_OUTLINE))))
    shapely.prepare(outline)
    return outline


def _without_origin(x: Floats, y: Floats, radius: Floats, pair: _Pair) -> tuple[Floats, Floats, Floats]:
    with np.errstate(invalid="ignore"):
        origin = np.hypot(x - RD_ORIGIN[0], y - RD_ORIGIN[1]) < 1.0
    placed = np.flatnonzero(np.isfinite(x))
    beyond = np.zeros(len(x), dtype=bool)
    beyond[placed] = ~shapely.contains_xy(netherlands(), x[placed], y[placed])
    pair.add(why.DEFAULT_PLACE, origin)
    pair.add(why.OUTSIDE_NL, beyond)
    x[origin | beyond] = y[origin | beyond] = np.nan
    return x, y, radius


def _converted(pair: _Pair, usable: Bools, system: pyproj.CRS) -> tuple[Floats, Floats, Floats]:
    x, y = (np.full(len(pair.east), np.nan) for _ in range(2))
    transformer = pyproj.Transformer.from_crs(system, RD, always_xy=True)
    x[usable], y[usable] = transformer.transform(pair.east[usable], pair.north[usable])
    lost = usable & ~(np.isfinite(x) & np.isfinite(y))
    pair.add(why.OUTSIDE_NL, lost)
    x[lost] = y[lost] = np.nan
    return _without_origin(x, y, metre_radius(pair.east, pair.north), pair)


def _is_rd(system: pyproj.CRS) -> bool:
    return system.to_epsg() in (28992, 7415) or "RD New" in system.name


def _refuse_swapped(n: int, total: int, *, swapped_on_request: bool) -> None:
    if swapped_on_request:
        raise FileRefused(
            "swapped_axes",
            "Met de assen omgewisseld liggen {n} van de {total} meldingen verkeerd om: laat --swap-xy (assen omwisselen) weg.",
            n=n,
            total=total,
        )
    raise FileRefused(
        "swapped_axes",
        "Bij {n} van de {total} meldingen lijken de twee coördinaten verwisseld. Klopt dat, kies dan --swap-xy (assen omwisselen).",
        n=n,
        total=total,
    )


def _in_municipality(
    x: Floats, y: Floats, pair: _Pair, *, municipality: shapely.Geometry | None, tolerance_m: float
) -> Bools:
    """Flags rows just outside the border; rows farther out lose their place (x, y are changed)."""
    near = np.zeros(len(x), dtype=bool)
    if municipality is None:
        return near
    placed = np.flatnonzero(np.isfinite(x))
    shapely.prepare(municipality)
    outside = placed[~shapely.intersects_xy(municipality, x[placed], y[placed])]
    # A buffer is a polygon inside the true one by less than 1 %; it only spares far points the exact distance.
    hull = shapely.buffer(municipality, tolerance_m * 1.02 + 0.01)
    shapely.prepare(hull)
    close = outside[shapely.intersects_xy(hull, x[outside], y[outside])]
    near[close] = shapely.distance(municipality, shapely.points(x[close], y[close])) <= tolerance_m
    far = np.zeros(len(x), dtype=bool)
    far[outside] = True
    far &= ~near
    pair.add(why.NEAR_BORDER, near)
    pair.add(why.OUTSIDE_MUNICIPALITY, far)
    x[far] = y[far] = np.nan
    return near

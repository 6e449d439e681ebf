"""A shape an analyst draws: a polygon or a circle in RD, as text in the address.

``c:105000,425000,200`` is a circle (centre, radius), ``v:x,y;x,y;x,y`` a polygon. Coordinates are rounded to ROUND_M.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import shapely

from data.reasons import UserError
from geo.crs import RD_BOUNDS, to_rd

ROUND_M: Final = 10
RADII: Final = (25, 2_000)  # metres
MOST_POINTS: Final = 60
LEAST_M2: Final = 2_000.0  # less than a circle of 25 m
MOST_M2: Final = 1_000e6  # more than any municipality
_CIRCLE: Final = re.compile(r"c:(\d{1,6}),(\d{1,6}),(\d{1,5})")
_POLYGON: Final = re.compile(r"v:(\d{1,6},\d{1,6}(?:;\d{1,6},\d{1,6})*)")


class ShapeRefused(UserError):
    """A shape that cannot be asked about; the sentence says what to do."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """A shape in RD. radius: of a circle in metres, None for a polygon."""

    geometry: shapely.Polygon
    radius: int | None = None


def circle(x: float, y: float, *, radius: float) -> str:
    """The text of a circle; x, y in RD, all in metres."""
    low, high = RADII
    return f"c:{_rounded(x)},{_rounded(y)},{round(min(max(radius, low), high))}"


def polygon(points: Iterable[tuple[float, float]]) -> str:
    """The text of a polygon through (lat, lon) in degrees. Raises ShapeRefused for more than MOST_POINTS points."""
    lat_lon = list(points)
    if len(lat_lon) > MOST_POINTS:
        raise ShapeRefused(
            "many_points",
            "Deze vorm heeft {n} punten; teken haar met hooguit {most}.",
            n=len(lat_lon),
            most=MOST_POINTS,
        )
    x, y = to_rd([lon for _, lon in lat_lon], [lat for lat, _ in lat_lon])
    inside = [(px, py) for px, py in zip(x.tolist(), y.tolist(), strict=True) if _within(px, py)]
    if len(inside) < len(lat_lon):
        raise ShapeRefused("elsewhere", "Deze vorm ligt niet in Nederland. Teken haar op de kaart van de gemeente.")
    pairs = list(dict.fromkeys((_rounded(px), _rounded(py)) for px, py in inside))
    return "v:" + ";".join(f"{px},{py}" for px, py in pairs)


def read(text: str) -> Shape:
    """The shape a text means. Raises ShapeRefused for what is none, crosses itself, or is too small or too large."""
    if found := _CIRCLE.fullmatch(text):
        x, y, radius = (int(part) for part in found.groups())
        if not (RADII[0] <= radius <= RADII[1] and _within(x, y)):
            raise ShapeRefused(
                "radius", "Een cirkel ligt in Nederland en heeft een straal van {low} tot {high} meter.",
                low=RADII[0], high=RADII[1],
            )  # fmt: skip
        return Shape(geometry=shapely.Point(x, y).buffer(radius, quad_segs=16), radius=radius)
    if not (found := _POLYGON.fullmatch(text)):
        raise ShapeRefused("no_shape", "Dit adres bevat geen vorm die te lezen is. Teken haar opnieuw.")
    points = [tuple(map(int, pair.split(","))) for pair in found[1].split(";")]
    if len(points) < 3 or len(points) > MOST_POINTS:
        raise ShapeRefused("few_points", "Een gebied heeft minstens drie en hooguit {most} punten.", most=MOST_POINTS)
    drawn = shapely.Polygon(points)
    if not drawn.is_valid:
        raise ShapeRefused("crossing", "De lijn van dit gebied kruist zichzelf. Teken het opnieuw, rondom.")
    if not LEAST_M2 <= drawn.area <= MOST_M2:
        raise ShapeRefused(
            "size", "Dit gebied is te klein of te groot: teken tussen 0,2 hectare en {most} km².", most=round(MOST_M2 / 1e6)
        )  # fmt: skip
    return Shape(geometry=drawn)


def _rounded(metres: float) -> int:
    return int(round(metres / ROUND_M) * ROUND_M)


def _within(x: float, y: float) -> bool:
    xmin, ymin, xmax, ymax = RD_BOUNDS
    return xmin <= x <= xmax and ymin <= y <= ymax

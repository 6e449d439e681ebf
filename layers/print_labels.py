"""What is written on the printed map and must not collide: rank numbers, names, scale bar, north arrow."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import cos, pi, sin
from typing import Any, Final

import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.patheffects import Stroke

from layers import palette
from layers.build import centres
from layers.print_text import POINTS_PER_INCH, Weight, clean, font, width
from layers.sheet import Bounds
from layers.spec import LayerSpec

NUMBER_SIZE: Final = 7.0
NAME_SIZE: Final = 8.5
BAR_SIZE: Final = 7.0
DISC: Final = 0.17  # inches
BAR_SHARE: Final = 0.24  # the scale bar is at most this part of the map's width
ROUND_LENGTHS: Final = (1, 2, 5)
NUMBER_STEPS: Final = (
    (0.0, 0.0),
    *((r * cos(i * pi / 6), r * sin(i * pi / 6)) for r in (0.4, 0.7, 1.05, 1.4, 1.8) for i in range(12)),
)
NAME_STEPS: Final = (
    (0.0, 0.0),
    *(
        (dx * r, dy * r)
        for r in (1.0, 2.0, 3.0, 4.0)
        for dx, dy in ((0, 1), (0, -1), (1.5, 1), (-1.5, 1), (1.5, -1), (-1.5, -1))
    ),
)


@dataclass(kw_only=True, slots=True)
class Canvas:
    """Axes in RD metres with a known scale, and the boxes (RD bounds) that later labels must keep clear of."""

    axes: Axes
    extent: Bounds
    inches: float  # width of the axes
    taken: list[Bounds] = field(default_factory=list)

    @property
    def metres_per_inch(self) -> float:
        """Scale of the map."""
        return (self.extent[2] - self.extent[0]) / self.inches

    def box(self, x: float, y: float, *, wide: float, high: float) -> Bounds:
        """RD bounds of a box in inches around a place."""
        dx, dy = wide * self.metres_per_inch / 2, high * self.metres_per_inch / 2
        return x - dx, y - dy, x + dx, y + dy

    def place(
        self,
        x: float,
        y: float,
        *,
        wide: float,
        high: float,
        steps: Iterable[tuple[float, float]],
        within: Any = None,
    ) -> Bounds | None:
        """The first free box of this size (inches), tried at the place, then aside by steps of its height.

        within: a shape that must hold the middle of the box, so that a name never lies in the neighbouring area.
        """
        step = high * self.metres_per_inch
        for dx, dy in steps:
            cx, cy = x + dx * step, y + dy * step
            box = self.box(cx, cy, wide=wide, high=high)
            if self.free(box) and (within is None or bool(shapely.intersects_xy(within, cx, cy))):
                return box
        return None

    def write(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float,
        colour: str,
        zorder: float,
        weight: Weight = "normal",
        va: str = "center_baseline",
        halo: bool = False,
    ) -> None:
        """A centred text on the map, never read as mathematics. The halo lies under it: in a PDF the text stays text."""
        given: dict[str, Any] = {
            "fontproperties": font(size, weight),
            "color": colour,
            "ha": "center",
            "va": va,
            "parse_math": False,
        }
        if halo:
            under = self.axes.text(x, y, text, zorder=zorder - 0.1, **given)
            under.set_path_effects([Stroke(linewidth=2.6, foreground=palette.HALO, joinstyle="round")])
        self.axes.text(x, y, text, zorder=zorder, **given)

    def free(self, box: Bounds) -> bool:
        """Whether a box lies inside the map and touches nothing that is taken."""
        inside = (
            box[0] > self.extent[0] and box[1] > self.extent[1] and box[2] < self.extent[2] and box[3] < self.extent[3]
        )
        return inside and not any(_overlap(box, other) for other in self.taken)


def scale_bar(canvas: Canvas, *, inset: float) -> None:
    """A bar of a round length in RD metres, bottom left, ``inset`` inches from the frame; exact, for RD is metres."""
    inch = canvas.metres_per_inch
    length = _round_length(BAR_SHARE * (canvas.extent[2] - canvas.extent[0]))
    last = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    pad, high = 0.1 * inch, 0.055 * inch
    x, y = canvas.extent[0] + inset * inch + pad, canvas.extent[1] + inset * inch + pad
    over = max(width(last, BAR_SIZE) / 2 * inch, pad)
    box = (x - pad, y - pad, x + length + over + pad, y + 0.26 * inch)
    back = Rectangle(box[:2], box[2] - box[0], box[3] - box[1], facecolor=palette.PAPER, alpha=0.85, lw=0, zorder=900)
    canvas.axes.add_patch(back)
    for start, fill in ((x, palette.INK), (x + length / 2, palette.PAPER)):
        half = Rectangle((start, y), length / 2, high, facecolor=fill, edgecolor=palette.INK, lw=0.7, zorder=901)
        canvas.axes.add_patch(half)
    for at, text in ((x, "0"), (x + length, last)):
        canvas.write(at, y + high + 0.035 * inch, text, size=BAR_SIZE, colour=palette.INK, zorder=902, va="bottom")
    canvas.taken.append(box)


def north_arrow(canvas: Canvas, *, inset: float, letter: str) -> None:
    """An arrow to grid north, top right. RD's grid north is true north within 1.5 degrees anywhere in the country."""
    inch = canvas.metres_per_inch
    x, top = canvas.extent[2] - (inset + 0.13) * inch, canvas.extent[3] - inset * inch
    wide, foot = 0.11 * inch, top - 0.36 * inch
    for side, fill in ((-1, palette.INK), (1, palette.PAPER)):
        corners = [(x, top), (x + side * wide, foot), (x, top - 0.27 * inch)]
        half = Polygon(
            corners, closed=True, facecolor=fill, edgecolor=palette.INK, lw=0.8, joinstyle="round", zorder=901
        )
        canvas.axes.add_patch(half)
    canvas.write(
        x,
        foot - 0.04 * inch,
        clean(letter),
        size=8.0,
        weight="bold",
        colour=palette.INK,
        zorder=902,
        va="top",
        halo=True,
    )
    canvas.taken.append((x - 2 * wide, foot - 0.2 * inch, x + 2 * wide, top))


def numbers(canvas: Canvas, spec: LayerSpec, *, numbered: frozenset[str]) -> None:
    """Rank numbers on discs; the best rank claims its place first, a disc that would cover another steps aside."""
    marks = centres(spec.frame.geometry.to_numpy())
    rows = zip(
        spec.frame["key"], spec.frame["label"].map(clean), shapely.get_x(marks), shapely.get_y(marks), strict=True
    )
    chosen = [row[1:] for row in rows if row[0] in numbered and row[1]]
    wide = max([DISC, *(width(text, NUMBER_SIZE, "bold") + 0.06 for text, _, _ in chosen)])  # all discs alike
    for text, x, y in reversed(chosen):
        if not _overlap(canvas.box(x, y, wide=wide, high=wide), canvas.extent):
            continue
        box = canvas.place(x, y, wide=wide, high=wide, steps=NUMBER_STEPS) or canvas.box(x, y, wide=wide, high=wide)
        at = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        if at != (x, y):  # a disc that had to step aside points back to its hotspot
            leader = Line2D(
                (x, at[0]), (y, at[1]), color=palette.NUMBER_FILL, lw=0.9, solid_capstyle="round", zorder=799
            )
            canvas.axes.add_line(leader)
        disc = Circle(
            at, (box[2] - box[0]) / 2, facecolor=palette.NUMBER_FILL, edgecolor=palette.PAPER, lw=0.9, zorder=800
        )
        canvas.axes.add_patch(disc)
        canvas.write(*at, text, size=NUMBER_SIZE, weight="bold", colour=palette.NUMBER_INK, zorder=801)
        canvas.taken.append(box)


def names(canvas: Canvas, spec: LayerSpec, *, outlines: Mapping[str, Any]) -> None:
    """Names in the visible part of their area, near its middle; what does not fit beside the rest is left out.

    outlines: key -> the area (RD). A name without one stands by its own point.
    """
    view = shapely.box(*canvas.extent)
    for key, label, point in zip(spec.frame["key"], spec.frame["label"], spec.frame.geometry, strict=True):
        part = shapely.intersection(outlines[key], view) if key in outlines else point
        if part.is_empty:
            continue
        (middle,) = centres(np.array([part], dtype=object))
        text = clean(label)
        box = canvas.place(
            middle.x,
            middle.y,
            wide=width(text, NAME_SIZE, "bold") + 0.08,
            high=NAME_SIZE / POINTS_PER_INCH + 0.06,
            steps=NAME_STEPS,
            within=part if key in outlines else None,
        )
        if box is None:
            continue
        at = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        canvas.write(*at, text, size=NAME_SIZE, weight="bold", colour=palette.NAME_INK, zorder=700, halo=True)
        canvas.taken.append(box)


def _overlap(a: Bounds, b: Bounds) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _round_length(most: float) -> float:
    """The largest 1, 2 or 5 times a power of ten that is at most ``most``."""
    power = 10.0 ** np.floor(np.log10(most))
    return float(max(m * power for m in ROUND_LENGTHS if m * power <= most))

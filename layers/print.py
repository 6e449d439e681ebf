"""The map on paper: A4 landscape or a 16:9 slide, as PNG or vector PDF, drawn by matplotlib on the server.

The same specs and sheet give the same bytes: no dates, no random ids, no author, software or path in the file.
"""

import io
from collections.abc import Sequence
from threading import Lock
from typing import Any, Final, Literal

import matplotlib as mpl
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from layers import palette, print_page
from layers.extent import content_extent, fitted, outer_extent
from layers.print_labels import Canvas, north_arrow, scale_bar
from layers.print_map import draw, in_view, overview
from layers.print_page import GAP, MARGIN, PANEL, ROWS
from layers.sheet import PAPERS, Bounds, Row, Sheet
from layers.spec import LayerSpec

__all__ = ["Row", "Sheet", "to_print"]

DPI: Final = 200
INSET: Final = 0.16  # inches between the map's frame and what stands in its corners
LOCATOR: Final = 1.25  # inches, the longest side of the small map
LOCATOR_BELOW: Final = (
    0.75  # the small map comes when the view shows less than this share of the city's width or height
)

# matplotlib keeps its settings in one global; one drawing at a time may change them
_SETTINGS = Lock()
_RC: Final[dict[Any, Any]] = {"font.family": "DejaVu Sans", "pdf.fonttype": 42, "pdf.compression": 6}


def to_print(
    specs: Sequence[LayerSpec], sheet: Sheet, *, format: Literal["png", "pdf"] = "png", dpi: int = DPI
) -> bytes:
    """The finished sheet as file content.

    specs: layers in RD; invisible ones are left out. dpi: of the PNG (A4 at 200 is 2338 x 1653 pixels). ValueError when
    there is nothing to look at: no features and no ``sheet.extent``.
    """
    wide, high = PAPERS[sheet.paper]
    with _SETTINGS, mpl.rc_context(_RC):
        figure = Figure(figsize=(wide, high), facecolor=palette.PAPER)
        FigureCanvasAgg(figure)
        page = figure.add_axes((0, 0, 1, 1), xlim=(0, wide), ylim=(0, high))
        page.set_axis_off()
        top = print_page.header(page, sheet, wide=wide, high=high)
        bottom = print_page.footer(page, sheet, wide=wide)
        left, right = wide - MARGIN - PANEL, wide - MARGIN
        extent = _map(figure, specs, sheet, frame=(MARGIN, bottom, left - GAP, top))
        y = print_page.legend(page, in_view(specs, extent), sheet, left=left, right=right, top=top)
        print_page.table(page, sheet, left=left, right=right, top=y - 0.3, bottom=bottom)
        return _saved(figure, sheet, format=format, dpi=dpi)


def _map(figure: Figure, specs: Sequence[LayerSpec], sheet: Sheet, *, frame: Bounds) -> Bounds:
    """The map in a frame (inches), its extent matched to it so that a metre is as long both ways. Gives the extent."""
    wide, high = frame[2] - frame[0], frame[3] - frame[1]
    extent = fitted(sheet.extent or content_extent(specs), ratio=wide / high)
    canvas = _canvas(figure, frame=frame, extent=extent, background=palette.BACKGROUND)
    north_arrow(canvas, inset=INSET, letter=sheet.label_north)
    scale_bar(canvas, inset=INSET + 0.08)
    city = outer_extent(specs)
    seen = (
        max((extent[2] - extent[0]) / (city[2] - city[0]), (extent[3] - extent[1]) / (city[3] - city[1])) if city else 1
    )
    if city and seen < LOCATOR_BELOW:
        _locator(figure, specs, canvas, frame=frame, city=city)
    draw(canvas, specs, numbered=frozenset(row.key for row in sheet.rows[:ROWS]))
    return extent


def _locator(figure: Figure, specs: Sequence[LayerSpec], canvas: Canvas, *, frame: Bounds, city: Bounds) -> None:
    """A small map of the whole city with the view marked, in the lower right or, when hotspots lie there, upper left."""
    view = canvas.extent
    both = min(city[0], view[0]), min(city[1], view[1]), max(city[2], view[2]), max(city[3], view[3])
    city = fitted(both, ratio=(both[2] - both[0]) / (both[3] - both[1]), share=0.06)
    ratio = (city[2] - city[0]) / (city[3] - city[1])
    wide, high = (LOCATOR, LOCATOR / ratio) if ratio > 1 else (LOCATOR * ratio, LOCATOR)
    corners = [(frame[2] - INSET - wide, frame[1] + INSET), (frame[0] + INSET, frame[3] - INSET - high)]
    metre = canvas.metres_per_inch
    boxes = [
        (x0 := canvas.extent[0] + (x - frame[0]) * metre, y0 := canvas.extent[1] + (y - frame[1]) * metre,
         x0 + wide * metre, y0 + high * metre)
        for x, y in corners
    ]  # fmt: skip
    spots = [spec.frame.geometry for spec in specs if spec.kind == "hotspot" and spec.visible]
    covered = [sum(float(s.intersection(shapely.box(*box)).area.sum()) for s in spots) for box in boxes]
    x, y = corners[covered.index(min(covered))]
    canvas.taken.append(boxes[covered.index(min(covered))])
    small = _canvas(figure, frame=(x, y, x + wide, y + high), extent=city, background=palette.PAPER)
    small.axes.set_zorder(5)
    overview(small, specs, view=canvas.extent)


def _canvas(figure: Figure, *, frame: Bounds, extent: Bounds, background: str) -> Canvas:
    page_wide, page_high = figure.get_size_inches()
    place = (
        frame[0] / page_wide,
        frame[1] / page_high,
        (frame[2] - frame[0]) / page_wide,
        (frame[3] - frame[1]) / page_high,
    )
    axes = figure.add_axes(place, xlim=(extent[0], extent[2]), ylim=(extent[1], extent[3]), facecolor=background)
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set(color=palette.AREA_LINE, linewidth=0.8, zorder=1000)
    return Canvas(axes=axes, extent=extent, inches=frame[2] - frame[0])


def _saved(figure: Figure, sheet: Sheet, *, format: str, dpi: int) -> bytes:
    """File content without a trace of who, when, where or with what."""
    file = io.BytesIO()
    if format == "png":
        figure.savefig(file, format="png", dpi=dpi, metadata={"Software": None})
    else:
        nothing = dict.fromkeys(("Creator", "Producer", "CreationDate"))
        figure.savefig(file, format="pdf", metadata={"Title": sheet.title, **nothing})
    return file.getvalue()

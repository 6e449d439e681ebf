"""LayerSpecs drawn in matplotlib axes whose data are RD metres.

No geopandas plotting: it imports pyplot and labels axes. Screen pixels of a Style are points here, times ``SCALE``.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import geopandas as gpd
import numpy as np
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.patches import Rectangle
from matplotlib.path import Path

from layers import palette
from layers.extent import LAND, fitted
from layers.print_labels import Canvas, names, numbers
from layers.sheet import Bounds
from layers.spec import LayerSpec

SCALE: Final = 0.75  # a CSS pixel is 1/96 inch, a point 1/72
FULL_DOT_M: Final = 500.0  # dots have their full size on a map of at most so many metres to the inch
SMALLEST_DOT: Final = 0.4


def in_view(specs: Iterable[LayerSpec], extent: Bounds) -> list[LayerSpec]:
    """The visible layers that have something in an extent (RD), lowest first."""
    view = shapely.box(*extent)
    shown = [spec for spec in specs if spec.visible and bool(spec.frame.intersects(view).any())]
    return sorted(shown, key=lambda spec: spec.order)


def draw(canvas: Canvas, specs: Sequence[LayerSpec], *, numbered: frozenset[str]) -> None:
    """Draw the layers in view, lowest first, then the ``numbered`` hotspots' numbers, then names where they fit."""
    shown = in_view(specs, canvas.extent)
    view = shapely.box(*fitted(canvas.extent, ratio=1.0, share=0.1))
    for spec in shown:
        mine = spec.frame[spec.frame.intersects(view)]
        if spec.kind in ("area", "hotspot", "outline"):
            _areas(canvas.axes, spec, mine)
        elif spec.kind == "line":
            _lines(canvas.axes, spec, mine)
        elif spec.kind == "point":
            _points(canvas, spec, mine)
    for spec in shown:
        if spec.kind == "hotspot":
            numbers(canvas, spec, numbered=numbered)
    outlines: dict[str, Any] = {}
    for spec in (spec for spec in shown if spec.order in LAND):
        outlines.update(zip(spec.frame["key"], spec.frame.geometry, strict=True))
    for spec in (spec for spec in specs if spec.kind == "name" and spec.visible):
        names(canvas, spec, outlines=outlines)


def overview(canvas: Canvas, specs: Sequence[LayerSpec], *, view: Bounds) -> None:
    """A small map: the areas in one tint, water, and a frame around ``view``."""
    filled = [spec for spec in specs if spec.order == palette.PANES["areas"] and not spec.frame.empty]
    land = filled or [spec for spec in specs if spec.order == palette.PANES["outline"]]
    paths = [_path(shape) for spec in land for shape in spec.frame.geometry]
    tint = palette.CLASS_FILLS[2]
    canvas.axes.add_collection(PathCollection(paths, facecolors=tint, edgecolors=tint, lw=0.3, zorder=1), autolim=False)
    for spec in specs:
        if spec.order == palette.PANES["water"]:
            water = [_path(shape) for shape in spec.frame.geometry]
            canvas.axes.add_collection(
                PathCollection(water, facecolors=palette.WATER_FILL, lw=0, zorder=0), autolim=False
            )
        elif spec.order == palette.PANES["rivers"]:
            rivers = LineCollection(_segments(spec.frame), colors=palette.WATER_FILL, linewidths=1.2, zorder=2)
            canvas.axes.add_collection(rivers, autolim=False)
    frame = Rectangle(
        view[:2], view[2] - view[0], view[3] - view[1], facecolor="none", edgecolor=palette.ACCENT, lw=1.2
    )
    frame.set_zorder(3)
    canvas.axes.add_patch(frame)


def line_style(axes: Axes, segments: Sequence[Any], spec: LayerSpec, *, zorder: float) -> None:
    """Lines as the layer has them; a dashed one is a railway: dark, with light dashes over it.

    Opacity becomes a paler colour: where twenty routes share a street, see-through lines would add up to black.
    """
    style = spec.style
    colour = palette.over(style.stroke or palette.INK, palette.CLASS_FILLS[1], opacity=style.opacity)
    wide = style.width * SCALE
    lines = LineCollection(segments, colors=colour, linewidths=wide * (1.5 if style.dashed else 1.0), zorder=zorder)
    lines.set(capstyle="butt" if style.dashed else "round", joinstyle="round")
    axes.add_collection(lines, autolim=False)
    if style.dashed:
        light = LineCollection(segments, colors=palette.PAPER, linewidths=wide * 0.8, zorder=zorder + 0.1)
        light.set_linestyle((0, (6, 6)))
        axes.add_collection(light, autolim=False)


def _areas(axes: Axes, spec: LayerSpec, frame: gpd.GeoDataFrame) -> None:
    style = spec.style
    fills: Any = [spec.classes[i].fill for i in frame["class"]] if spec.classes else style.fill or "none"
    paths = [_path(shape) for shape in frame.geometry]
    if style.fill_opacity < 1:  # fill and stroke have an opacity each, so they are drawn apart
        under = PathCollection(paths, facecolors=fills, edgecolors="none", zorder=spec.order)
        under.set_alpha(style.fill_opacity)
        axes.add_collection(under, autolim=False)
        fills = "none"
    over = PathCollection(paths, facecolors=fills, edgecolors=style.stroke or "none", linewidths=style.width * SCALE)
    over.set(zorder=spec.order + 0.2, joinstyle="round")
    axes.add_collection(over, autolim=False)


def _lines(axes: Axes, spec: LayerSpec, frame: gpd.GeoDataFrame) -> None:
    line_style(axes, _segments(frame), spec, zorder=spec.order)


def _segments(frame: gpd.GeoDataFrame) -> list[Any]:
    return [shapely.get_coordinates(part) for part in shapely.get_parts(frame.geometry.to_numpy())]


def _points(canvas: Canvas, spec: LayerSpec, frame: gpd.GeoDataFrame) -> None:
    """Dots, smaller where the map shows more ground, so that a city's stops do not cover it."""
    style = spec.style
    size = SCALE * min(1.0, max(SMALLEST_DOT, (FULL_DOT_M / canvas.metres_per_inch) ** 0.5))
    canvas.axes.scatter(
        frame.geometry.x,
        frame.geometry.y,
        s=(2 * style.radius * size) ** 2,
        facecolors=style.fill or "none",
        edgecolors=style.stroke or "none",
        linewidths=style.width * size,
        zorder=spec.order,
    )


def _path(shape: shapely.Geometry) -> Path:
    """A (multi)polygon with its holes as one compound path."""
    rings = [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]
    paths = [Path(shapely.get_coordinates(ring), closed=True) for ring in rings if shapely.get_num_points(ring) > 3]
    return Path.make_compound_path(*paths) if paths else Path(np.empty((0, 2)))

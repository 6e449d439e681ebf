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
from layers.print_labels import Canvas, names, numbers
from layers.sheet import Bounds
from layers.spec import LayerSpec

SCALE: Final = 0.75  # a CSS pixel is 1/96 inch, a point 1/72
MARGIN_M: Final = 350.0  # around the hotspots
LAND: Final = (palette.PANES["areas"], palette.PANES["outline"])


def content_extent(specs: Iterable[LayerSpec]) -> Bounds:
    """RD bounds worth looking at: the hotspots with room around them, else the areas, else whatever there is."""
    shown = [spec for spec in specs if spec.visible and not spec.frame.empty]
    spots = _bounds(spec for spec in shown if spec.kind == "hotspot")
    around = outer_extent(shown) or _bounds(shown)
    if around is None:
        raise ValueError("a map of nothing has no extent: give Sheet.extent, or a layer with features")
    if spots is None:
        return around
    margin = max(MARGIN_M, 0.08 * max(spots[2] - spots[0], spots[3] - spots[1]))
    return spots[0] - margin, spots[1] - margin, spots[2] + margin, spots[3] + margin


def outer_extent(specs: Iterable[LayerSpec]) -> Bounds | None:
    """RD bounds of all areas together; None when there are none."""
    return _bounds(spec for spec in specs if not spec.frame.empty and spec.order in LAND)


def in_view(specs: Iterable[LayerSpec], extent: Bounds) -> list[LayerSpec]:
    """The visible layers that have something in an extent (RD), lowest first."""
    view = shapely.box(*extent)
    shown = [spec for spec in specs if spec.visible and bool(spec.frame.intersects(view).any())]
    return sorted(shown, key=lambda spec: spec.order)


def fitted(extent: Bounds, *, ratio: float, share: float = 0.03) -> Bounds:
    """An extent grown to a width/height ratio, with a margin (share of its size) on every side."""
    x, y = (extent[0] + extent[2]) / 2, (extent[1] + extent[3]) / 2
    wide = max(extent[2] - extent[0], 1.0) * (1 + 2 * share)
    high = max(extent[3] - extent[1], 1.0) * (1 + 2 * share)
    wide, high = max(wide, high * ratio), max(high, wide / ratio)
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


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
            _points(canvas.axes, spec, mine)
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


def line_style(axes: Any, segments: list[Any], spec: LayerSpec, *, zorder: float) -> None:
    """Lines as the layer has them; a dashed one is a railway: dark, with light dashes over it."""
    style = spec.style
    lines = LineCollection(
        segments, colors=style.stroke, linewidths=style.width * SCALE * (1.5 if style.dashed else 1.0)
    )
    lines.set(alpha=style.opacity, capstyle="butt" if style.dashed else "round", joinstyle="round", zorder=zorder)
    axes.add_collection(lines, autolim=False)
    if style.dashed:
        light = LineCollection(
            segments, colors=palette.PAPER, linewidths=style.width * SCALE * 0.8, zorder=zorder + 0.1
        )
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


def _points(axes: Axes, spec: LayerSpec, frame: gpd.GeoDataFrame) -> None:
    style = spec.style
    axes.scatter(
        frame.geometry.x, frame.geometry.y, s=(2 * style.radius * SCALE) ** 2, facecolors=style.fill or "none",
        edgecolors=style.stroke or "none", linewidths=style.width * SCALE, zorder=spec.order,
    )  # fmt: skip


def _path(shape: shapely.Geometry) -> Path:
    """A (multi)polygon with its holes as one compound path."""
    rings = [ring for part in shapely.get_parts(shape) for ring in shapely.get_rings(part)]
    paths = [Path(shapely.get_coordinates(ring), closed=True) for ring in rings if shapely.get_num_points(ring) > 3]
    return Path.make_compound_path(*paths) if paths else Path(np.empty((0, 2)))


def _bounds(specs: Iterable[LayerSpec]) -> Bounds | None:
    boxes = np.array([spec.frame.total_bounds for spec in specs])
    if not len(boxes):
        return None
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])

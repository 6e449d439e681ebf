"""Frames in RD and finished labels in, LayerSpecs out. Nothing is drawn and nothing is translated here.

Every builder takes its frame first and returns a LayerSpec; an empty frame gives an empty layer. Tooltips are plain
text, one per row of the frame; the first line is the heading, further lines follow after a line break.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geo.crs import RD
from layers import palette
from layers.classes import breaks, class_labels, class_of
from layers.spec import Kind, LayerSpec, LegendClass, Style

CBS_PREFIX = re.compile(r"^Wijk \d{2}\s+")  # CBS names a wijk "Wijk 01 Binnenstad"
CENTRE_TOLERANCE_M = 10.0


class Ranked(Protocol):
    """A hotspot as far as drawing it goes: geo.hotspots.Hotspot, or a published one."""

    @property
    def id(self) -> str:
        """Stable id, the ``hotspot_id`` of its cells."""

    @property
    def rank(self) -> int:
        """1 is the first."""


def areas_layer(
    areas: gpd.GeoDataFrame,
    *,
    values: pd.Series,
    title: str,
    attribution: str,
    tooltips: Sequence[str],
    no_data: str,
    number: Callable[[float], str],
    whole: bool = True,
    n: int = 5,
    bounds: tuple[float, ...] | None = None,
    id: str = "areas",
) -> LayerSpec:
    """Areas shaded by a figure.

    areas: ``code``, geometry. values: one figure per area on the frame's index; NaN falls in the last class, which is
    called ``no_data`` and stands in the legend only when it occurs. whole: the figures are counts. bounds: inclusive
    upper bounds to keep (so two maps compare); else ``breaks``. number: writes a figure in the reader's language.
    """
    figures = values.reindex(areas.index).to_numpy(float)
    bounds = bounds or breaks(figures, n=n, whole=whole)
    position = class_of(figures, bounds=bounds)
    labels = class_labels(bounds, whole=whole, number=number)
    classes = [LegendClass(label=text, fill=fill) for text, fill in zip(labels, palette.ramp(len(bounds)), strict=True)]
    if bool((position == len(bounds)).any()):
        classes.append(LegendClass(label=no_data, fill=palette.NO_DATA))
    frame = _frame(areas, keys=areas["code"], tooltips=tooltips, more={"class": position})
    return LayerSpec(
        id=id,
        title=title,
        kind="area",
        frame=frame,
        style=palette.AREA,
        attribution=attribution,
        order=palette.PANES["areas"],
        classes=tuple(classes),
    )


def cells_layer(
    cells: gpd.GeoDataFrame,
    *,
    title: str,
    attribution: str,
    labels: Sequence[str],
    fills: Sequence[str] = palette.CELL_FILLS,
    id: str = "cells",
) -> LayerSpec:
    """Cells of a grid, all of one class as one shape, over the areas, whose tooltips stay within reach.

    cells: ``class`` (0, 1, …; the higher, the more), geometry. labels: per class. fills: of at least as many, the last
    ones are taken, so that the highest class is the darkest.
    """
    frame = _frame(cells, keys=cells["class"], more={"class": cells["class"].to_numpy(int)})
    used = fills[len(fills) - len(labels) :]
    return LayerSpec(
        id=id,
        title=title,
        kind="area",
        frame=frame,
        style=palette.CELLS,
        attribution=attribution,
        order=palette.PANES["areas"],  # the same, but after them
        classes=tuple(LegendClass(label=text, fill=fill) for text, fill in zip(labels, used, strict=True)),
        in_legend=False,
        switchable=False,
    )


def outline_layer(
    areas: gpd.GeoDataFrame,
    *,
    title: str,
    attribution: str,
    id: str = "outline",
    style: Style = palette.OUTLINE,
) -> LayerSpec:
    """Borders only, above the shading; with a filled style they are the land itself, below water lines and the rest.

    areas: ``code``, geometry.
    """
    return LayerSpec(
        id=id,
        title=title,
        kind="outline",
        frame=_frame(areas, keys=areas["code"]),
        style=style,
        attribution=attribution,
        order=palette.PANES["areas" if style.fill else "outline"],
        switchable=False,
    )


def names_layer(
    areas: gpd.GeoDataFrame,
    *,
    title: str,
    attribution: str,
    names: Sequence[str] | None = None,
    apart_m: float = 0.0,
    id: str = "names",
) -> LayerSpec:
    """Names at the roomiest spot of each area, the largest area first.

    areas: ``code``, ``name``, geometry. names: others than ``name``. apart_m: of two names nearer than this, the
    smaller area's is left out. Renderers leave out what would still collide on their scale.
    """
    texts = [CBS_PREFIX.sub("", str(name)) for name in (areas["name"] if names is None else names)]
    frame = _frame(areas, keys=areas["code"], more={"label": np.array(texts, dtype=object)})
    frame = frame.iloc[np.argsort(-frame.geometry.area.to_numpy(), kind="stable")].reset_index(drop=True)
    frame = frame.set_geometry(centres(frame.geometry.to_numpy()), crs=frame.crs)
    return LayerSpec(
        id=id,
        title=title,
        kind="name",
        frame=frame[_apart(frame.geometry, apart_m)].reset_index(drop=True),
        style=palette.NAME,
        attribution=attribution,
        order=palette.PANES["names"],
        in_legend=False,
    )


def water_layer(
    water: gpd.GeoDataFrame,
    *,
    title: str,
    attribution: str,
    id: str = "water",
) -> LayerSpec:
    """Water as polygons (under the areas) or, when the frame holds lines, as broad lines above their fill.

    Any columns; ``code`` or ``id`` is the key when there is one.
    """
    lines = bool(len(water)) and not bool(water.geom_type.isin(["Polygon", "MultiPolygon"]).any())
    return LayerSpec(
        id=id,
        title=title,
        kind="line" if lines else "area",
        frame=_frame(water, keys=_keys(water)),
        style=palette.RIVER if lines else palette.WATER,
        attribution=attribution,
        order=palette.PANES["rivers" if lines else "water"],
        switchable=False,
    )


def lines_layer(
    features: gpd.GeoDataFrame,
    *,
    id: str,
    title: str,
    attribution: str,
    style: Style = palette.ROUTE,
    tooltips: Sequence[str] | None = None,
    order: int = palette.PANES["lines"],
    visible: bool = True,
) -> LayerSpec:
    """Routes or railways. features: ``id``, geometry (lines; what is not a line is left out)."""
    return _features(
        features, "line", id=id, title=title, attribution=attribution, style=style, tooltips=tooltips, order=order,
        visible=visible,
    )  # fmt: skip


def points_layer(
    features: gpd.GeoDataFrame,
    *,
    id: str,
    title: str,
    attribution: str,
    style: Style = palette.SCHOOL_POINT,
    tooltips: Sequence[str] | None = None,
    order: int = palette.PANES["points"],
    visible: bool = True,
) -> LayerSpec:
    """Schools or stops. features: ``id``, geometry; what is not a point is drawn at its centre."""
    places = features.set_geometry(features.geometry.centroid) if len(features) else features
    return _features(
        places, "point", id=id, title=title, attribution=attribution, style=style, tooltips=tooltips, order=order,
        visible=visible,
    )  # fmt: skip


def hotspots_layer(
    cells: gpd.GeoDataFrame,
    hotspots: Iterable[Ranked],
    *,
    title: str,
    attribution: str,
    tooltips: Mapping[str, str],
    labels: Mapping[str, str] | None = None,
    round_m: float = 0.0,
    id: str = "hotspots",
) -> LayerSpec:
    """Hotspots as areas, numbered by rank; rank 1 is drawn last, so on top.

    cells: ``hotspot_id``, geometry: unions of grid cells, never hulls (PRIVACY, "Geometry"); those of no given hotspot
    are left out. tooltips, labels: text per hotspot id; labels default to the rank. round_m: radius of rounded corners.
    """
    ranks = {hotspot.id: hotspot.rank for hotspot in hotspots}
    given = cells["hotspot_id"].tolist()
    order = sorted((at for at, key in enumerate(given) if key in ranks), key=lambda at: -ranks[given[at]])
    keys = [str(given[at]) for at in order]
    texts = {key: str(rank) for key, rank in ranks.items()} if labels is None else labels
    made = _frame(
        cells,
        shapes=smooth(cells.geometry.to_numpy()[order], radius_m=round_m),
        keys=keys,
        tooltips=[tooltips.get(key, "") for key in keys],
        more={"label": np.array([texts.get(key, "") for key in keys], dtype=object)},
    )
    return LayerSpec(
        id=id,
        title=title,
        kind="hotspot",
        frame=made,
        style=palette.HOTSPOT,
        attribution=attribution,
        order=palette.PANES["hotspots"],
    )


def smooth(shapes: NDArray[np.object_], *, radius_m: float) -> NDArray[np.object_]:
    """Shapes (n,; RD) with their corners rounded, inner ones too, by a radius in metres; deterministic, and it needs no points.

    A shape narrower than twice the radius stays as it is. Rounding a union of cells gives nothing away (PRIVACY).
    """
    if radius_m <= 0 or not len(shapes):
        return shapes
    shrunk = shapely.buffer(shapes, -radius_m, quad_segs=1)  # its round corners do not outlive the next steps
    opened = shapely.buffer(shrunk, 2 * radius_m, quad_segs=6)
    closed = shapely.buffer(opened, -radius_m, quad_segs=6)
    return np.where(shapely.is_empty(closed), shapes, closed)


def centres(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """The roomiest spot of each polygon (n,): the centre of its largest inscribed circle (others: a point on the shape)."""
    points = np.asarray(shapely.point_on_surface(shapes))
    polygons = np.isin(shapely.get_type_id(shapes), (3, 6)) & ~shapely.is_empty(shapes)
    if polygons.any():
        circles = shapely.maximum_inscribed_circle(shapes[polygons], tolerance=CENTRE_TOLERANCE_M)
        points[polygons] = shapely.get_point(circles, 0)
    return points


def _features(
    features: gpd.GeoDataFrame,
    kind: Kind,
    *,
    id: str,
    title: str,
    attribution: str,
    style: Style,
    tooltips: Sequence[str] | None,
    order: int,
    visible: bool,
) -> LayerSpec:
    frame = _frame(features, keys=_keys(features), tooltips=tooltips)
    if kind == "line" and len(frame):
        frame = frame[frame.geom_type.isin(["LineString", "MultiLineString"])]
    return LayerSpec(
        id=id, title=title, kind=kind, frame=frame, style=style, attribution=attribution, order=order, visible=visible
    )


def _keys(frame: gpd.GeoDataFrame) -> pd.Series:
    for name in ("code", "id"):
        if name in frame.columns:
            return frame[name]
    return pd.Series(range(len(frame)), index=frame.index)


def _frame(
    source: gpd.GeoDataFrame,
    *,
    keys: Iterable[Any],
    shapes: NDArray[np.object_] | None = None,
    tooltips: Sequence[str] | None = None,
    more: Mapping[str, NDArray[Any]] | None = None,
) -> gpd.GeoDataFrame:
    """The columns every layer has, and those that this one has beside them, on a fresh index. shapes: others than the source's."""
    geometry = source.geometry.to_numpy() if shapes is None else shapes
    texts = [""] * len(geometry) if tooltips is None else ["" if text is None else str(text) for text in tooltips]
    if len(texts) != len(geometry):
        raise ValueError(f"{len(texts)} tooltips for {len(geometry)} rows: give one per row")
    columns = {
        "key": np.array(["" if pd.isna(key) else str(key) for key in keys], dtype=object),
        "tooltip": np.array(texts, dtype=object),
        **(more or {}),
    }
    return gpd.GeoDataFrame(columns, geometry=geometry, crs=source.crs or RD)


def _apart(points: gpd.GeoSeries, apart_m: float) -> NDArray[np.bool_]:
    """For each point whether it lies at least ``apart_m`` from every kept point before it."""
    x, y = points.x.to_numpy(), points.y.to_numpy()
    kept = np.zeros(len(points), bool)
    for i in range(len(points)):
        kept[i] = bool((np.hypot(x[kept] - x[i], y[kept] - y[i]) >= apart_m).all())
    return kept

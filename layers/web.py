"""A LayerSpec as GeoJSON for a web map: degrees, few decimals, plain text. Shared by Leaflet and folium."""

import json
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import WGS84
from layers import palette
from layers.build import centres
from layers.spec import LayerSpec

DECIMALS = 5  # 1 m: enough to draw with
DECIMALS_CELLS = 6  # grid cells are exact, a metre would show
SIMPLIFY_LINES_M = 2.0

Json = dict[str, Any]


def collection(spec: LayerSpec) -> Json:
    """The layer as a FeatureCollection (WGS84, lon/lat).

    Properties, each only when there is one: ``id`` the key; ``text`` the tooltip, to be set as text and never as
    markup; ``class`` its class number; ``label`` a name or number to write. Numbered areas are followed by points that
    bear their labels.
    """
    frame = spec.wgs84
    decimals = DECIMALS_CELLS if spec.kind == "hotspot" else DECIMALS
    shapes = _simplified(spec).to_numpy() if spec.kind == "line" else frame.geometry.to_numpy()
    geometries = [_geometry(shape) for shape in _rounded(shapes, decimals)]
    columns = {"id": "key", "text": "tooltip", "class": "class", "label": "label"}
    present = {name: frame[column].tolist() for name, column in columns.items() if column in frame.columns}
    rows = [{name: values[i] for name, values in present.items() if values[i] != ""} for i in range(len(frame))]
    numbered = spec.kind == "hotspot"
    areas = [{name: value for name, value in row.items() if name != "label" or not numbered} for row in rows]
    features = [_feature(g, p) for g, p in zip(geometries, areas, strict=True) if g is not None]
    if numbered and len(frame):
        marks = centres(spec.frame.geometry).to_crs(WGS84).to_numpy()
        points = [_geometry(point) for point in _rounded(marks, DECIMALS_CELLS)]
        features += [_feature(g, p) for g, p in zip(points, rows, strict=True) if g is not None and "label" in p]
    return {"type": "FeatureCollection", "features": features}


def path_style(spec: LayerSpec, *, class_: int | None = None) -> Json:
    """Leaflet's path options for a feature of this layer (in class ``class_``)."""
    style = spec.style
    fill = spec.classes[class_].fill if class_ is not None and spec.classes else style.fill
    options: Json = {
        "stroke": style.stroke is not None,
        "color": style.stroke,
        "weight": style.width,
        "opacity": style.opacity,
        "fill": fill is not None,
        "fillColor": fill,
        "fillOpacity": style.fill_opacity,
    }
    if style.dashed:
        options["dashArray"] = "6 5"
    if spec.kind == "point":
        options["radius"] = style.radius
    return {key: value for key, value in options.items() if value is not None}


def bounds(specs: list[LayerSpec]) -> tuple[float, float, float, float]:
    """West, south, east, north (degrees) of all areas together, else of everything drawn."""
    shown = [spec for spec in specs if not spec.frame.empty]
    chosen = [spec for spec in shown if spec.kind in ("area", "outline", "hotspot")] or shown
    if not chosen:
        raise ValueError("a map of nothing has no bounds: give a layer with features, or an extent")
    boxes = np.array([spec.wgs84.total_bounds for spec in chosen])
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def pane(spec: LayerSpec) -> str:
    """Name of the layer's own pane."""
    return f"laag-{spec.id}"


def pane_class(spec: LayerSpec) -> str:
    """CSS class that gives the pane its z-index (assets/map_layers.css has one per value of palette.PANES)."""
    if spec.order not in palette.PANES.values():
        raise ValueError(f"layer {spec.id!r} has order {spec.order}, panes are {palette.PANES}")
    return f"hk-z{spec.order}"


def _simplified(spec: LayerSpec) -> Any:
    return spec.frame.geometry.simplify(SIMPLIFY_LINES_M).to_crs(WGS84)


def _rounded(shapes: NDArray[Any], decimals: int) -> NDArray[Any]:
    """The shapes with rounded coordinates, repeated vertices left out (an area too small to draw disappears)."""
    if not len(shapes):
        return shapes
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, decimals))
    return np.asarray(shapely.remove_repeated_points(rounded))


def _geometry(shape: shapely.Geometry | None) -> Json | None:
    if shape is None or shapely.is_empty(shape):
        return None
    found: Json = json.loads(shapely.to_geojson(shape))
    return found


def _feature(geometry: Json, properties: Json) -> Json:
    return {"type": "Feature", "properties": properties, "geometry": geometry}

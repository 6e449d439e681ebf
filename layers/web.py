"""A LayerSpec as GeoJSON for a web map: degrees, few decimals, plain text. Shared by Leaflet and folium."""

import json
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import shapes_to_wgs84
from layers import palette
from layers.build import centres
from layers.spec import LayerSpec

DECIMALS = 5  # 1 m: enough to draw with
DECIMALS_CELLS = 6  # grid cells are exact, a metre would show
SIMPLIFY_LINES_M = 2.0

# GeoJSON option -> function of window.hotspotkaart (static/map.js)
FUNCTIONS = {"style": "style", "pointToLayer": "point", "filter": "filter", "onEachFeature": "each"}

Json = dict[str, Any]
NOTHING: Final[Json] = {"type": "FeatureCollection", "features": []}


def collection(spec: LayerSpec) -> Json:
    """The layer as a FeatureCollection (WGS84, lon/lat).

    Properties, each only when there is one: ``id`` the key; ``text`` the tooltip, to be set as text and never as
    markup; ``class`` its class number; ``label`` a name or number to write. Numbered areas are followed by points that
    bear their labels.
    """
    frame = spec.frame
    decimals = DECIMALS_CELLS if spec.kind == "hotspot" else DECIMALS
    shapes = frame.geometry.to_numpy()
    if spec.kind == "line":
        shapes = shapely.simplify(shapes, SIMPLIFY_LINES_M)
    numbered = spec.kind == "hotspot"
    if numbered:
        shapes = np.concatenate([shapes, centres(shapes)])  # all at once: half the time
    geometries = [_geometry(shape) for shape in _rounded(shapes_to_wgs84(shapes), decimals)]
    columns = {"id": "key", "text": "tooltip", "class": "class", "label": "label"}
    present = {name: frame[column].tolist() for name, column in columns.items() if column in frame.columns}
    rows = [{name: values[i] for name, values in present.items() if values[i] != ""} for i in range(len(frame))]
    areas = [{name: value for name, value in row.items() if name != "label" or not numbered} for row in rows]
    marks = [row if "label" in row else None for row in rows] if numbered else []
    features = [
        _feature(g, p) for g, p in zip(geometries, areas + marks, strict=True) if g is not None and p is not None
    ]
    return {"type": "FeatureCollection", "features": features}


def hideout(spec: LayerSpec, *, selected: str = "") -> Json:
    """What map.js needs to know about a layer beside its features."""
    return {
        "kind": spec.kind,
        "path": path_style(spec),
        "fills": [graded.fill for graded in spec.classes],
        "interactive": bool((spec.frame["tooltip"] != "").any()) or spec.kind == "hotspot",
        "visible": spec.visible,
        "selected": selected,
    }


def paint(spec: LayerSpec) -> Json:
    """Other colours and texts for the shapes of a layer that the page has already: a class and a text per key."""
    keys = spec.frame["key"]
    return {
        "pane": pane(spec),
        "fills": [graded.fill for graded in spec.classes],
        "classes": dict(zip(keys, spec.frame["class"].tolist(), strict=True)),
        "texts": dict(zip(keys, spec.frame["tooltip"], strict=True)),
    }


def path_style(spec: LayerSpec) -> Json:
    """Leaflet's path options for this layer; ``fills`` in the hideout replace the fill of graded features.

    A line's opacity becomes a paler colour: see-through lines that share a street would add up to black.
    """
    style = spec.style
    opaque = spec.kind == "line" and style.stroke is not None
    stroke = palette.over(style.stroke or "", palette.CLASS_FILLS[1], opacity=style.opacity) if opaque else style.stroke
    options: Json = {
        "stroke": style.stroke is not None,
        "color": stroke,
        "weight": style.width,
        "opacity": 1.0 if opaque else style.opacity,
        "fill": bool(spec.classes) or style.fill is not None,
        "fillColor": style.fill,
        "fillOpacity": style.fill_opacity,
        "dashArray": "6 5" if style.dashed else None,
        "radius": style.radius if spec.kind == "point" else None,
        "smoothFactor": 0.3 if spec.kind == "hotspot" else None,  # Leaflet's own thinning shows on rounded corners
    }
    return {key: value for key, value in options.items() if value is not None}


def pane(spec: LayerSpec) -> str:
    """Name of the layer's own pane."""
    return f"laag-{spec.id}"


def pane_class(spec: LayerSpec) -> str:
    """CSS class that gives the pane its z-index (static/map_layers.css has one per value of palette.PANES)."""
    if spec.order not in palette.PANES.values():
        raise ValueError(f"layer {spec.id!r} has order {spec.order}, panes are {palette.PANES}")
    return f"hk-z{spec.order}"


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

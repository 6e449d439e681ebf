"""LayerSpecs as dash-leaflet components; MapContainer belongs to the page.

Only Pane and GeoJSON are used. What must be decided per feature is done by ``static/map.js`` (``window.hotspotkaart``):
style, point, filter and each. They read two things, and nothing else:

* the feature's properties, see ``layers.web.collection``;
* the layer's ``hideout``: ``kind``; ``path`` (Leaflet path options); ``fills`` (colour per class); ``interactive``;
  ``visible`` (False: no feature is drawn); ``selected`` (the id that is drawn emphasised, "" for none).

So a callback switches a layer, or marks a hotspot, without sending the shapes again::

    patch = dash.Patch(); patch["selected"] = "H526-2127"; return patch   # Output(layer_id("hotspots"), "hideout")

A click arrives as ``clickData["properties"]["id"]``. Texts are set with ``textContent``: markup in a name stays text.
"""

from collections.abc import Iterable
from typing import Any

import dash_leaflet as dl

from layers.spec import LayerSpec
from layers.web import FUNCTIONS, collection, hideout, pane, pane_class

__all__ = ["hideout", "layer_id", "to_leaflet"]


def layer_id(name: str) -> dict[str, str]:
    """The component id of a layer's GeoJSON."""
    return {"type": "layer", "id": name}


def to_leaflet(specs: Iterable[LayerSpec], *, selected: str = "") -> list[Any]:
    """One pane with one GeoJSON per layer, lowest first: children for a dl.MapContainer.

    selected: id of the hotspot to emphasise. Invisible layers are there too, with ``hideout["visible"]`` False.
    """
    return [_pane(spec, selected=selected) for spec in sorted(specs, key=lambda spec: spec.order)]


def _pane(spec: LayerSpec, *, selected: str) -> Any:
    functions = {prop: {"variable": f"hotspotkaart.{name}"} for prop, name in FUNCTIONS.items()}
    described = hideout(spec, selected=selected if spec.kind == "hotspot" else "")
    layer = dl.GeoJSON(
        id=layer_id(spec.id),
        data=collection(spec),
        hideout=described,
        interactive=described["interactive"],
        pane=pane(spec),
        **functions,
    )
    return dl.Pane(layer, name=pane(spec), className=pane_class(spec))

"""The view of the map page: what each of its parts shows for one state, as the page opens and after every change."""

import json
from collections.abc import Iterator
from typing import Any

from dash import Output
from dash.development.base_component import Component

from dashboard.components import ids, inspector, map_ids, notices
from dashboard.components.change import change_spec
from dashboard.components.filters import advice
from dashboard.components.legend import scale
from dashboard.components.sentence import Part, every_part, line
from dashboard.components.shell import badge
from dashboard.components.specs import areas_spec, hotspots_spec
from dashboard.components.surfaces import plain, surface_spec
from dashboard.services import Services
from dashboard.state import FilterState
from data.viewer import Viewer
from layers.leaflet import layer_id
from layers.web import NOTHING, collection, hideout, paint

Parts = dict[str, Any]

OUTPUTS = {
    "areas": Output(layer_id("areas"), "data"),
    "area_fills": Output(layer_id("areas"), "hideout"),
    "borders": Output(map_ids.BORDERS, "data"),
    "paint": Output(map_ids.PAINT, "data-paint"),
    "cells": Output(layer_id("cells"), "data"),
    "cell_fills": Output(layer_id("cells"), "hideout"),
    "hotspots": Output(layer_id("hotspots"), "data"),
    "legend": Output(ids.LEGEND, "children"),
    "notice": Output(ids.NOTICE, "children"),
    "look": Output(ids.LOOK, "data"),
    "badge": Output(ids.BADGE, "children"),
    "figures": Output(ids.FIGURES, "children"),
    "sentence": Output(ids.SENTENCE, "children"),
    "rows": Output(ids.TABLE, "rowData"),
    "advice": Output(ids.ADVICE, "children"),
    "least": Output(ids.MIN, "placeholder"),
    "alarm": Output(ids.ALARM, "children"),
}


def parts_of(services: Services, viewer: Viewer, state: FilterState, *, there: str | None = None) -> Parts:
    """What the parts of OUTPUTS show for a state; those that stay as they are, are left out. Raises Denied.

    there: the borders that the map has, which are not sent again.
    """
    settings, borders = services.settings, services.map.city().borders
    choices, overview = services.map.choices(viewer), services.map.overview(viewer, state)
    surface = services.surface.of(viewer, state) if choices.custom else None
    change = services.change.of(viewer, state)
    without: list[tuple[Part, int]] = []
    if not overview.n_reports and choices.custom:
        every = every_part(overview.state, choices)
        counts = services.map.counts(viewer, [part.without for part in every])
        without = list(zip(every, counts, strict=True))
    areas = areas_spec(overview, source=settings.source_name)
    if change is not None and change.figures is not None:
        areas = change_spec(change, overview.buurten, source=settings.source_name)
    areas = plain(areas) if surface else areas
    cells = surface_spec(surface, source=settings.source_name) if surface else None
    hotspots = hotspots_spec(overview, source=settings.source_name, cell_m=settings.cell_screen_m)
    parts = {
        "paint": json.dumps(paint(areas), ensure_ascii=False, separators=(",", ":")),
        "cells": collection(cells) if cells else NOTHING,
        "hotspots": collection(hotspots),
        "legend": scale(cells or areas),
        "notice": notices.notice(overview, choices, without=without),
        "look": inspector.where_to_look(overview),
        "badge": badge(choices, overview.n_reports),
        "figures": inspector.figures(overview),
        "sentence": line(overview, choices, municipality=settings.municipality),
        "rows": inspector.rows(overview),
        "advice": advice(overview.params_advised),
        "least": str(overview.params_advised),
        "alarm": None,  # an earlier failure is over
    }
    if there != borders:
        parts |= {"areas": collection(areas), "area_fills": hideout(areas), "borders": borders}
    if cells:
        parts["cell_fills"] = hideout(cells)
    return parts


def fill(page: Any, parts: Parts) -> None:
    """Put the parts in their places, of those that stand on this page: so it opens with what is asked."""
    places = {str(getattr(one, "id", "")): one for one in _components(page)}
    for name, value in parts.items():
        place = places.get(str(OUTPUTS[name].component_id))
        if place is not None:
            setattr(place, OUTPUTS[name].component_property, value)


def _components(page: Any) -> Iterator[Component]:
    """Every component of a tree, those in other properties than children too."""
    if isinstance(page, Component):
        yield page
        for name in page._prop_names:
            yield from _components(getattr(page, name, None))
    elif isinstance(page, list | tuple):
        for one in page:
            yield from _components(one)

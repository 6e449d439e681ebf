"""The view: one state in, everything that depends on it out, in one answer: a change waits for the server once."""

from typing import Any

from dash import MATCH, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from dashboard.callbacks import filters
from dashboard.callbacks.recent import Recent
from dashboard.callbacks.tools import shape_figures
from dashboard.components import detail, ids, inspector, map_ids, notices
from dashboard.components.change import change_spec
from dashboard.components.change import table as change_table
from dashboard.components.filters import advice
from dashboard.components.legend import scale
from dashboard.components.sentence import Part, every_part, line
from dashboard.components.shell import badge
from dashboard.components.specs import areas_spec, hotspots_spec
from dashboard.components.surfaces import patches, plain, surface_spec
from dashboard.doubt_words import doubt_lines
from dashboard.paragraph import paragraph
from dashboard.services import Services
from dashboard.services.change import Change
from dashboard.services.surface import Surface
from dashboard.services.types import Choices, Overview
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from layers.leaflet import layer_id
from layers.web import collection, hideout

OUTPUTS = {
    "areas": Output(layer_id("areas"), "data"),
    "fills": Output(layer_id("areas"), "hideout"),
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


def register(app: Dash, services: Services) -> None:
    """The view, and the lower part of the inspector."""
    recent = Recent(services)

    @app.callback(
        output={"filters": filters.OUTPUTS, "view": OUTPUTS},
        inputs={
            "asked": Input(map_ids.ASKED, "data"),
            "values": {name: Input(*control) for name, control in filters.CONTROLS.items()},
            "version": Input(ids.VERSION, "data"),
        },
        state={"search": State(ids.URL, "search")},
        running=[(Output(ids.BUSY, "className"), "hk-busy hk-on", "hk-busy")],
    )
    def show(asked: str | None, values: dict[str, Any], version: int, search: str | None) -> dict[str, Any]:
        viewer = current_viewer()
        choices = services.map.choices(viewer)
        state, controls = filters.sync(asked, values, search, choices=choices)
        surface = services.surface.of(viewer, state) if choices.custom else None
        change = services.change.of(viewer, state)
        view = shown(recent.overview(viewer, state), choices, services=services, surface=surface, change=change)
        return {"filters": controls, "view": view}

    @app.callback(
        Output(ids.DETAIL, "children"),
        Output(ids.SPOKEN, "children"),
        Input(ids.CHOSEN, "data"),
        Input(map_ids.ASKED, "data"),
        Input(map_ids.SHAPE, "data"),
        Input(ids.VERSION, "data"),
    )
    def explain(chosen: str | None, asked: str | None, drawn: str | None, _version: int) -> tuple[Any, str]:
        if asked is None:
            raise PreventUpdate  # the address was not read yet
        viewer, state = current_viewer(), FilterState.from_query(asked)
        overview = recent.overview(viewer, state)
        if hotspot := inspector.find(overview.shown, chosen):
            return detail.head(hotspot), inspector.spoken(hotspot)
        if drawn:
            return shape_figures(services, state, drawn)
        surface = services.surface.of(viewer, state) if services.map.choices(viewer).custom else None
        changed = change_table(services.change.of(viewer, state), overview.buurten)
        return [*changed, *patches(surface, picture=state.picture), *detail.overall(overview)], ""

    @app.callback(
        Output({"type": ids.PORTRAIT, "id": MATCH}, "children"),
        Input({"type": ids.PORTRAIT, "id": MATCH}, "id"),
        State(ids.URL, "search"),
    )
    def portray(which: dict[str, str], search: str | None) -> Any:
        viewer, state = current_viewer(), FilterState.from_query(search or "")
        overview = recent.overview(viewer, state)
        hotspot, city = inspector.find(overview.shown, which["id"]), services.context.of(viewer, state)
        context = city.of(which["id"])
        if hotspot is None or context is None:
            raise PreventUpdate  # the view has moved on
        known = services.certainty.known(viewer, state)
        return detail.portrait(hotspot, context, city=city, overview=overview, whole=known)

    @app.callback(
        Output({"type": ids.CERTAINTY, "id": MATCH}, "children"),
        Output({"type": ids.PARAGRAPH, "id": MATCH}, "children"),
        Output({"type": ids.DOUBTS, "id": MATCH}, "children"),
        Input({"type": ids.CERTAINTY, "id": MATCH}, "id"),
        State(ids.URL, "search"),
    )
    def test(which: dict[str, str], search: str | None) -> tuple[Any, ...]:
        viewer, state = current_viewer(), FilterState.from_query(search or "")
        hotspot = inspector.find(recent.overview(viewer, state).shown, which["id"])
        city, whole = services.context.of(viewer, state), services.certainty.of(viewer, state)
        certain, context = whole.of(which["id"]) if whole else None, city.of(which["id"])
        if hotspot is None or context is None:
            raise PreventUpdate
        return (
            detail.certainty(certain, whole),
            paragraph(hotspot, context, certain, city=city),
            detail.doubts(doubt_lines(hotspot, context, certain, city=city)),
        )


def shown(
    overview: Overview, choices: Choices, *, services: Services, surface: Surface | None, change: Change | None = None
) -> dict[str, Any]:
    """What every part of the page shows for one overview."""
    settings = services.settings
    without: list[tuple[Part, int]] = []
    if not overview.n_reports and choices.custom:
        parts = every_part(overview.state, choices)
        counts = services.map.counts(current_viewer(), [part.without for part in parts])
        without = list(zip(parts, counts, strict=True))
    areas = areas_spec(overview, source=settings.source_name)
    if change is not None and change.figures is not None:
        areas = change_spec(change, overview.buurten, source=settings.source_name)
    cells = surface_spec(surface, source=settings.source_name)
    hotspots = hotspots_spec(overview, source=settings.source_name, cell_m=settings.cell_screen_m)
    return {
        "areas": collection(areas),
        "fills": hideout(plain(areas) if surface else areas),
        "cells": collection(cells),
        "cell_fills": hideout(cells),
        "hotspots": collection(hotspots),
        "legend": scale(cells if surface else areas),
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

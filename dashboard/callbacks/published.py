"""Published figures: controls ↔ address, and the view of an address. Each asks the service, which requires its right."""

from typing import Any

from dash import Dash, Input, Output, ctx, no_update

from dashboard import published_words as words
from dashboard.components import published, published_map
from dashboard.components import published_ids as ids
from dashboard.components.legend import scale
from dashboard.messages import short_name
from dashboard.published_state import BREAKDOWNS, GEOGRAPHIES, WINDOWS, PublishedState, word
from dashboard.services import Services
from dashboard.services.published import PublishedOverview
from dashboard.viewers import current_viewer
from data.viewer import Role, Viewer
from layers.leaflet import layer_id
from layers.web import collection, hideout

CONTROLS = (ids.WINDOW, ids.START, ids.GEOGRAPHY, ids.BREAKDOWN)
OUTPUTS = {
    "areas": Output(layer_id(ids.AREAS), "data"),
    "fills": Output(layer_id(ids.AREAS), "hideout"),
    "hotspots": Output(layer_id(ids.HOTSPOTS), "data"),
    "legend": Output(ids.LEGEND, "children"),
    "figures": Output(ids.FIGURES, "children"),
    "sentence": Output(ids.SENTENCE, "children"),
    "why": Output(ids.WHY, "children"),
    "table": Output(ids.TABLE, "children"),
    "places": Output(ids.PLACES, "children"),
    "rule": Output(ids.RULE, "children"),
}


def register(app: Dash, services: Services) -> None:
    """Both directions of the address, and the view."""

    @app.callback(
        output={
            "search": Output(ids.URL, "search"),
            "values": [Output(control, "value") for control in CONTROLS],
            "starts": Output(ids.START, "data"),
        },
        inputs={"search": Input(ids.URL, "search"), "values": [Input(control, "value") for control in CONTROLS]},
    )
    def sync(search: str | None, values: list[Any]) -> dict[str, Any]:
        windows = services.published.choices(current_viewer()).windows
        if ctx.triggered_id in (None, ids.URL):
            state, asked = PublishedState.from_query(search or ""), None
        else:
            start = None if ctx.triggered_id == ids.WINDOW else values[1]
            state = PublishedState.of(values[0], start, values[2], values[3])
            if state.start and state.start.isoformat() == published.newest(windows, state.window):
                state = PublishedState.of(values[0], None, values[2], values[3])
            query = state.to_query()
            asked = f"?{query}" if query else ""
        shown = state.start.isoformat() if state.start else published.newest(windows, state.window)
        return {
            "search": no_update if asked is None else asked,
            "values": [
                word(WINDOWS, state.window),
                shown,
                word(GEOGRAPHIES, state.geography),
                word(BREAKDOWNS, state.breakdown),
            ],
            "starts": published.starts(windows, state.window),
        }

    @app.callback(
        output=OUTPUTS,
        inputs=[Input(ids.URL, "search"), Input(ids.OPENED, "data")],
    )
    def show(search: str | None, _opened: int) -> dict[str, Any]:
        viewer, state = current_viewer(), PublishedState.from_query(search or "")
        view = services.published.overview(viewer, state.window, state.geography, state.breakdown, start=state.start)
        return shown(view, viewer, services)


def shown(view: PublishedOverview, viewer: Viewer, services: Services) -> dict[str, Any]:
    """What every part of the page shows for one view."""
    settings = services.settings
    areas = published_map.areas_spec(view, source=settings.source_name, borders="")
    return {
        "areas": collection(areas),
        "fills": hideout(areas),
        "hotspots": collection(published_map.hotspots_spec(view, source=settings.source_name)),
        "legend": scale(areas) if published.any_shown(view) else None,
        "figures": published.figures(view),
        "sentence": words.sentence(view, place=place(view, viewer, services)),
        "why": published.why(view),
        "table": published.table(view),
        "places": published.places(view),
        "rule": words.rule(view),
    }


def place(view: PublishedOverview, viewer: Viewer, services: Services) -> str:
    """The whole municipality, or one's own wijken by name."""
    if viewer.role is not Role.DISTRICT_MANAGER:
        return services.settings.municipality
    return ", ".join(short_name(str(name)) for name in view.outline["name"]) or "–"

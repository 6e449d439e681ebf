"""Choosing a hotspot, moving the map, switching layers: all in the browser (assets/page.js), so that it is immediate."""

from dash import ALL, ClientsideFunction, Dash, Input, Output, State
from dash.dependencies import DashDependency

from dashboard.callbacks import tools
from dashboard.components import ids
from dashboard.services import Services
from layers.leaflet import layer_id

HOTSPOTS = layer_id("hotspots")


def register(app: Dash, services: Services) -> None:
    """Clientside callbacks; their functions stand in assets/page.js under ``hotspotkaart_page``."""
    tools.register(app, services)
    _in_browser(
        app,
        "choose",
        Output(ids.CHOSEN, "data"),
        Output(ids.TABLE, "selectedRows"),
        Output(ids.TABLE, "scrollTo"),
        Input(ids.TABLE, "selectedRows"),
        Input(HOTSPOTS, "n_clicks"),
        Input({"type": ids.DETAIL_CLOSE, "id": ALL}, "n_clicks"),
        Input(ids.TABLE, "rowData"),
        State(HOTSPOTS, "clickData"),
        State(ids.CHOSEN, "data"),
        prevent_initial_call=True,
    )
    _in_browser(
        app,
        "emphasise",
        Output(HOTSPOTS, "hideout"),
        Input(ids.CHOSEN, "data"),
        State(HOTSPOTS, "hideout"),
        prevent_initial_call=True,
    )
    _in_browser(
        app,
        "look",
        Output(ids.MAP, "viewport"),
        Input(ids.CHOSEN, "data"),
        Input(ids.LOOK, "data"),
        prevent_initial_call=True,
    )
    _in_browser(
        app,
        "layers",
        Output(ids.MAP_BOX, "className"),
        Input(ids.LAYERS, "value"),
        Input(ids.MAP, "zoom"),
        Input(ids.PICTURE, "value"),
    )


def _in_browser(app: Dash, function: str, *dependencies: DashDependency, prevent_initial_call: bool = False) -> None:
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("hotspotkaart_page", function), *dependencies, prevent_initial_call=prevent_initial_call
    )

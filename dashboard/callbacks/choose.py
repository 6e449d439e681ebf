"""Choosing a hotspot, moving the map, switching layers: all in the browser (assets/page.js), so that it is immediate."""

from dash import ALL, ClientsideFunction, Dash, Input, Output, State

from dashboard.components import ids
from dashboard.services import Services
from layers.leaflet import layer_id

HOTSPOTS = layer_id("hotspots")


def register(app: Dash, _services: Services) -> None:
    """Clientside callbacks; their functions stand in assets/page.js under ``hotspotkaart_page``."""
    app.clientside_callback(
        ClientsideFunction("hotspotkaart_page", "choose"),
        Output(ids.CHOSEN, "data"),
        Output(ids.TABLE, "selectedRows"),
        Output(ids.TABLE, "scrollTo"),
        Input(ids.TABLE, "selectedRows"),
        Input(HOTSPOTS, "n_clicks"),
        Input({"type": ids.DETAIL_CLOSE, "id": ALL}, "n_clicks"),
        State(HOTSPOTS, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("hotspotkaart_page", "emphasise"),
        Output(HOTSPOTS, "hideout"),
        Input(ids.CHOSEN, "data"),
        State(HOTSPOTS, "hideout"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("hotspotkaart_page", "look"),
        Output(ids.MAP, "viewport"),
        Input(ids.CHOSEN, "data"),
        Input(ids.LOOK, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("hotspotkaart_page", "layers"),
        Output(ids.MAP_BOX, "className"),
        Input(ids.LAYERS, "value"),
    )

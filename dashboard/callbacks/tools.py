"""Looking up a place, drawing an area and taking a step back; what needs no server is done in assets/kaart.js."""

from math import isfinite
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, set_props
from dash.exceptions import PreventUpdate

from dashboard import shape
from dashboard.components import drawn, ids, map_ids, map_tools
from dashboard.i18n import _
from dashboard.look import Look, address
from dashboard.services import Services
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.viewer import Right
from geo.crs import to_wgs84

TRIGGERS = [  # function in assets/kaart.js, what sets it off, what else it reads
    ("split", [Input(ids.URL, "search")], [State(map_ids.ASKED, "data"), State(ids.CHOSEN, "data"), State(ids.TABLE, "rowData"),
                                          State(map_ids.SEARCH, "value"), State(map_ids.SHAPE, "data")]),
    ("searched", [Input(map_ids.SEARCH, "value")], []),
    ("place", [Input(map_ids.PLACE, "data")], []),
    ("outline", [Input(map_ids.OUTLINE, "data")], []),
    ("follow", [Input(map_ids.FOLLOW, "data")], []),
]  # fmt: skip


def register(app: Dash, services: Services) -> None:
    """Clientside functions first; their effects are set with set_props, so that no two callbacks answer each other."""
    for function, inputs, states in TRIGGERS:
        app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
            ClientsideFunction("hotspotkaart_map", function), *inputs, *states
        )
    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("hotspotkaart_map", "trail"), Output(map_ids.UNDO, "disabled"), Input(map_ids.ASKED, "data")
    )

    @app.callback(Output(map_ids.SEARCH, "data"), Input(ids.VERSION, "data"))
    def offer(_version: int) -> list[dict[str, Any]]:
        return map_tools.place_options(services.places.all(current_viewer()))

    @app.callback(Output(map_ids.PLACE, "data"), Output(map_ids.PLACE_BOX, "children"), Input(map_ids.SEARCH, "value"))
    def look_up(key: str | None) -> tuple[Any, Any]:
        found = services.places.find(current_viewer(), str(key or ""))
        return (map_tools.mark(found), map_tools.found(found)) if found else (None, None)

    @app.callback(
        Output(ids.URL, "search", allow_duplicate=True),
        Input(map_ids.POINTS, "data"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def draw(points: list[list[float]] | None, search: str | None) -> str:
        current_viewer().require(Right.CUSTOM)
        try:
            text = shape.polygon(_pairs(points))
            shape.read(text)
        except shape.ShapeRefused as refused:
            set_props("tool-said", {"children": _(refused.sentence, **refused.fields)})
            raise PreventUpdate from None
        return _with_shape(search, text)

    @app.callback(
        Output(ids.URL, "search", allow_duplicate=True),
        Input(map_ids.CIRCLE, "n_clicks"),
        State(map_ids.RADIUS, "value"),
        State(map_ids.SEARCH, "value"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def encircle(clicks: int | None, radius: float | str | None, key: str | None, search: str | None) -> str:
        found = services.places.find(current_viewer(), str(key or ""))
        if not clicks or found is None:
            raise PreventUpdate
        metres = float(radius) if isinstance(radius, int | float) and isfinite(radius) else float(map_tools.RADIUS_M)
        return _with_shape(search, shape.circle(found.x, found.y, radius=metres))

    @app.callback(Output(map_ids.OUTLINE, "data"), Input(map_ids.SHAPE, "data"))
    def outline(text: str | None) -> list[list[float]] | None:
        current_viewer().require(Right.CUSTOM)
        try:
            xy = shape.read(str(text or "")).geometry.exterior.coords.xy
        except shape.ShapeRefused:
            return None
        lon, lat = to_wgs84(*xy)
        return [[round(a, 6), round(b, 6)] for a, b in zip(lat.tolist(), lon.tolist(), strict=True)]


def shape_figures(services: Services, state: FilterState, text: str) -> tuple[list[Any], str]:
    """What the inspector shows of a drawn shape, and what is said of it."""
    try:
        found = services.drawn.of(current_viewer(), state, str(text))
    except shape.ShapeRefused as refused:
        sentence = _(refused.sentence, **refused.fields)
        return drawn.refused(sentence), sentence
    return drawn.figures(found), drawn.spoken(found)


def _pairs(points: Any) -> list[tuple[float, float]]:
    """(lat, lon) of what the page sent. Raises PreventUpdate for what its script cannot have sent."""
    try:
        return [(float(lat), float(lon)) for lat, lon in points or []]
    except (TypeError, ValueError):
        raise PreventUpdate from None


def _with_shape(search: str | None, text: str) -> str:
    """The address with a shape to look at; a chosen hotspot is let go, for the inspector shows one thing."""
    look = Look.from_query(search or "")
    return address(FilterState.from_query(search or "").to_query(), Look(place=look.place, shape=text))

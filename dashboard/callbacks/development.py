"""The page Ontwikkeling: its controls ↔ the address, and what the address asks for."""

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard.components import development, development_controls, development_time, ids
from dashboard.development_state import DevelopmentState
from dashboard.services import Services
from dashboard.services.types import Choices
from dashboard.viewers import current_viewer

CONTROLS = {
    "preset": (ids.DEVELOPMENT_PRESET, "value"),
    "before": (ids.DEVELOPMENT_BEFORE, "value"),
    "after": (ids.DEVELOPMENT_AFTER, "value"),
    "per": (ids.DEVELOPMENT_PER, "value"),
    "picture": (ids.DEVELOPMENT_PICTURE, "value"),
    "wijk": (ids.DEVELOPMENT_WIJK, "value"),
    "first": (ids.SAVED_FIRST, "value"),
    "second": (ids.SAVED_SECOND, "value"),
}


def register(app: Dash, services: Services) -> None:
    """Both directions of the controls stand in one callback, so that neither answers the other without end."""

    @app.callback(
        output={
            "search": Output(ids.DEVELOPMENT_URL, "search"),
            "values": {name: Output(*control) for name, control in CONTROLS.items()},
        },
        inputs={
            "search": Input(ids.DEVELOPMENT_URL, "search"),
            "values": {name: Input(*control) for name, control in CONTROLS.items()},
        },
    )
    def sync(search: str | None, values: dict[str, Any]) -> dict[str, Any]:
        viewer, state = current_viewer(), DevelopmentState.from_query(search or "")
        choices = services.map.choices(viewer)
        asked = development_controls.to_values(state, choices)
        which = next((name for name, (id_, _prop) in CONTROLS.items() if ctx.triggered_id == id_), None)
        if which is None:
            return {"search": no_update, "values": asked}
        dropped = which in ("first", "second") and not values[which]
        if dropped and asked[which] not in {"", *(str(run.id) for run in services.saved.runs(viewer))}:
            raise PreventUpdate  # by the Select itself: the run is gone, and the page says so
        # Of the others the address is right: while a page opens, a control may not show yet what is asked
        return changed(asked | {which: values[which]}, choices)

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("hotspotkaart_development", "together"),
        Output({"type": ids.DEVELOPMENT_MAP, "id": ALL}, "viewport"),
        Input({"type": ids.DEVELOPMENT_MAP, "id": ALL}, "center"),
        Input({"type": ids.DEVELOPMENT_MAP, "id": ALL}, "zoom"),
        prevent_initial_call=True,
    )

    # Each place's own id as well: an address that ``sync`` leaves as it is sets nothing going by itself
    @app.callback(
        Output(ids.DEVELOPMENT_BODY, "children"),
        Input(ids.DEVELOPMENT_URL, "search"),
        Input(ids.DEVELOPMENT_BODY, "id"),
    )
    def compare(search: str | None, _id: str) -> list[Any]:
        found = services.development.side_by_side(current_viewer(), DevelopmentState.from_query(search or ""))
        settings = services.settings
        return development.comparison(found, source=settings.source_name, cell_m=settings.cell_screen_m)

    @app.callback(Output(ids.DEVELOPMENT_LIVES, "children"), Input(ids.DEVELOPMENT_LIVES, "id"))
    def live(_id: str) -> list[Any]:
        return development_time.lives(services.development.lives(current_viewer()))

    @app.callback(
        Output(ids.DEVELOPMENT_COURSE, "children"),
        Input(ids.DEVELOPMENT_URL, "search"),
        Input(ids.DEVELOPMENT_COURSE, "id"),
    )
    def follow(search: str | None, _id: str) -> list[Any]:
        state = DevelopmentState.from_query(search or "")
        return development_time.course(services.development.course(current_viewer(), state.wijk))


def changed(values: dict[str, Any], choices: Choices) -> dict[str, Any]:
    """The address after a control changed, and the controls that must follow: a preset fills in the days."""
    shown: dict[str, Any] = dict.fromkeys(CONTROLS, no_update)
    if ctx.triggered_id == ids.DEVELOPMENT_PRESET:
        periods = development_controls.periods(values["preset"], choices)
        if periods is None:
            raise PreventUpdate  # one's own: the days are still to come
        for name, period in zip(("before", "after"), periods, strict=True):
            shown[name] = values[name] = [period.start.isoformat(), period.end.isoformat()]
    if development_controls.incomplete(values):
        raise PreventUpdate
    state = development_controls.to_state(values, choices)
    if ctx.triggered_id in (ids.DEVELOPMENT_BEFORE, ids.DEVELOPMENT_AFTER):
        shown["preset"] = development_controls.to_values(state, choices)["preset"]
    query = state.to_query()
    return {"search": f"?{query}" if query else "", "values": shown}

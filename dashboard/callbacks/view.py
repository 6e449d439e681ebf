"""The view: one state in, everything that depends on it out, in one answer: a change waits for the server once."""

from typing import Any

from dash import MATCH, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard import review_words
from dashboard.callbacks import filters
from dashboard.callbacks.tools import shape_figures
from dashboard.components import detail, ids, inspector, map_ids
from dashboard.components.change import table as change_table
from dashboard.components.surfaces import patches
from dashboard.doubt_words import doubt_lines
from dashboard.paragraph import paragraph
from dashboard.services import Services
from dashboard.state import FilterState
from dashboard.view import OUTPUTS, parts_of
from dashboard.viewers import current_viewer


def register(app: Dash, services: Services) -> None:
    """The view, and the lower part of the inspector."""

    @app.callback(
        output={"filters": filters.OUTPUTS, "view": OUTPUTS},
        inputs={
            "asked": Input(map_ids.ASKED, "data"),
            "values": {name: Input(*control) for name, control in filters.CONTROLS.items()},
            "version": Input(ids.VERSION, "data"),
        },
        state={"search": State(ids.URL, "search"), "borders": State(map_ids.BORDERS, "data")},
    )
    def show(
        asked: str | None, values: dict[str, Any], version: int, search: str | None, borders: str | None
    ) -> dict[str, Any]:
        if ctx.triggered_prop_ids.get(f"{ids.VERSION}.data") and not version:
            raise PreventUpdate  # the page just opened, with the view of its address (dashboard.pages.map_page)
        viewer = current_viewer()
        with services.map.held():
            choices = services.map.choices(viewer)
            state, controls = filters.sync(asked, values, search, choices=choices)
            if state is None:
                return {"filters": controls, "view": dict.fromkeys(OUTPUTS, no_update) | {"alarm": None}}
            parts = parts_of(services, viewer, state, there=borders)
        return {"filters": controls, "view": dict.fromkeys(OUTPUTS, no_update) | parts}

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
        overview = services.map.overview(viewer, state)
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
        State(map_ids.ASKED, "data"),
    )
    def portray(which: dict[str, str], asked: str | None) -> Any:
        viewer, state = current_viewer(), FilterState.from_query(asked or "")
        overview = services.map.overview(viewer, state)
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
        State(map_ids.ASKED, "data"),
    )
    def test(which: dict[str, str], asked: str | None) -> tuple[Any, ...]:
        viewer, state = current_viewer(), FilterState.from_query(asked or "")
        hotspot = inspector.find(services.map.overview(viewer, state).shown, which["id"])
        city, whole = services.context.of(viewer, state), services.certainty.of(viewer, state)
        certain, context = whole.of(which["id"]) if whole else None, city.of(which["id"])
        if hotspot is None or context is None:
            raise PreventUpdate
        return (
            detail.certainty(certain, whole),
            paragraph(hotspot, context, certain, city=city),
            detail.doubts(doubt_lines(hotspot, context, certain, city=city), answered=review_words.answered(hotspot)),
        )

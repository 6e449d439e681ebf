"""Kept runs and views: keeping from the map, and on the page Ontwikkeling the lists, their buttons and the comparison."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard import addresses, messages
from dashboard.components import ids, saved
from dashboard.development_state import DevelopmentState
from dashboard.i18n import _
from dashboard.services import Services
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.store.saved import SavedRefused

SURE = "submit_n_clicks"  # of a button whose deed was asked about once more


def register(app: Dash, services: Services) -> None:
    """The form over the map; the lists; two runs against each other."""

    @app.callback(
        Output(ids.SAVED_SAID, "children"),
        Output(ids.SAVED_NAME, "value"),
        Input(ids.SAVED_KEEP_RUN, "n_clicks"),
        Input(ids.SAVED_KEEP_VIEW, "n_clicks"),
        State(ids.SAVED_NAME, "value"),
        State(ids.SAVED_NOTE, "value"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def keep(_runs: int | None, _views: int | None, name: Any, note: Any, search: str | None) -> tuple[Any, Any]:
        viewer, name = current_viewer(), str(name or "")
        try:
            if ctx.triggered_id == ids.SAVED_KEEP_VIEW:
                services.saved.keep_view(viewer, name=name, address=addresses.MAP + (search or ""))
                return saved.kept(_("Weergave ‘{name}’ is bewaard.", name=name.strip())), ""
            state = FilterState.from_query(search or "")
            services.saved.keep_run(viewer, state, name=name, note=str(note or ""))
        except SavedRefused as error:
            return saved.refused(messages.refused(error)), no_update
        return saved.kept(_("Analyse ‘{name}’ is bewaard.", name=name.strip())), ""

    @app.callback(
        Output(ids.SAVED_RUNS, "children"),
        Output(ids.SAVED_FIRST, "data"),
        Output(ids.SAVED_SECOND, "data"),
        Output(ids.SAVED_VIEWS, "children"),
        Output(ids.SAVED_LIST_SAID, "children"),
        Input({"type": ids.SAVED_DELETE, "id": ALL}, SURE),
        Input({"type": ids.SAVED_CHOOSE, "id": ALL}, SURE),
        Input({"type": ids.SAVED_DELETE_VIEW, "id": ALL}, SURE),
    )
    def change(*_asked: Any) -> tuple[Any, ...]:
        viewer = current_viewer()
        said: Any = None
        try:
            if ctx.triggered and ctx.triggered[0]["value"]:
                said = saved.kept(done(services))
            elif ctx.triggered_id is not None:
                raise PreventUpdate  # buttons that came with the list itself
        except SavedRefused as error:
            said = saved.refused(messages.refused(error))
        runs, settings = services.saved.runs(viewer), services.settings
        version = services.saved.data_version()
        choices = saved.options(runs)
        rows = saved.runs_list(runs, viewer=viewer, data_version=version, usual_eps_m=settings.eps_m)
        return rows, choices, choices, saved.views_list(services.saved.views(viewer), viewer=viewer), said

    # A callback of its own: buttons that come with the lists ask as well, and would take the place of a click here
    @app.callback(
        Output(ids.SAVED_VIEWS, "children", allow_duplicate=True),
        Output(ids.SAVED_LIST_SAID, "children", allow_duplicate=True),
        Output(ids.SAVED_VIEW_NAME, "value"),
        Input(ids.SAVED_VIEW_HERE, "n_clicks"),
        State(ids.SAVED_VIEW_NAME, "value"),
        State(ids.DEVELOPMENT_URL, "search"),
        prevent_initial_call=True,
    )
    def keep_here(_clicks: int | None, name: Any, search: str | None) -> tuple[Any, ...]:
        viewer, name = current_viewer(), str(name or "")
        try:
            services.saved.keep_view(viewer, name=name, address=addresses.DEVELOPMENT + (search or ""))
        except SavedRefused as error:
            return no_update, saved.refused(messages.refused(error)), no_update
        views = saved.views_list(services.saved.views(viewer), viewer=viewer)
        return views, saved.kept(_("Weergave ‘{name}’ is bewaard.", name=name.strip())), ""

    @app.callback(
        Output(ids.SAVED_HELD, "children"),
        Input(ids.DEVELOPMENT_URL, "search"),
        Input(ids.SAVED_HELD, "id"),
    )
    def hold(search: str | None, _id: str) -> Any:
        viewer, (first, second) = current_viewer(), DevelopmentState.from_query(search or "").runs
        if not (first and second):
            return None
        try:
            return saved.held(services.saved.compare(viewer, first, second))
        except SavedRefused as error:
            return saved.refused(messages.refused(error))


def done(services: Services) -> str:
    """Do what was asked for on the page Ontwikkeling; gives the sentence that says so."""
    viewer, asked = current_viewer(), ctx.triggered_id
    number = int(asked["id"])
    if asked["type"] == ids.SAVED_DELETE:
        services.saved.delete_run(viewer, number)
        return _("De analyse is verwijderd.")
    if asked["type"] == ids.SAVED_DELETE_VIEW:
        services.saved.delete_view(viewer, number)
        return _("De weergave is verwijderd.")
    services.saved.choose(viewer, number or None)
    return _("De eerstvolgende publicatie gebruikt deze afstand. De keuze staat in het logboek.")

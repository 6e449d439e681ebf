"""Gegevens, quarantine: the rows of an import, and the dialog in which one is put right or discarded."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from dash.exceptions import PreventUpdate

from dashboard.callbacks.data_page import whole
from dashboard.components import data_ids as ids
from dashboard.components import data_import, data_quarantine
from dashboard.i18n import _
from dashboard.services import Services
from dashboard.viewers import current_viewer
from data.importing import ImportResult
from data.quarantine import QuarantineRefused
from data.reasons import UserError
from data.viewer import Right, Viewer


def register(app: Dash, services: Services) -> None:
    """List, open, offer again, discard."""

    @app.callback(
        Output(ids.ROWS, "children"),
        Input({"type": ids.IMPORT, "id": ALL}, "value"),
        Input(ids.VERSION, "data"),
    )
    def rows(chosen: list[Any], _version: Any) -> Any:
        viewer, which = current_viewer(), whole(chosen[0] if chosen else None)
        viewer.require(Right.IMPORT)
        if not which:
            return None
        one = next((one for one in services.quarantine.imports(viewer) if one.id == which), None)
        return data_quarantine.rows(services.quarantine.rows(viewer, which), one)

    @app.callback(
        Output(ids.ROW, "opened"),
        Output(ids.ROW_WHICH, "data"),
        Output(ids.ROW_BODY, "children"),
        Output(ids.ROW_SAID, "children"),
        Input({"type": ids.ROW_OPEN, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_(clicks: list[Any]) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not any(clicks) or not ctx.triggered_id or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        which = str(ctx.triggered_id["id"])
        try:
            found = services.quarantine.row(viewer, *row_of(which))
        except QuarantineRefused as error:
            return True, "", None, data_import.refused(_(error.sentence, **error.fields))
        return True, which, data_quarantine.form(found), None

    @app.callback(
        Output(ids.ROW, "opened", allow_duplicate=True),
        Output(ids.ROW_SAID, "children", allow_duplicate=True),
        Output(ids.ROW_DONE, "children"),
        Output(ids.VERSION, "data", allow_duplicate=True),
        Input({"type": ids.OFFER, "id": ALL}, "n_clicks"),
        Input({"type": ids.DISCARD, "id": ALL}, "n_clicks"),
        State({"type": ids.CELL, "id": ALL}, "value"),
        State({"type": ids.CELL, "id": ALL}, "id"),
        State({"type": ids.NOTE, "id": ALL}, "value"),
        State(ids.ROW_WHICH, "data"),
        State(ids.VERSION, "data"),
        prevent_initial_call=True,
    )
    def settle(
        _offers: list[Any],
        _discards: list[Any],
        cells: list[Any],
        roles: list[Any],
        notes: list[Any],
        which: Any,
        version: Any,
    ) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not ctx.triggered_id or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        try:
            if ctx.triggered_id["type"] == ids.DISCARD:
                done = discarded(services, viewer, which, notes)
            else:
                result = offered(services, viewer, which, cells, roles)
                if not result.accepted:
                    say_only_what_is_wrong_now(result, roles)
                    return no_update, data_quarantine.still_wrong(result), no_update, no_update
                done = data_quarantine.taken(result)
        except UserError as error:
            return no_update, data_import.refused(_(error.sentence, **error.fields)), no_update, no_update
        return False, None, done, version + 1 if isinstance(version, int) else 1


def offered(services: Services, viewer: Viewer, which: Any, cells: Any, roles: Any) -> ImportResult:
    """Offer a row again; what came of it. Raises UserError."""
    import_id, number = row_of(which)
    given = {
        str(role["id"]): str(text or "")
        for role, text in zip(roles, cells, strict=False)
        if isinstance(role, dict) and "id" in role
    }
    return services.quarantine.offer(viewer, import_id, number, given)


def say_only_what_is_wrong_now(result: ImportResult, roles: Any) -> None:
    """What was wrong when the dialog was opened may be right by now: it goes, beside its cell too."""
    named = [str(role["id"]) for role in roles if isinstance(role, dict) and "id" in role]
    set_props(ids.ROW_WHY, {"children": None})
    for name, error in zip(named, data_quarantine.errors(result, named), strict=True):
        set_props({"type": ids.CELL, "id": name}, {"error": error})


def discarded(services: Services, viewer: Viewer, which: Any, notes: Any) -> Any:
    """Discard a row; what to say on the page. Raises UserError."""
    import_id, number = row_of(which)
    note = str(notes[0] or "") if isinstance(notes, list) and notes else ""
    services.quarantine.discard(viewer, import_id, number, note=note)
    return data_quarantine.gone()


def row_of(which: Any) -> tuple[int, int]:
    """Import and row out of what a button is called; zeros, which are none, for anything else."""
    import_id, _dash, number = str(which).partition("-")
    return whole(import_id), whole(number)

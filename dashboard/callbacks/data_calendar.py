"""Gegevens, the calendar: open a line, keep it, remove it."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard.callbacks.data_page import whole
from dashboard.components import data_calendar, data_import
from dashboard.components import data_ids as ids
from dashboard.i18n import _
from dashboard.services import Services
from dashboard.viewers import current_viewer
from data.calendar import Entry
from data.reasons import UserError
from data.viewer import Right, Viewer

FIELDS = (ids.ENTRY_KIND, ids.ENTRY_NAME, ids.ENTRY_FIRST, ids.ENTRY_LAST, ids.ENTRY_FACTOR)


def register(app: Dash, services: Services) -> None:
    """Open and act."""

    # Two callbacks: buttons that come with the list ask as well, and would take the place of a click on "add"
    @app.callback(*_dialog(), Input(ids.ENTRY_ADD, "n_clicks"), prevent_initial_call=True)
    def add(clicks: Any) -> tuple[Any, ...]:
        current_viewer().require(Right.IMPORT)
        if not clicks:
            raise PreventUpdate
        return opened(None)

    @app.callback(
        *_dialog(allow_duplicate=True),
        Input({"type": ids.ENTRY_OPEN, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_(_opens: list[Any]) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not isinstance(ctx.triggered_id, dict) or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        number = whole(ctx.triggered_id["id"])
        return opened(next((entry for entry in services.calendar.entries(viewer) if entry.id == number), None))

    @app.callback(
        Output(ids.ENTRY, "opened", allow_duplicate=True),
        Output(ids.ENTRY_SAID, "children", allow_duplicate=True),
        Output(ids.ENTRY_DONE, "children"),
        Output(ids.VERSION, "data", allow_duplicate=True),
        Input(ids.ENTRY_KEEP, "n_clicks"),
        Input(ids.ENTRY_REMOVE, "n_clicks"),
        State(ids.ENTRY_WHICH, "data"),
        *(State(field, "value") for field in FIELDS),
        State(ids.VERSION, "data"),
        prevent_initial_call=True,
    )
    def act(_keeps: Any, _removes: Any, which: Any, *given: Any) -> tuple[Any, ...]:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not ctx.triggered_id or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        *fields, version = given
        try:
            if ctx.triggered_id == ids.ENTRY_REMOVE:
                services.calendar.remove(viewer, whole(which))
                done = _("De regel is verwijderd.")
            else:
                done = kept(services, viewer, whole(which), [str(field or "") for field in fields])
        except UserError as error:
            return no_update, data_import.refused(_(error.sentence, **error.fields)), no_update, no_update
        return False, None, data_calendar.said(done), version + 1 if isinstance(version, int) else 1


def _dialog(*, allow_duplicate: bool = False) -> list[Output]:
    """What ``opened`` fills."""
    places = [
        (ids.ENTRY, "opened"),
        (ids.ENTRY_WHICH, "data"),
        (ids.ENTRY_SAID, "children"),
        (ids.ENTRY_REMOVE, "hidden"),
    ]
    places += [(field, "value") for field in FIELDS]
    return [Output(*place, allow_duplicate=allow_duplicate) for place in places]


def opened(entry: Entry | None) -> tuple[Any, ...]:
    """The dialog with a line of the calendar, or with a new one."""
    return True, entry.id if entry else 0, None, entry is None, *data_calendar.values(entry)


def kept(services: Services, viewer: Viewer, number: int, fields: list[str]) -> str:
    """Add a line (number 0) or change one; the sentence about it. Raises UserError."""
    told = dict(zip(("kind", "name", "first", "last", "factor"), fields, strict=True))
    if number:
        changed = services.calendar.change(viewer, number, **told)
        return _("De regel is gewijzigd.") if changed else _("Er was niets te wijzigen.")
    added = services.calendar.add(viewer, **told)
    if added.new:
        return _("De regel staat in de kalender.")
    return _("De regel is gewijzigd.") if added.changed else _("Deze regel stond er al.")

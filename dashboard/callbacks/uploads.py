"""A file dropped on the page: through the importer, and its report row by row."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard.components import ids, uploads
from dashboard.components.download import table
from dashboard.i18n import _
from dashboard.services import Services
from dashboard.viewers import current_viewer
from data.reasons import FileRefused

SWAP = {"type": ids.UPLOAD_SWAP, "id": ALL}
BUSY = [
    (Output(ids.UPLOAD_BUSY, "className"), "hk-reading hk-on", "hk-reading"),
    (Output(ids.UPLOAD, "disabled"), True, False),
]


def register(app: Dash, services: Services) -> None:
    """Open, import, save the report."""

    @app.callback(Output(ids.UPLOAD_MODAL, "opened"), Input(ids.UPLOAD_OPEN, "n_clicks"), prevent_initial_call=True)
    def open_(_clicks: int | None) -> bool:
        return True

    @app.callback(
        Output(ids.UPLOAD_REPORT, "children"),
        Output(ids.VERSION, "data"),
        Output(ids.UPLOAD, "contents"),
        Input(ids.UPLOAD, "contents"),
        Input(SWAP, "n_clicks"),
        State(ids.UPLOAD, "filename"),
        State(ids.VERSION, "data"),
        prevent_initial_call=True,
        running=BUSY,
    )
    def import_(contents: str | None, swaps: list[int | None], name: str | None, version: int) -> tuple[Any, ...]:
        swap_xy = ctx.triggered_id != ids.UPLOAD
        if not contents or (swap_xy and not any(swaps)):
            raise PreventUpdate
        name = name or _("bestand")
        try:
            result = services.imports.upload(current_viewer(), name=name, content=decoded(contents), swap_xy=swap_xy)
        except FileRefused as error:
            return uploads.refusal(error), no_update, None
        # The contents are kept only when the axes may be swapped; else the same file could not be dropped again
        keep = no_update if uploads.may_swap(result) and not swap_xy else None
        return uploads.report(result, name=name, swapped=swap_xy), version + 1, keep

    @app.callback(
        Output(ids.UPLOAD_FILE, "data"),
        Input({"type": ids.UPLOAD_CSV, "id": ALL}, "n_clicks"),
        State({"type": ids.UPLOAD_ROWS, "id": ALL}, "rowData"),
        prevent_initial_call=True,
    )
    def save(clicks: list[int | None], tables: list[list[Mapping[str, Any]] | None]) -> Any:
        if not any(clicks):
            raise PreventUpdate
        rows = (row for rows in tables for row in rows or ())
        return table(uploads.headings(), rows, _("importverslag.csv"))


def decoded(contents: str) -> bytes:
    """The bytes of a data URL as dcc.Upload gives it. Raises FileRefused when it is none."""
    try:
        return base64.b64decode(contents.partition(",")[2], validate=True)
    except binascii.Error as error:
        sentence = "Het bestand is niet goed aangekomen. Sleep het nog eens hierheen."
        raise FileRefused("unreadable_upload", sentence) from error

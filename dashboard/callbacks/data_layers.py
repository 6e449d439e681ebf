"""Gegevens, layers: bring one."""

from typing import Any

from dash import Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from dashboard.callbacks.uploads import decoded
from dashboard.components import data_ids as ids
from dashboard.components import data_import, data_layers
from dashboard.i18n import _
from dashboard.services import Services
from dashboard.viewers import current_viewer
from data.reasons import UserError
from data.viewer import Right


def register(app: Dash, services: Services) -> None:
    """Name the chosen file, and take it."""

    @app.callback(Output(ids.LAYER_NAME, "children"), Input(ids.LAYER_FILE, "filename"))
    def named(name: Any) -> str:
        return _("Gekozen: {name}", name=name) if isinstance(name, str) and name else ""

    @app.callback(
        Output(ids.LAYER_SAID, "children"),
        Output(ids.LAYER_FILE, "contents"),
        Output(ids.LAYER_FILE, "filename"),
        Output(ids.VERSION, "data", allow_duplicate=True),
        Input(ids.LAYER_MAKE, "n_clicks"),
        State(ids.LAYER_WHAT, "value"),
        State(ids.LAYER_SOURCE, "value"),
        State(ids.LAYER_CRS, "value"),
        State(ids.LAYER_TITLE, "value"),
        State(ids.LAYER_FILE, "contents"),
        State(ids.LAYER_FILE, "filename"),
        State(ids.VERSION, "data"),
        prevent_initial_call=True,
        running=[(Output(ids.LAYER_MAKE, "loading"), True, False)],
    )
    def bring(clicks: Any, *given: Any) -> Any:
        viewer = current_viewer()
        viewer.require(Right.IMPORT)
        if not clicks:
            raise PreventUpdate
        what, source, crs, title, contents, name, version = given
        if not isinstance(contents, str) or not contents:
            return data_import.refused(_("Kies eerst een bestand.")), no_update, no_update, no_update
        told = {"source": str(source or "")[:200], "crs": str(crs or "")[:40], "title": str(title or "")[:80]}
        try:
            found = services.layers.bring(
                viewer, str(what or ""), name=str(name or _("bestand")), content=decoded(contents), **told
            )
        except UserError as error:
            return data_import.refused(_(error.sentence, **error.fields)), no_update, no_update, no_update
        return data_layers.brought(found), None, None, version + 1 if isinstance(version, int) else 1

"""Handing out a map of published figures. The service sees to the right, the wijken and what was handed out before."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import messages
from dashboard.auth.gate import count_export
from dashboard.components import exports
from dashboard.components import published_ids as ids
from dashboard.components.download import download
from dashboard.export_words import refusal
from dashboard.services import Services
from dashboard.services.publication import NothingToPublish, UnknownArea
from dashboard.services.types import SnapshotRequest
from dashboard.viewers import current_viewer
from data.reasons import UserError
from data.viewer import Right


def register(app: Dash, services: Services) -> None:
    """Open and make."""

    @app.callback(
        Output(ids.EXPORT, "opened"),
        Output(ids.EXPORT_SAID, "children"),
        Input(ids.EXPORT_OPEN, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_(clicks: int | None) -> tuple[bool, None]:
        if not clicks:
            raise PreventUpdate
        current_viewer().require(Right.EXPORT)
        return True, None

    @app.callback(
        Output(ids.EXPORT_FILE, "data"),
        Output(ids.EXPORT_SAID, "children", allow_duplicate=True),
        Input(ids.EXPORT_MAKE, "n_clicks"),
        State(ids.EXPORT_YEAR, "value"),
        State(ids.EXPORT_WIJK, "value"),
        State(ids.EXPORT_FORMAT, "value"),
        State(ids.EXPORT_PAPER, "value"),
        State(ids.EXPORT_PURPOSE, "value"),
        State(ids.EXPORT_RECIPIENT, "value"),
        prevent_initial_call=True,
        running=[(Output(ids.EXPORT_MAKE, "loading"), True, False)],
    )
    def make(clicks: int | None, *chosen: Any) -> tuple[Any, Any]:
        if not clicks:
            raise PreventUpdate
        viewer = current_viewer()
        viewer.require(Right.EXPORT)
        try:
            count_export(viewer)
            made = services.snapshots.snapshot(viewer, request_for(chosen))
        except (NothingToPublish, UnknownArea) as why:
            return no_update, html.P(refusal(why), className="hk-warning", role="alert")
        except UserError as error:
            return no_update, html.P(messages.refused(error), className="hk-warning", role="alert")
        return download(made.content, made.file_name, media_type=made.media_type), exports.done(made.file_name)


def request_for(chosen: Sequence[Any]) -> SnapshotRequest:
    """One year and one wijk; of what is strange the service says that there is no such thing."""
    year, wijk, format_, paper, purpose, recipient = chosen
    first = _day(year)
    return SnapshotRequest(
        format="pdf" if format_ == "pdf" else "html" if format_ == "html" else "png",
        start=first,
        end=date(first.year, 12, 31) if first else None,
        area=str(wijk or "–")[:80],  # never "": that would be the whole municipality
        paper="16:9" if paper == "16:9" else "A4",
        purpose=str(purpose or "")[:120],
        recipient=str(recipient or "")[:120],
    )


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None

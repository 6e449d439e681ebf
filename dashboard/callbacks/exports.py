"""Handing out a map: what it will say, and making it."""

from datetime import date, timedelta
from typing import Any

from dash import Dash, Input, Output, State, html, no_update
from dash.exceptions import PreventUpdate

from dashboard import messages
from dashboard.auth.gate import count_export
from dashboard.components import exports, ids
from dashboard.components.download import download
from dashboard.components.sentence import area_name
from dashboard.export_words import refusal
from dashboard.services import Services
from dashboard.services.publication import NoData, NothingToPublish, UnknownArea, with_data
from dashboard.services.types import Choices, SnapshotRequest
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.reasons import UserError
from geo import disclosure


def register(app: Dash, services: Services) -> None:
    """Open and make."""

    @app.callback(
        Output(ids.EXPORT_MODAL, "opened"),
        Output(ids.EXPORT_PERIOD, "children"),
        Output(ids.EXPORT_SAID, "children"),
        Input(ids.EXPORT_OPEN, "n_clicks"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def open_(_clicks: int, search: str | None) -> tuple[bool, Any, None]:
        state, choices = FilterState.from_query(search or ""), services.map.choices(current_viewer())
        return True, period(state, choices, today=date.today()), None

    @app.callback(
        Output(ids.EXPORT_FILE, "data"),
        Output(ids.EXPORT_SAID, "children", allow_duplicate=True),
        Input(ids.EXPORT_MAKE, "n_clicks"),
        State(ids.URL, "search"),
        State(ids.EXPORT_FORMAT, "value"),
        State(ids.EXPORT_PAPER, "value"),
        State(ids.EXPORT_PURPOSE, "value"),
        State(ids.EXPORT_RECIPIENT, "value"),
        prevent_initial_call=True,
        running=[(Output(ids.EXPORT_MAKE, "loading"), True, False)],
    )
    def make(clicks: int | None, search: str | None, *chosen: Any) -> tuple[Any, Any]:
        if not clicks:
            raise PreventUpdate
        try:
            count_export(current_viewer())
            made = services.snapshots.snapshot(current_viewer(), request_for(search or "", *chosen))
        except (NothingToPublish, UnknownArea) as why:
            return no_update, html.P(refusal(why), className="hk-warning", role="alert")
        except UserError as error:
            return no_update, html.P(messages.refused(error), className="hk-warning", role="alert")
        return download(made.content, made.file_name, media_type=made.media_type), exports.done(made.file_name)


def period(state: FilterState, choices: Choices, *, today: date) -> list[Any]:
    """Which closed quarters an export of this state would show."""
    asked = state.start or choices.first or today, state.end or choices.last or today
    closed = disclosure.closed_quarters(*asked, today=today)
    try:
        closed = with_data(closed, choices, today=today) if closed else None
    except NoData as error:
        return [html.P(messages.refused(error), className="hk-warning", role="alert")]
    opens = disclosure.quarter_end(today) + timedelta(days=disclosure.FREEZE_DAYS)
    return exports.period(closed, area=area_name(state.area, choices), opens=opens, narrower=exports.is_narrower(state))


def request_for(search: str, format_: str, paper: str, purpose: str | None, recipient: str | None) -> SnapshotRequest:
    """Only period and area of the state go along; whatever else a tampered page sends is left out."""
    state = FilterState.from_query(search)
    return SnapshotRequest(
        format="pdf" if format_ == "pdf" else "html" if format_ == "html" else "png",
        start=state.start,
        end=state.end,
        area=state.area,
        paper="16:9" if paper == "16:9" else "A4",
        purpose=(purpose or "")[:120],
        recipient=(recipient or "")[:120],
    )

"""Gegevens: which part is open, as the address says, and the lists of that part."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from dashboard.components import data_calendar, data_layers, data_page, data_quarantine
from dashboard.components import data_ids as ids
from dashboard.review_words import DOUBTFUL
from dashboard.services import Services
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.viewer import Viewer

PART = "deel"
IMPORT = "import"


def register(app: Dash, services: Services) -> None:
    """The tabs and their lists."""

    @app.callback(
        Output(ids.TABS, "value"),
        Output(ids.URL, "search"),
        Input(ids.URL, "search"),
        Input(ids.TABS, "value"),
    )
    def go(search: str | None, tab: str | None) -> tuple[Any, Any]:
        asked = query(search)
        if ctx.triggered_id == ids.TABS and tab in data_page.TABS:
            if asked.get(PART, data_page.FILE) == tab:
                return no_update, no_update
            return no_update, "?" + urlencode({**asked, PART: str(tab)})
        wanted = asked.get(PART, "")
        return wanted if wanted in data_page.TABS else data_page.FILE, no_update

    @app.callback(
        Output(ids.QUARANTINE, "children"),
        Output(ids.REVIEW, "children"),
        Output(ids.LAYERS, "children"),
        Output(ids.CALENDAR, "children"),
        Input(ids.TABS, "value"),
        Input(ids.VERSION, "data"),
        State({"type": ids.IMPORT, "id": ALL}, "value"),
        State(ids.URL, "search"),
    )
    def lists(tab: str | None, _version: Any, chosen: list[Any], search: str | None) -> tuple[Any, ...]:
        viewer, which = current_viewer(), whole(chosen[0] if chosen else query(search).get(IMPORT))
        made: dict[str, Callable[[], Any]] = {
            data_page.QUARANTINE: lambda: data_quarantine.panel(services.quarantine.imports(viewer), chosen=which),
            data_page.REVIEW: lambda: data_layers.review(waiting(services, viewer)),
            data_page.LAYERS: lambda: data_layers.layers(services.layers.layers(viewer)),
            data_page.CALENDAR: lambda: data_calendar.entries(services.calendar.entries(viewer)),
        }
        return tuple(make() if name == tab else no_update for name, make in made.items())

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("hotspotkaart_data", "focus"),
        Input(ids.ROW_DONE, "children"),
        Input(ids.ENTRY_DONE, "children"),
        prevent_initial_call=True,
    )


def query(search: Any) -> dict[str, str]:
    """What stands after the question mark."""
    return dict(parse_qsl(search.removeprefix("?"))) if isinstance(search, str) else {}


def whole(value: Any) -> int:
    """A whole number out of what a browser sent; 0 for anything else."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def waiting(services: Services, viewer: Viewer) -> dict[str, int]:
    """Reason → how many reports it keeps out, or whose text is doubtful."""
    found = services.review.left_out(viewer, FilterState(), most=1)
    counts = {group.reason: group.n for group in found.groups}
    return counts | ({DOUBTFUL: found.doubtful.n} if found.doubtful.n else {})

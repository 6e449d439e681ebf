"""The audit log: filters ↔ address, the lines of an address, and whether the log is whole."""

from typing import Any

from dash import Dash, Input, Output, ctx, no_update

from dashboard.audit_state import PER_PAGE, AuditState
from dashboard.components import audit
from dashboard.services import Services
from dashboard.viewers import current_viewer


def register(app: Dash, services: Services) -> None:
    """Both directions of the address, the lines, the check."""

    @app.callback(
        Output(audit.URL, "search"),
        Output(audit.ACTOR, "value"),
        Output(audit.ACTION, "value"),
        Output(audit.DAY, "value"),
        Input(audit.URL, "search"),
        Input(audit.ACTOR, "value"),
        Input(audit.ACTION, "value"),
        Input(audit.DAY, "value"),
    )
    def sync(search: str | None, *values: Any) -> tuple[Any, ...]:
        current_viewer()
        if ctx.triggered_id in (None, audit.URL):
            state = AuditState.from_query(search or "")
            return no_update, state.actor or None, state.action or None, state.on and state.on.isoformat()
        query = AuditState.of(*values).to_query()
        return (f"?{query}" if query else ""), no_update, no_update, no_update

    @app.callback(Output(audit.LINES, "children"), Input(audit.URL, "search"), Input(audit.OPENED, "data"))
    def show(search: str | None, _opened: int) -> Any:
        viewer, state = current_viewer(), AuditState.from_query(search or "")
        which: dict[str, Any] = {"actor": state.actor or None, "action": state.action or None, "on": state.on}
        n = services.audit.count(viewer, **which)
        found = services.audit.lines(viewer, **which, newest=PER_PAGE, skip=(state.sheet - 1) * PER_PAGE)
        return audit.lines(found, state=state, n=n)

    @app.callback(Output(audit.WHOLE, "children"), Input(audit.OPENED, "data"))
    def check(everything: int) -> Any:
        if not everything:
            return None
        viewer = current_viewer()
        found = services.audit.verify(viewer)
        return audit.whole(found, n=services.audit.count(viewer))

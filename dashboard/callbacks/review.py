"""The dialog over what was left out: open it, decide, undo, and look at doubtful texts."""

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard import review_words as words
from dashboard.components import ids, review
from dashboard.i18n import _, _n
from dashboard.services import Services
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.decisions import Subject
from data.reasons import UserError
from data.viewer import Viewer
from geo import report

ACTS = (ids.REVIEW_KEEP, ids.REVIEW_UNDO, ids.REVIEW_CLEAR, ids.REVIEW_MASK)
ASKED = {"rows": (ids.REVIEW_ROWS, "selectedRows"), "notes": (ids.REVIEW_NOTE, "value"), "words": (ids.REVIEW_WORDS, "value")}  # fmt: skip


def register(app: Dash, services: Services) -> None:
    """Open, and act."""

    @app.callback(
        Output(ids.REVIEW_MODAL, "opened"),
        Output(ids.REVIEW_BODY, "children"),
        Output(ids.REVIEW_SAID, "children"),
        Input({"type": ids.REVIEW_OPEN, "id": ALL}, "n_clicks"),
        State(ids.URL, "search"),
        prevent_initial_call=True,
    )
    def open_(clicks: list[int | None], search: str | None) -> tuple[bool, Any, Any]:
        if not any(clicks):
            raise PreventUpdate
        try:
            return True, _body(services, current_viewer(), search, tab=None), None
        except UserError as error:
            return True, None, review.failed(_(error.sentence, **error.fields))

    @app.callback(
        output={
            "body": Output(ids.REVIEW_BODY, "children", allow_duplicate=True),
            "said": Output(ids.REVIEW_SAID, "children", allow_duplicate=True),
            "version": Output(ids.VERSION, "data", allow_duplicate=True),
        },
        inputs={
            "clicks": {kind: Input({"type": kind, "id": ALL}, "n_clicks") for kind in ACTS},
            "given": {name: State({"type": kind, "id": ALL}, prop) for name, (kind, prop) in ASKED.items()},
            "search": State(ids.URL, "search"),
            "tabs": State({"type": ids.REVIEW_TABS, "id": ALL}, "value"),
            "version": State(ids.VERSION, "data"),
        },
        prevent_initial_call=True,
    )
    def act(
        clicks: dict[str, Any], given: dict[str, Any], search: str | None, tabs: list[str], version: int
    ) -> dict[str, Any]:
        which = ctx.triggered_id
        if not which or not ctx.triggered[0]["value"]:  # the dialog was only drawn
            raise PreventUpdate
        viewer = current_viewer()
        mine = {name: _mine(ctx.args_grouping["given"][name], which["id"]) for name in given}
        try:
            done = perform(services, viewer, which["type"], which["id"], mine)
        except UserError as error:
            return {"body": no_update, "said": review.failed(_(error.sentence, **error.fields)), "version": no_update}
        body = _body(services, viewer, search, tab=tabs[0] if tabs else None)
        return {"body": body, "said": review.said(done), "version": version + 1}

    app.clientside_callback(  # type: ignore[no-untyped-call]  # Dash leaves it untyped
        ClientsideFunction("hotspotkaart_review", "focus"),
        Input(ids.REVIEW_MODAL, "opened"),
        Input(ids.REVIEW_SAID, "children"),
        prevent_initial_call=True,
    )


def perform(services: Services, viewer: Viewer, kind: str, id_: str, given: dict[str, Any]) -> str:
    """Do what a button of the dialog says; gives the sentence about it. Raises UserError when it cannot be done."""
    note = str(given.get("notes") or "")
    if kind == ids.REVIEW_KEEP:
        return words.done(len(services.review.keep(viewer, review.subjects_of(given.get("rows")), note=note)))
    if kind == ids.REVIEW_UNDO:
        undone = review.ids_of(given.get("rows"))
        services.review.undo(viewer, undone, note=note)
        return _n("{n} besluit ongedaan gemaakt.", "{n} besluiten ongedaan gemaakt.", len(undone))
    source, source_id = review.text_of(id_)
    if kind == ids.REVIEW_CLEAR:
        subject = Subject.on_flag(source, source_id, report.REVIEW_TEXT)
        services.review.keep(viewer, [subject], note=_("Nagekeken: niets te maskeren."))
        return _("Nagekeken: in deze tekst is niets te maskeren.")
    chosen = given.get("words")
    wanted = [str(word) for word in chosen] if isinstance(chosen, list) else []
    services.review.mask(viewer, source, source_id, words=wanted, note=_("Nagekeken: met de hand gemaskeerd."))
    return _("De woorden zijn gemaskeerd; de oude tekst is gewist.")


def _mine(fields: Any, id_: str) -> Any:
    """What stands in the field that belongs to one button, out of all fields of its kind; None when there is none."""
    return next((field["value"] for field in fields if field["id"]["id"] == id_), None)


def _body(services: Services, viewer: Viewer, search: str | None, *, tab: str | None) -> Any:
    found = services.review.left_out(viewer, FilterState.from_query(search or ""), most=review.MOST_ROWS)
    return review.body(found, services.review.history(viewer).to_dict("records"), tab=tab)

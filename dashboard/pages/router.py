"""From an address to its page: who may not is refused with a sentence, and the navigation shows only what one may."""

from typing import Any

from dash import Dash, Input, Output, State
from flask import Flask, Response, redirect, request

from dashboard import addresses, messages
from dashboard.auth.gate import Gate
from dashboard.components import ids, shell
from dashboard.i18n import _
from dashboard.pages import PAGES, home, page_at, pages_for
from dashboard.pages.page import Page, Shown
from dashboard.services import Services
from dashboard.view import fill
from dashboard.viewers import current_viewer, viewer_or_none
from data.rights import Denied
from data.viewer import LOCAL_ANALYST, Viewer


def register(app: Dash, services: Services, gate: Gate) -> None:
    """The callback that puts the page of the address on the screen."""

    @app.callback(
        Output(ids.HEADER, "children"),
        Output(ids.MAIN, "children"),
        Output(ids.MAIN, "className"),
        Output(ids.BESIDE, "children"),
        Input(ids.WHERE, "pathname"),
        State(ids.WHERE, "search"),
    )
    def open_(path: str | None, query: str | None) -> tuple[Any, ...]:
        viewer, page = current_viewer(), page_at(path or "/")
        shown = shown_at(page, services, viewer, gate, query=query or "")
        head, beside = header(page, shown, services, viewer, gate), list(shown.beside)
        fill([head, shown.main, beside], shown.parts)
        return head, shown.main, shown.class_name, beside


def send_home(server: Flask) -> None:
    """Who has no map starts elsewhere. Call it after the checks of dashboard.security."""

    @server.before_request
    def go_home() -> Response | None:
        viewer = viewer_or_none() if request.path == addresses.MAP and request.method == "GET" else None
        if viewer is None or home(viewer) == addresses.MAP:
            return None
        query = request.query_string.decode("ascii", "ignore")
        answer = redirect(home(viewer) + (f"?{query}" if query else ""), code=303)
        assert isinstance(answer, Response)  # Flask's redirect gives its own kind
        return answer


def shown_at(page: Page | None, services: Services, viewer: Viewer, gate: Gate, *, query: str = "") -> Shown:
    """What stands at an address for a viewer. A refusal is written down."""
    if page is None:
        return Shown(main=shell.nothing_here(_("Deze pagina bestaat niet."), to=home(viewer)))
    try:
        page.require(viewer)
        return page.build(services, viewer, query)
    except Denied as error:
        gate.denied(viewer, error.right)
        return Shown(main=shell.nothing_here(messages.refused(error), to=home(viewer)))


def header(page: Page | None, shown: Shown, services: Services, viewer: Viewer, gate: Gate) -> list[Any]:
    """The header of a page for a viewer."""
    return shell.header(
        links=[shell.nav_link(p.path, _(p.title), here=p is page) for p in pages_for(viewer)],
        actions=shown.actions,
        municipality=services.settings.municipality,
        is_map=page is PAGES[0],
        is_demo=gate.demo or services.map.is_demo(),
        who=shell.who_for(viewer, token=gate.form_token(), demo=gate.demo, signed_in=viewer is not LOCAL_ANALYST),
    )


def title(path: str, municipality: str) -> str:
    """What the browser's tab says."""
    page = page_at(path)
    name = _("Hotspotkaart {city}", city=municipality)
    return name if page is None or page is PAGES[0] else f"{_(page.title)} – {name}"

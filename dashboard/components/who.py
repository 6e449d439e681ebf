"""Who is signed in, as what, and how to leave; in the demo the switch between its roles."""

from typing import Any

from dash import dcc, html

from dashboard.auth import cookies
from dashboard.auth.demo import SWITCH
from dashboard.auth.gate import SIGN_OUT
from dashboard.components.aria import aria
from dashboard.i18n import N_, _
from data.viewer import Role, Viewer

ROLES = {
    Role.ANALYST: N_("Analist"),
    Role.DISTRICT_MANAGER: N_("Wijkmanager"),
    Role.ADMIN: N_("Beheerder"),
    Role.AUDITOR: N_("Auditor"),
}


def who(viewer: Viewer, *, token: str, demo: bool, signed_in: bool) -> Any:
    """A part of the header; nothing for the person at this machine's keyboard. token: for the forms."""
    if demo:
        return _menu(_("Demorol: {role}", role=_(ROLES[viewer.role])), _switch(viewer, token), demo=True)
    if not signed_in:
        return None
    leave = html.Form(
        [_token(token), html.Button(_("Afmelden"), type="submit", className="hk-who-item")],
        action=SIGN_OUT,
        method="post",
    )
    own = [html.P(_("Wijken: {codes}", codes=", ".join(sorted(viewer.wijken))))] if viewer.wijken else []
    return _menu(f"{viewer.name} · {_(ROLES[viewer.role])}", [*own, leave], demo=False)


def _switch(viewer: Viewer, token: str) -> list[Any]:
    buttons = [
        html.Button(
            _(ROLES[role]),
            type="submit",
            name="rol",
            value=role.value,
            className="hk-who-item",
            **aria(current="true" if role is viewer.role else "false"),
        )
        for role in (Role.ANALYST, Role.DISTRICT_MANAGER, Role.AUDITOR, Role.ADMIN)
    ]
    return [
        html.P(_("Alleen in de demo: bekijk de kaart zoals een ander haar ziet.")),
        html.Form([_token(token), *buttons], action=SWITCH, method="post"),
    ]


def _menu(title: str, inside: list[Any], *, demo: bool) -> Any:
    return html.Details(
        [html.Summary(title), html.Div(inside, className="hk-who-menu")],
        className="hk-who hk-who-demo" if demo else "hk-who",
    )


def _token(token: str) -> Any:
    return dcc.Input(type="hidden", name=cookies.FIELD, value=token, id="who-token")

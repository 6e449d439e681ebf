"""Users on the page Beheer: add, change, close. The accounts require the right and write each change down."""

from typing import Any

from dash import ALL, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate
from flask import current_app

from dashboard import messages
from dashboard.auth import passwords
from dashboard.auth.accounts import Accounts
from dashboard.auth.gate import EXTENSION, Gate
from dashboard.components import manage
from dashboard.i18n import _, _n
from dashboard.services import Services
from dashboard.viewers import current_viewer
from data.reasons import UserError
from data.users import User, UserRefused
from data.viewer import Right, Role, Viewer

TABLE = Output(manage.USERS, "children", allow_duplicate=True)
SAID = Output(manage.SAID, "children", allow_duplicate=True)


def register(app: Dash, services: Services) -> None:
    """Adding, and the dialog over one user."""

    @app.callback(
        Output(manage.ADD, "opened"),
        Output(manage.ADD_NAME, "value"),
        Output(manage.ADD_WIJKEN, "value"),
        Output(manage.ADD_SAID, "children"),
        Input(manage.ADD_OPEN, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_add(_clicks: int | None) -> tuple[Any, ...]:
        current_viewer().require(Right.MANAGE_WRITE)
        return True, "", [], None

    @app.callback(
        Output(manage.ADD, "opened", allow_duplicate=True),
        Output(manage.ADD_SAID, "children", allow_duplicate=True),
        SAID,
        TABLE,
        Input(manage.ADD_MAKE, "n_clicks"),
        State(manage.ADD_NAME, "value"),
        State(manage.ADD_ROLE, "value"),
        State(manage.ADD_WIJKEN, "value"),
        State(manage.ADD_WAY, "value"),
        prevent_initial_call=True,
        running=[(Output(manage.ADD_MAKE, "loading"), True, False)],
    )
    def add(clicks: int | None, name: Any, role: Any, wijken: Any, way: Any) -> tuple[Any, ...]:
        if not clicks:
            raise PreventUpdate
        viewer, accounts = current_viewer(), accounts_here(services)
        viewer.require(Right.MANAGE_WRITE)
        try:
            user, password = added(accounts, viewer, name, role, wijken, external=way == manage.ELSEWHERE)
        except UserError as error:
            return no_update, manage.refused(messages.refused(error)), no_update, no_update
        done = manage.said(_("{name} is toegevoegd en meldt zich aan met het gemeenteaccount.", name=user.name))
        said = manage.secret(user.name, password) if password else done
        return False, None, said, table(services, viewer)

    @app.callback(
        Output(manage.EDIT, "opened"),
        Output(manage.EDIT_WHO, "data"),
        Output(manage.EDIT_BODY, "children"),
        Output(manage.EDIT_SAID, "children"),
        Input({"type": manage.EDIT_OPEN, "id": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def open_edit(clicks: list[int | None]) -> tuple[Any, ...]:
        which = ctx.triggered_id
        if not any(clicks) or not which or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        viewer = current_viewer()
        viewer.require(Right.MANAGE_WRITE)
        user = find(accounts_here(services), viewer, str(which["id"]))
        return True, user.name, manage.edit_body(user, wijken_of(services)), None

    @app.callback(
        Output(manage.EDIT, "opened", allow_duplicate=True),
        Output(manage.EDIT_SAID, "children", allow_duplicate=True),
        SAID,
        TABLE,
        Input({"type": manage.ACT, "id": ALL}, "n_clicks"),
        State(manage.EDIT_WHO, "data"),
        State(manage.EDIT_ROLE, "value"),
        State(manage.EDIT_WIJKEN, "value"),
        prevent_initial_call=True,
    )
    def act(clicks: list[int | None], name: Any, role: Any, wijken: Any) -> tuple[Any, ...]:
        which = ctx.triggered_id
        if not any(clicks) or not which or not ctx.triggered[0]["value"]:
            raise PreventUpdate
        viewer = current_viewer()
        viewer.require(Right.MANAGE_WRITE)
        try:
            said = done(accounts_here(services), viewer, str(which["id"]), str(name), role=role, wijken=wijken)
        except UserError as error:
            return no_update, manage.refused(messages.refused(error)), no_update, no_update
        return False, None, said, table(services, viewer)


def added(accounts: Accounts, viewer: Viewer, name: Any, role: Any, wijken: Any, *, external: bool) -> tuple[User, str]:
    """A new user, and the password made for them; "" for who has the municipality's account. Raises UserRefused."""
    asked = known_role(role)
    password = "" if external else passwords.made()
    user = accounts.add(
        viewer, str(name or ""), role=asked, wijken=codes(asked, wijken), password=None if external else password
    )
    return user, password


def done(accounts: Accounts, viewer: Viewer, what: str, name: str, *, role: Any, wijken: Any) -> Any:
    """Do what a button of the dialog says; gives what is told about it. Raises UserRefused."""
    if what == manage.PASSWORD:
        return manage.secret(name, accounts.new_password(viewer, name))
    if what == manage.SESSIONS:
        n = accounts.end_sessions(viewer, name)
        return manage.said(_n("{name} is afgemeld: {n} sessie.", "{name} is afgemeld: {n} sessies.", n, name=name))
    if what in (manage.CLOSE, manage.OPEN):
        accounts.set_disabled(viewer, name, disabled=what == manage.CLOSE)
        closed = _("{name} kan zich niet meer aanmelden.", name=name)
        return manage.said(closed if what == manage.CLOSE else _("{name} kan zich weer aanmelden.", name=name))
    if what != manage.ROLE:
        raise PreventUpdate
    asked = known_role(role)
    accounts.change_role(viewer, name, role=asked, wijken=codes(asked, wijken))
    return manage.said(_("Rol en wijken van {name} zijn gewijzigd.", name=name))


def known_role(role: Any) -> Role:
    """The role of a word. Raises UserRefused for one that is none."""
    if role not in {r.value for r in Role}:
        raise UserRefused("user_role", "Kies een rol.")
    return Role(role)


def codes(role: Role, wijken: Any) -> list[str]:
    """The wijken that go with a role: only a district manager has any."""
    return [str(code) for code in wijken or ()] if role is Role.DISTRICT_MANAGER and isinstance(wijken, list) else []


def find(accounts: Accounts, viewer: Viewer, name: str) -> User:
    """A user by name. Raises UserRefused."""
    found = next((user for user in accounts.all(viewer) if user.name == name), None)
    if found is None:
        raise UserRefused("user_gone", "Deze gebruiker is er niet meer. Laad de pagina opnieuw.")
    return found


def accounts_here(services: Services) -> Accounts:
    """The accounts behind this server's gate."""
    gate: Gate = current_app.extensions[EXTENSION]
    return services.manage.accounts(gate.users)


def wijken_of(services: Services) -> list[tuple[str, str]]:
    """The wijken of the city, by code and name."""
    wijken = services.map.city().wijken
    dry = wijken[~wijken["water"].astype(bool)]
    return list(zip(dry["code"].astype(str), dry["name"].astype(str), strict=True))


def table(services: Services, viewer: Viewer) -> Any:
    """The users as they are now."""
    accounts = accounts_here(services)
    found = manage.rows(
        accounts.all(viewer),
        sessions=[session.name for session in accounts.sessions(viewer)],
        locked=accounts.locked(viewer),
        me=viewer.name,
    )
    return manage.users_table(found, may_write=viewer.may(Right.MANAGE_WRITE), wijken=wijken_of(services))

"""The demo's roles: no passwords, this computer only."""

from collections.abc import Callable
from typing import Final

from flask import Request

from dashboard.auth.cookies import Cookies
from data.viewer import Role, Viewer

Fallback = Callable[[Request], Viewer | None]
VIEWERS: Final = {
    Role.ANALYST: Viewer(name="demo-analist", role=Role.ANALYST),
    Role.DISTRICT_MANAGER: Viewer(
        name="demo-wijkmanager", role=Role.DISTRICT_MANAGER, wijken=frozenset({"WK050502", "WK050503"})
    ),
    Role.AUDITOR: Viewer(name="demo-auditor", role=Role.AUDITOR),
    Role.ADMIN: Viewer(name="demo-beheerder", role=Role.ADMIN),
}


def chosen(cookies: Cookies) -> Fallback:
    """The demo's viewer by the role in the cookie; the analyst when there is none."""

    def of(asked: Request) -> Viewer:
        role = asked.cookies.get(cookies.role, "")
        return VIEWERS[Role(role)] if role in {r.value for r in Role} else VIEWERS[Role.ANALYST]

    return of

"""The switch between the demo's roles."""

from typing import Final

from flask import Flask, Response, redirect, request

from dashboard.auth.gate import Gate, plain
from dashboard.auth.roles import VIEWERS
from dashboard.i18n import _
from data.audit.chain import Action
from data.viewer import Role

SWITCH: Final = "/demo/rol"


def register(server: Flask, gate: Gate) -> None:
    """Add the switch."""

    @server.post(SWITCH)
    def switch() -> Response:
        role = request.form.get("rol", "")
        if role not in {r.value for r in Role}:
            return plain(400, _("Dit verzoek is niet te lezen."))
        answer = redirect("/", code=303)
        assert isinstance(answer, Response)  # Flask's redirect gives its own kind
        gate.cookies.put(answer, gate.cookies.role, role)
        gate.audit.record(VIEWERS[Role(role)], Action.SIGN_IN, way="demo")
        return answer

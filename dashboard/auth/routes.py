"""The addresses of signing in and out, and security.txt."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from flask import Flask, Response, abort, redirect, request, send_from_directory

from dashboard import addresses
from dashboard.auth import pages
from dashboard.auth.authenticator import Authenticator, SignInRefused
from dashboard.auth.gate import NOBODY, SIGN_IN, SIGN_OUT, STYLE, Gate
from dashboard.auth.limits import TooMany
from dashboard.auth.local import LocalAuthenticator
from dashboard.i18n import _
from dashboard.security import trusted_hosts
from dashboard.viewers import viewer_or_none
from data.audit.chain import Action

STATIC = Path(__file__).parent / "static"
SAFE_QUERY = 2000
VALID_DAYS = 180


def register(server: Flask, gate: Gate, authenticators: Sequence[Authenticator]) -> None:
    """Add the addresses."""
    local = next((a for a in authenticators if isinstance(a, LocalAuthenticator)), None)
    external = [a for a in authenticators if a is not local]

    def page(*, status: int = 200, error: str = "", notice: str = "") -> Response:
        gate.visit()
        text = pages.sign_in(
            municipality=gate.settings.municipality,
            token=gate.form_token(),
            onward=_onward(),
            local=local is not None,
            external=bool(external),
            error=error,
            notice=notice,
        )
        return Response(text, status=status, mimetype="text/html")

    def try_to(way: Authenticator) -> Response:
        try:
            gate.sign_ins.use(f"address {request.remote_addr}")
            user = way.identify(request)
        except SignInRefused as error:
            who = gate.users.find(error.who)
            gate.audit.record(who.viewer if who else NOBODY, Action.SIGN_IN_FAILED, way=way.key, why=error.why)
            answer = page(status=error.status, error=_(error.sentence, **error.fields))
        except TooMany as error:
            answer = page(status=429, error=_(error.sentence, **error.fields))
            answer.headers["Retry-After"] = str(error.retry_s)
        else:
            answer = _to(addresses.back(_clean(way.onward(request))))
            gate.begin(answer, user, way=way.key)
        way.finish(answer)
        return answer

    @server.get(SIGN_IN)
    def sign_in_page() -> Response:
        if viewer_or_none() is not None:
            return _to("/")
        return page(notice=_("U bent afgemeld.") if "afgemeld" in request.args else "")

    @server.post(SIGN_IN)
    def sign_in() -> Response:
        return try_to(local) if local else abort(404)

    def begin(way: Authenticator) -> Response:
        try:
            gate.sign_ins.use(f"address {request.remote_addr}")
            return way.start(request) or abort(404)
        except (SignInRefused, TooMany) as error:
            return page(status=getattr(error, "status", 429), error=_(error.sentence, **error.fields))

    for one in external:
        _add_external(server, one, begin, try_to)

    @server.post(SIGN_OUT)
    def sign_out() -> Response:
        answer = _to(f"{SIGN_IN}?afgemeld")
        gate.end(answer)
        return answer

    @server.get(STYLE)
    def style() -> Response:
        return send_from_directory(STATIC, "sign_in.css")

    @server.get("/.well-known/security.txt")
    def security_txt() -> Response:
        contact = gate.settings.security_contact
        if not contact:
            abort(404)
        expires = (datetime.now(UTC) + timedelta(days=VALID_DAYS)).strftime("%Y-%m-%dT00:00:00Z")
        lines = [f"Contact: {contact}", f"Expires: {expires}", "Preferred-Languages: nl, en"]
        lines += [
            f"Canonical: https://{name}/.well-known/security.txt" for name in sorted(trusted_hosts(gate.settings))
        ]
        return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _onward() -> str:
    return _clean(request.form.get("verder") or request.query_string.decode("ascii", "ignore"))


def _clean(query: str) -> str:
    """The view to go on with: page and query that were asked for (dashboard.addresses), encoded anew."""
    own = ("taal", "afgemeld", "code", "state", "session_state", "error", "iss")
    return urlencode([(key, value) for key, value in parse_qsl(query[:SAFE_QUERY]) if key not in own])


def _add_external(
    server: Flask,
    way: Authenticator,
    begin: Callable[[Authenticator], Response],
    try_to: Callable[[Authenticator], Response],
) -> None:
    server.add_url_rule(f"{SIGN_IN}/{way.key}", f"sign_in_{way.key}", lambda: begin(way))
    server.add_url_rule(f"{SIGN_IN}/{way.key}/terug", f"sign_in_{way.key}_back", lambda: try_to(way))


def _to(address: str) -> Response:
    answer = redirect(address, code=303)
    assert isinstance(answer, Response)  # Flask's redirect gives its own kind
    return answer

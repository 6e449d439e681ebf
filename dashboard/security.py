"""What every request must satisfy and every answer carries, before anything of the page is asked.

It answers only to loopback names and those in the settings (a rebound DNS name is refused), takes POSTs from its own
pages only, asks the gate (dashboard.auth.gate) who this is, and loads nothing from elsewhere.
"""

import ipaddress
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException

from dashboard.callback_body import well_formed
from dashboard.components.map import TILES_HOST
from dashboard.i18n import _
from data.settings import Settings

CALLBACK: Final = "_dash-update-component"
BASE64: Final = 4 / 3  # an upload travels as base64 in JSON
SLACK: Final = 2_000_000
CONTENT: Final = (
    "default-src 'none'",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    "font-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
)
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}


def protect(app: Dash, settings: Settings, *, may_pass: Callable[[], Response | None]) -> None:
    """Install checks and headers. Call it after all callbacks are registered. may_pass: an answer for who may not."""
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = int(settings.max_upload_mb * 1_000_000 * BASE64) + SLACK
    policy = content_policy(app.csp_hashes(), tiles=settings.tiles)

    outside = trusted_hosts(settings)

    @server.before_request
    def check() -> Response | None:
        if not is_ours(request.host, outside):
            return _refuse(421, _("Deze server antwoordt niet op deze naam."))
        if settings.behind_tls_proxy and request.scheme != "https" and request.path != "/healthz":
            return _refuse(403, _("Deze server is alleen via https te bereiken."))
        if request.method not in ("GET", "HEAD", "OPTIONS") and not same_origin(request.headers, request.host):
            return _refuse(403, _("Dit verzoek komt niet van deze pagina."))
        if (refused := may_pass()) is not None:
            return refused
        if request.method == "POST" and request.path.endswith(CALLBACK) and not well_formed(_body(), app.callback_map):
            return _refuse(400, _("Dit verzoek is niet te lezen."))
        return None

    @server.after_request
    def seal(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers.update(HEADERS)
        if settings.behind_tls_proxy:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        if response.mimetype in ("text/html", "application/json"):
            response.headers["Cache-Control"] = "no-store"
        return response

    @server.errorhandler(HTTPException)
    def plain(error: HTTPException) -> Response:
        if error.code == 413:
            return _refuse(413, _("Dit bestand is te groot: hooguit {n} MB.", n=settings.max_upload_mb))
        return _refuse(error.code or 500, error.name)


def content_policy(hashes: list[str] | Any, *, tiles: bool) -> str:
    """The Content-Security-Policy; with tiles their one host is added, for images only."""
    images = "img-src 'self' data:" + (f" {TILES_HOST}" if tiles else "")
    return "; ".join([*CONTENT, images, " ".join(["script-src 'self'", *hashes])])


def is_loopback(host: str | None) -> bool:
    """Whether a host name or address is this computer's own."""
    if host is None:
        return False
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def trusted_hosts(settings: Settings) -> frozenset[str]:
    """The names under which the page is known outside."""
    return frozenset(name.strip().lower() for name in settings.trusted_hosts.split(",") if name.strip())


def is_ours(host: str, outside: frozenset[str]) -> bool:
    """Whether a request's Host is one of this computer's own, or one of the names in the settings."""
    try:
        name = urlsplit(f"//{host}").hostname
    except ValueError:
        return False
    return is_loopback(name) or name in outside


def same_origin(headers: Headers, host: str) -> bool:
    """Whether a browser says that a request comes from our own page. Saying nothing is not enough."""
    site = headers.get("Sec-Fetch-Site")
    if site is not None and site != "same-origin":
        return False
    origin = headers.get("Origin")
    if origin is not None:
        return urlsplit(origin).netloc == host
    return site == "same-origin"


def _body() -> Any:
    """What a request's JSON says; None when it cannot be read, or is nested deeper than anybody means."""
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _refuse(status: int, sentence: str) -> Response:
    return Response(sentence + "\n", status=status, mimetype="text/plain")

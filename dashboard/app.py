"""The Dash app: ``create_app`` makes it over the services of one store, ``serve`` runs it."""

import logging
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from dash import Dash, html, set_props
from flask import Request, Response, abort, request, send_from_directory
from flask_compress import Compress

from dashboard import callbacks, i18n, messages, security, theme
from dashboard.auth import demo, oidc, passwords, routes, startup
from dashboard.auth.authenticator import Authenticator
from dashboard.auth.gate import EXTENSION, SIGN_IN, Gate, only_here
from dashboard.auth.local import LocalAuthenticator
from dashboard.components import ids, notices, shell
from dashboard.i18n import _
from dashboard.listening import listening
from dashboard.pages import router
from dashboard.services import Services
from dashboard.serving import server_of
from dashboard.viewers import NotSignedIn, viewer_or_none
from data.reasons import UserError
from data.rights import Denied
from data.settings import Settings
from data.store.users import UserStore
from layers.static import STATIC

log = logging.getLogger(__name__)
MAP_FILES = "/kaart"  # where the page finds the scripts and styles that layers draws its maps with
LANGUAGE = "taal"  # cookie and query parameter
YEAR = 365 * 24 * 3600
INDEX = """<!DOCTYPE html>
<html lang="{lang}">
<head>
{metas}
<title>{title}</title>
<link rel="icon" type="image/svg+xml" href="{icon}">
<style>{variables}</style>
{css}
</head>
<body>
{app_entry}
<noscript>{noscript}</noscript>
<template id="signed-out"><div class="hk-signed-out"><h1>{signed_out}</h1><p>{again}</p><a class="hk-button" href="{sign_in}">{sign_in_words}</a></div></template>
<footer>{config}{scripts}{renderer}</footer>
</body>
</html>"""


class Page(Dash):
    """Dash with our index: language, icon and design tokens."""

    def interpolate_index(self, **parts: Any) -> str:  # type: ignore[override]  # named parts, all passed by keyword
        """The page around the app, in the language of the request."""
        return INDEX.format(
            lang=i18n.language(),
            metas=parts["metas"],
            title=router.title(request.path, self.title),
            icon=self.get_asset_url("mark.svg"),
            variables=theme.css_variables(),
            css=parts["css"],
            app_entry=parts["app_entry"],
            noscript=_("Deze pagina heeft JavaScript nodig."),
            signed_out=_("U bent afgemeld"),
            again=_("Uw sessie is voorbij of ergens anders beëindigd. Meld u opnieuw aan om verder te gaan."),
            sign_in=SIGN_IN,
            sign_in_words=_("Aanmelden"),
            config=parts["config"],
            scripts=parts["scripts"],
            renderer=parts["renderer"],
        )


def create_app(services: Services, settings: Settings, *, gate: Gate | None = None) -> Dash:
    """The page over the services of one store. Nothing is fetched from anywhere else.

    gate: who gets in; left out: whoever sits at this computer, until there are users.
    """
    if gate is None:
        users = UserStore.open(settings)
        gate = Gate(settings, users, services.audit, without_sign_in=only_here(users))
    app = Page(
        "dashboard",
        title=settings.municipality,
        update_title="",
        serve_locally=True,
        health_endpoint="healthz",
        enable_mcp=False,
        external_scripts=[f"{MAP_FILES}/map.js"],  # from layers, over our own server
        external_stylesheets=[f"{MAP_FILES}/map_layers.css"],
        suppress_callback_exceptions=True,  # parts of the page are made by callbacks
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        csrf_token_name=gate.cookies.csrf,
        on_error=failing(gate),
    )
    app.server.add_url_rule(f"{MAP_FILES}/<path:name>", "map_files", map_file)
    app.layout = layout
    callbacks.register(app, services)
    router.register(app, services, gate)
    gate.install(app.server)
    routes.register(app.server, gate, ways_in(settings, gate))
    if gate.demo:
        demo.register(app.server, gate)
    security.protect(app, settings, may_pass=gate.check)
    router.send_home(app.server)
    app.server.after_request(remember_language)
    app.server.wsgi_app = speaking(app.server.wsgi_app, default=settings.language)
    app.server.config["COMPRESS_MIMETYPES"] = ["text/html", "text/css", "application/json", "application/javascript",
                                               "text/javascript", "image/svg+xml"]  # fmt: skip
    Compress(app.server)
    return app


def ways_in(settings: Settings, gate: Gate) -> list[Authenticator]:
    """How people sign in: always with what is kept here, and with the municipality's account when the settings name it."""
    found: list[Authenticator] = [LocalAuthenticator(gate.users)]
    if settings.oidc_issuer:
        found.append(oidc.OidcAuthenticator(settings, gate))
    return found


def map_file(name: str) -> Response:
    """One of layers' own scripts or styles; anything else is not found."""
    if not name.endswith((".js", ".css")):
        abort(404)
    return send_from_directory(STATIC, name)


def layout() -> Any:
    """The frame of every page, in the language of the request. Empty for who is not signed in."""
    return html.Div() if viewer_or_none() is None else shell.frame()


def failing(gate: Gate) -> Callable[[Exception], None]:
    """A callback failed: logged here in full, told on the page in one sentence. Who was denied stands in the audit log.

    What its user can put right is told in its own words and is no failure.
    """

    def failed(error: Exception) -> None:
        if isinstance(error, Denied):
            gate.denied(viewer_or_none(), error.right)
        if isinstance(error, Denied | UserError):  # a UserError: what changed meanwhile, as a user who is gone
            set_props(ids.ALARM, {"children": notices.refused(messages.refused(error))})
        elif isinstance(error, NotSignedIn):
            abort(401)
        else:
            log.error("callback failed", exc_info=error)
            set_props(ids.ALARM, {"children": notices.failed()})

    return failed


def remember_language(response: Response) -> Response:
    """?taal=en is kept in a cookie, so that the callbacks speak it too."""
    chosen = request.args.get(LANGUAGE)
    if chosen in i18n.LANGUAGES:
        response.set_cookie(LANGUAGE, chosen, max_age=YEAR, samesite="Lax", httponly=True)
    return response


def speaking(inner: Callable[..., Iterable[bytes]], *, default: str) -> Callable[..., Iterable[bytes]]:
    """WSGI: answer each request in the language its address or cookie asks for."""

    def wsgi(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked = Request(environ)
        chosen = asked.args.get(LANGUAGE) or asked.cookies.get(LANGUAGE) or default
        with i18n.use(chosen):
            return inner(environ, start_response)

    return wsgi


def serve(
    app: Dash, *, host: str = "127.0.0.1", port: int = 8050, sockets: Sequence[socket.socket] | None = None
) -> None:
    """Serve until stopped. Raises StartRefused when it would not be safe to (dashboard.auth.startup), PortRefused.

    sockets: what listens there already (dashboard.listening); left out: opened here, once it is safe.
    """
    gate: Gate = app.server.extensions[EXTENSION]
    settings = gate.settings
    startup.check(settings, host=host, known=gate.users.any() or bool(settings.oidc_issuer), sign_in=not gate.is_local)
    passwords.prepare()
    with nullcontext(sockets) if sockets else listening(host, port) as bound:
        print(_("Hotspotkaart: http://{host}:{port}  (stoppen met Ctrl+C)", host=host, port=port), flush=True)  # noqa: T201  # the address is the command's answer
        server_of(app, sockets=list(bound), **believing(settings)).run()


def believing(settings: Settings) -> dict[str, Any]:
    """Whose word waitress takes for the asker's address and for TLS: the proxy's of the settings, else nobody's."""
    if not settings.behind_tls_proxy:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "clear_untrusted_proxy_headers": True,
        "trusted_proxy": settings.proxy_address,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
    }

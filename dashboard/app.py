"""The Dash app: ``create_app`` makes it over the services of one store, ``serve`` runs it."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import waitress
from dash import Dash, set_props
from flask import Request, Response, abort, request, send_from_directory
from flask_compress import Compress

from dashboard import callbacks, i18n, security, theme
from dashboard.components import ids, notices, shell
from dashboard.components.specs import page_specs
from dashboard.i18n import _
from dashboard.services import Services
from dashboard.state import FilterState
from dashboard.viewers import current_viewer
from data.reasons import UserError
from data.settings import Settings
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
            title=_("Hotspotkaart {city}", city=self.title),
            icon=self.get_asset_url("mark.svg"),
            variables=theme.css_variables(),
            css=parts["css"],
            app_entry=parts["app_entry"],
            noscript=_("Deze pagina heeft JavaScript nodig."),
            config=parts["config"],
            scripts=parts["scripts"],
            renderer=parts["renderer"],
        )


def create_app(services: Services, settings: Settings) -> Dash:
    """The page over the services of one store. Nothing is fetched from anywhere else."""
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
        on_error=failed,
    )
    app.server.add_url_rule(f"{MAP_FILES}/<path:name>", "map_files", map_file)
    app.layout = lambda: layout(services, settings)
    callbacks.register(app, services)
    security.protect(app, settings)
    app.server.after_request(remember_language)
    app.server.wsgi_app = speaking(app.server.wsgi_app, default=settings.language)
    app.server.config["COMPRESS_MIMETYPES"] = ["text/html", "text/css", "application/json", "application/javascript",
                                               "text/javascript", "image/svg+xml"]  # fmt: skip
    Compress(app.server)
    return app


def map_file(name: str) -> Response:
    """One of layers' own scripts or styles; anything else is not found."""
    if not name.endswith((".js", ".css")):
        abort(404)
    return send_from_directory(STATIC, name)


def layout(services: Services, settings: Settings) -> Any:
    """The page as it opens: without filters, in the language of the request."""
    viewer = current_viewer()
    overview = services.map.overview(viewer, FilterState())
    specs = page_specs(overview, services.map.features, source=settings.source_name, cell_m=settings.cell_screen_m)
    return shell.page(
        services.map.choices(viewer),
        overview,
        specs=specs,
        attribution=services.map.attribution(rates=True),
        settings=settings,
    )


def failed(error: Exception) -> None:
    """A callback failed: logged here in full, told on the page in one sentence."""
    log.error("callback failed", exc_info=error)
    set_props(ids.ALARM, {"children": notices.failed()})


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


class NotLoopback(UserError):
    """A host that others could reach, while there is no sign-in."""

    def __init__(self, host: str) -> None:
        super().__init__(
            "not_loopback",
            "Op {host} zou iedereen in het netwerk de meldingen kunnen zien: zonder aanmelding luistert de kaart alleen "
            "op deze computer. Gebruik --host 127.0.0.1.",
            host=host,
        )


def serve(app: Dash, *, host: str = "127.0.0.1", port: int = 8050) -> None:
    """Serve on this machine until stopped. Raises NotLoopback (UserError) for any other host."""
    if not security.is_loopback(host):
        raise NotLoopback(host)
    print(_("Hotspotkaart: http://{host}:{port}  (stoppen met Ctrl+C)", host=host, port=port), flush=True)  # noqa: T201  # the address is the command's answer
    waitress.serve(app.server, host=host, port=port, threads=8, ident=None, clear_untrusted_proxy_headers=True)

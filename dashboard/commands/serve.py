"""``hotspotkaart serve``."""

import socket
from collections.abc import Sequence
from threading import Thread

import click

from dashboard.console import open_store, settings_for, store_option
from dashboard.i18n import _
from dashboard.listening import stopping
from data.settings import Settings
from data.store import ReportStore
from data.store.engine import is_there, locate, shown
from data.store.users import UserStore
from data.warm import warm_up as warm_up_import
from geo.warm import warm_up


@click.command("serve")
@store_option
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Adres; een ander dan deze computer vraagt om gebruikers en een TLS-proxy.",
)
@click.option("--port", default=8050, show_default=True, type=click.IntRange(1, 65535), help="Poort.")
def command(store_url: str | None, host: str, port: int) -> None:
    """Toon de kaart in de browser."""
    settings = settings_for(store_url)
    fresh = not is_there(locate(settings.store))
    with stopping(), open_store(settings, make=True) as store:
        if fresh:  # of a new city, or a mistyped name: whoever looks at an empty map should know which
            click.echo(
                _("Er was nog geen store {store}: hij is nu gemaakt, en leeg.", store=shown(locate(settings.store)))
            )
        run(store, settings, host=host, port=port)


def run(
    store: ReportStore,
    settings: Settings,
    *,
    host: str,
    port: int,
    demo: bool = False,
    sockets: Sequence[socket.socket] | None = None,
) -> None:
    """Serve the page until interrupted. demo: with a switch between roles, on this computer only.

    sockets: what listens on this host and port already; left out: opened when the page is ready.
    """
    from dashboard.app import create_app, serve  # noqa: PLC0415 (the page's libraries load only when a page is served)
    from dashboard.auth.gate import gate_for  # noqa: PLC0415 (same)
    from dashboard.schedule import SERVER, Schedule, daily  # noqa: PLC0415 (same)
    from dashboard.services import services_for  # noqa: PLC0415 (same)
    from dashboard.services.audit_settings import write_down  # noqa: PLC0415 (same)

    services = services_for(store, settings)
    write_down(services.audit, settings, by=SERVER)  # what cannot be written down is not shown
    with UserStore.open(settings) as users:
        app = create_app(services, settings, gate=gate_for(settings, users, services.audit, host=host, demo=demo))
        Thread(target=_warm_up, daemon=True).start()  # compile while the reader is still looking at the map
        with Schedule(daily(store, settings, services.audit)):
            serve(app, host=host, port=port, sockets=sockets)


def _warm_up() -> None:
    from dashboard.serving import keep_for_good  # noqa: PLC0415 (as above)

    warm_up()
    warm_up_import()
    keep_for_good()

"""``hotspotkaart serve``."""

import click

from dashboard.app import create_app
from dashboard.app import serve as serve_app
from dashboard.console import open_store, settings_for, store_option
from dashboard.services import services_for


@click.command("serve")
@store_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Adres; zonder aanmelding alleen deze computer.")
@click.option("--port", default=8050, show_default=True, type=click.IntRange(1, 65535))
def command(store_url: str | None, host: str, port: int) -> None:
    """Toon de kaart in de browser."""
    settings = settings_for(store_url)
    with open_store(settings) as store:
        serve_app(create_app(services_for(store, settings), settings), host=host, port=port)

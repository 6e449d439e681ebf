"""``hotspotkaart areas import``."""

from pathlib import Path

import click

from dashboard.console import open_store, settings_for, store_option
from dashboard.i18n import _, _n
from data.area_columns import Level
from data.areas import import_areas


@click.group("areas")
def group() -> None:
    """Grenzen van buurten, wijken en gemeenten."""


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--level", type=click.Choice(["buurt", "wijk", "gemeente"]), required=True, help="Wat het bestand bevat.")
@click.option("--code", metavar="KOLOM", help="Kolom met de code, als het geen CBS-bestand is.")
@click.option("--name", "name_column", metavar="KOLOM", help="Kolom met de naam, als het geen CBS-bestand is.")
@click.option("--crs", metavar="EPSG", help="Coördinaatstelsel, als het bestand het niet noemt, bijv. EPSG:28992.")
@click.option("--attribution", metavar="TEKST", help="Bronvermelding op de kaart, bijv. CBS 2025 (CC BY 4.0).")
@store_option
def import_command(
    *,
    file: Path,
    level: Level,
    code: str | None,
    name_column: str | None,
    crs: str | None,
    attribution: str | None,
    store_url: str | None,
) -> None:
    """Lees grenzen uit GeoJSON, GeoPackage of een gezipte shapefile."""
    with open_store(settings_for(store_url)) as store:
        read = import_areas(
            file, store=store, level=level, code=code, name_column=name_column, crs=crs, attribution=attribution
        )
        for note in read.notes:
            click.echo(_(note.sentence, **note.fields), err=True)
        click.echo(
            _n("{n} gebied opgeslagen ({level}).", "{n} gebieden opgeslagen ({level}).", len(read.frame), level=level)
        )
        if level == "buurt":
            wijken = len(store.areas("wijk"))
            click.echo(_n("De buurten vormen {n} wijk.", "De buurten vormen {n} wijken.", wijken))

"""``hotspotkaart layer import``."""

from pathlib import Path

import click

from dashboard.console import open_store, settings_for, store_option
from dashboard.i18n import _, _n
from data.features import BOARDINGS, Kind, import_features

KINDS = ["schools", "stops", "routes", "water", "railway", "streets"]


@click.group("layer")
def group() -> None:
    """Kaartlagen: scholen, haltes, lijnen, water, spoor en straten."""


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--kind", type=click.Choice(KINDS), required=True, help="Wat het bestand bevat.")
@click.option("--crs", metavar="EPSG", help="Coördinaatstelsel, als het bestand het niet noemt, bijv. EPSG:28992.")
@click.option("--attribution", metavar="TEKST", help="Bronvermelding op de kaart, bijv. CBS 2025 (CC BY 4.0).")
@store_option
def import_command(file: Path, kind: Kind, crs: str | None, attribution: str | None, store_url: str | None) -> None:
    """Lees een kaartlaag uit GeoJSON, CSV met lat/lon, of (haltes en lijnen) een GTFS-zip."""
    with open_store(settings_for(store_url), make=True) as store:
        read = import_features(file, store=store, kind=kind, crs=crs, attribution=attribution)
    for note in read.notes:
        click.echo(_(note.sentence, **note.fields), err=True)
    if kind == "stops" and BOARDINGS in read.frame.columns:
        known = int(read.frame[BOARDINGS].notna().sum())
        unit = _(str(read.frame.attrs[BOARDINGS]))
        click.echo(
            _n(
                "Van {n} halte is het aantal {unit} bekend.",
                "Van {n} haltes is het aantal {unit} bekend.",
                known,
                unit=unit,
            )
        )
    click.echo(_n("{n} object opgeslagen ({kind}).", "{n} objecten opgeslagen ({kind}).", len(read.frame), kind=kind))

"""``hotspotkaart areas import`` and ``areas weight``."""

from pathlib import Path

import click

from dashboard import rate_words
from dashboard.console import fail, open_store, settings_for, store_option
from dashboard.i18n import _, _n
from data.area_columns import Level
from data.areas import import_areas
from data.store import ReportStore
from data.weights import import_weight
from geo import exposure


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
    with open_store(settings_for(store_url), make=True) as store:
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


@group.command("weight")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--name", required=True, metavar="TEKST", help="Hoe het gewicht heet, bijv. passanten per dag.")
@click.option("--unit", default="", metavar="TEKST", help="Wat het telt, als dat anders is dan de naam.")
@click.option(
    "--attribution", default="", metavar="TEKST", help="Bronvermelding op de kaart, bijv. CBS 2025 (CC BY 4.0)."
)
@click.option("--remove", is_flag=True, help="Haal het gewicht met deze naam weg.")
@store_option
def weight_command(
    *, file: Path | None, name: str, unit: str, attribution: str, remove: bool, store_url: str | None
) -> None:
    """Lees een eigen getal per buurt (CSV met code;value) om meldingen tegen af te zetten."""
    if remove == (file is not None):
        fail(_("Geef een bestand, of --remove om ‘{name}’ weg te halen.", name=name))
    with open_store(settings_for(store_url)) as store:
        if file is None:
            _remove(store, name)
            return
        read = import_weight(file, store=store, name=name, unit=unit, attribution=attribution)
        buurten = store.areas("buurt")
    for note in read.notes:
        click.echo(_(note.sentence, **note.fields), err=True)
    weight = read.weight
    denominator = exposure.weight(buurten, weight.values, name=weight.name, unit=weight.unit)
    click.echo(
        _n("Getallen van {n} buurt opgeslagen.", "Getallen van {n} buurten opgeslagen.", len(weight.values))
        + " "
        + _("Kleur op de kaart: ‘{choice}’.", choice=rate_words.choice(denominator))
    )


def _remove(store: ReportStore, name: str) -> None:
    if not store.remove_weight(name):
        known = ", ".join(weight.name for weight in store.weights()) or "–"
        fail(_("Er is geen gewicht ‘{name}’. Wel: {known}.", name=name, known=known))
    click.echo(_("Gewicht ‘{name}’ is weggehaald.", name=name))

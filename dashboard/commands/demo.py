"""``hotspotkaart demo``: the demo city, imported as a user's files are, and the map on it."""

import tempfile
from pathlib import Path
from typing import Final

import click

from dashboard.commands.serve import run
from dashboard.console import open_store, settings_for
from dashboard.i18n import _, number
from dashboard.listening import listening, stopping
from dashboard.schedule import publish
from dashboard.services.audit import AuditService
from data.areas import import_areas
from data.calendar import import_calendar
from data.demo import city, holidays
from data.demo.reports import write_reports
from data.features import Kind, import_features
from data.importing import ImportOptions, ImportResult, import_file
from data.settings import Settings
from data.store import ReportStore

HOST: Final = "127.0.0.1"
KINDS: Final[tuple[Kind, ...]] = ("schools", "stops", "routes", "water", "railway")


@click.command("demo")
@click.option("--port", default=8050, show_default=True, type=click.IntRange(1, 65535))
@click.option("--seed", default=2025, show_default=True, help="Zelfde getal, zelfde stad.")
@click.option(
    "--files", type=click.Path(path_type=Path), help="Schrijf alleen de demobestanden in deze map, zonder kaart."
)
def command(port: int, seed: int, files: Path | None) -> None:
    """Toon de demostad: Dordrecht, met verzonnen meldingen en schematische grenzen."""
    if files is not None:
        city.write_city(files)
        holidays.write_calendar(files)
        write_reports(files, seed=seed)
        click.echo(_("Demobestanden geschreven in {folder}.", folder=files))
        return
    with (
        stopping(),
        listening(HOST, port) as sockets,  # before the city is made: a port that is taken is told at once
        tempfile.TemporaryDirectory(prefix="hotspotkaart-demo-") as folder,
    ):
        settings = settings_for(f"sqlite:///{Path(folder) / 'demo.sqlite'}")
        with open_store(settings, make=True) as store:
            result = fill(store, settings, Path(folder), seed=seed)
            click.echo(_("Demostad klaar: {n} verzonnen meldingen overgenomen.", n=number(result.accepted)))
            publish(store, settings, AuditService(settings))  # so that every role finds figures
            run(store, settings, host=HOST, port=port, demo=True, sockets=sockets)


def fill(store: ReportStore, settings: Settings, folder: Path, *, seed: int = 2025) -> ImportResult:
    """Write the demo's files to ``folder`` and import them the way a user's files are imported."""
    city.write_city(folder)
    holidays.write_calendar(folder)
    write_reports(folder, seed=seed)
    import_areas(folder / city.FILES["areas"], store=store, level="buurt")
    for kind in KINDS:
        import_features(folder / city.FILES[kind], store=store, kind=kind, attribution=city.ATTRIBUTION[kind])
    import_calendar(folder / holidays.FILE, store=store)
    return import_file(
        folder / "meldingen.csv", store=store, settings=settings, options=ImportOptions(source="synthetisch")
    )

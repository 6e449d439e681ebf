"""``hotspotkaart backup`` and ``hotspotkaart restore``."""

from pathlib import Path

import click

from dashboard.console import fail, open_store, settings_for, store_option
from dashboard.i18n import _, _n, number
from data import backup as backups
from data import retention, tombstones
from data.audit.chain import Action
from data.audit.log import AuditLog
from data.settings import Settings
from data.store import StoreError
from data.viewer import LOCAL_ANALYST


@click.command("backup")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@store_option
def backup(*, folder: Path, store_url: str | None) -> None:
    """Maak een reservekopie in een map, ook terwijl de kaart in gebruik is."""
    settings = settings_for(store_url)
    with open_store(settings) as store, tombstones.Tombstones.open(settings) as stones:
        stones.keep(store)
    file, manifest = backups.make(settings, folder)
    n = manifest.rows.get("reports", 0)
    with AuditLog.open(settings) as log:
        log.record(LOCAL_ANALYST, Action.BACKUP, file.name, reports=n, sha256=manifest.sha256)
    click.echo(
        _n(
            "{file} gemaakt en gecontroleerd: {n} melding.",
            "{file} gemaakt en gecontroleerd: {n} meldingen.",
            n,
            file=file,
        )
    )
    click.echo(_("Reservekopieën van meer dan {days} dagen oud zijn uit de map gehaald.", days=settings.backup_days))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@store_option
@click.option("--yes", is_flag=True, help="Vervang de meldingen die er nu zijn.")
def restore(*, file: Path, store_url: str | None, yes: bool) -> None:
    """Zet een reservekopie terug. Wat sindsdien is ingetrokken of verlopen, blijft weg."""
    settings = settings_for(store_url)
    manifest = backups.verify(file)
    there = _remember(settings)
    if there and not yes:
        fail(
            _n(
                "In de store staat {n} melding. Geef --yes om die te vervangen door de reservekopie.",
                "In de store staan {n} meldingen. Geef --yes om die te vervangen door de reservekopie.",
                there,
            )
        )
    backups.restore(file, settings)
    withdrawn = tombstones.replay(settings)
    with open_store(settings) as store:
        kept = retention.apply(store, settings, today=retention.today())
        left = len(store.reports(LOCAL_ANALYST))
    with AuditLog.open(settings) as log:
        log.record(LOCAL_ANALYST, Action.RESTORE, file.name, reports=left, withdrawn=withdrawn, expired=kept.records)
    click.echo(
        _(
            "Teruggezet: {n} meldingen uit {made}. Opnieuw ingetrokken: {withdrawn}. Verlopen: {expired}.",
            n=number(left),
            made=manifest.made_at[:10],
            withdrawn=number(withdrawn),
            expired=number(kept.records),
        )
    )


def _remember(settings: Settings) -> int:
    """How many reports there are to lose; their withdrawals are written down. None in a store that is damaged."""
    try:
        with open_store(settings, make=True) as store, tombstones.Tombstones.open(settings) as stones:
            stones.keep(store)
            return len(store.reports(LOCAL_ANALYST))
    except StoreError as error:
        if error.code == "damaged":  # which may be why one restores
            return 0
        raise

"""``hotspotkaart retention``: let go of what is past its time."""

import json
from contextlib import closing

import click

from dashboard.console import open_store, settings_for, store_option
from dashboard.i18n import _, number
from dashboard.schedule import SERVER
from dashboard.services.audit import AuditService
from dashboard.services.audit_settings import write_down
from data import retention, tombstones
from data.audit.chain import Action
from data.viewer import LOCAL_ANALYST


@click.command("retention")
@store_option
@click.option("--dry-run", is_flag=True, help="Alleen tellen, niets wijzigen.")
@click.option("--json", "as_json", is_flag=True, help="De aantallen als JSON.")
def command(*, store_url: str | None, dry_run: bool, as_json: bool) -> None:
    """Wis wat over zijn bewaartermijn heen is: teksten en precieze plaatsen, hele meldingen, en geweigerde waarden."""
    settings = settings_for(store_url)
    with open_store(settings) as store, closing(AuditService(settings)) as audit:
        if not dry_run:
            write_down(audit, settings, by=SERVER)
        kept = retention.apply(store, settings, today=retention.today(), dry_run=dry_run)
        if not dry_run:
            with tombstones.Tombstones.open(settings) as stones:
                stones.keep(store)
        counts = {"records": kept.records, "details": kept.details, "quarantined": kept.quarantined}
        if kept.anything and not dry_run:
            audit.record(LOCAL_ANALYST, Action.RETENTION, "", **counts)
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, **counts}, indent=2))
        return
    if dry_run:
        click.echo(_("Proef: er is niets gewijzigd."))
    click.echo(_("Ouder dan {n} jaar, gewist: {count}", n=settings.retention_years, count=number(kept.records)))
    click.echo(
        _("Ouder dan {n} maanden, tekst gewist en plaats verruimd tot de rastercel: {count}",
          n=settings.detail_months, count=number(kept.details))
    )  # fmt: skip
    click.echo(
        _("Ouder dan {n} dagen, waarde van een geweigerde rij gewist: {count}",
          n=settings.quarantine_days, count=number(kept.quarantined))
    )  # fmt: skip

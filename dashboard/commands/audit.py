"""``hotspotkaart audit``: check and read the log of who saw, handed out or changed what."""

import json
import sys
from typing import Final

import click

from dashboard.audit_words import said, told
from dashboard.console import fail, settings_for, store_option
from dashboard.i18n import _, _n, moment, number
from data.audit.chain import Action, Line
from data.audit.chain import moment as utc
from data.audit.log import AuditLog, anchors_file, is_there
from data.settings import Settings
from data.store import ReportStore

FAULTY: Final = 1  # exit code of a log that is not whole


@click.group("audit")
def group() -> None:
    """Het logboek: wie zag, gaf uit of wijzigde wat."""


def opened(settings: Settings) -> AuditLog:
    """The log of a store. It outlives the store, so only where there is no trace of either the name is a mistake."""
    if not anchors_file(settings).exists() and not is_there(settings):
        ReportStore.open(settings.store, must_exist=True).close()
    return AuditLog.open(settings)


@group.command("verify")
@store_option
@click.option("--json", "as_json", is_flag=True, help="De uitkomst als JSON.")
def verify(*, store_url: str | None, as_json: bool) -> None:
    """Controleer of het logboek heel is: niets gewijzigd, weggelaten, verwisseld of afgeknipt."""
    settings = settings_for(store_url)
    with opened(settings) as log:
        found, last = log.verify(), log.lines(newest=1)
    n = last[0].seq if last else 0
    if as_json:
        faults = [{"fault": f.fault.value, "line": f.seq} for f in found]
        click.echo(json.dumps({"whole": not found, "lines": n, "faults": faults}, indent=2))
    elif not found:
        click.echo(_n("Het logboek is heel: {n} regel.", "Het logboek is heel: {n} regels.", n))
    else:
        click.echo(_("Het logboek is niet heel:"))
        for one in found:
            click.echo("  " + said(one))
        click.echo(_("Bewaar het zoals het is en waarschuw de functionaris gegevensbescherming (FG)."))
    if found:
        sys.exit(FAULTY)


@group.command("show")
@store_option
@click.option("--actor", metavar="NAAM", help="Alleen regels van deze persoon.")
@click.option("--action", type=click.Choice([a.value for a in Action]), help="Alleen deze handeling.")
@click.option(
    "--last", type=click.IntRange(min=1), default=50, show_default=True, help="Zoveel regels, de nieuwste eerst."
)
@click.option("--json", "as_json", is_flag=True, help="De regels als JSON.")
def show(*, store_url: str | None, actor: str | None, action: str | None, last: int, as_json: bool) -> None:
    """Toon regels van het logboek, de nieuwste eerst."""
    with opened(settings_for(store_url)) as log:
        lines = log.lines(actor=actor, action=action, newest=last)
    if as_json:
        click.echo(json.dumps([_as_json(line) for line in lines], ensure_ascii=False, indent=2))
        return
    if not lines:
        click.echo(_("Het logboek heeft geen regels die hieraan voldoen."))
    for line in lines:
        click.echo(f"{number(line.seq):>7}  {moment(line.at)}  {line.actor} ({line.role})  {told(line)}")


@group.command("anchor")
@store_option
def anchor(*, store_url: str | None) -> None:
    """Leg nu vast waar het logboek eindigt, zodat afknippen opvalt."""
    settings = settings_for(store_url)
    with opened(settings) as log:
        head = log.anchor()
    if head is None:
        fail(_("Het logboek is nog leeg: er is niets te verankeren."))
    click.echo(_("Verankerd tot en met regel {seq}, in {path}.", seq=head.seq, path=anchors_file(settings)))


def _as_json(line: Line) -> dict[str, object]:
    return {
        "line": line.seq,
        "at": utc(line.at),
        "actor": line.actor,
        "role": line.role,
        "action": line.action,
        "subject": line.subject,
        "detail": dict(line.detail),
    }

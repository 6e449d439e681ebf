"""``hotspotkaart publish``: fix and check the figures that others than analysts see."""

import json
import sys
from contextlib import closing
from typing import Any, Final

import click

from dashboard.console import fail, open_store, settings_for, store_option, working
from dashboard.i18n import _, _n, day, number
from dashboard.schedule import SERVER
from dashboard.services.audit import AuditService
from dashboard.services.audit_settings import write_down
from dashboard.services.freezing import freeze as freeze_now
from dashboard.services.published import window_span
from data import publishing, retention
from data.audit.chain import Action
from data.store.publications import Published
from data.viewer import LOCAL_ANALYST
from geo.publish import Cell

LEAKING: Final = 1  # exit code of a publication from which something can be derived


@click.group("publish")
def group() -> None:
    """Gepubliceerde cijfers: wat anderen dan analisten zien van afgesloten kwartalen."""


@group.command("freeze")
@store_option
@click.option("--json", "as_json", is_flag=True, help="De uitkomst als JSON.")
def freeze(*, store_url: str | None, as_json: bool) -> None:
    """Stel de cijfers van afgesloten kwartalen vast. Wat vaststaat, verandert alleen als genoeg meldingen veranderden."""
    settings = settings_for(store_url)
    with open_store(settings) as store, closing(AuditService(settings)) as audit:
        write_down(audit, settings, by=SERVER)
        done = freeze_now(store, settings, audit, by=LOCAL_ANALYST, today=retention.today())
    if as_json:
        facts = {"changed": done.changed, "quarters": [_quarter(q) for q in done.quarters], "revised": done.n_revised}
        click.echo(json.dumps({**facts, **_facts(done.published)}, indent=2))
    elif not done.changed:
        click.echo(_("Er is niets nieuws te publiceren: alle afgesloten kwartalen staan al vast."))
    else:
        shown, hotspots = len(done.published.release.shown), len(done.published.spots)
        new = len(done.quarters)
        click.echo(_n("{n} kwartaal vastgesteld.", "{n} kwartalen vastgesteld.", new))
        if done.n_revised:
            click.echo(_("In {n} kwartalen van een buurt is genoeg veranderd om ze te herzien.", n=done.n_revised))
        click.echo(
            _("Getoond worden {cells} cijfers en {spots} hotspots.", cells=number(shown), spots=number(hotspots))
        )


@group.command("audit")
@store_option
@click.option("--json", "as_json", is_flag=True, help="De uitkomst als JSON.")
def audit(*, store_url: str | None, as_json: bool) -> None:
    """Bewijs dat uit alles wat is gepubliceerd, samen, niets over enkele meldingen is af te leiden."""
    with open_store(settings_for(store_url)) as store:
        published = store.published()
    if not published.quarters:
        fail(_("Er is nog niets gepubliceerd. Voer eerst hotspotkaart publish freeze uit."))
    try:
        with working(_("Nagaan wat uit de cijfers is af te leiden")) as progress:
            proof = publishing.audit(published, progress=progress)
    except ValueError:
        fail(
            _(
                "Niet in orde: de gepubliceerde cijfers spreken elkaar tegen, dus is er iets aan gewijzigd. Zet een "
                "reservekopie terug."
            )
        )
    if as_json:
        leaks = [{"of": _cell(leak.of), "low": leak.low, "high": leak.high} for leak in proof.leaks]
        click.echo(json.dumps({"sets": proof.n_sets, "cells": len(published.release.shown), "leaks": leaks}, indent=2))
    elif not proof.leaks:
        sets = number(proof.n_sets)
        click.echo(
            _(
                "In orde: van {sets} onderzochte verzamelingen is er geen waarvan vaststaat dat het er minstens 1 en minder "
                "dan {k} zijn.",
                sets=sets,
                k=published.release.k,
            )
        )
    else:
        click.echo(_("Niet in orde: uit deze cijfers is af te leiden dat het om enkele meldingen gaat."))
        for leak in proof.leaks:
            click.echo(f"  {_cell(leak.of)}: {leak.low}–{leak.high}")
        click.echo(_("Zet de kaart voor anderen uit en waarschuw de functionaris gegevensbescherming (FG)."))
    if proof.leaks:
        sys.exit(LEAKING)


@group.command("restart")
@store_option
@click.option("--yes", is_flag=True, help="Zonder dit gebeurt er niets.")
def restart(*, store_url: str | None, yes: bool) -> None:
    """Begin opnieuw te publiceren, met de huidige buurten en vanaf dit kwartaal. Wat er staat, verdwijnt voorgoed."""
    settings = settings_for(store_url)
    with open_store(settings) as store:
        if not yes:
            fail(
                _(
                    "Dit haalt alles weg wat is gepubliceerd; kwartalen van voor vandaag komen niet terug. Geef --yes als u "
                    "dat wilt."
                )
            )
        log = AuditService(settings)
        log.ready()
        since = publishing.restart(store, today=retention.today())
        log.record(LOCAL_ANALYST, Action.PUBLICATION, "restart", since=_quarter(since))
    click.echo(_("De publicatie begint opnieuw met {quarter}.", quarter=_quarter(since)))


@group.command("show")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Hetzelfde als JSON.")
def show(*, store_url: str | None, as_json: bool) -> None:
    """Toon wat is gepubliceerd: sinds wanneer, welke kwartalen, hoeveel cijfers."""
    with open_store(settings_for(store_url)) as store:
        published = store.published()
    if as_json:
        click.echo(json.dumps(_facts(published), indent=2))
        return
    if published.version is None or not published.quarters:
        click.echo(_("Er is nog niets gepubliceerd."))
        return
    first, last = min(published.quarters), max(published.quarters)
    (start, _end), (_start, end) = window_span(first, 1), window_span(last, 1)
    version = published.version
    click.echo(_("Vastgesteld: versie {n}, op {date}.", n=version.version, date=day(version.frozen_at.date())))
    click.echo(_("Periode: {start} – {end}.", start=day(start), end=day(end)))
    n = len(published.release.shown)
    click.echo(_("{n} cijfers rusten op minstens {k} meldingen en worden getoond.", n=number(n), k=version.k))
    click.echo(_n("{n} hotspot.", "{n} hotspots.", len(published.spots)))


def _facts(published: Published) -> dict[str, Any]:
    """What stands; no figure that is not shown."""
    version = published.version
    return {
        "version": version.version if version else 0,
        "frozen_on": version.frozen_at.date().isoformat() if version else None,
        "k": published.release.k,
        "frozen": [_quarter(q) for q in sorted(published.quarters)],
        "shown": len(published.release.shown),
        "hotspots": len(published.spots),
    }


def _quarter(number: int) -> str:
    return f"{number // 4}Q{number % 4 + 1}"


def _cell(cell: Cell) -> str:
    return " ".join(filter(None, (cell.place or "*", _quarter(cell.start), f"+{cell.quarters}", cell.part)))

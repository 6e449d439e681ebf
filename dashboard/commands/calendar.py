"""``hotspotkaart calendar``: what changes reporting, and when there is no school."""

import json
from pathlib import Path
from typing import Any, Final

import click

from dashboard.console import open_store, settings_for, store_option
from dashboard.i18n import N_, _, _n, day, number
from data.calendar import Added, Entry, import_calendar, mark
from geo.calendar import MarkKind

KINDS: Final = {
    MarkKind.CAMPAIGN: N_("campagne"),
    MarkKind.LAW: N_("wetswijziging"),
    MarkKind.APP: N_("app"),
    MarkKind.HOLIDAY: N_("vakantie"),
}


@click.group("calendar")
def group() -> None:
    """Kalender: campagnes, wetswijzigingen, apps en vakanties, die bij de cijfers worden vermeld."""


@group.command("list")
@store_option
@click.option("--json", "as_json", is_flag=True, help="Als JSON.")
def list_command(*, store_url: str | None, as_json: bool) -> None:
    """Alle regels van de kalender, met hun nummer."""
    with open_store(settings_for(store_url)) as store:
        entries = store.calendar()
    if as_json:
        click.echo(json.dumps([_json(entry) for entry in entries], ensure_ascii=False, indent=2))
        return
    if not entries:
        click.echo(_("De kalender is leeg. Vul haar met hotspotkaart calendar add of calendar import."))
    for entry in entries:
        click.echo(_line(entry))
    if not any(entry.mark.kind is MarkKind.HOLIDAY for entry in entries):
        click.echo(_("Schoolvakanties niet bekend: elke werkdag telt als schooldag."))


@group.command("add")
@store_option
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in MarkKind]),
    required=True,
    help="Campagne, wet, app of vakantie.",
)
@click.option("--name", required=True, metavar="NAAM", help="Hoe de regel heet; hooguit 80 tekens.")
@click.option("--from", "first", required=True, metavar="DAG", help="Eerste dag.")
@click.option("--to", "last", default="", metavar="DAG", help="Laatste dag, zelf meegeteld; leeg: het duurt voort.")
@click.option(
    "--factor",
    default="",
    metavar="GETAL",
    help="Met hoeveel de meldingen toenamen, als dat bekend is; alleen vermeld.",
)
def add_command(*, store_url: str | None, kind: str, name: str, first: str, last: str, factor: str) -> None:
    """Zet een campagne, wetswijziging, app of vakantie in de kalender."""
    found = mark(kind=kind, name=name, first=first, last=last, factor=factor)
    with open_store(settings_for(store_url), make=True) as store:
        added = store.add_to_calendar([found])
    click.echo(_told(added))


@group.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@store_option
def import_command(*, file: Path, store_url: str | None) -> None:
    """Lees een CSV-bestand met de kolommen soort, naam, van, tot en factor."""
    with open_store(settings_for(store_url), make=True) as store:
        click.echo(_told(import_calendar(file, store=store)))


@group.command("remove")
@click.argument("entries", nargs=-1, required=True, type=int, metavar="NUMMER…")
@store_option
def remove_command(*, entries: tuple[int, ...], store_url: str | None) -> None:
    """Haal regels uit de kalender."""
    with open_store(settings_for(store_url)) as store:
        store.remove_from_calendar(entries)
    click.echo(_n("{n} regel verwijderd.", "{n} regels verwijderd.", len(set(entries))))


def _told(added: Added) -> str:
    parts = [
        _n("{n} regel toegevoegd.", "{n} regels toegevoegd.", added.new) if added.new else "",
        _n("{n} regel gewijzigd.", "{n} regels gewijzigd.", added.changed) if added.changed else "",
        _n("{n} regel stond er al.", "{n} regels stonden er al.", added.known) if added.known else "",
    ]
    return " ".join(part for part in parts if part)


def _line(entry: Entry) -> str:
    mark = entry.mark
    if mark.end is None:
        when = _("vanaf {first}", first=day(mark.start))
    elif mark.end == mark.start:
        when = day(mark.start)
    else:
        when = _("{first} t/m {last}", first=day(mark.start), last=day(mark.end))
    factor = _("(factor {factor})", factor=number(mark.factor, 1)) if mark.factor is not None else ""
    return "  ".join(part for part in (str(entry.id), _(KINDS[mark.kind]), mark.name, when, factor) if part)


def _json(entry: Entry) -> dict[str, Any]:
    mark = entry.mark
    return {
        "id": entry.id,
        "kind": mark.kind.value,
        "name": mark.name,
        "from": mark.start.isoformat(),
        "to": mark.end.isoformat() if mark.end else None,
        "factor": mark.factor,
    }

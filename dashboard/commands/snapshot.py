"""``hotspotkaart snapshot``."""

import json
from datetime import datetime
from pathlib import Path
from typing import Literal

import click

from dashboard.console import fail, open_store, settings_for, store_option, writable
from dashboard.export_words import refusal
from dashboard.i18n import _
from dashboard.services import services_for
from dashboard.services.publication import NothingToPublish, UnknownArea
from dashboard.services.types import Snapshot, SnapshotRequest
from dashboard.subject import DAY
from data.viewer import LOCAL_ANALYST


@click.command("snapshot")
@store_option
@click.option("--format", "format_", type=click.Choice(["png", "pdf", "html"]), required=True, help="Soort bestand.")
@click.option(
    "--out", type=click.Path(path_type=Path), required=True, help="Waar de kaart komt; ernaast komt een .json."
)
@click.option(
    "--area", default="", metavar="NAAM", help="Wijk, buurt of aandachtsgebied; weggelaten: de hele gemeente."
)
@click.option("--from", "start", type=DAY, metavar="DATUM", help="Eerste dag; een export beslaat hele kwartalen.")
@click.option("--to", "end", type=DAY, metavar="DATUM", help="Laatste dag.")
@click.option(
    "--paper", type=click.Choice(["A4", "16:9"]), default="A4", show_default=True, help="Formaat (png en pdf)."
)
@click.option("--purpose", default="", metavar="TEKST", help="Waarvoor de kaart is; staat op de kaart.")
@click.option("--recipient", default="", metavar="TEKST", help="Voor wie de kaart is; staat op de kaart.")
def command(
    *,
    store_url: str | None,
    format_: Literal["png", "pdf", "html"],
    out: Path,
    area: str,
    start: datetime | None,
    end: datetime | None,
    paper: Literal["A4", "16:9"],
    purpose: str,
    recipient: str,
) -> None:
    """Maak een kaart voor een briefing: hotspots als rastercellen, aantallen afgerond, hele gesloten kwartalen."""
    settings = settings_for(store_url)
    request = SnapshotRequest(
        format=format_,
        start=start.date() if start else None,
        end=end.date() if end else None,
        area=area,
        paper=paper,
        purpose=purpose,
        recipient=recipient,
    )
    writable(out)
    with open_store(settings) as store:
        try:
            made = services_for(store, settings).snapshots.snapshot(LOCAL_ANALYST, request)
        except (NothingToPublish, UnknownArea) as refused:
            fail(refusal(refused))
    _write(out, made)
    period = made.facts["period"]
    click.echo(_("{file} gemaakt, over {start} tot en met {end}.", file=out, start=period["from"], end=period["to"]))


def _write(out: Path, made: Snapshot) -> None:
    try:
        out.write_bytes(made.content)
        facts = json.dumps(made.facts, ensure_ascii=False, indent=2)
        out.with_suffix(out.suffix + ".json").write_text(facts + "\n", encoding="utf-8")
    except OSError as error:
        fail(_("{file} is niet te schrijven: {why}.", file=out, why=error.strerror or error))

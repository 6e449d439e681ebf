"""``hotspotkaart reports import``."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Final

import click

from dashboard import messages
from dashboard.console import REFUSED, Progress, open_store, settings_for, store_option
from dashboard.i18n import N_, _, number
from dashboard.services.audit import AuditService
from dashboard.services.imports import ImportService
from data.columns import read_mapping
from data.importing import ImportOptions, ImportResult, import_file
from data.reasons import Outcome
from data.sources.table import RowProblem
from data.viewer import LOCAL_ANALYST

SHOWN_ROWS = 50
AT_THE_COMMAND: Final = {"unknown_category": N_("Noem haar in een mappingbestand (--mapping) onder [categories].")}


@click.group("reports")
def group() -> None:
    """Meldingen."""


@group.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@store_option
@click.option("--source", default="", metavar="NAAM", help="Waar het bestand vandaan komt, bijv. app.")
@click.option("--mapping", type=click.Path(path_type=Path), help="TOML-bestand dat zegt welke kolom wat is.")
@click.option("--swap-xy", is_flag=True, help="De coördinaten staan in omgekeerde volgorde.")
@click.option("--dry-run", is_flag=True, help="Alleen controleren, niets opslaan.")
@click.option("--json", "as_json", is_flag=True, help="Het verslag als JSON.")
def import_command(
    *,
    files: tuple[Path, ...],
    store_url: str | None,
    source: str,
    mapping: Path | None,
    swap_xy: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Lees meldingen uit CSV, XLSX of GeoJSON; elke rij die niet wordt overgenomen krijgt een reden."""
    settings = settings_for(store_url)
    options = ImportOptions(
        source=source, mapping=read_mapping(mapping) if mapping else None, swap_xy=swap_xy, dry_run=dry_run
    )
    results = []
    with open_store(settings, make=True) as store:
        audit = AuditService(settings)
        audit.ready()
        imports = ImportService(store, settings, audit)
        for file in files:
            progress = Progress(file.name)
            results.append(import_file(file, store=store, settings=settings, options=options, progress=progress))
            progress.done()
            imports.remember(LOCAL_ANALYST, results[-1])
            if not as_json:
                _show(results[-1])
    if as_json:
        reports = [result.to_json() for result in results]
        click.echo(json.dumps(reports[0] if len(reports) == 1 else reports, ensure_ascii=False, indent=2))
    refused = [(result.file_name, error) for result in results if (error := result.rejected_file) is not None]
    for name, error in refused:
        click.echo(f"{name}: {messages.refused(error)}", err=True)
    sys.exit(REFUSED if refused else 0)


def _show(result: ImportResult) -> None:
    """The report a person reads: the invariant, what was normalised, then row by row."""
    if result.rejected_file is not None:
        return
    heading = _("{file}: proef, niets opgeslagen.") if result.dry_run else "{file}"
    click.echo(heading.format(file=result.file_name))
    click.echo(f"  {messages.invariant(result)} ({_('gemarkeerd: {n}', n=number(result.flagged))})")
    for reason in result.normalised:
        click.echo(f"  · {_(reason.sentence)}")
    told = sorted(result.problems, key=lambda p: p.reason.outcome is Outcome.DUPLICATE)  # those that need a look first
    for problem in told[:SHOWN_ROWS]:
        click.echo("  " + _line(problem))
    if len(told) > SHOWN_ROWS:
        rest = Counter(p.reason.code for p in told[SHOWN_ROWS:])
        listed = ", ".join(f"{code} {number(n)}×" for code, n in rest.most_common())
        click.echo(
            _("  … en nog {n} rijen ({listed}); alle rijen: --json", n=number(len(told) - SHOWN_ROWS), listed=listed)
        )


def _line(problem: RowProblem) -> str:
    """Row, column, value, what is wrong, what to do."""
    place = _("rij {row}", row=problem.row) + (f", {problem.column}" if problem.column else "")
    value = f" “{problem.value}”" if problem.value else ""
    text = f"{place}{value}: {messages.problem(problem)} [{problem.reason.code}]"
    way = AT_THE_COMMAND.get(problem.reason.code)
    return f"{text} {_(way) if way else messages.way_out(problem)}".rstrip()

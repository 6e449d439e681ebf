"""The front door for files of reports: read, check, compare with what is stored, and write in one transaction."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely

from data import import_reasons as why
from data.batch import ImportBatch
from data.check import Context, Draft, check
from data.columns import Mapping
from data.compare import Checked, resolve
from data.moments import ZONE
from data.quarantine import as_table, edited, kept_rows, nothing_kept, refused
from data.reasons import FileRefused, Outcome, Reason
from data.settings import Settings
from data.sources.read import read_table
from data.sources.table import RawTable, RowProblem
from data.store import ReportStore

Progress = Callable[[float], None]

UNKNOWN_SOURCE: Final = "onbekend"
log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What the user says about a file. today: the local day to judge the future by; None: now in Amsterdam."""

    source: str = ""
    mapping: Mapping | None = None
    swap_xy: bool = False
    dry_run: bool = False
    today: date | None = None


@dataclass(frozen=True, kw_only=True)
class ImportResult:
    """What became of one file; the counts are BAD_INPUT's invariant. problems: every row not taken as it stood."""

    file_name: str
    source: str
    read: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    withdrawn: int = 0
    flagged: int = 0
    rejected_file: FileRefused | None = None
    problems: tuple[RowProblem, ...] = ()
    normalised: tuple[Reason, ...] = ()
    columns_ignored: tuple[str, ...] = ()
    columns_withheld: tuple[str, ...] = ()
    dry_run: bool = False

    @property
    def balanced(self) -> bool:
        """Rows read = accepted + quarantined + duplicates + withdrawn."""
        return self.read == self.accepted + self.quarantined + self.duplicates + self.withdrawn

    def to_json(self) -> dict[str, Any]:
        """The report for ``--json``; a row may come more than once, with each of its reasons."""
        refused = self.rejected_file
        return {
            "read": self.read,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "duplicates": self.duplicates,
            "withdrawn": self.withdrawn,
            "flagged": self.flagged,
            "rejected_file": f"{refused.code}: {refused}" if refused else None,
            "rows": [{"row": p.row, "column": p.column, "reason": p.reason.code} for p in self.problems],
        }


def import_file(
    path: Path | str,
    *,
    store: ReportStore,
    settings: Settings,
    options: ImportOptions | None = None,
    name: str | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Import one file of reports into the store, in one transaction: all of it or nothing.

    name: the original name of an upload. progress: called with 0..1. A file that is not taken gives a result with
    ``rejected_file``; the store is then unchanged. Raises StoreError when the store itself cannot be used.
    """
    options = options or ImportOptions()
    shown = name or Path(path).name
    source = _source(options)
    tell = progress or (lambda share: None)
    try:
        table, sha256 = _read(path, name=name, progress=lambda share: tell(0.4 * share))
        tell(0.4)
        draft = check(table, context=_context(settings, options, municipality=store.municipality()))
        tell(0.7)
        with store.importing() as tx:
            checked = resolve(draft, table, source=source, tx=tx)
            tell(0.8)
            kept = nothing_kept() if options.dry_run else _kept(table, draft, checked, options)
            batch = _batch(checked, file_name=shown, sha256=sha256, kept=kept)
            result = _result(checked, file_name=shown, dry_run=options.dry_run)
            del table, draft, checked, kept  # of a million rows half a gigabyte, which what follows can use
            if not options.dry_run:
                tx.write(batch)
            tell(1.0)  # before it is final: whoever stops it here stops all of it
    except FileRefused as refused:
        log.info("import %s: refused (%s)", shown, refused.code)
        return ImportResult(file_name=shown, source=source, rejected_file=refused, dry_run=options.dry_run)
    log.info(
        "import %s: read %d = accepted %d + quarantined %d + duplicates %d + withdrawn %d (flagged %d)%s",
        *(shown, result.read, result.accepted, result.quarantined, result.duplicates, result.withdrawn, result.flagged),
        " dry run" if options.dry_run else "",
    )
    return result


def read_reports(
    path: Path | str,
    *,
    settings: Settings,
    options: ImportOptions | None = None,
    place_only: bool = False,
    municipality: shapely.Geometry | None = None,
    name: str | None = None,
) -> Checked:
    """Checked reports of a file, without a store. Raises FileRefused.

    place_only: a place is enough; without an id the row number serves, without a readable date the report has none,
    and a repeated id is kept and flagged as a probable duplicate. municipality: outline in RD, None: no test.
    """
    table = read_table(Path(path), name=name)
    return check_table(
        table, settings=settings, options=options or ImportOptions(), place_only=place_only, municipality=municipality
    )


def check_table(
    table: RawTable,
    *,
    settings: Settings,
    options: ImportOptions,
    place_only: bool = False,
    municipality: shapely.Geometry | None = None,
) -> Checked:
    """``read_reports`` for a table that is already read."""
    context = _context(settings, options, municipality=municipality, place_only=place_only)
    draft = check(table, context=context)
    return resolve(draft, table, source=context.source, keep_repeated=place_only)


def reoffer(
    store: ReportStore,
    settings: Settings,
    *,
    import_id: int,
    row: int,
    cells: dict[str, str],
    by: str,
    today: date | None = None,
) -> ImportResult:
    """Offer a quarantined row again with these cells (by role) changed, under the checks of any file.

    Taken: it is an import of its own, of one row. Not taken: ``problems`` says why, and nothing is stored. Raises
    QuarantineRefused when there is no such open row or its report is there already, FileRefused, DecisionRefused.
    """
    with store.importing() as tx:
        found = tx.quarantined(import_id, row)
        table = as_table(found, edited(found, cells))
        columns = Mapping(columns={role: role for role in map(str, table.frame)}, categories=dict(found.how.categories))
        options = ImportOptions(source=found.source, mapping=columns, today=today)
        context = _context(settings, options, municipality=tx.municipality())
        name = f"{found.file_name}#{row}"
        try:
            draft = check(table, context=context)
        except FileRefused as error:
            if error.code != "swapped_axes":
                raise
            return _swapped(table, context, name=name)
        checked = resolve(draft, table, source=found.source, tx=tx)
        if checked.n_duplicates:
            raise refused("already_there")
        if checked.n_withdrawn:
            raise refused("was_withdrawn")
        if len(checked.reports):
            new = tx.write(_batch(checked, file_name=name, sha256="", kept=nothing_kept()))
            tx.corrected(found, source_id=str(checked.reports["source_id"].iloc[0]), became=new, by=by)
    return _result(checked, file_name=name, dry_run=False)


def _swapped(table: RawTable, context: Context, *, name: str) -> ImportResult:
    """One row whose coordinates are swapped: no file to be asked about, but a cell that is wrong, beside all others."""
    draft = check(table, context=replace(context, swap_xy=True))
    found = _result(resolve(draft, table, source=context.source), file_name=name, dry_run=False)
    first, second = ("lat", "lon") if "lat" in table.frame else ("x", "y")
    value = "; ".join(str(table.frame[column].iloc[0]) for column in (first, second))
    place = RowProblem(row=int(table.rows[0]), column=first, value=value, reason=why.SWAPPED_PLACE)
    others = [p for p in found.problems if p.reason.outcome is Outcome.QUARANTINE and p.column not in (first, second)]
    return ImportResult(
        file_name=name, source=found.source, read=1, quarantined=1, problems=(place, *others), normalised=()
    )


def _kept(table: RawTable, draft: Draft, checked: Checked, options: ImportOptions) -> pd.DataFrame:
    mapping = options.mapping or Mapping()
    return kept_rows(table, draft, checked.findings, mapping=mapping, swap_xy=options.swap_xy or mapping.swap_xy)


def _source(options: ImportOptions) -> str:
    return options.source.strip() or (options.mapping.source if options.mapping else "") or UNKNOWN_SOURCE


def _context(
    settings: Settings, options: ImportOptions, *, municipality: shapely.Geometry | None, place_only: bool = False
) -> Context:
    return Context(
        settings=settings,
        today=options.today or datetime.now(ZoneInfo(ZONE)).date(),
        source=_source(options),
        mapping=options.mapping,
        swap_xy=options.swap_xy,
        municipality=municipality,
        place_only=place_only,
    )


def _read(path: Path | str, *, name: str | None, progress: Progress | None) -> tuple[RawTable, str]:
    table = read_table(Path(path), name=name, progress=progress)
    with Path(path).open("rb") as file:
        return table, hashlib.file_digest(file, "sha256").hexdigest()


def _batch(checked: Checked, *, file_name: str, sha256: str, kept: pd.DataFrame) -> ImportBatch:
    apart = [p for p in checked.problems if p.reason.outcome is Outcome.QUARANTINE]
    return ImportBatch(
        file_name=file_name,
        sha256=sha256,
        source=checked.source,
        reports=checked.reports,
        withdrawn=checked.withdrawn,
        quarantine=pd.DataFrame(
            {
                "row": np.array([p.row for p in apart], dtype=np.int64),
                "column": pd.Series([p.column for p in apart], dtype="str"),
                "value": pd.Series([p.value for p in apart], dtype="str"),
                "reason": pd.Series([p.reason.code for p in apart], dtype="str"),
            }
        ),
        n_read=checked.n_read,
        n_accepted=len(checked.reports),
        n_quarantined=checked.n_quarantined,
        n_duplicates=checked.n_duplicates,
        n_withdrawn=checked.n_withdrawn,
        n_flagged=checked.n_flagged,
        kept=kept,
    )


def _result(checked: Checked, *, file_name: str, dry_run: bool) -> ImportResult:
    return ImportResult(
        file_name=file_name,
        source=checked.source,
        read=checked.n_read,
        accepted=len(checked.reports),
        quarantined=checked.n_quarantined,
        duplicates=checked.n_duplicates,
        withdrawn=checked.n_withdrawn,
        flagged=checked.n_flagged,
        problems=checked.problems,
        normalised=checked.normalised,
        columns_ignored=checked.columns_ignored,
        columns_withheld=checked.columns_withheld,
        dry_run=dry_run,
    )

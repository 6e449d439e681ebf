"""The front door for files of reports: read, check, compare with what is stored, and write in one transaction."""

import hashlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data import duplicates
from data import import_reasons as why
from data.batch import ImportBatch
from data.check import Context, Draft, check, flag_cells
from data.columns import Mapping
from data.findings import Findings
from data.moments import ZONE
from data.reasons import FileRefused, Outcome, Reason
from data.settings import Settings
from data.sources.read import read_table
from data.sources.table import RawTable, RowProblem
from data.store import ImportTransaction, ReportStore
from geo import report
from geo.exclusions import default_points

Bools = NDArray[np.bool_]
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
class Checked:
    """A file after checking. reports: geo.report.COLUMNS plus row, on a fresh index. withdrawn: source, source_id, row.

    problems: every row that was not taken as it stood. flagged: rows of reports with a flag or on a default point.
    """

    source: str
    reports: pd.DataFrame
    withdrawn: pd.DataFrame
    problems: tuple[RowProblem, ...]
    normalised: tuple[Reason, ...]
    columns_ignored: tuple[str, ...]
    columns_withheld: tuple[str, ...]
    n_read: int
    n_quarantined: int
    n_duplicates: int
    n_withdrawn: int
    n_flagged: int

    @property
    def balanced(self) -> bool:
        """Rows read = accepted + quarantined + duplicates + withdrawn."""
        return self.n_read == len(self.reports) + self.n_quarantined + self.n_duplicates + self.n_withdrawn


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
        with store.importing() as tx:
            outline = tx.municipality()
        draft = check(table, context=_context(settings, options, municipality=outline))
        tell(0.7)
        with store.importing() as tx:
            checked = _resolve(draft, table, source=source, tx=tx)
            tell(0.8)
            if not options.dry_run:
                tx.write(_batch(checked, file_name=shown, sha256=sha256))
        tell(1.0)
    except FileRefused as refused:
        log.info("import %s: refused (%s)", shown, refused.code)
        return ImportResult(file_name=shown, source=source, rejected_file=refused, dry_run=options.dry_run)
    result = _result(checked, file_name=shown, dry_run=options.dry_run)
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
    options = options or ImportOptions()
    table, _ = _read(path, name=name, progress=None)
    context = _context(settings, options, municipality=municipality, place_only=place_only)
    draft = check(table, context=context)
    return _resolve(draft, table, source=context.source, keep_repeated=place_only)


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


def _resolve(
    draft: Draft,
    table: RawTable,
    *,
    source: str,
    tx: ImportTransaction | None = None,
    keep_repeated: bool = False,
) -> Checked:
    """Compare ids and neighbours within the file and with the store; what is left is accepted."""
    frame, found = draft.frame, draft.found
    withdrawn, duplicate = _withdrawals(draft, tx.withdrawn_ids(source) if tx else set())
    quarantined = found.rows(Outcome.QUARANTINE) & ~withdrawn & ~duplicate
    live = np.flatnonzero(~(withdrawn | duplicate | quarantined))
    reports = frame.iloc[live].copy()
    reports["content_hash"] = duplicates.content_hash(reports)
    flags = {flag: mask[live].copy() for flag, mask in draft.flags.items()}
    twice = _repeats(reports, live, draft, known=tx.known(source) if tx else None, keep=keep_repeated)
    if keep_repeated:
        flags[report.PROBABLE_DUPLICATE] = twice
    else:
        duplicate[live[twice]] = True
        flags = {flag: mask[~twice] for flag, mask in flags.items()}
        reports, live = reports[~twice], live[~twice]
    _neighbours(reports, live, flags, draft, tx)
    found.drop([Outcome.FLAG, Outcome.NORMALISE], _elsewhere(live, len(frame)))
    found.drop([Outcome.QUARANTINE], withdrawn | duplicate)
    flagged = found.rows(Outcome.FLAG)
    reports = reports.reset_index(drop=True)
    reports["flags"] = flag_cells(flags, len(reports))
    tombs = frame.loc[withdrawn & draft.withdrawn, ["source", "source_id", "row"]].reset_index(drop=True)
    unread_rows = {problem.row for problem in table.problems}
    return Checked(
        source=source,
        reports=reports,
        withdrawn=tombs,
        problems=tuple(sorted([*table.problems, *found.problems(table.rows)], key=lambda p: p.row)),
        normalised=(*table.normalised, *found.normalised.values()),
        columns_ignored=draft.columns.ignored,
        columns_withheld=draft.columns.withheld,
        n_read=table.n_read,
        n_quarantined=int(quarantined.sum()) + len(unread_rows),
        n_duplicates=int(duplicate.sum()),
        n_withdrawn=int(withdrawn.sum()),
        n_flagged=int(flagged.sum()),
    )


def _elsewhere(positions: NDArray[np.intp], n: int) -> Bools:
    mask = np.ones(n, dtype=bool)
    mask[positions] = False
    return mask


def _withdrawals(draft: Draft, earlier: set[str]) -> tuple[Bools, Bools]:
    """Rows that withdraw, or whose report was withdrawn; and withdrawals that say nothing new."""
    ids, found = draft.frame["source_id"], draft.found
    if not draft.withdrawn.any() and not earlier:
        none = np.zeros(len(ids), dtype=bool)
        return none, none.copy()
    told = ids.isin(earlier).to_numpy(bool)
    now = set(ids[draft.withdrawn])
    repeated = draft.withdrawn & (told | (ids.where(draft.withdrawn).duplicated() & draft.withdrawn).to_numpy(bool))
    late = ~draft.withdrawn & (told | ids.isin(now).to_numpy(bool))
    found.drop([Outcome.WITHDRAWN], repeated)
    column = draft.columns.get("id") or ""
    found.add(why.ALREADY_WITHDRAWN, repeated, column=column, values=ids)
    found.add(why.WITHDRAWN_EARLIER, late, column=column, values=ids)
    return (draft.withdrawn & ~repeated) | late, repeated


def _repeats(
    reports: pd.DataFrame, live: NDArray[np.intp], draft: Draft, *, known: pd.DataFrame | None, keep: bool
) -> Bools:
    """Reports whose id came before with this content, or comes later with another. keep: any but the first of an id."""
    column = draft.columns.get("id") or ""
    ids, hashes, found = reports["source_id"], reports["content_hash"], draft.found

    def tell(reason: Reason, mask: Bools) -> None:
        whole = np.zeros(len(draft.frame), dtype=bool)
        whole[live[mask]] = True
        found.add(reason, whole, column=column, values=draft.frame["source_id"])

    if keep:
        again = ids.duplicated().to_numpy(bool)
        tell(why.REPEATED_ID, again)
        return again
    same, older = duplicates.repeated_ids(ids, hashes)
    stored = np.zeros(len(ids), dtype=bool)
    if known is not None and len(known):
        content = known.set_index("source_id")["content_hash"].reindex(ids).to_numpy(object)
        stored = (content == hashes.to_numpy(object)) & ~same & ~older
    tell(why.SAME_IN_FILE, same)
    tell(why.OLDER_VERSION, older)
    tell(why.ALREADY_KNOWN, stored)
    return same | older | stored


def _neighbours(
    reports: pd.DataFrame, live: NDArray[np.intp], flags: dict[str, Bools], draft: Draft, tx: ImportTransaction | None
) -> None:
    """Flags that need other reports: probable duplicates, floods, default points (that one is told, never stored)."""
    found: Findings = draft.found

    def tell(reason: Reason, mask: Bools) -> None:
        whole = np.zeros(len(draft.frame), dtype=bool)
        whole[live[mask]] = True
        found.add(reason, whole)

    table = reports[list(report.COLUMNS)]
    likely = duplicates.probable(table, _window(table, draft, tx))
    before = flags.get(report.PROBABLE_DUPLICATE)
    tell(why.PROBABLE_DUPLICATE, likely if before is None else likely & ~before)
    flags[report.PROBABLE_DUPLICATE] = likely if before is None else likely | before
    flags[report.FLOOD] = duplicates.flood(table)
    tell(why.FLOOD, flags[report.FLOOD])
    x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
    stored = tx.coordinates() if tx else pd.DataFrame({"x": [], "y": [], "n": []})
    many = stored["n"].to_numpy(np.int64)
    piled = default_points(
        np.concatenate([x, np.repeat(stored["x"].to_numpy(float), many)]),
        np.concatenate([y, np.repeat(stored["y"].to_numpy(float), many)]),
    )
    whole = np.zeros(len(draft.frame), dtype=bool)
    whole[live[piled[: len(x)]]] = True
    rounded = draft.frame[["x", "y"]].round(1).astype("str")
    found.add(why.DEFAULT_POINT, whole, values=rounded["x"] + "; " + rounded["y"])


def _window(table: pd.DataFrame, draft: Draft, tx: ImportTransaction | None) -> pd.DataFrame | None:
    """Stored reports of these days that still count once this file is in."""
    days = table.loc[table["event_minute"].notna(), "event_date"]
    if tx is None or days.empty:
        return None
    one = pd.Timedelta(days=1)
    stored = duplicates.unflagged(tx.window((days.min() - one).date(), (days.max() + one).date()))
    own = set(draft.frame["source"].iloc[:1])
    replaced = stored["source"].isin(own) & stored["source_id"].isin(
        set(table["source_id"]) | set(draft.frame.loc[draft.withdrawn, "source_id"])
    )
    return stored[~replaced]


def _batch(checked: Checked, *, file_name: str, sha256: str) -> ImportBatch:
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

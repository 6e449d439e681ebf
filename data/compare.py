"""A checked file compared with itself and with the store: ids that came before, withdrawals, neighbours."""

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data import duplicates
from data import import_reasons as why
from data.check import Draft, flag_cells
from data.findings import Findings
from data.reasons import Outcome, Reason
from data.sources.table import RawTable, RowProblem
from data.store import ImportTransaction
from geo import report
from geo.exclusions import default_points

Bools = NDArray[np.bool_]

_ASKED_OF_ALL: Final = ("source", "source_id", "x", "y", "row")
_OF_NEIGHBOURS: Final = ("source", "source_id", "x", "y", "event_date", "event_minute", "reported_at", "categories")


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A file after checking. reports: geo.report.COLUMNS plus row (and content_hash), on a fresh index. withdrawn: source, source_id, row.

    problems: every row that was not taken as it stood. flagged: rows of reports with a flag or on a default point.
    findings, rows: what problems are made of; unread: those of records that could not be read.
    """

    source: str
    reports: pd.DataFrame
    withdrawn: pd.DataFrame
    findings: Findings
    rows: NDArray[np.int64]
    unread: tuple[RowProblem, ...]
    normalised: tuple[Reason, ...]
    columns_ignored: tuple[str, ...]
    columns_withheld: tuple[str, ...]
    n_read: int
    n_quarantined: int
    n_duplicates: int
    n_withdrawn: int
    n_flagged: int

    @cached_property
    def problems(self) -> tuple[RowProblem, ...]:
        """By row; made when they are asked for, because there may be a million."""
        return tuple(sorted([*self.unread, *self.findings.problems(self.rows)], key=attrgetter("row")))

    @property
    def balanced(self) -> bool:
        """Rows read = accepted + quarantined + duplicates + withdrawn."""
        return self.n_read == len(self.reports) + self.n_quarantined + self.n_duplicates + self.n_withdrawn


def resolve(
    draft: Draft,
    table: RawTable,
    *,
    source: str,
    tx: ImportTransaction | None = None,
    keep_repeated: bool = False,
) -> Checked:
    """Compare ids and neighbours within the file and with the store; what is left is accepted. Uses the draft up."""
    frame, found = draft.frame, draft.found
    withdrawn, duplicate = _withdrawals(draft, tx.withdrawn_ids(source) if tx else set())
    quarantined = found.rows(Outcome.QUARANTINE) & ~withdrawn & ~duplicate
    live = np.flatnonzero(~(withdrawn | duplicate | quarantined))
    reports = _live(frame, live)
    if not keep_repeated:
        reports["content_hash"] = duplicates.content_hash(reports)
    flags = {flag: mask[live].copy() for flag, mask in draft.flags.items()}
    twice = _repeats(reports, live, draft, known=tx.known(source) if tx else None, keep=keep_repeated)
    if keep_repeated:
        flags[report.PROBABLE_DUPLICATE] = twice
    else:
        duplicate[live[twice]] = True
        if twice.any():
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
        findings=found,
        rows=table.rows,
        unread=table.problems,
        normalised=(*table.normalised, *found.normalised.values()),
        columns_ignored=draft.columns.ignored,
        columns_withheld=draft.columns.withheld,
        n_read=table.n_read,
        n_quarantined=int(quarantined.sum()) + len(unread_rows),
        n_duplicates=int(duplicate.sum()),
        n_withdrawn=int(withdrawn.sum()),
        n_flagged=int(flagged.sum()),
    )


def _live(frame: pd.DataFrame, live: NDArray[np.intp]) -> pd.DataFrame:
    """Some rows of a draft's frame, which keeps only what is asked of the others: a million rows need not be there twice."""
    if len(live) == len(frame):
        return frame.copy(deep=False)
    columns = {}
    for name in list(frame):
        columns[name] = frame[name].array.take(live)
        if name not in _ASKED_OF_ALL:
            del frame[name]
    return pd.DataFrame(columns, index=frame.index[live], copy=False)


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
    now = set(ids[draft.withdrawn].tolist())
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
    ids, found = reports["source_id"], draft.found

    def tell(reason: Reason, mask: Bools) -> None:
        whole = np.zeros(len(draft.frame), dtype=bool)
        whole[live[mask]] = True
        found.add(reason, whole, column=column, values=draft.frame["source_id"])

    if keep:
        again = np.zeros(len(ids), dtype=bool)
        if not duplicates.all_distinct(ids):
            again = ids.duplicated().to_numpy(bool)
        tell(why.REPEATED_ID, again)
        return again
    hashes = reports["content_hash"]
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

    table = reports[list(_OF_NEIGHBOURS)]
    likely = duplicates.probable(table, _window(table, draft, tx))
    before = flags.get(report.PROBABLE_DUPLICATE)
    tell(why.PROBABLE_DUPLICATE, likely if before is None else likely & ~before)
    flags[report.PROBABLE_DUPLICATE] = likely if before is None else likely | before
    flags[report.FLOOD] = duplicates.flood(table)
    tell(why.FLOOD, flags[report.FLOOD])
    whole = np.zeros(len(draft.frame), dtype=bool)
    whole[live[_piled(table, tx)]] = True
    found.add(why.DEFAULT_POINT, whole, cells=lambda at: _shown_place(draft.frame.iloc[at]))


def _shown_place(reports: pd.DataFrame) -> list[str]:
    rounded = reports[["x", "y"]].round(1).astype("str")
    return list(rounded["x"] + "; " + rounded["y"])


def _piled(table: pd.DataFrame, tx: ImportTransaction | None) -> Bools:
    """Reports on a default point, over the file and the store together."""
    x, y = table["x"].to_numpy(float), table["y"].to_numpy(float)
    if tx is None or table.empty:
        return default_points(x, y)
    stored = tx.coordinates()
    many = stored["n"].to_numpy(np.int64)
    # Coordinates that bear one report only tell how rare a pile is; which ones they are makes no difference.
    singles = -1.0 - np.arange(max(0, len(tx.known(str(table["source"].iloc[0]))) - int(many.sum())), dtype=float)
    piled = default_points(
        np.concatenate([x, np.repeat(stored["x"].to_numpy(float), many), singles]),
        np.concatenate([y, np.repeat(stored["y"].to_numpy(float), many), np.zeros(len(singles))]),
    )
    return piled[: len(x)]


def _window(table: pd.DataFrame, draft: Draft, tx: ImportTransaction | None) -> pd.DataFrame | None:
    """Stored reports of these days that still count once this file is in."""
    days = table.loc[table["event_minute"].notna(), "event_date"]
    if tx is None or days.empty:
        return None
    one = pd.Timedelta(days=1)
    stored = duplicates.unflagged(tx.window((days.min() - one).date(), (days.max() + one).date()))
    if stored.empty:
        return None
    own = set(draft.frame["source"].iloc[:1])
    replaced = stored["source"].isin(own) & stored["source_id"].isin(
        set(table["source_id"].tolist()) | set(draft.frame.loc[draft.withdrawn, "source_id"].tolist())
    )
    return stored[~replaced]

"""Decisions in the store: appended, undone, laid over the reports that are read, and forgotten with their report."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Text, exists, func, insert, literal, select, update

from data import decisions as rules
from data.decisions import Kind, Subject, Verdict, refused
from data.store import bulk
from data.store.tables import decisions, report_history, reports
from geo import exclusions, report

COLUMNS: Final = {
    "id": "int64",
    "kind": "str",
    "source": "str",  # "" for a point
    "source_id": "str",  # "" when the report was withdrawn since
    "flag": "str",
    "x": "float64",  # RD metres; NaN unless a point
    "y": "float64",
    "verdict": "str",
    "note": "str",
    "decided_by": "str",
    "decided_at": "datetime64[s]",  # UTC
    "undone_note": "str",
    "undone_by": "str",
    "undone_at": "datetime64[s]",  # UTC; NaT: it holds
}
WITHDRAWAL: Final = "intrekking"  # who undid a decision, when no person did
NEW_TEXT: Final = "nieuwe tekst"
_CHUNK: Final = 500  # ids in one question

Floats = NDArray[np.float64]
_HOLDS: Final = decisions.c.undone_at.is_(None)


def add(
    connection: Connection, subjects: Sequence[Subject], verdict: Verdict, *, note: str, by: str
) -> tuple[int, ...]:
    """Write a decision about each subject, all or none; gives their ids. Raises DecisionRefused."""
    subjects = tuple(dict.fromkeys(subjects))
    if not subjects:
        raise refused("nothing_chosen")
    note = rules.clean_note(note)
    holding = {_subject(row): row.id for row in connection.execute(select(decisions).where(_HOLDS))}
    cells = _flag_cells(connection, subjects)
    for subject in subjects:
        subject.check(verdict)
        if subject in holding:
            raise refused("already_decided", id=holding[subject])
        _check(connection, subject, verdict, cells)
    return _insert(connection, subjects, verdict, note=note, by=by)


def undo(connection: Connection, ids: Sequence[int], *, note: str, by: str) -> None:
    """Undo decisions, all or none. Raises DecisionRefused for one that is not there or does not hold any more."""
    if not ids:
        raise refused("nothing_chosen")
    note = rules.clean_note(note)
    for id_ in dict.fromkeys(ids):
        row = connection.execute(select(decisions.c.undone_at).where(decisions.c.id == id_)).one_or_none()
        if row is None:
            raise refused("unknown_decision", id=id_)
        if row.undone_at is not None:
            raise refused("already_undone", id=id_)
        _end(connection, decisions.c.id == id_, note=note, by=by)


def read(connection: Connection) -> pd.DataFrame:
    """Every decision (COLUMNS), newest first, those undone among them."""
    columns = bulk.fetch(connection, select(decisions).order_by(decisions.c.id.desc()))
    for axis in "xy":
        columns[axis] = [np.nan if cm is None else cm / 100 for cm in columns.pop(f"{axis}_cm")]
    return pd.DataFrame({name: bulk.series(columns[name], dtype) for name, dtype in COLUMNS.items()})


def points(connection: Connection, verdict: Verdict) -> Floats:
    """Coordinates with this verdict that holds, (m, 2) RD metres."""
    query = select(decisions.c.x_cm, decisions.c.y_cm).where(
        _HOLDS, decisions.c.kind == Kind.POINT, decisions.c.verdict == verdict
    )
    found = [tuple(row) for row in connection.execute(query.order_by(decisions.c.id))]
    return np.array(found, dtype=float).reshape(-1, 2) / 100


def accepted_sources(connection: Connection) -> frozenset[str]:
    """Sources whose lattice was accepted."""
    query = select(decisions.c.source).where(_HOLDS, decisions.c.kind == Kind.SOURCE_LATTICE)
    return frozenset(connection.scalars(query))


def answered_marks(connection: Connection) -> frozenset[tuple[str, str]]:
    """(hotspot's id, mark) that do not hold."""
    query = select(decisions.c.source, decisions.c.flag).where(_HOLDS, decisions.c.kind == Kind.MARK)
    return frozenset((hotspot, mark) for hotspot, mark in connection.execute(query))


def overlay(connection: Connection, frame: pd.DataFrame) -> pd.DataFrame:
    """Reports (``reports.read``) with their flags as decided; the given frame may be changed.

    Whoever says that a place is not coarse says that it is exact: its uncertainty is then not stated.
    """
    query = (
        select(reports.c.key, decisions.c.flag, decisions.c.verdict)
        .join(decisions, (decisions.c.source == reports.c.source) & (decisions.c.source_id == reports.c.source_id))
        .where(_HOLDS, decisions.c.kind == Kind.FLAG)
        .order_by(decisions.c.id)
    )
    decided = [(int(key), flag, verdict) for key, flag, verdict in connection.execute(query)]
    if not decided:
        return frame
    rows = frame.index.get_indexer(pd.Index([key for key, _, _ in decided]))
    flags, uncertainty = frame["flags"].to_numpy(object).copy(), frame["uncertainty_m"].to_numpy(float).copy()
    for row, (_, flag, verdict) in zip(rows.tolist(), decided, strict=True):
        if row < 0:  # outside the days that were read
            continue
        flags[row] = flagged(flags[row], flag, verdict)
        if flag == report.COARSE_PLACE and verdict == Verdict.NOT_SO:
            uncertainty[row] = np.nan
    return frame.assign(flags=pd.Series(flags, index=frame.index, dtype="str"), uncertainty_m=uncertainty)


def flagged(cell: str, flag: str, verdict: str) -> str:
    """A cell of flags after one decision."""
    others = [f for f in cell.split(report.SEPARATOR) if f != flag]
    return report.join_cell([*others, flag] if verdict == Verdict.SO else others)


def mask_text(
    connection: Connection, source: str, source_id: str, words: tuple[str, ...], *, note: str, by: str
) -> int:
    """Mask words in a report's text as a new version of it, wipe what stood there, and take it off the queue.

    Gives the id of the decision that its masking is no longer doubtful. Raises DecisionRefused.
    """
    rules.check_names(source, source_id)
    here = (reports.c.source == source) & (reports.c.source_id == source_id)
    text = connection.scalar(select(reports.c.text).where(here))
    if text is None:
        raise refused("unknown_report", source=source, source_id=source_id)
    masked, note = rules.mask_words(text, words), rules.clean_note(note)
    kept = [c.name for c in report_history.columns if c.name not in ("replaced_by", "text")]
    # The next version came with the same import; no older one keeps its text
    older = select(*(reports.c[name] for name in kept), literal("", Text), reports.c.import_id).where(here)
    connection.execute(insert(report_history).from_select([*kept, "text", "replaced_by"], older))
    mine = select(reports.c.key).where(here).scalar_subquery()
    connection.execute(update(report_history).where(report_history.c.key == mine).values(text=""))
    connection.execute(update(reports).where(here).values(text=masked, version=reports.c.version + 1))
    subject = Subject.on_flag(source, source_id, report.REVIEW_TEXT)
    _end(connection, _about(subject), note=note, by=by)
    return _insert(connection, (subject,), Verdict.NOT_SO, note=note, by=by)[0]


def text_comes_again(connection: Connection, rows: pd.DataFrame, keys: NDArray[np.int64]) -> pd.DataFrame:
    """New versions of reports whose text a person looked at; ``keys`` are those of ``rows``.

    The same text keeps what was masked by hand. Another text is looked at again: its decision ends, and where words
    were masked by hand it is doubtful whatever the importer found.
    """
    query = (
        select(reports.c.key, reports.c.source, reports.c.source_id, reports.c.text)
        .join(decisions, (decisions.c.source == reports.c.source) & (decisions.c.source_id == reports.c.source_id))
        .where(decisions.c.flag == report.REVIEW_TEXT)
        .distinct()
    )
    looked_at = list(connection.execute(query))
    if not looked_at:
        return rows
    texts, flags = rows["text"].to_numpy(object).copy(), rows["flags"].to_numpy(object).copy()
    at = pd.Index(keys).get_indexer(pd.Index([row.key for row in looked_at]))
    for i, old in zip(at.tolist(), looked_at, strict=True):
        if i < 0:
            continue
        if rules.same_but_masked(old.text, texts[i]):
            texts[i] = old.text
            continue
        _end(connection, _about(Subject.on_flag(old.source, old.source_id, report.REVIEW_TEXT)), note="", by=NEW_TEXT)
        if rules.WORDS in old.text:
            flags[i] = flagged(flags[i], report.REVIEW_TEXT, Verdict.SO)
    changed = {
        name: pd.Series(cells, index=rows.index, dtype="str") for name, cells in (("text", texts), ("flags", flags))
    }
    return rows.assign(**changed)


def forget_gone(connection: Connection) -> None:
    """Wipe subject and notes of decisions about reports that are gone, and about places no report bears any more.

    To be called in the transaction that removes reports. That something was decided, when and by whom, stays.
    """
    about = (reports.c.source == decisions.c.source) & (reports.c.source_id == decisions.c.source_id)
    near_x = reports.c.x.between((decisions.c.x_cm - 0.5) / 100.0, (decisions.c.x_cm + 0.5) / 100.0)
    near_y = reports.c.y.between((decisions.c.y_cm - 0.5) / 100.0, (decisions.c.y_cm + 0.5) / 100.0)
    gone_report = (decisions.c.kind == Kind.FLAG) & (decisions.c.source_id != "") & ~exists().where(about)
    gone_place = decisions.c.x_cm.is_not(None) & ~exists().where(near_x, near_y)
    for gone in (gone_report, gone_place):
        ids = list(connection.scalars(select(decisions.c.id).where(gone)))
        these = decisions.c.id.in_(ids)
        _end(connection, these, note="", by=WITHDRAWAL)
        wiped = {"source_id": "", "note": "", "undone_note": "", "x_cm": None, "y_cm": None}
        connection.execute(update(decisions).where(these).values(wiped))


def _check(connection: Connection, subject: Subject, verdict: Verdict, cells: dict[tuple[str, str], str]) -> None:
    """Nothing when what is decided about is there. Raises DecisionRefused else."""
    if subject.kind is Kind.FLAG:
        known = {"source": subject.source, "source_id": subject.source_id}
        cell = cells.get((subject.source, subject.source_id))
        if cell is None:
            raise refused("unknown_report", **known)
        if (subject.flag in cell.split(report.SEPARATOR)) != (verdict is Verdict.NOT_SO):
            raise refused("flag_absent" if verdict is Verdict.NOT_SO else "flag_present", flag=subject.flag, **known)
    elif subject.kind is Kind.SOURCE_LATTICE:
        if not connection.scalar(select(exists().where(reports.c.source == subject.source))):
            raise refused("unknown_source", source=subject.source)
    elif subject.kind is Kind.POINT:
        n = connection.scalar(select(func.count()).select_from(reports).where(*_at(subject))) or 0
        place = {"x": f"{_metres(subject.x_cm):.2f}", "y": f"{_metres(subject.y_cm):.2f}"}
        if n == 0:
            raise refused("no_report_there", **place)
        if verdict is Verdict.DEFAULT_POINT and n < exclusions.MIN_PILE_KNOWN:
            raise refused("too_few_there", n=n, min=exclusions.MIN_PILE_KNOWN, **place)


def _flag_cells(connection: Connection, subjects: Sequence[Subject]) -> dict[tuple[str, str], str]:
    """(source, source_id) -> flags of the reports that are decided about.

    A place that is coarser than the distance of a search counts as flagged, whatever the importer's own limit is.
    """
    wanted: dict[str, list[str]] = {}
    for subject in subjects:
        if subject.kind is Kind.FLAG:
            wanted.setdefault(subject.source, []).append(subject.source_id)
    cells = {}
    for source, ids in wanted.items():
        for i in range(0, len(ids), _CHUNK):
            query = select(reports.c.source_id, reports.c.flags, reports.c.uncertainty_m).where(
                reports.c.source == source, reports.c.source_id.in_(ids[i : i + _CHUNK])
            )
            for row in connection.execute(query):
                coarse = row.uncertainty_m is not None and row.uncertainty_m > 0
                cell = flagged(row.flags, report.COARSE_PLACE, Verdict.SO) if coarse else row.flags
                cells[source, row.source_id] = cell
    return cells


def _insert(
    connection: Connection, subjects: Sequence[Subject], verdict: Verdict, *, note: str, by: str
) -> tuple[int, ...]:
    before = connection.scalar(select(func.max(decisions.c.id))) or 0
    same = {
        "verdict": str(verdict),
        "note": note,
        "decided_by": by,
        "decided_at": _now(),
        "undone_note": "",
        "undone_by": "",
    }
    connection.execute(insert(decisions), [asdict(s) | {"kind": str(s.kind)} | same for s in subjects])
    return tuple(connection.scalars(select(decisions.c.id).where(decisions.c.id > before).order_by(decisions.c.id)))


def _end(connection: Connection, which: ColumnElement[bool], *, note: str, by: str) -> None:
    """Undo those that still hold."""
    ended = {"undone_at": _now(), "undone_by": by, "undone_note": note}
    connection.execute(update(decisions).where(which, _HOLDS).values(ended))


def _about(subject: Subject) -> ColumnElement[bool]:
    same = (decisions.c.source == subject.source) & (decisions.c.source_id == subject.source_id)
    return same & (decisions.c.kind == subject.kind) & (decisions.c.flag == subject.flag)


def _at(subject: Subject) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    x, y = _metres(subject.x_cm), _metres(subject.y_cm)
    return reports.c.x.between(x - 0.005, x + 0.005), reports.c.y.between(y - 0.005, y + 0.005)


def _metres(cm: int | None) -> float:
    return np.nan if cm is None else cm / 100


def _subject(row: Any) -> Subject:
    return Subject(
        kind=Kind(row.kind), source=row.source, source_id=row.source_id, flag=row.flag, x_cm=row.x_cm, y_cm=row.y_cm
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)

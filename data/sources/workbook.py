"""XLSX: the first worksheet with a table of reports, read as text. A process apart opens the file (data.sources.book)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from data.archive import shown
from data.reasons import FileRefused, Reason
from data.sources import header, reasons
from data.sources.book import HEAD
from data.sources.decode import SURROGATE
from data.sources.header import CellProblem, Header
from data.sources.records import CELL_LIMIT
from data.sources.sandbox import Child, End, Limits, Stopped
from data.sources.sheet import LAST_ROW, MAX_COLUMNS, SheetRow
from data.sources.table import RawTable

# What a child may say is wrong; anything else it says is not believed
_FAULTS: Final = {
    reason.code: reason
    for reason in (
        reasons.FORMULA_WITHOUT_VALUE,
        reasons.CELL_ERROR,
        reasons.CELL_TOO_LARGE,
        reasons.TOO_FAR_RIGHT,
    )
}
_REFUSALS: Final = {
    refusal.sentence: refusal.code
    for refusal in (
        reasons.old_or_protected_workbook(""),
        reasons.macro_workbook(""),
        reasons.too_large_unpacked(""),
        reasons.strange_parts("", ""),
        reasons.declares_entities("", ""),
        reasons.not_a_table("", ""),
        reasons.broken_workbook(""),
    )
}


def read_workbook(
    content: bytes,
    *,
    name: str,
    progress: Callable[[float], None] | None = None,
    limits: Limits | None = None,
) -> RawTable:
    """The records of an .xlsx file. Raises FileRefused for what is none, is not safe, or holds no table.

    Row numbers are the sheet's own. Of several sheets with a table the first is read, a visible one and one with names
    we know before others. limits: of the process that opens it; None: what a file of this size may take.
    """
    try:
        with Child("book", limits or Limits.for_bytes(len(content))) as child:
            child.send(content)
            return _read(_Book(child, name), progress)
    except Stopped as stopped:
        if stopped.end is End.BROKEN:
            raise reasons.broken_workbook(name) from stopped
        raise reasons.stopped_reading(name) from stopped


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    number: int
    hidden: bool
    head: Sequence[SheetRow]
    cut: bool  # there may be more rows than the head
    header: Header | None


class _Book:
    """What the child says of a workbook, believed only as far as it can be of one."""

    def __init__(self, child: Child, name: str) -> None:
        self.name = name
        self.epoch_1904 = False
        self._child = child
        self._lines = child.lines()
        self._texts: dict[str, str] = {}

    def sheets(self) -> list[_Sheet]:
        """The heads of all sheets."""
        found: list[tuple[bool, list[SheetRow]]] = []
        for word, *rest in self._said():
            match word, rest:
                case "sheet", [bool(hidden)]:
                    found.append((hidden, []))
                case "row", _ if found:
                    found[-1][1].append(self._row(rest, found[-1][1]))
                case "heads", [bool(epoch_1904)]:
                    self.epoch_1904 = epoch_1904
                    break
                case _:
                    raise Stopped(End.BROKEN)
        return [_sheet(number, hidden, rows) for number, (hidden, rows) in enumerate(found)]

    def rows(self, sheet: _Sheet, progress: Callable[[float], None] | None) -> list[SheetRow]:
        """All rows of a sheet. Can be asked once."""
        self._child.send(sheet.number.to_bytes(4, "big"))
        found: list[SheetRow] = []
        for word, *rest in self._said():
            match word, rest:
                case "row", _:
                    found.append(self._row(rest, found))
                case "at", [int() | float() as share]:
                    if progress:
                        progress(min(1.0, max(0.0, share)))
                case "end", []:
                    break
                case _:
                    raise Stopped(End.BROKEN)
        return found

    def _said(self) -> Iterator[list[Any]]:
        for line in self._lines:
            match line:
                case ["refused", str(sentence), dict(fields)] if sentence in _REFUSALS:
                    texts = {str(key): shown(str(value)) for key, value in fields.items()} | {"name": self.name}
                    try:
                        raise FileRefused(_REFUSALS[sentence], sentence, **texts)
                    except (KeyError, TypeError) as error:
                        raise Stopped(End.BROKEN) from error
            yield line

    def _row(self, said: list[Any], before: Sequence[SheetRow]) -> SheetRow:
        match said:
            case [int(number), list(columns), list(texts), list(faults)]:
                pass
            case _:
                raise Stopped(End.BROKEN)
        last = before[-1].number if before else 0
        if (
            not last < number <= LAST_ROW
            or len(columns) != len(texts)
            or not all(type(at) is int and 0 <= at < MAX_COLUMNS for at in columns)
            or not all(type(text) is str and 0 < len(text) <= CELL_LIMIT for text in texts)
        ):
            raise Stopped(End.BROKEN)
        kept = self._texts.setdefault  # many cells hold the same text
        return SheetRow(
            number=number,
            cells={at: kept(text, text) for at, text in zip(columns, texts, strict=True)},
            faults=[_fault(fault) for fault in faults],
        )


def _fault(said: Any) -> tuple[int | None, str, Reason]:
    match said:
        case [int() | None as column, str(value), str(code)] if code in _FAULTS:
            if column is None or 0 <= column < MAX_COLUMNS:
                return column, value[:40], _FAULTS[code]
    raise Stopped(End.BROKEN)


def _sheet(number: int, hidden: bool, found: Sequence[SheetRow]) -> _Sheet:
    head = _filled(found)
    top = header.find([_line(row) for row in head])
    return _Sheet(number=number, hidden=hidden, head=head, cut=len(found) >= HEAD, header=top)


def _read(book: _Book, progress: Callable[[float], None] | None) -> RawTable:
    sheets = book.sheets()
    tables = [sheet for sheet in sheets if sheet.header is not None]
    if not any(sheet.head for sheet in sheets):
        raise reasons.empty_file(book.name)
    if not tables:
        first = next(sheet for sheet in sheets if sheet.head)
        raise reasons.no_sheet(book.name, header.shown([_line(row) for row in first.head]))
    best = min(tables, key=lambda sheet: (sheet.hidden, not (sheet.header and sheet.header.known)))
    if progress:
        progress(0.1)
    whole = best.head
    if best.cut:
        ahead = (lambda part: progress(0.1 + 0.8 * part)) if progress else None
        whole = _filled(book.rows(best, ahead))
    notes = [reasons.SEVERAL_SHEETS] if sum(_has_records(sheet) for sheet in tables) > 1 else []
    assert best.header is not None  # it is one of the tables
    return _table(book.name, whole, best.header, notes, epoch_1904=book.epoch_1904)


def _has_records(sheet: _Sheet) -> bool:
    return sheet.header is not None and len(sheet.head) > sheet.header.at + 1


def _filled(found: Sequence[SheetRow]) -> list[SheetRow]:
    return [row for row in found if row.faults or not header.is_blank(list(row.cells.values()))]


def _line(row: SheetRow) -> list[str]:
    """The row's cells side by side, as far as it goes; a cell that cannot be taken counts as filled."""
    filled = row.cells | {column: value or "?" for column, value, _ in row.faults if column is not None}
    return [filled.get(column, "") for column in range(max(filled, default=-1) + 1)]


def _table(name: str, found: Sequence[SheetRow], head: Header, notes: list[Reason], *, epoch_1904: bool) -> RawTable:
    if head.at - len(head.data_above) > 0:
        notes.append(reasons.TITLE_ROWS)
    problems = [
        CellProblem(row=found[at].number, column=None, value="", reason=reasons.ABOVE_HEADER) for at in head.data_above
    ]
    names = _line(found[head.at])
    records = list(found[head.at + 1 :])
    while records and header.is_total([text for _, text in sorted(records[-1].cells.items())]):
        records.pop()
        notes.append(reasons.TOTAL_ROW)
    good: list[SheetRow] = []
    for row in records:
        faults = row.faults or _bad_characters(row)
        problems += [CellProblem(row=row.number, column=at, value=value, reason=why) for at, value, why in faults]
        if not faults:
            good.append(row)
    used = sorted(set().union(*(row.cells for row in records), range(len(names)), _fault_columns(problems)))
    names += [""] * (max(used, default=-1) + 1 - len(names))
    frame = pd.DataFrame({at: pd.Series([row.cells.get(at, "") for row in good], dtype="str") for at in used})
    numbers = np.array([row.number for row in good], dtype=np.int64)
    return header.table(name, names, frame, numbers, problems=problems, normalised=notes, epoch_1904=epoch_1904)


def _fault_columns(problems: Sequence[CellProblem]) -> set[int]:
    return {problem.column for problem in problems if problem.column is not None}


def _bad_characters(row: SheetRow) -> list[tuple[int | None, str, Reason]]:
    """NUL and half characters, which only an escape can bring into a workbook."""
    for column, text in row.cells.items():
        if "\0" in text or (not text.isascii() and SURROGATE.search(text)):
            return [(column, "", reasons.NUL_CHARACTER)]
    return []

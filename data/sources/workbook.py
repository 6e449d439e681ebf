"""XLSX: the first worksheet with a table of reports, read as text."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from data.reasons import Reason
from data.sources import header, reasons
from data.sources.cells import Format, format_by_id
from data.sources.decode import SURROGATE
from data.sources.header import CellProblem, Header
from data.sources.package import BROKEN, Package, elements, related, workbook_part
from data.sources.sheet import SheetRow, Strings, rows, shared_texts
from data.sources.table import RawTable

_STYLES: Final = frozenset({"numFmt", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs", "xf"})
_HEAD: Final = 60  # rows of each sheet looked at to see whether it holds a table


def read_workbook(content: bytes, *, name: str, progress: Callable[[float], None] | None = None) -> RawTable:
    """The records of an .xlsx file. Raises FileRefused for what is none, is not safe, or holds no table.

    Row numbers are the sheet's own. Of several sheets with a table the first is read, a visible one and one with names
    we know before others.
    """
    try:
        return _read(Package(content, name=name), progress)
    except BROKEN as error:
        raise reasons.broken_workbook(name) from error


@dataclass(frozen=True, kw_only=True)
class _Sheet:
    part: str
    hidden: bool
    head: Sequence[SheetRow]
    cut: bool  # there may be more rows than the head
    header: Header | None


def _read(package: Package, progress: Callable[[float], None] | None) -> RawTable:
    main = workbook_part(package)
    strings, parts = _workbook(package, main)
    sheets = []
    for part, hidden in parts:
        found = rows(package, part, strings, at_most=_HEAD)
        head = _filled(found)
        top = header.find([_line(row) for row in head])
        sheets.append(_Sheet(part=part, hidden=hidden, head=head, cut=len(found) >= _HEAD, header=top))
    tables = [sheet for sheet in sheets if sheet.header is not None]
    if not any(sheet.head for sheet in sheets):
        raise reasons.empty_file(package.name)
    if not tables:
        first = next(sheet for sheet in sheets if sheet.head)
        raise reasons.no_sheet(package.name, header.shown([_line(row) for row in first.head]))
    best = min(tables, key=lambda sheet: (sheet.hidden, not (sheet.header and sheet.header.known)))
    if progress:
        progress(0.1)
    whole = best.head
    if best.cut:
        ahead = (lambda part: progress(0.1 + 0.8 * part)) if progress else None
        whole = _filled(rows(package, best.part, strings, progress=ahead))
    notes = [reasons.SEVERAL_SHEETS] if sum(_has_records(sheet) for sheet in tables) > 1 else []
    assert best.header is not None  # it is one of the tables
    return _table(package.name, whole, best.header, notes, epoch_1904=strings.epoch_1904)


def _has_records(sheet: _Sheet) -> bool:
    return sheet.header is not None and len(sheet.head) > sheet.header.at + 1


def _workbook(package: Package, main: str) -> tuple[Strings, list[tuple[str, bool]]]:
    """What the sheets share, and the worksheets in order with whether they are hidden."""
    links = related(package, main)
    sheets: list[tuple[str, bool]] = []
    epoch_1904 = False
    for tag, attributes in elements(package, main, frozenset({"workbookPr", "sheet"})):
        if tag == "workbookPr":
            epoch_1904 = attributes.get("date1904", "0") in ("1", "true", "on")
        elif tag == "sheet":
            kind, part = links.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet" and part in package:
                sheets.append((part, attributes.get("state", "visible") != "visible"))
    texts: list[str] = []
    formats: list[Format] = []
    for kind, part in links.values():
        if kind == "sharedStrings" and part in package:
            texts = shared_texts(package, part)
        elif kind == "styles" and part in package:
            formats = _formats(package, part)
    return Strings(texts=texts, formats=formats, epoch_1904=epoch_1904), sheets


def _formats(package: Package, part: str) -> list[Format]:
    """Number format of each cell style."""
    codes: dict[int, str] = {}
    numbers: list[int] = []
    in_cells = False
    for tag, attributes in elements(package, part, _STYLES):
        if tag == "numFmt":
            codes[int(attributes.get("numFmtId", 0))] = attributes.get("formatCode", "")
        elif tag != "xf":
            in_cells = tag == "cellXfs"
        elif in_cells:
            numbers.append(int(attributes.get("numFmtId", 0)))
    known = {number: format_by_id(number, codes) for number in set(numbers)}
    return [known[number] for number in numbers]


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

"""In a process apart (data.sources.sandbox): open a workbook and tell what its sheets hold. Standard library only."""

import contextlib
import sys
from itertools import islice
from typing import Final
from xml.parsers import expat

from data.reasons import FileRefused
from data.sources import sandbox
from data.sources.cells import Format, format_by_id
from data.sources.package import BROKEN, MAX_UNPACKED, Package, elements, related, workbook_part
from data.sources.reasons import broken_workbook, too_large_unpacked
from data.sources.sheet import SheetRow, Strings, rows, shared_texts

HEAD: Final = 60  # rows of each sheet looked at to see whether it holds a table
_ROW_TEXT: Final = 20_000_000  # characters of one row
_LITTLE: Final = 20_000_000  # characters that even a small file may hold
_TEXT_PER_BYTE: Final = 60  # of the file as it is packed; workbooks of reports have two to twenty
_STYLES: Final = frozenset({"numFmt", "cellXfs", "cellStyleXfs", "cellStyles", "dxfs", "xf"})


def main(arguments: list[str]) -> None:
    """Take the bytes, tell the heads of the sheets, take the number of one sheet, tell its rows."""
    sandbox.confine(arguments)
    try:
        _tell()
    except FileRefused as refused:
        sandbox.say("refused", refused.sentence, {key: str(value) for key, value in refused.fields.items()})
    except MemoryError:
        sandbox.out_of_memory()
    except BROKEN as error:
        if isinstance(error, expat.ExpatError) and error.code == 1:  # XML_ERROR_NO_MEMORY
            sandbox.out_of_memory()
        sandbox.say("refused", broken_workbook("").sentence, {})
    with contextlib.suppress(OSError):  # nobody listens any more
        sys.stdout.flush()


def _tell() -> None:
    content = sandbox.received()
    package = Package(content, name="")
    strings, parts = workbook(package, workbook_part(package))
    teller = _Teller(min(MAX_UNPACKED, _LITTLE + _TEXT_PER_BYTE * len(content)))
    for part, hidden in parts:
        sandbox.say("sheet", hidden)
        for row in islice(rows(package, part, strings), HEAD):
            teller.tell(row)
    sandbox.say("heads", strings.epoch_1904)
    sys.stdout.flush()
    chosen = int.from_bytes(sandbox.received(), "big")
    for row in rows(package, parts[chosen][0], strings, progress=lambda share: sandbox.say("at", round(share, 3))):
        teller.tell(row)
    sandbox.say("end")


class _Teller:
    """Tells rows, as long as there is no more text in them than in any workbook: one text may stand in every cell."""

    def __init__(self, most: int) -> None:
        self._told, self._most = 0, most

    def tell(self, row: SheetRow) -> None:
        length = sum(map(len, row.cells.values()))
        self._told += length
        if length > _ROW_TEXT or self._told > self._most:
            raise too_large_unpacked("")
        faults = [(column, value, reason.code) for column, value, reason in row.faults]
        sandbox.say("row", row.number, list(row.cells), list(row.cells.values()), faults)


def workbook(package: Package, main: str) -> tuple[Strings, list[tuple[str, bool]]]:
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

"""One worksheet, streamed: only cells that hold something cost anything, wherever they stand.

What the sheet claims about its size is not read. openpyxl pads every row and needs a second pass to tell a formula
without a value from an empty cell; this needs neither.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from data.reasons import Reason
from data.sources import reasons
from data.sources.cells import ERRORS, Format, Kind, iso_text, number_text, unescape
from data.sources.package import Package, fed, local, parse
from data.sources.records import CELL_LIMIT

MAX_COLUMNS: Final = 1_000
_MAX_DEPTH: Final = 30
_GENERAL: Final[Format] = (Kind.NUMBER, 0)
LAST_ROW: Final = 1 << 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Strings:
    """What every sheet of a workbook shares: texts, number formats by style, and the epoch."""

    texts: Sequence[str]
    formats: Sequence[Format]
    epoch_1904: bool


@dataclass(kw_only=True, slots=True)
class SheetRow:
    """cells: 0-based column → text, never empty. faults: (column, value, reason) of cells that cannot be taken."""

    number: int
    cells: dict[int, str] = field(default_factory=dict)
    faults: list[tuple[int | None, str, Reason]] = field(default_factory=list)


def shared_texts(package: Package, part: str) -> list[str]:
    """The workbook's shared strings; phonetic readings are no part of the text."""
    texts: list[str] = []
    pieces: list[str] = []
    reading = skipping = False
    length = depth = 0

    def start(tag: str, _: dict[str, str]) -> None:
        nonlocal reading, skipping, length, depth
        depth += 1
        if depth > _MAX_DEPTH:
            raise ValueError("depth")
        tag = local(tag)
        if tag == "si":
            pieces.clear()
            length = 0
        elif tag == "rPh":
            skipping = True
        elif tag == "t":
            reading = not skipping

    def end(tag: str) -> None:
        nonlocal reading, skipping, depth
        depth -= 1
        tag = local(tag)
        if tag == "si":
            texts.append(unescape("".join(pieces)))
        elif tag == "rPh":
            skipping = False
        elif tag == "t":
            reading = False

    def text(data: str) -> None:
        nonlocal length
        if reading and length <= CELL_LIMIT:
            pieces.append(data)
            length += len(data)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parse(package.chunks(part), parser)
    return texts


def rows(
    package: Package, part: str, strings: Strings, *, progress: Callable[[float], None] | None = None
) -> Iterator[SheetRow]:
    """The rows of a sheet that hold anything, in order, hidden ones too, as they are read.

    Raises ValueError for a sheet that is not well formed: references that are none, rows that go back.
    """
    reader = _SheetReader(strings)
    parser = reader.parser()
    size = max(package.size(part), 1)
    read = 0
    for chunk in fed(package.chunks(part), parser):
        read += chunk
        yield from reader.taken()
        if progress:
            progress(min(1.0, read / size))
    yield from reader.taken()


class _SheetReader:
    """Handlers for the parser, and what they have gathered."""

    def __init__(self, strings: Strings) -> None:
        self.strings = strings
        self.found: list[SheetRow] = []
        self.row: SheetRow | None = None
        self.number = 0
        self.next_column = 0
        self.column = -1
        self.kind = ""
        self.style = 0
        self.formula = False
        self.reading = self.phonetic = False
        self.pieces: list[str] = []
        self.length = self.depth = 0
        self.columns: dict[str, int] = {}

    def taken(self) -> list[SheetRow]:
        """The rows that were completed since this was last asked."""
        found, self.found = self.found, []
        return found

    def parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        return parser

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if ":" in tag:
            tag = local(tag)
        if tag == "v":
            self.reading = True
        elif tag == "c":
            self._start_cell(attributes)
        elif self.depth > _MAX_DEPTH:
            raise ValueError("depth")
        elif tag == "row":
            number = int(attributes.get("r", self.number + 1))
            if not self.number < number <= LAST_ROW:
                raise ValueError("rows out of order")
            self.number, self.next_column = number, 0
            self.row = SheetRow(number=number)
        elif tag == "t":
            self.reading = self.kind == "inlineStr" and not self.phonetic
        elif tag == "f":
            self.formula = True
        elif tag == "rPh":
            self.phonetic = True

    def _start_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes["r"].rstrip("0123456789") if "r" in attributes else ""
        column = self.columns.get(letters, -1) if letters else self.next_column
        if column < 0:
            column = self.columns[letters] = column_number(letters)
        self.column, self.next_column = column, column + 1
        self.kind = attributes.get("t", "n")
        self.style = int(attributes["s"]) if "s" in attributes else 0
        self.formula = False
        if self.pieces:
            self.pieces.clear()
            self.length = 0

    def _text(self, data: str) -> None:
        if self.reading and self.length <= CELL_LIMIT:
            self.pieces.append(data)
            self.length += len(data)

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if ":" in tag:
            tag = local(tag)
        if tag == "c":
            self._end_cell()
        elif tag in {"v", "t"}:
            self.reading = False
        elif tag == "rPh":
            self.phonetic = False
        elif tag == "row":
            row, self.row = self.row, None
            if row is not None and (row.cells or row.faults):
                self.found.append(row)

    def _end_cell(self) -> None:
        row = self.row
        if row is None:
            return
        raw = "".join(self.pieces)
        if not raw:
            if self.formula and self.kind not in ("str", "s", "inlineStr"):
                self._fault("", reasons.FORMULA_WITHOUT_VALUE)
            return
        kind = self.kind
        value = raw
        if kind == "s":
            value = self.strings.texts[abs(int(raw))]  # a negative place would count from the end
        elif kind == "n":
            formats = self.strings.formats
            form = formats[self.style] if self.style < len(formats) else _GENERAL
            value = number_text(raw.strip(), form, epoch_1904=self.strings.epoch_1904)
        elif kind != "e":
            value = _other_value(raw, kind)
        if not value:
            return
        if kind == "e" or (value[0] == "#" and value.strip().upper() in ERRORS):
            self._fault(value[:40], reasons.CELL_ERROR)
        elif len(value) > CELL_LIMIT:
            self._fault(f"> {CELL_LIMIT}", reasons.CELL_TOO_LARGE)
        elif self.column >= MAX_COLUMNS:
            self._fault("", reasons.TOO_FAR_RIGHT)
        else:
            row.cells[self.column] = value

    def _fault(self, value: str, reason: Reason) -> None:
        assert self.row is not None  # faults are found in cells, cells in rows
        if self.column >= MAX_COLUMNS:
            if not any(column is None for column, _, _ in self.row.faults):
                self.row.faults.append((None, column_letters(self.column), reasons.TOO_FAR_RIGHT))
        else:
            self.row.faults.append((self.column, value, reason))


def _other_value(raw: str, kind: str) -> str:
    if kind == "b":
        return "true" if raw.strip() in ("1", "true") else "false"
    return iso_text(raw.strip()) if kind == "d" else unescape(raw)


def column_number(letters: str) -> int:
    """0-based number of a column: A is 0. Raises ValueError for what is no column of a sheet."""
    number = 0
    for letter in letters.upper().replace("$", ""):
        if not "A" <= letter <= "Z":
            raise ValueError("cell reference")
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= 16_384:
        raise ValueError("cell reference")
    return number - 1


def column_letters(number: int) -> str:
    """Letters of a 0-based column."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters

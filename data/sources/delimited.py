"""CSV and its kin, block by block: regular blocks go through pandas at full speed, others record by record."""

import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api.types import union_categoricals

from data.reasons import Reason
from data.sources import decode, header, layout, reasons, regular
from data.sources.decode import SURROGATE, Encoding
from data.sources.header import CellProblem
from data.sources.layout import Layout
from data.sources.packing import Packer, is_blank
from data.sources.records import CELL_LIMIT, fits, scan
from data.sources.table import RawTable

_HEAD: Final = 1 << 18  # bytes in which separator and header must show themselves
_TAIL: Final = 1 << 14
_BLOCK: Final = 1 << 20
_AHEAD: Final = 1 << 20  # bytes beyond a block in which its last record must end: more than one cell may take
_PACKED: Final = 1 << 21  # bytes of records from which packing pays
_SOMETHING: Final = re.compile(rb"[^\r\n\t \0\x1a]")
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


def read_delimited(content: bytes, *, name: str, progress: Callable[[float], None] | None = None) -> RawTable:
    """A CSV file's records. Raises FileRefused when it is empty or has no recognisable header.

    Row numbers are physical lines, as an editor counts them; a record over several lines has that of its first.
    """
    encoding = decode.detect(content)
    if not _SOMETHING.search(content, encoding.bom):
        raise reasons.empty_file(name)
    text = _Text.of(content, encoding)
    plan = layout.find(text.head(), name=name)
    text.start += len(text.encode(text.head()[: plan.start]))
    notes = [*_encoding_notes(encoding), *plan.normalised]
    end, totals = _end_of_records(text, plan.separator)
    if totals:
        notes.append(reasons.TOTAL_ROW)
    packed = end - text.start >= _PACKED and _all_named(plan)
    reader = _BlockReader(text, plan, end, Packer(text.content, len(plan.names)) if packed else None)
    reader.read(progress)
    if reader.trailing:
        notes.append(reasons.TRAILING_SEPARATORS)
    frame, rows = reader.frame()
    problems = [*plan.problems, *reader.problems]
    figures = reader.packer.figures() if reader.packer else {}
    return header.table(name, plan.names, frame, rows, problems=problems, normalised=notes, figures=figures)


def _encoding_notes(encoding: Encoding) -> list[Reason]:
    if encoding.name.startswith("utf-16"):
        return [reasons.FROM_UTF16]
    if encoding.name == "cp1252":
        return [reasons.FROM_CP1252]
    return [reasons.BYTE_ORDER_MARK] if encoding.bom else []


@dataclass(kw_only=True)
class _Text:
    """The file as UTF-8 bytes. What could not be decoded is in it as lone surrogates or, in a UTF-8 file, as it was."""

    content: bytes
    encoding: Encoding
    start: int
    measured: tuple[int, int] = (0, 0)  # a place in ``content`` and the place in the file it came from

    @classmethod
    def of(cls, content: bytes, encoding: Encoding) -> "_Text":
        if encoding.name == "utf-8":
            return cls(content=content, encoding=encoding, start=encoding.bom)
        text = decode.to_text(content, encoding)
        return cls(
            content=text.encode("utf-8", "surrogatepass"), encoding=encoding, start=0, measured=(0, encoding.bom)
        )

    @property
    def errors(self) -> str:
        return "surrogateescape" if self.encoding.name == "utf-8" else "surrogatepass"

    def decode(self, start: int, end: int) -> str:
        return self.content[start:end].decode("utf-8", self.errors)

    def encode(self, text: str) -> bytes:
        return text.encode("utf-8", self.errors)

    def is_clean(self, start: int, end: int) -> bool:
        """Whether everything there could be decoded."""
        if self.encoding.clean:
            return True
        try:
            self.content[start:end].decode("utf-8")
        except UnicodeDecodeError:
            return False
        return True

    def line_end(self, at: int, end: int) -> int:
        """Where the line that goes on at ``at`` ends."""
        found = _LINE_END.search(self.content, at, end)
        return found.end() if found else end

    def head(self) -> str:
        return self.decode(self.start, self.line_end(self.start + _HEAD, len(self.content)))

    def place_in_file(self, at: int) -> int:
        """The byte offset in the file itself; asked for in rising order, so that the text is measured once."""
        if self.encoding.name == "utf-8":
            return at
        since, offset = self.measured
        offset += decode.byte_length(self.decode(since, at), self.encoding)
        self.measured = (at, offset)
        return offset


def _end_of_records(text: _Text, separator: str) -> tuple[int, bool]:
    """Where the records end when blank lines and totals at the very end are left off, and whether there were totals."""
    end, totals = len(text.content), False
    while end > text.start:
        begin = max(text.start, end - _TAIL)
        tail = text.content[begin:end].rstrip(b"\r\n")
        at = max(tail.rfind(b"\n"), tail.rfind(b"\r")) + 1
        if not at and begin > text.start:
            break  # a very long last line is no total
        line = tail[at:].decode("utf-8", "replace")
        cells = next((cells for _, _, cells in scan(line, separator)), []) or [line]
        if header.is_total(cells):
            totals = True
        elif not header.is_blank(cells):
            break
        end = begin + at
    return end, totals


@dataclass
class _BlockReader:
    """Goes through the records once; gathers where the regular blocks are, and the records of all other blocks."""

    text: _Text
    plan: Layout
    end: int
    packer: Packer | None
    problems: list[CellProblem] = field(default_factory=list)
    trailing: bool = False
    quoted: bool = False  # there is a quote somewhere
    returns: bool = False  # there is a carriage return somewhere
    runs: list[tuple[int, int]] = field(default_factory=list)  # stretches of regular blocks
    lines: list[NDArray[np.int64]] = field(default_factory=list)
    empty: list[NDArray[np.bool_]] = field(default_factory=list)
    maybe_blank: list[NDArray[np.bool_]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)  # of the other blocks, record after record
    cell_lines: list[int] = field(default_factory=list)

    def read(self, progress: Callable[[float], None] | None) -> None:
        at, line = self.text.start, self.plan.line
        self.quoted = self.text.content.find(b'"', at) >= 0
        self.returns = self.text.content.find(b"\r", at) >= 0
        while at < self.end:
            at, line = self._regular(at, line) or self._irregular(at, line)
            if progress:
                progress(0.8 * at / self.end)

    def _regular(self, at: int, line: int) -> tuple[int, int] | None:
        """Take a regular block; where the next one starts."""
        stop = min(at + _BLOCK, self.end)
        chunk = np.frombuffer(self.text.content, dtype=np.uint8, count=stop - at, offset=at)
        if stop == self.end and chunk[-1] not in b"\r\n":
            chunk = np.append(chunk, np.uint8(ord("\n")))
        block = regular.check(
            chunk,
            separator=self.plan.separator,
            fields=len(self.plan.names),
            quoted=self.quoted,
            returns=self.returns,
        )
        if block is None or not self.text.is_clean(at, at + block.size):
            return None
        if self.packer:
            self.packer.add(chunk, block, at)
        stop = min(at + block.size, self.end)
        if self.runs and self.runs[-1][1] == at:
            self.runs[-1] = (self.runs[-1][0], stop)
        else:
            self.runs.append((at, stop))
        self.lines.append(block.line + line)
        self.empty.append(block.empty)
        self.maybe_blank.append(block.maybe_blank)
        return stop, line + block.newlines

    def _irregular(self, at: int, line: int) -> tuple[int, int]:
        """Take a block record by record; where the next one starts."""
        stop = self.text.line_end(min(at + _BLOCK, self.end), self.end)
        text = self.text.decode(at, self.text.line_end(min(stop + _AHEAD, self.end), self.end))
        size = len(self.text.decode(at, stop))
        separator, named, width = self.plan.separator, self.plan.named, len(self.plan.names)
        for number, offset, cells in scan(text, separator, line=line, named=named, width=width):
            if offset >= size:
                return at + len(self.text.encode(text[:offset])), number
            if cells is None or not header.is_blank(cells):
                self._take(number, cells, text, offset, at)
        return at + len(self.text.encode(text)), line

    def _take(self, line: int, cells: list[str] | None, text: str, offset: int, at: int) -> None:
        width = len(self.plan.names)
        problem = _problem(line, cells, self.plan)
        if problem is None and cells is not None:
            self.trailing = self.trailing or len(cells) > width
            self.cells += cells[:width]
            self.cells += [""] * (width - len(cells))
            self.cell_lines.append(line)
            return
        assert problem is not None  # a record without cells is a problem
        if problem.reason is reasons.UNDECODABLE:
            bad = SURROGATE.search(text, offset)
            assert bad is not None  # it is in one of the cells
            place = self.text.place_in_file(at + len(self.text.encode(text[: bad.start()])))
            problem = CellProblem(row=line, column=problem.column, value=f"byte {place}", reason=problem.reason)
        self.problems.append(problem)

    def frame(self) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        """All records in the order of the file, and their lines."""
        frame, rows = self._regular_frame()
        if not self.cell_lines:
            return frame, rows
        width, first = len(self.plan.names), sum(map(len, self.lines))
        index = range(first, first + len(self.cell_lines))
        others = pd.DataFrame({at: pd.Series(self.cells[at::width], index=index, dtype="str") for at in range(width)})
        if self.packer:
            self.packer.add_others(self.cells)
            others[list(self.packer.figures())] = np.nan
        self.cells.clear()
        rows = np.concatenate((rows, np.array(self.cell_lines, dtype=np.int64)))
        order = np.argsort(rows, kind="stable")
        columns = {at: _joined(frame[at], others[at]) for at in range(width)}
        return pd.DataFrame(columns).iloc[order], rows[order]

    def _regular_frame(self) -> tuple[pd.DataFrame, NDArray[np.int64]]:
        places = list(range(len(self.plan.names)))
        if not self.runs:
            return pd.DataFrame({at: pd.Series(dtype="str") for at in places}), np.zeros(0, dtype=np.int64)
        rows = np.concatenate(self.lines)
        frame = self.packer.frame() if self.packer else self._parsed()
        if len(frame) != len(rows):
            raise RuntimeError(f"{len(frame)} records where {len(rows)} were counted")
        blank = np.concatenate(self.empty)
        candidates = np.flatnonzero(np.concatenate(self.maybe_blank))
        if len(candidates):
            known = self.packer.figures() if self.packer else {}
            cells = (known[at].at(candidates) if at in known else frame[at].iloc[candidates] for at in places)
            blank[candidates[is_blank(cells, len(candidates))]] = True
        return (frame[~blank], rows[~blank]) if blank.any() else (frame, rows)

    def _parsed(self) -> pd.DataFrame:
        return pd.read_csv(
            cast(io.BytesIO, _Runs(self.text.content, self.runs)),  # pandas reads from anything with ``read``
            sep=self.plan.separator,
            header=None,
            names=list(range(len(self.plan.names))),
            index_col=False,
            dtype=str,
            keep_default_na=False,
            na_filter=False,
            skip_blank_lines=False,  # blank lines are left out where row numbers are known
        )


class _Runs:
    """Stretches of UTF-8 bytes as one stream; pandas takes bytes as they are from what only has ``read``."""

    def __init__(self, content: bytes, runs: Sequence[tuple[int, int]]) -> None:
        self._content = content
        self._pieces = deque(runs)

    def read(self, size: int = -1) -> bytes:
        if not self._pieces:
            return b""
        start, end = self._pieces.popleft()
        if 0 <= size < end - start:
            self._pieces.appendleft((start + size, end))
            end = start + size
        return self._content[start:end]

    def __iter__(self) -> Iterator[bytes]:
        """Lines, which pandas asks of a file but does not use."""
        while piece := self.read(_BLOCK):
            yield piece


def _joined(above: pd.Series, below: pd.Series) -> pd.Series:
    """One column under another of the same kind, or text under a category."""
    if isinstance(above.dtype, pd.CategoricalDtype):
        index = above.index.append(below.index)
        return pd.Series(union_categoricals([above, below.astype("category")]), index=index)
    joined: pd.Series = pd.concat([above, below])
    return joined


def _all_named(plan: Layout) -> bool:
    """Whether all columns have names of their own; then nothing has to be compared cell by cell."""
    return len({" ".join(name.split()) for name in plan.names} - {""}) == len(plan.names)


def _problem(line: int, cells: list[str] | None, plan: Layout) -> CellProblem | None:
    """What keeps a record from being read, if anything."""
    if cells is None:
        return CellProblem(row=line, column=None, value="", reason=reasons.BROKEN_QUOTE)
    joined = plan.separator.join(cells)
    if not joined.isascii() and SURROGATE.search(joined):
        at = next(at for at, cell in enumerate(cells) if SURROGATE.search(cell))
        column = at if at < len(plan.names) else None
        return CellProblem(row=line, column=column, value="", reason=reasons.UNDECODABLE)
    if not fits(cells, named=plan.named, width=len(plan.names)):
        reason = reasons.TOO_FEW_FIELDS if len(cells) < plan.named else reasons.TOO_MANY_FIELDS
        return CellProblem(row=line, column=None, value=f"{len(cells)} / {plan.named}", reason=reason)
    if "\0" in joined:
        column = next(at for at, cell in enumerate(cells) if "\0" in cell)
        return CellProblem(row=line, column=column, value="", reason=reasons.NUL_CHARACTER)
    if len(joined) > CELL_LIMIT:
        for column, cell in enumerate(cells):
            if len(cell) > CELL_LIMIT:
                return CellProblem(row=line, column=column, value=str(len(cell)), reason=reasons.CELL_TOO_LARGE)
    return None

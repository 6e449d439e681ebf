"""Records of delimited text by RFC 4180, one by one, with a way back after a quote that was never closed."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

CELL_LIMIT: Final = 100_000  # characters
_EOL: Final = re.compile(r"\r\n|\r|\n")
_LETTER: Final = re.compile(r"[^\W\d_]")
_DIGIT: Final = re.compile(r"\d")
_QUOTED: Final = re.compile(r'"([^"]*+(?:""[^"]*+)*+)"')
# Characters that may be read in vain after quotes that turn out never to close; keeps hostile files linear.
_VAIN: Final = 10_000_000

Record = tuple[int, int, list[str] | None]  # physical line (1-based), offset, cells; None: its quotes are broken


def fits(cells: Sequence[str], *, named: int, width: int) -> bool:
    """Whether a record has all ``named`` columns, and nothing after the header's last field."""
    return len(cells) >= named and not any(cells[width:])


def scan(
    text: str, separator: str, *, start: int = 0, line: int = 1, named: int = 0, width: int | None = None
) -> Iterator[Record]:
    """Every record of ``text`` from ``start``, which is physical line ``line``.

    A quoted field may hold line ends, but a record over several lines must fit the header when ``width`` is given, and
    none of its further lines may look like a record of its own; otherwise its quote is a stray one, and reading goes on
    at the next line that can be a record.
    """
    reader = _Reader(text, separator, named, width)
    size = len(text)
    while start < size:
        stop, after = reader.line_end(start)
        raw = text[start:stop]
        if '"' not in raw:
            yield line, start, raw.split(separator)
            start, line = after, line + 1
            continue
        cells, end = reader.record(start, stop)
        yield line, start, cells
        end = reader.resume(start, after) if cells is None else reader.line_end(end)[1]
        line += 1 if end == after else max(1, _lines(text, start, end))
        start = end


def _lines(text: str, start: int, end: int) -> int:
    return sum(1 for _ in _EOL.finditer(text, start, end))


class _Reader:
    def __init__(self, text: str, separator: str, named: int, width: int | None) -> None:
        self.text, self.separator, self.named, self.width = text, separator, named, width
        self.plain = re.compile(rf"[^{re.escape(separator)}\r\n]*+")
        self.vain = _VAIN

    def line_end(self, start: int) -> tuple[int, int]:
        """Where the line ends, and where the next one starts."""
        found = _EOL.search(self.text, start)
        return found.span() if found else (len(self.text), len(self.text))

    def record(self, start: int, stop: int) -> tuple[list[str] | None, int]:
        """Cells and their end; None when the quotes are broken. ``stop``: the end of the first line."""
        cells, end = self._fields(start, stop)
        if cells is None or end <= stop or self.width is None:
            return cells, end
        if self._fits(cells) and not self._swallows(start, end):
            return cells, end
        self.vain -= end - start
        return None, stop

    def resume(self, broken: int, start: int) -> int:
        """After a broken record: the next line that fits, or at least looks like a record of its own."""
        if self.width is None:
            return start
        first = self._shape(broken)
        while start < len(self.text):
            stop, after = self.line_end(start)
            raw = self.text[start:stop]
            separators = raw.count(self.separator)
            if not raw or separators >= self.named - 1 or (separators and self._shape(start) == first):
                return start
            cells, _ = self.record(start, stop) if '"' in raw else (raw.split(self.separator), stop)
            if cells is not None and self._fits(cells):
                return start
            start = after
        return start

    def _fits(self, cells: list[str]) -> bool:
        return fits(cells, named=self.named, width=self.width or 0)

    def _swallows(self, start: int, end: int) -> bool:
        """Whether a line of the record, not its first, is as wide as a record and begins with a cell of that form."""
        first, at = self._shape(start), self.line_end(start)[1]
        while first and at < end:
            stop, after = self.line_end(at)
            if self.text.count(self.separator, at, stop) + 1 == self.width and self._shape(at) == first:
                return True
            at = after
        return False

    def _shape(self, start: int) -> str:
        """The form of the first cell of a line, e.g. "99-999": digits and letters without which ones."""
        found = self.plain.match(self.text, start, start + 40)
        return _DIGIT.sub("9", _LETTER.sub("a", found[0])) if found else ""

    def _fields(self, at: int, stop: int) -> tuple[list[str] | None, int]:
        text, cells = self.text, []
        while True:
            if text.startswith('"', at):
                # beyond the first line only as far as one cell may be long
                far = at + 2 * CELL_LIMIT + 2 if self.vain > 0 else stop
                found = _QUOTED.match(text, at, max(far, stop))
                end = found.end() if found else -1
                if found is None or text[end : end + 1] not in (self.separator, "\r", "\n", ""):
                    self.vain -= min(far, len(text)) - at if found is None else max(0, end - stop)
                    return None, stop
                cells.append(found[1].replace('""', '"'))
            else:
                found = self.plain.match(text, at)
                end = found.end() if found else at
                cells.append(text[at:end])
            if not text.startswith(self.separator, end):
                return cells, end
            at = end + 1

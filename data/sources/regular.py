"""Whether a block of delimited text is so regular that one pass of a fast parser reads it right, checked on its bytes."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sources.records import CELL_LIMIT

_NEWLINE, _RETURN, _QUOTE, _SPACE, _TAB = b'\n\r" \t'
Bytes = NDArray[np.uint8]
Places = NDArray[np.int64]
_NONE: Final = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """size: bytes of the whole records at the start of what was looked at. newlines: line ends in them.

    line: of each record, the line ends before it. empty: records with nothing in them at all. maybe_blank: records
    whose first field may be blank. begins, ends: of each record. separators: (records that are not empty, fields - 1).
    """

    size: int
    newlines: int
    line: Places
    empty: NDArray[np.bool_]
    maybe_blank: NDArray[np.bool_]
    begins: Places
    ends: Places
    separators: Places

    def edges(self, field: int) -> tuple[Places, Places]:
        """Where a field of every record begins and ends; nowhere in a record with nothing in it."""
        last = field == self.separators.shape[1]
        if not self.empty.any():
            begins = self.separators[:, field - 1] + 1 if field else self.begins
            return begins, self.ends if last else np.ascontiguousarray(self.separators[:, field])
        filled = ~self.empty
        begins, ends = np.zeros(len(filled), dtype=np.int64), np.zeros(len(filled), dtype=np.int64)
        begins[filled] = self.separators[:, field - 1] + 1 if field else self.begins[filled]
        ends[filled] = self.ends[filled] if last else self.separators[:, field]
        return begins, ends


def check(chunk: Bytes, *, separator: str, fields: int, quoted: bool, returns: bool) -> Block | None:
    """The whole records in UTF-8 bytes that begin with a record, or None when one is not exactly ``fields`` fields.

    Quoted fields are fine, also over several lines, as long as they open and close at field borders; NUL bytes, lone
    carriage returns and very long records are not. quoted, returns: whether the file has any such character at all.
    """
    newlines = np.flatnonzero(chunk == _NEWLINE)
    quotes = np.flatnonzero(chunk == _QUOTE) if quoted else _NONE
    ends = newlines[(np.searchsorted(quotes, newlines) & 1) == 0] if len(quotes) else newlines
    if not len(ends) or ord(separator) > 127:
        return None
    size = int(ends[-1]) + 1
    chunk = chunk[:size]
    if not chunk.all() or (returns and not _returns_are_line_ends(chunk)):
        return None
    separators = np.flatnonzero(chunk == ord(separator))
    if len(quotes):
        quotes, newlines = quotes[quotes < size], newlines[newlines < size]
        if not _quotes_at_borders(chunk, quotes, ord(separator)):
            return None
        if len(newlines) > len(ends) and _may_swallow(newlines, ends, separators, fields - 1):
            return None
        separators = separators[(np.searchsorted(quotes, separators) & 1) == 0]
    begins = np.concatenate(([0], ends[:-1] + 1))
    lengths = ends - begins
    first = chunk[begins]
    empty = (lengths == 0) | ((lengths == 1) & (first == _RETURN))
    if lengths.max() > CELL_LIMIT or not _evenly_spread(separators, begins[~empty], ends[~empty], fields - 1):
        return None
    stops = ends - (chunk[ends - 1] == _RETURN) if returns else ends
    maybe = (first == ord(separator)) | (first == _SPACE) | (first == _TAB) | (first == _QUOTE) | (first > 127)
    return Block(
        size=size,
        newlines=len(newlines),
        line=np.searchsorted(newlines, begins) if len(newlines) > len(ends) else np.arange(len(ends)),
        empty=empty,
        maybe_blank=maybe & ~empty,
        begins=begins,
        ends=np.maximum(begins, stops),
        separators=separators.reshape(-1, fields - 1),
    )


def _evenly_spread(separators: Places, begins: Places, ends: Places, each: int) -> bool:
    """Whether there are exactly ``each`` separators between each begin and end."""
    if len(separators) != each * len(begins):
        return False
    rows = separators.reshape(len(begins), each)
    return bool((rows[:, 0] >= begins).all() and (rows[:, -1] < ends).all())


def _may_swallow(newlines: Places, ends: Places, separators: Places, each: int) -> bool:
    """Whether a line that goes on with a record has as many separators as a record: a stray pair of quotes, perhaps."""
    counts = np.diff(np.searchsorted(separators, newlines), prepend=0)
    goes_on = ~np.isin(newlines, ends)[:-1]  # the line after a line end inside quotes
    return bool((counts[1:][goes_on] == each).any())


def _returns_are_line_ends(chunk: Bytes) -> bool:
    returns = np.flatnonzero(chunk == _RETURN)
    return bool((chunk[returns + 1] == _NEWLINE).all())  # a block ends with a line end, so there is one more


def _quotes_at_borders(chunk: Bytes, quotes: Places, separator: int) -> bool:
    """Every field opens and closes its quotes at its own edges; doubled quotes inside are fine."""
    opening, closing = quotes[0::2], quotes[1::2]
    before = chunk[opening - 1]  # for a quote that opens the block this is its last byte, a line end
    after = chunk[closing + 1]
    starts = (before == separator) | (before == _NEWLINE) | (before == _QUOTE)
    stops = (after == separator) | (after == _NEWLINE) | (after == _RETURN) | (after == _QUOTE)
    return bool(starts.all() and stops.all())

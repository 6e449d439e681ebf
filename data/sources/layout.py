"""How a delimited file is laid out: its separator, where its header is, and where its records begin."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from data.reasons import Reason
from data.sources import header, reasons
from data.sources.records import scan

SEPARATORS: Final = (";", ",", "\t", "|")
_STATED: Final = re.compile(r'"?sep=([^\w\s"]|\t)"?[ \t;,]*(?:\r\n|\r|\n)', re.IGNORECASE)
_SAMPLE: Final = 40  # records looked at to choose a separator


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """names: every field of the header line, the last ones possibly empty. start, line: of the first record after it."""

    separator: str
    names: tuple[str, ...]
    named: int  # how many fields a record must have: up to the last one with a name
    start: int  # characters from the beginning of the text
    line: int  # physical line, 1-based
    problems: tuple[header.CellProblem, ...]
    normalised: tuple[Reason, ...]


def find(text: str, *, name: str) -> Layout:
    """The layout of a file from the beginning of its text. Raises FileRefused when there is no header in it."""
    stated = _STATED.match(text)
    start, line = (stated.end(), 2) if stated else (0, 1)
    if stated:
        separator, notes = stated[1], [reasons.SEPARATOR_OTHER]
    else:
        separator = _separator(text, name)
        notes = [reasons.SEPARATORS[separator]] if separator in reasons.SEPARATORS else []
    found = _filled_records(text, separator, start, line)
    cells = [cells for _, _, cells in found]
    head = header.find(cells)
    if head is None:
        raise reasons.no_header(name, header.shown(cells))
    if set(range(head.at)) - set(head.data_above):
        notes.append(reasons.TITLE_ROWS)
    at_line, at_start, names = found[head.at]
    after = next(islice(scan(text, separator, start=at_start, line=at_line), 1, None), None)
    return Layout(
        separator=separator,
        names=tuple(names),
        named=max(at + 1 for at, title in enumerate(names) if title.strip()),
        start=after[1] if after else len(text),
        line=after[0] if after else at_line + 1,
        problems=tuple(
            header.CellProblem(row=found[at][0], column=None, value="", reason=reasons.ABOVE_HEADER)
            for at in head.data_above
        ),
        normalised=tuple(notes),
    )


def _filled_records(text: str, separator: str, start: int, line: int) -> list[tuple[int, int, list[str]]]:
    """The first records that can be read and are not blank, enough to find a header and the usual width below it."""
    readable = (
        (at, offset, cells)
        for at, offset, cells in scan(text, separator, start=start, line=line)
        if cells is not None and not header.is_blank(cells)
    )
    return list(islice(readable, header.SEARCHED_ROWS + _SAMPLE))


def _separator(text: str, name: str) -> str:
    """The separator under which the first records look most like a table: known names first, then equal widths."""
    scores = {separator: _score(text, separator) for separator in SEPARATORS}
    best = max(SEPARATORS, key=lambda separator: scores[separator])
    if scores[best][2] < 2:
        lines = [line.split("\n")[0] for line in re.split(r"\r\n|\r|\n", text[:2000]) if line.strip()]
        raise reasons.no_header(name, header.shown([lines[:1]]))
    return best


def _score(text: str, separator: str) -> tuple[int, float, int]:
    sample: Sequence[list[str]] = [cells or [""] for _, _, cells in islice(scan(text, separator), _SAMPLE)]
    sample = [cells for cells in sample if not header.is_blank(cells)] or [[""]]
    known = max(header.known_words(cells) for cells in sample[: header.SEARCHED_ROWS])
    widths = Counter(len(cells) for cells in sample)
    width = max(widths, key=lambda each: (widths[each] * (each > 1), each))
    return (known if known > 1 else 0, round(widths[width] / len(sample), 2) if width > 1 else 0.0, width)

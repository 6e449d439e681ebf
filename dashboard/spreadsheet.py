"""Cells that a spreadsheet program would run as a formula are made inert in every table we hand out."""

import csv
import io
import re
from collections.abc import Iterable, Sequence

# Full-width forms too: spreadsheet programs fold them on import.
TRIGGERS = ("=", "+", "-", "@", "\t", "\n", "＝", "＋", "－", "＠")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


def neutralise(value: object) -> str:
    """The cell's text; with a leading apostrophe when a spreadsheet might take it for a formula. Numbers stay.

    A carriage return becomes a newline: csv writes it without quotes, so that what follows it would begin a row.
    """
    text = str(value).replace("\r\n", "\n").replace("\r", "\n")
    if text.startswith(TRIGGERS) and not NUMBER.fullmatch(text):
        return "'" + text
    return text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A comma-separated table with every cell neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return out.getvalue()

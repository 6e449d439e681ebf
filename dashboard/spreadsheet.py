"""Cells that a spreadsheet program would run as a formula are made inert in every table we hand out."""

import csv
import io
from collections.abc import Iterable, Sequence

# Full-width forms too: spreadsheet programs fold them on import.
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def neutralise(value: object) -> str:
    """The cell's text; with a leading apostrophe when a spreadsheet might take it for a formula. Numbers stay."""
    text = str(value)
    if text.startswith(TRIGGERS) and not _is_number(text):
        return "'" + text
    return text


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A comma-separated table with every cell neutralised."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([neutralise(cell) for cell in row] for row in rows)
    return out.getvalue()


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text

"""A file for the browser to save."""

import base64
from collections.abc import Iterable, Mapping
from typing import Any

from dashboard.spreadsheet import to_csv


def download(content: bytes, name: str, *, media_type: str) -> dict[str, str | bool]:
    """The ``data`` of a dcc.Download."""
    return {"content": base64.b64encode(content).decode(), "filename": name, "type": media_type, "base64": True}


def table(titles: Mapping[str, str], rows: Iterable[Mapping[str, Any]], name: str) -> dict[str, str | bool]:
    """Rows as a CSV to save. titles: the heading of each field that is taken along, in order."""
    cells = ([row.get(field, "") for field in titles] for row in rows)
    # A BOM, because spreadsheet programs take a CSV without one for Windows-1252
    content = "\ufeff" + to_csv(list(titles.values()), cells)
    return download(content.encode(), name, media_type="text/csv")

"""The one way in for report files: what is it, and who reads it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from data.sources import reasons
from data.sources.delimited import read_delimited
from data.sources.geojson import read_geojson
from data.sources.table import RawTable
from data.sources.workbook import read_workbook

_JSON_NAMES: Final = (".geojson", ".json")
_MARKUP: Final = re.compile(rb"<(\?xml|!doctype|!--|html|head|body|table|ogr|kml|gml|gpx|svg|script|workbook)", re.I)
_BINARY: Final = (
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "gzip"),
    (b"SQLite format 3", "SQLite / GeoPackage"),
    (b"PAR1", "Parquet"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"{\\rtf", "RTF"),
)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_table(
    path: Path,
    *,
    max_bytes: int = 500_000_000,
    progress: Callable[[float], None] | None = None,
    name: str | None = None,
) -> RawTable:
    """A report file as text, every record in the frame or among the problems.

    CSV (any usual separator and encoding), XLSX or GeoJSON of points, chosen by content and then by extension.
    name: the original name of an upload, for messages and extension. progress: called with 0..1.
    Raises FileRefused when the file as a whole cannot be taken; opens no other file and nothing beyond this machine.
    """
    name = path.name if name is None else name
    content = _content(path, name, max_bytes)
    if progress:
        progress(0.0)
    table = _read(content, name, progress)
    if progress:
        progress(1.0)
    return table


def _read(content: bytes, name: str, progress: Callable[[float], None] | None) -> RawTable:
    head = content[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    suffix = Path(name).suffix.casefold()
    if not content:
        raise reasons.empty_file(name)
    if content.startswith(_OLE):
        raise reasons.old_or_protected_workbook(name)
    if content.startswith(b"PK"):
        return read_workbook(content, name=name, progress=progress)
    for magic, kind in _BINARY:
        if content.startswith(magic):
            raise reasons.not_a_table(name, kind)
    if _MARKUP.match(head) or (suffix in _JSON_NAMES and head.startswith(b"<")):
        raise reasons.not_a_table(name, "XML / HTML")
    if suffix in _JSON_NAMES or (head.startswith(b"{") and b'"type"' in content[:4096]):
        return read_geojson(content, name=name, progress=progress)
    if suffix in (".xlsx", ".xlsm", ".xls"):  # a spreadsheet by name only; tables saved as text under that name exist
        if _control_characters(content[:4096]):
            raise reasons.broken_workbook(name)
    elif _control_characters(content[:4096]):
        raise reasons.not_text(name)
    return read_delimited(content, name=name, progress=progress)


def _content(path: Path, name: str, max_bytes: int) -> bytes:
    try:
        if not path.is_file():  # also devices and pipes, which never end
            raise reasons.not_found(name)
        size = path.stat().st_size
        if size > max_bytes:
            raise reasons.too_large(name, size, max_bytes)
        with path.open("rb") as file:
            content = file.read(size + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise reasons.not_opened(name) from error
    if len(content) != size:
        raise reasons.changing(name)
    return content


def _control_characters(head: bytes) -> bool:
    """Whether many bytes are neither text nor the NUL of UTF-16."""
    odd = sum(byte < 32 and byte not in b"\0\t\n\r\x0b\x0c\x1a\x1b" for byte in head)
    return odd > max(30, len(head) * 0.05)

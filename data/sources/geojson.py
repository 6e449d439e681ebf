"""GeoJSON with the standard library: a FeatureCollection of points, nothing else, and nothing it refers to is opened."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from data.reasons import Reason
from data.sources import decode, header, reasons
from data.sources.decode import SURROGATE
from data.sources.header import CellProblem
from data.sources.records import CELL_LIMIT
from data.sources.table import GEOMETRY_X, GEOMETRY_Y, RawTable

MAX_BYTES: Final = 100_000_000  # objects in memory take ten times their text
_MAX_COLUMNS: Final = 1_000
_STEP: Final = 20_000
_EPSG: Final = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?EPSG:(?:[\d.]*:)?(\d{4,6})", re.IGNORECASE)
_CRS84: Final = re.compile(r"(?:urn:(?:x-)?ogc:def:crs:)?(?:OGC|CRS):?(?:1\.3|):?:?(?:CRS)?84", re.IGNORECASE)
_URL: Final = re.compile(
    r"https?://www\.opengis\.net/def/crs/(?:EPSG/[\d.]+/(\d{4,6})|OGC/[\d.]+/(CRS84))", re.IGNORECASE
)


class _Number(str):
    """A number's own digits, to tell it from a string."""

    __slots__ = ()


def read_geojson(content: bytes, *, name: str, progress: Callable[[float], None] | None = None) -> RawTable:
    """The features of a GeoJSON file; row numbers count them from 1, properties are columns.

    Coordinates arrive in the columns GEOMETRY_X and GEOMETRY_Y with the digits they were written in. Raises FileRefused
    for what is no FeatureCollection, is nested too deep, or names a coordinate system that cannot be honoured.
    """
    if len(content) > MAX_BYTES:
        raise reasons.too_large(name, len(content), MAX_BYTES)
    document, notes = _parse(content, name)
    features = document.get("features")
    if document.get("type") != "FeatureCollection" or not isinstance(features, list):
        raise reasons.not_a_collection(name, _short(document.get("type")))
    if not features:
        raise reasons.empty_file(name)
    crs = _crs(document.get("crs"), name)
    columns: dict[str, dict[int, str]] = {GEOMETRY_X: {}, GEOMETRY_Y: {}}
    faults: dict[int, tuple[str, str, Reason]] = {}
    for at, feature in enumerate(features):
        fault = _take(at, feature, columns)
        if fault is not None:
            faults[at] = fault
        if len(columns) > _MAX_COLUMNS:
            raise reasons.too_many_properties(name, _MAX_COLUMNS)
        if progress and at % _STEP == 0:
            progress(0.5 + 0.4 * at / len(features))
    return _table(name, columns, faults, count=len(features), notes=notes, crs=crs)


def _parse(content: bytes, name: str) -> tuple[dict[str, Any], list[Reason]]:
    encoding = decode.detect(content)
    if not content[encoding.bom :].strip():
        raise reasons.empty_file(name)
    text = decode.to_text(content, encoding)
    try:
        document = json.loads(text, parse_float=_Number, parse_int=_Number, parse_constant=_Number)
    except json.JSONDecodeError as error:
        raise reasons.broken_json(name, error.lineno, error.colno) from error
    except RecursionError as error:
        raise reasons.too_deep(name) from error
    if not isinstance(document, dict):
        raise reasons.not_a_collection(name, type(document).__name__)
    if encoding.name == "cp1252":
        return document, [reasons.FROM_CP1252]
    if encoding.name.startswith("utf-16"):
        return document, [reasons.FROM_UTF16]
    return document, [reasons.BYTE_ORDER_MARK] if encoding.bom else []


def _take(at: int, feature: object, columns: dict[str, dict[int, str]]) -> tuple[str, str, Reason] | None:
    """Put one feature's cells into the columns, or say what keeps it out: (column, value, reason)."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return "", _short(feature.get("type") if isinstance(feature, dict) else feature), reasons.NOT_A_FEATURE
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        return "", "properties", reasons.NOT_A_FEATURE
    cells = {_column(key): _text(value) for key, value in properties.items()}
    if "id" in feature and "id" not in cells:
        cells["id"] = _text(feature["id"])
    for column in cells:
        columns.setdefault(column, {})
    point = _point(feature.get("geometry"))
    if isinstance(point, str):
        return "", point, reasons.NO_POINT
    cells[GEOMETRY_X], cells[GEOMETRY_Y] = point
    for column, cell in cells.items():
        if "\0" in cell or (not cell.isascii() and SURROGATE.search(cell)):
            return column, "", reasons.NUL_CHARACTER
        if len(cell) > CELL_LIMIT:
            return column, str(len(cell)), reasons.CELL_TOO_LARGE
    for column, cell in cells.items():
        columns[column][at] = cell
    return None


def _column(key: str) -> str:
    """A property's name as a column; the two names for the geometry are ours."""
    plain = SURROGATE.sub("?", " ".join(key.replace("\0", " ").split()))
    return plain + "_" if plain in (GEOMETRY_X, GEOMETRY_Y) else plain or "kolom"


def _point(geometry: object) -> tuple[str, str] | str:
    """Its x and y as written, or what the geometry is instead of a point."""
    if not isinstance(geometry, dict):
        return "null" if geometry is None else "?"
    if geometry.get("type") != "Point":
        return _short(geometry.get("type"))
    place = geometry.get("coordinates")
    if not isinstance(place, list) or len(place) < 2 or not all(isinstance(part, _Number) for part in place):
        return "Point ?" if place else "Point []"
    return str(place[0]), str(place[1])


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(part, (list, dict)) for part in value):
        return "|".join(_text(part) for part in value)
    return json.dumps(value, ensure_ascii=False)


def _short(value: object) -> str:
    text = value if isinstance(value, str) else _text(value) if not isinstance(value, (list, dict)) else "?"
    return SURROGATE.sub("?", text.replace("\0", " "))[:40] or "null"


def _crs(member: object, name: str) -> str | None:
    """The ``crs`` member as "EPSG:n"; None when the file states nothing. A link is never followed."""
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    stated = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(stated, str):
        raise reasons.unknown_crs(name, _short(member.get("type") if isinstance(member, dict) else member))
    stated = stated.strip()
    if found := _EPSG.fullmatch(stated):
        return f"EPSG:{found[1]}"
    if found := _URL.fullmatch(stated):
        return f"EPSG:{found[1] or 4326}"
    if _CRS84.fullmatch(stated):
        return "EPSG:4326"
    raise reasons.unknown_crs(name, _short(stated))


def _table(
    name: str,
    columns: dict[str, dict[int, str]],
    faults: dict[int, tuple[str, str, Reason]],
    *,
    count: int,
    notes: list[Reason],
    crs: str | None,
) -> RawTable:
    names = list(columns)
    good = [at for at in range(count) if at not in faults]
    frame = pd.DataFrame(
        {
            place: pd.Series([columns.get(column, {}).get(at, "") for at in good], dtype="str")
            for place, column in enumerate(names)
        }
    )
    problems = [
        CellProblem(row=at + 1, column=names.index(column) if column else None, value=value, reason=reason)
        for at, (column, value, reason) in faults.items()
    ]
    rows = np.array(good, dtype=np.int64) + 1
    return header.table(name, names, frame, rows, problems=problems, normalised=notes, crs=crs)

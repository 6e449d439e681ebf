"""A CSV file of places: its cells as text, its row numbers, and where each row lies."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import pyproj
from numpy.typing import NDArray

from data.archive import shown
from data.reasons import FileRefused
from data.vector import MAX_JSON_BYTES, Note, parse_crs
from geo.crs import RD, RD_BOUNDS, WGS84, WGS84_BOUNDS

_THOUSANDS: Final = r"[1-9]\d{0,2}[.,]\d{3}"  # 1.200 is twelve hundred to one and one point two to the other
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_LON: Final = "lon lng long longitude lengtegraad lengte stop_lon gps_lon gps_lng lon_wgs84 wgs84_lon geo_lon"
_LAT: Final = "lat latitude breedtegraad breedte stop_lat gps_lat lat_wgs84 wgs84_lat geo_lat"
_X: Final = "x x_rd rd_x x_coord x_coordinaat x_coordinate coordinaat_x rd_x_coordinaat"
_Y: Final = "y y_rd rd_y y_coord y_coordinaat y_coordinate coordinaat_y rd_y_coordinaat"
MOSTLY: Final = 0.9  # share of the filled rows that must agree before a column is taken for what its name denies

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Places:
    """A CSV file. frame: cells as text; rows: their row numbers; x, y: RD metres, NaN where no place was usable."""

    frame: pd.DataFrame
    rows: NDArray[np.int64]
    x: Floats
    y: Floats
    notes: tuple[Note, ...]


def key(column: str) -> str:
    """A column name without case, spaces and punctuation."""
    return re.sub(r"[^a-z0-9]", "", column.lower())


def find(columns: Sequence[str], names: Sequence[str]) -> str | None:
    """The first of these names that is among the columns, as the file spells it."""
    by_key = {key(c): c for c in reversed(columns)}
    return next((by_key[key(n)] for n in names if key(n) in by_key), None)


def read_places(file: Path, *, crs: str | None, label: str) -> Places:
    """Read a CSV file (comma, semicolon or tab; UTF-8, UTF-16 or Windows-1252) with a place in every row.

    Places are degrees or RD metres, in columns named for either; decimal commas are fine. Rows without a usable place
    are kept with NaN and named in ``notes``. Raises FileRefused without columns for a place, or with no usable place.
    """
    frame, rows, notes = read_cells(file, label)
    columns = list(frame.columns)
    lon, lat = find(columns, _LON.split()), find(columns, _LAT.split())
    degrees = lon is not None and lat is not None
    if not degrees:
        lon, lat = find(columns, _X.split()), find(columns, _Y.split())
    if lon is None or lat is None:
        raise FileRefused(
            "no_place_columns",
            "{file}: geen kolommen met een plaats. Gezocht: lat en lon (of breedtegraad en lengtegraad), of x en y in "
            "Rijksdriehoek. Aanwezig: {present}.",
            file=label,
            present=", ".join(shown(c, length=40) for c in columns[:40]),
        )
    a, b = numbers(frame[lon]), numbers(frame[lat])
    target = parse_crs(crs, label=label) if crs else _crs_of(a, b, degrees, notes, f"{lon}, {lat}")
    x, y = _to_rd(a, b, target, notes, rows)
    if not np.isfinite(x).any():
        if notes and notes[-1].code == "swapped":
            raise FileRefused(
                "swapped",
                "{file}: de coördinaten in {columns} lijken in alle rijen verwisseld. Wissel de kolomnamen om.",
                file=label,
                columns=f"{lon}, {lat}",
            )
        raise FileRefused(
            "no_places",
            "{file}: geen enkele rij heeft in {columns} een bruikbare plaats in Nederland.",
            file=label,
            columns=f"{lon}, {lat}",
        )
    return Places(frame=frame, rows=rows, x=x, y=y, notes=tuple(notes))


def numbers(cells: pd.Series) -> Floats:
    """Text to float, with a decimal point or comma; NaN for everything else."""
    text = cells.str.strip()
    fine = text.str.fullmatch(_NUMBER).astype(bool)
    return np.asarray(
        pd.to_numeric(text.where(fine, "nan").str.replace(",", ".", regex=False), errors="coerce"), dtype=float
    )


def unclear_thousands(text: pd.Series) -> NDArray[np.bool_]:
    """Cells such as "1.200" of which nobody can say what they mean; none when another cell shows it, as 12.5 does."""
    thousands = text.str.fullmatch(_THOUSANDS).astype(bool).to_numpy()
    marked = text.str.contains(r"[.,]").astype(bool).to_numpy()
    return np.asarray(thousands & (thousands.sum() == marked.sum()))


def row_list(rows: NDArray[np.int64]) -> str:
    """Row numbers for a message: the first twenty, and how many there are in all."""
    some = ", ".join(str(r) for r in rows[:20].tolist())
    return some if len(rows) <= 20 else f"{some} … ({len(rows)})"


def read_cells(file: Path, label: str) -> tuple[pd.DataFrame, NDArray[np.int64], list[Note]]:
    """A CSV file's cells as text, the row number of each row, and a note on rows that are too wide. Raises FileRefused."""
    if file.stat().st_size > MAX_JSON_BYTES:
        raise FileRefused(
            "too_big",
            "{file}: een CSV van meer dan {limit} MB wordt niet geopend.",
            file=label,
            limit=MAX_JSON_BYTES >> 20,
        )
    text = _decode(file.read_bytes(), label)
    first = text.split("\n", 1)[0]
    separator = max(";,\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    records: list[list[str]] = []
    rows: list[int] = []
    too_wide: list[int] = []
    header: list[str] = []
    row = 1
    try:
        for record in reader:
            if not header:
                header = [c.strip() for c in record]
            elif len(record) > len(header) and any(c.strip() for c in record[len(header) :]):
                too_wide.append(row)
            elif any(c.strip() for c in record):
                records.append((record + [""] * len(header))[: len(header)])
                rows.append(row)
            row = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(
            "unreadable", "{file}: vanaf rij {row} is de CSV niet te lezen (aanhalingstekens?).", file=label, row=row
        ) from error
    notes = [
        Note(
            "too_wide",
            "Rij {rows}: meer cellen dan kolommen; niet overgenomen.",
            {"rows": row_list(np.array(too_wide))},
        )
    ]
    frame = pd.DataFrame(records, columns=pd.Index(header, dtype="str"), dtype="str")
    return frame.loc[:, ~frame.columns.duplicated()], np.array(rows, dtype=np.int64), notes if too_wide else []


def _decode(content: bytes, label: str) -> str:
    """A byte order mark decides, then UTF-8, then Windows-1252: strictly, nothing is replaced."""
    marks = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
    marked = next((name for mark, name in marks if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise FileRefused("unreadable", "{file}: dit is geen tekstbestand (CSV) dat te lezen is.", file=label)


def _crs_of(a: Floats, b: Floats, degrees: bool, notes: list[Note], columns: str) -> pyproj.CRS:
    """Degrees or RD as the columns are named, unless nearly every row says otherwise; then that is noted."""
    named, other = (WGS84, RD) if degrees else (RD, WGS84)
    bounds = {WGS84: WGS84_BOUNDS, RD: RD_BOUNDS}
    filled = int((np.isfinite(a) & np.isfinite(b)).sum())
    if filled and _inside(a, b, bounds[other]).sum() >= MOSTLY * filled:
        words = {WGS84: "graden (lengte en breedte)", RD: "Rijksdriehoek-meters"}
        notes.append(
            Note("other_crs", "Kolommen {columns} zijn gelezen als {crs}.", {"columns": columns, "crs": words[other]})
        )
        return pyproj.CRS(other)
    return pyproj.CRS(named)


def _inside(a: Floats, b: Floats, bounds: tuple[float, float, float, float]) -> NDArray[np.bool_]:
    west, south, east, north = bounds
    return np.asarray((a >= west) & (a <= east) & (b >= south) & (b <= north))


def _to_rd(a: Floats, b: Floats, crs: pyproj.CRS, notes: list[Note], rows: NDArray[np.int64]) -> tuple[Floats, Floats]:
    transformer = pyproj.Transformer.from_crs(crs, RD, always_xy=True)
    x, y = (np.asarray(v, dtype=float) for v in transformer.transform(a, b))
    sx, sy = (np.asarray(v, dtype=float) for v in transformer.transform(b, a))
    fine = _inside(x, y, RD_BOUNDS)
    empty = ~(np.isfinite(a) & np.isfinite(b))
    swapped = ~fine & ~empty & _inside(sx, sy, RD_BOUNDS)
    for mask, note in (
        (empty, Note("no_place", "Rij {rows}: geen leesbare plaats; niet overgenomen.", {})),
        (swapped, Note("swapped", "Rij {rows}: de twee coördinaten lijken verwisseld; niet overgenomen.", {})),
        (~fine & ~empty & ~swapped, Note("outside", "Rij {rows}: niet in Nederland; niet overgenomen.", {})),
    ):
        if mask.any():
            notes.append(note._replace(fields={"rows": row_list(rows[mask])}))
    return np.where(fine, x, np.nan), np.where(fine, y, np.nan)

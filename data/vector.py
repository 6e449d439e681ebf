"""Opening vector files safely: GeoJSON, GeoPackage and zipped shapefile, and nothing that merely looks like one.

GDAL opens a hundred formats, some of which fetch addresses or read other files (VRT, /vsicurl/, GDALG, WFS). So the
content decides what a file is, GeoJSON is read without GDAL, and GDAL gets only a vetted copy in a folder of our own.
"""

import json
import re
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from data.archive import Members, check_size, open_zip, shown, unpack
from data.gdal import DRIVERS, pyogrio
from data.reasons import FileRefused
from geo.crs import RD, RD_BOUNDS, WGS84

MAX_BYTES: Final = 1 << 30
MAX_JSON_BYTES: Final = 300 << 20  # parsed JSON takes about ten times its size
_ADDRESS = re.compile(r"^[a-z][a-z0-9+.-]+:/|://", re.IGNORECASE)
_CRS_NAMES = (
    re.compile(r"^urn:ogc:def:crs:OGC:[\d.]*:(?P<ogc>CRS84h?)$", re.IGNORECASE),
    re.compile(r"^(?:OGC:)?(?P<ogc>CRS84h?)$", re.IGNORECASE),
    re.compile(r"^urn:ogc:def:crs:EPSG:[\d.]*:(?P<epsg>\d{4,6})$", re.IGNORECASE),
    re.compile(r"^EPSG:(?P<epsg>\d{4,6})$", re.IGNORECASE),
    re.compile(r"^https?://www\.opengis\.net/def/crs/EPSG/[\d.]+/(?P<epsg>\d{4,6})$", re.IGNORECASE),
)
_UNUSED = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
MAX_NAME: Final = 200


class Note(NamedTuple):
    """Something the reader did or noticed: stable code, Dutch template, and what fills it in."""

    code: str
    sentence: str
    fields: dict[str, object]


def read_vector(
    path: Path | str, *, crs: str | None = None, name: str | None = None, layer_hint: str = ""
) -> gpd.GeoDataFrame:
    """All features of a vector file, 2-D, in the CRS the file states.

    crs: what the coordinates are in ("EPSG:28992"), over whatever the file says. name: what the user calls the file,
    for messages. layer_hint: which of several layers is meant: the one whose name holds this text. Geometries that
    cannot be read are None. A GeoJSON member "attribution" is kept in ``attrs``. Raises FileRefused; opens no socket
    and no other file.
    """
    file, label = local_file(path, name=name)
    declared = None if crs is None else parse_crs(crs, label=label)
    match sniff(file):
        case "geojson":
            frame = _read_geojson(file, label)
        case "gpkg":
            with tempfile.TemporaryDirectory(prefix="hotspotkaart-") as folder:
                frame = _read_gpkg(file, Path(folder), layer_hint, label)
        case "zip":
            frame = _read_zip(file, layer_hint, label)
        case _:
            raise FileRefused(
                "unknown_format",
                "{file}: dit is geen GeoJSON, GeoPackage of zip met een shapefile. Alleen die drie worden geopend.",
                file=label,
            )
    return _with_crs(frame, declared, label)


def local_file(path: Path | str, *, name: str | None = None) -> tuple[Path, str]:
    """The path of a regular local file and what to call it; FileRefused for addresses, folders and what is absent."""
    text = str(path)
    label = shown(name or Path(text).name)
    if _ADDRESS.search(text) or text.lower().startswith("/vsi") or "\0" in text:
        raise FileRefused(
            "not_a_file", "{file}: alleen een bestand op deze computer wordt geopend, geen adres.", file=label
        )
    file = Path(text)
    if not file.is_file():
        raise FileRefused("not_a_file", "{file}: dit bestand is er niet, of het is geen gewoon bestand.", file=label)
    if (size := file.stat().st_size) == 0:
        raise FileRefused("empty_file", "{file}: het bestand is leeg.", file=label)
    if size > MAX_BYTES:
        raise FileRefused(
            "too_big",
            "{file}: {mb} MB is meer dan hier wordt geopend ({limit} MB).",
            file=label,
            mb=size >> 20,
            limit=MAX_BYTES >> 20,
        )
    return file, label


def sniff(file: Path) -> str:
    """What the first bytes say: "zip", "gpkg", "geojson" (any JSON object), "xml" or "" (something else)."""
    with file.open("rb") as stream:
        head = stream.read(4096)
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"SQLite format 3\0"):
        return "gpkg" if head[68:72] in (b"GPKG", b"GP10", b"GP11") else ""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "geojson" if start.startswith(b"{") else "xml" if start.startswith(b"<") else ""


def parse_crs(text: str, *, label: str) -> pyproj.CRS:
    """A CRS by its official name; nothing else, for PROJ would open files and parse definitions of any length."""
    for pattern in _CRS_NAMES:
        if found := pattern.match(text.strip()):
            groups = found.groupdict()
            try:
                crs = pyproj.CRS.from_authority("EPSG", groups["epsg"]) if groups.get("epsg") else pyproj.CRS(WGS84)
            except pyproj.exceptions.CRSError:
                break
            if _usable(crs):
                return crs
    raise FileRefused(
        "bad_crs",
        "{file}: het coördinatenstelsel ‘{crs}’ is onbekend. Noem het zelf, bijvoorbeeld --crs EPSG:28992 "
        "(Rijksdriehoek) of --crs EPSG:4326 (lengte en breedte). Op de pagina: bij Coördinaatstelsel.",
        file=label,
        crs=shown(text),
    )


def _read_geojson(file: Path, label: str) -> gpd.GeoDataFrame:
    if file.stat().st_size > MAX_JSON_BYTES:
        raise FileRefused(
            "too_big",
            "{file}: GeoJSON van meer dan {limit} MB wordt niet geopend; lever het aan als GeoPackage.",
            file=label,
            limit=MAX_JSON_BYTES >> 20,
        )
    try:
        content = json.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise FileRefused(
            "unreadable", "{file}: dit is geen geldige GeoJSON (niet volledig, of geen UTF-8).", file=label
        ) from error
    features = [content] if content.get("type") == "Feature" else content.get("features")
    if content.get("type") not in ("Feature", "FeatureCollection") or not isinstance(features, list):
        raise FileRefused(
            "unknown_format", "{file}: dit is wel JSON, maar geen GeoJSON met een lijst van features.", file=label
        )
    if not all(isinstance(f, dict) and isinstance(f.get("properties") or {}, dict) for f in features):
        raise FileRefused("unreadable", "{file}: een van de features is geen GeoJSON-feature.", file=label)
    frame = pd.DataFrame.from_records([_properties(f) for f in features], index=range(len(features)))
    texts = np.array([json.dumps(g) if (g := f.get("geometry")) else None for f in features], dtype=object)
    with np.errstate(all="ignore"):  # 1e999 becomes infinite, and then None
        shapes = shapely.from_geojson(texts, on_invalid="ignore") if len(texts) else texts
    out = gpd.GeoDataFrame(frame, geometry=shapely.force_2d(shapes), crs=_json_crs(content.get("crs"), label))
    if isinstance(source := content.get("attribution"), str):
        out.attrs["attribution"] = _text(source)
    return out


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    cells = {
        str(key): json.dumps(value) if isinstance(value, dict | list) else value
        for key, value in (feature.get("properties") or {}).items()
        if key != "geometry"
    }
    if "id" in feature:
        cells.setdefault("id", feature["id"])
    return cells


def _json_crs(member: Any, label: str) -> pyproj.CRS:
    """RFC 7946: without a (deprecated) crs member it is WGS84. A link is not followed."""
    if member is None:
        return pyproj.CRS(WGS84)
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return parse_crs(name if isinstance(name, str) else json.dumps(member), label=label)


def _read_gpkg(file: Path, folder: Path, layer_hint: str, label: str) -> gpd.GeoDataFrame:
    copy = folder / "kaart.gpkg"  # a copy: journals beside the original are not read, and the original is not locked
    if copy != file:
        shutil.copyfile(file, copy)
    layer = _choose(_gpkg_layers(copy, label), layer_hint, label)
    return _gdal(copy, label, layer=layer)


def _gpkg_layers(file: Path, label: str) -> list[str]:
    """Names of the feature tables. Anything in the schema that could reach beyond the file is refused."""
    try:
        with closing(sqlite3.connect(f"file:{file.as_posix()}?mode=ro&immutable=1", uri=True)) as connection:
            schema = connection.execute("SELECT type, name, coalesce(sql, '') FROM sqlite_master").fetchall()
            layers = connection.execute("SELECT table_name FROM gpkg_contents WHERE data_type = 'features'").fetchall()
    except (sqlite3.Error, ValueError) as error:
        raise FileRefused("unreadable", "{file}: deze GeoPackage is beschadigd.", file=label) from error
    tables = {name for kind, name, _ in schema if kind == "table"}
    for _, name, sql in schema:
        if re.search(r"create\s+virtual\s+table", sql, re.IGNORECASE) and not re.search(
            r"\busing\s+\"?rtree\"?\s*\(", sql, re.IGNORECASE
        ):
            raise FileRefused(
                "unsafe_file",
                "{file}: de GeoPackage bevat een virtuele tabel ({table}); zo’n bestand wordt niet geopend.",
                file=label,
                table=shown(name),
            )
    return [str(name) for (name,) in layers if name in tables]


def _choose(layers: Sequence[str], hint: str, label: str) -> str:
    fitting = [x for x in layers if hint and hint.lower() in x.lower()] or list(layers)
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise FileRefused("no_layer", "{file}: hier zit geen kaartlaag in.", file=label)
    raise FileRefused(
        "many_layers",
        "{file}: hier zitten meer kaartlagen in ({layers}), en niet precies één past bij ‘{hint}’. Lever er één aan.",
        file=label,
        layers=", ".join(shown(x) for x in fitting[:20]),
        hint=hint,
    )


def _read_zip(file: Path, layer_hint: str, label: str) -> gpd.GeoDataFrame:
    with (
        tempfile.TemporaryDirectory(prefix="hotspotkaart-") as folder,
        open_zip(file, label=label) as (archive, members),
    ):
        kinds = [[n for n in members if n.lower().endswith(suffix)] for suffix in (".shp", ".gpkg")]
        if not kinds[0] and kinds[1]:  # CBS also delivers its GeoPackage zipped
            member = members[_choose(kinds[1], layer_hint, label)]
            check_size([member], label=label)
            unpacked = Path(folder) / "kaart.gpkg"
            unpack(archive, member, unpacked)
            if sniff(unpacked) != "gpkg":
                raise FileRefused("unreadable", "{file}: deze GeoPackage is beschadigd.", file=label)
            return _read_gpkg(unpacked, Path(folder), layer_hint, label)
        parts = _shapefile_parts(members, _choose(kinds[0], layer_hint, label), label)
        check_size(parts.values(), label=label)
        for suffix, info in parts.items():
            unpack(archive, info, Path(folder) / f"kaart{suffix}")
        shp, dbf = Path(folder) / "kaart.shp", Path(folder) / "kaart.dbf"
        with shp.open("rb") as stream:
            if stream.read(4) != b"\x00\x00\x27\x0a":
                raise FileRefused("unreadable", "{file}: het .shp-bestand is geen shapefile.", file=label)
        return _gdal(shp, label, encoding=None if ".cpg" in parts else _dbf_encoding(dbf))


def _shapefile_parts(members: Members, shp: str, label: str) -> Members:
    stem = shp[:-4].lower()
    by_name = {name.lower(): info for name, info in members.items()}
    parts = {s: by_name[stem + s] for s in (".shp", ".shx", ".dbf", ".prj", ".cpg") if stem + s in by_name}
    if missing := [s for s in (".shp", ".shx", ".dbf") if s not in parts]:
        raise FileRefused(
            "incomplete_shapefile",
            "{file}: bij {member} ontbreekt {missing}. Zip alle onderdelen van de shapefile samen "
            "(.shp, .shx, .dbf en .prj).",
            file=label,
            member=shown(shp),
            missing=" en ".join(missing),
        )
    return parts


def _dbf_encoding(dbf: Path) -> str | None:
    """Without a .cpg: what the table's own code page byte says (None: GDAL reads it), else UTF-8, else Windows-1252."""
    content = dbf.read_bytes()
    if len(content) > 29 and content[29] not in (0, 0x57):  # 0x57 "ANSI" is what every exporter writes
        return None
    try:
        content[32:].decode("utf-8")
    except UnicodeDecodeError:
        return "CP1252"
    return "UTF-8"


def _gdal(file: Path, label: str, *, layer: str | None = None, encoding: str | None = None) -> gpd.GeoDataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # GDAL's remarks on rings; what matters is checked later
            if pyogrio.read_info(file, layer=layer, encoding=encoding)["driver"] not in DRIVERS:
                raise FileRefused("unreadable", "{file}: het kaartbestand is niet te lezen.", file=label)
            frame = pyogrio.read_dataframe(
                file, layer=layer, encoding=encoding, force_2d=True, on_invalid="ignore", datetime_as_string=True
            )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        raise FileRefused("unreadable", "{file}: het kaartbestand is beschadigd.", file=label) from error
    except (pyproj.exceptions.CRSError, ValueError, UnboundLocalError) as error:  # the last: pyogrio on a garbled CRS
        raise FileRefused("unreadable", "{file}: het kaartbestand is niet te lezen.", file=label) from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise FileRefused("no_layer", "{file}: hier zit geen kaartlaag in.", file=label)
    return frame


def _with_crs(frame: gpd.GeoDataFrame, declared: pyproj.CRS | None, label: str) -> gpd.GeoDataFrame:
    if declared is not None:
        frame = frame.set_crs(declared, allow_override=True)
    crs = frame.crs
    if crs is None or not _usable(crs):
        raise FileRefused(
            "no_crs",
            "{file}: het bestand zegt niet in welk coördinatenstelsel het staat. Zeg het erbij: --crs EPSG:28992 "
            "(Rijksdriehoek, meters) of --crs EPSG:4326 (lengte en breedte, graden). Op de pagina: bij Coördinaatstelsel.",
            file=label,
        )
    if crs.is_geographic and len(frame):
        _check_degrees(frame, label)
    return frame


def _usable(crs: pyproj.CRS) -> bool:
    """Whether it is a map's CRS from which RD can be reached."""
    try:
        pyproj.Transformer.from_crs(crs, RD, always_xy=True)
    except pyproj.exceptions.ProjError:
        return False
    return bool(crs.is_geographic or crs.is_projected)


def _check_degrees(frame: gpd.GeoDataFrame, label: str) -> None:
    xmin, ymin, xmax, ymax = (float(v) for v in frame.total_bounds)
    if not (max(abs(xmin), abs(xmax)) > 180 or max(abs(ymin), abs(ymax)) > 90):
        return
    place = f"{xmax:.0f} {ymax:.0f}"
    west, south, east, north = RD_BOUNDS
    if west <= xmin and xmax <= east and south <= ymin and ymax <= north:
        raise FileRefused(
            "not_degrees",
            "{file}: volgens het bestand zijn dit graden, maar er staat {place}. Dat lijkt op Rijksdriehoek: "
            "geef --crs EPSG:28992 mee. Op de pagina: bij Coördinaatstelsel.",
            file=label,
            place=place,
        )
    raise FileRefused(
        "not_degrees",
        "{file}: volgens het bestand zijn dit graden, maar er staat {place}. Zeg met --crs wat het wel is. Op de pagina: bij Coördinaatstelsel.",
        file=label,
        place=place,
    )


def in_rd(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """The same features in RD metres, on a fresh index; None for what cannot be placed there."""
    out = frame.reset_index(drop=True).to_crs(RD)
    places, owner = shapely.get_coordinates(np.asarray(out.geometry.array, dtype=object), return_index=True)
    lost = np.unique(owner[~np.isfinite(places).all(axis=1)])
    if len(lost):
        out.loc[lost, out.geometry.name] = None
    return out


def texts(column: pd.Series) -> pd.Series:
    """Cells as clean text: no control or direction marks, whole numbers without ".0", "" for missing; MAX_NAME long."""
    cells = [_text(v) for v in column.tolist()]
    return pd.Series(cells, index=column.index, dtype="str")


def stated_attribution(table: pd.DataFrame) -> str:
    """What a file says of its origin: the GeoJSON member, else a column attribution, bron or source; "" for nothing."""
    if member := table.attrs.get("attribution"):
        return str(member)
    by_name = {str(c).lower(): c for c in reversed(table.columns)}
    column = next((by_name[n] for n in ("attribution", "bronvermelding", "bron", "source") if n in by_name), None)
    said = [] if column is None else [t for t in texts(table[column]).unique().tolist() if t]
    return "; ".join(said[:3])


def _text(value: Any) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and not np.isfinite(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(_UNUSED.sub(" ", str(value)).split())[:MAX_NAME]

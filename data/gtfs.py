"""Stops and lines from a GTFS zip, read in pieces: the national feed holds millions of points."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.archive import Members, check_size, open_zip
from data.reasons import FileRefused
from data.transport import mode, one_line
from data.vector import Note, texts
from geo.crs import RD, to_rd, to_wgs84

CHUNK: Final = 200_000
MAX_UNPACKED: Final = 8 << 30  # read in pieces, so disk and memory stay small; this only stops bombs
Bounds = tuple[float, float, float, float]


def is_gtfs(path: Path, *, label: str) -> bool:
    """Whether a zip file holds a GTFS feed."""
    with open_zip(path, label=label) as (_, members):
        return _member(members, "stops.txt") is not None or _member(members, "routes.txt") is not None


def read_stops(
    path: Path, *, label: str, within: shapely.Geometry | None = None
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """Poles and stop areas: id, name, subtype (""), uncertainty_m (0), is_area, parent, point geometry (RD).

    within: keep only what lies in this geometry (RD). Entrances and other nodes are left out.
    """
    kept = []
    placeless = 0
    with open_zip(path, label=label) as (archive, members):
        columns = ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station")
        for chunk in _chunks(archive, members, "stops.txt", columns, label=label, required=4):
            place = chunk[chunk["location_type"].isin(["", "0", "1"])]
            x, y = to_rd(_floats(place["stop_lon"]), _floats(place["stop_lat"]))
            fine = np.isfinite(x) & np.isfinite(y)
            placeless += int((~fine).sum())
            if within is not None:
                fine[fine] = shapely.intersects_xy(within, x[fine], y[fine])
            kept.append(place[fine].assign(x=x[fine], y=y[fine]))
    table = pd.concat(kept, ignore_index=True)
    frame = gpd.GeoDataFrame(
        {
            "id": texts(table["stop_id"]),
            "name": texts(table["stop_name"]),
            "subtype": pd.Series("", index=table.index, dtype="str"),  # stops.txt does not say; stop_times is huge
            "uncertainty_m": np.zeros(len(table)),
            "is_area": table["location_type"] == "1",
            "parent": texts(table["parent_station"]),
        },
        geometry=shapely.points(table["x"].to_numpy(float), table["y"].to_numpy(float)),
        crs=RD,
    )
    return frame, (
        (Note("no_place", "{n} haltes in stops.txt hebben geen leesbare plaats; niet overgenomen.", {"n": placeless}),)
        if placeless
        else ()
    )


def read_routes(
    path: Path, *, label: str, within: shapely.Geometry | None = None
) -> tuple[gpd.GeoDataFrame, tuple[Note, ...]]:
    """One line per route: its longest shape in each direction, together.

    Columns id, name, subtype, uncertainty_m, line ("": routes are not joined by number), geometry (RD). within: keep only routes that come there (RD). Routes without a shape cannot be drawn: counted in a note.
    """
    with open_zip(path, label=label) as (archive, members):
        routes = _routes(archive, members, label)
        touching = None if within is None else _touching(archive, members, within, label)
        trips = _trips(archive, members, touching, label)
        lines = _lines(archive, members, set(trips["shape_id"]), label)
    trips = trips[trips["shape_id"].isin(lines.index)].assign(
        length=lambda t: lines["length"][t["shape_id"]].to_numpy()
    )
    longest = trips.sort_values(["route_id", "direction_id", "length"], kind="stable").drop_duplicates(
        ["route_id", "direction_id"], keep="last"
    )
    rows = []
    for route_id, mine in longest.groupby("route_id", sort=False):
        if route_id in routes.index:
            geometry = one_line(lines["geometry"][mine["shape_id"]].to_numpy())
            if within is None or shapely.intersects(geometry, within):
                rows.append({"id": str(route_id), "geometry": geometry} | routes.loc[route_id].to_dict())
    columns = ["id", "name", "subtype", "uncertainty_m", "line", "geometry"]
    frame = gpd.GeoDataFrame(pd.DataFrame(rows, columns=columns), geometry="geometry", crs=RD)
    undrawn = 0 if within is not None else len(routes) - len(frame)
    return frame, (
        (Note("no_shape", "{n} lijnen hebben in shapes.txt geen route en staan dus niet op de kaart.", {"n": undrawn}),)
        if undrawn
        else ()
    )


def _member(members: Members, name: str) -> zipfile.ZipInfo | None:
    """A table of the feed, also when the feed sits in a folder of the zip."""
    found = [info for member, info in members.items() if member == name or member.endswith("/" + name)]
    return min(found, key=lambda i: len(i.filename)) if found else None


def _chunks(
    archive: zipfile.ZipFile,
    members: Members,
    name: str,
    columns: tuple[str, ...],
    *,
    label: str,
    required: int,
    numbers: tuple[str, ...] = (),
) -> Iterator[pd.DataFrame]:
    """The columns asked for, in pieces; the first ``required`` must be there, others are "" when absent.

    Cells are text, those in ``numbers`` float64 (NaN when empty): five times as fast, for tables of millions of rows.
    """
    info = _member(members, name)
    if info is None:
        raise FileRefused(
            "gtfs_missing",
            "{file}: in deze GTFS-zip ontbreekt {table}. Voor haltes is stops.txt nodig; voor lijnen routes.txt, trips.txt "
            "en shapes.txt.",
            file=label,
            table=name,
        )
    check_size([info], label=label, limit=MAX_UNPACKED)
    try:
        with archive.open(info) as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as stream:
            present = [c.strip() for c in next(csv.reader([stream.readline()]), [])]
            if missing := [c for c in columns[:required] if c not in present]:
                raise FileRefused(
                    "gtfs_columns",
                    "{file}: in {table} ontbreekt kolom {missing}.",
                    file=label,
                    table=name,
                    missing=", ".join(missing),
                )
            for piece in pd.read_csv(
                stream,
                header=None,
                names=present,
                index_col=False,
                usecols=[c for c in columns if c in present],
                dtype=dict.fromkeys(columns, "str") | dict.fromkeys(numbers, "float64"),
                keep_default_na=False,
                na_values={column: [""] for column in numbers},
                chunksize=CHUNK,
                skipinitialspace=True,
            ):
                yield piece.reindex(columns=list(columns), fill_value="")
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError, csv.Error) as error:
        raise FileRefused("unreadable", "{file}: {table} is leeg of niet te lezen.", file=label, table=name) from error


def _floats(cells: pd.Series) -> NDArray[np.float64]:
    return np.asarray(pd.to_numeric(cells, errors="coerce"), dtype=float)


def _routes(archive: zipfile.ZipFile, members: Members, label: str) -> pd.DataFrame:
    columns = ("route_id", "route_type", "route_short_name", "route_long_name")
    pieces = _chunks(archive, members, "routes.txt", columns, label=label, required=2)
    table = pd.concat(pieces, ignore_index=True).drop_duplicates("route_id")
    name = texts(table["route_short_name"] + " " + table["route_long_name"])
    return pd.DataFrame(
        {
            "name": name.where(name != "", texts(table["route_id"])).to_numpy(),
            "subtype": table["route_type"].map(mode).to_numpy(),
            "uncertainty_m": 0.0,
            "line": "",
        },
        index=pd.Index(table["route_id"]),
    )


def _shape_points(archive: zipfile.ZipFile, members: Members, label: str) -> Iterator[pd.DataFrame]:
    numbers = ("shape_pt_lat", "shape_pt_lon", "shape_pt_sequence")
    short = {"shape_pt_lat": "lat", "shape_pt_lon": "lon", "shape_pt_sequence": "sequence"}
    columns = ("shape_id", *numbers)
    for chunk in _chunks(archive, members, "shapes.txt", columns, label=label, required=4, numbers=numbers):
        yield chunk.rename(columns=short).dropna()


def _touching(archive: zipfile.ZipFile, members: Members, within: shapely.Geometry, label: str) -> set[str]:
    """Shapes with a point in the box around ``within``, a kilometre wider: a line may pass between two points."""
    xmin, ymin, xmax, ymax = shapely.bounds(within) + np.array([-1000, -1000, 1000, 1000])
    lon, lat = to_wgs84([xmin, xmin, xmax, xmax], [ymin, ymax, ymin, ymax])
    found: set[str] = set()
    for points in _shape_points(archive, members, label):
        inside = points["lon"].between(lon.min(), lon.max()) & points["lat"].between(lat.min(), lat.max())
        found |= set(points.loc[inside, "shape_id"])
    return found


def _trips(archive: zipfile.ZipFile, members: Members, shapes: set[str] | None, label: str) -> pd.DataFrame:
    """Which shapes each route has, by direction; each combination once."""
    columns = ("route_id", "shape_id", "direction_id")
    kept = [pd.DataFrame(columns=list(columns), dtype="str")]
    for chunk in _chunks(archive, members, "trips.txt", columns, label=label, required=2):
        used = chunk["shape_id"] != "" if shapes is None else chunk["shape_id"].isin(shapes)
        kept.append(chunk[used].drop_duplicates())
    return pd.concat(kept, ignore_index=True).drop_duplicates(ignore_index=True)


def _lines(archive: zipfile.ZipFile, members: Members, wanted: set[str], label: str) -> pd.DataFrame:
    """Columns geometry (RD line) and length (m) by shape_id, of the shapes wanted that have two points or more."""
    kept = [p[p["shape_id"].isin(wanted)] for p in _shape_points(archive, members, label)]
    points = pd.concat(kept, ignore_index=True)
    points = points.sort_values(["shape_id", "sequence"], kind="stable", ignore_index=True)
    x, y = to_rd(points["lon"].to_numpy(), points["lat"].to_numpy())
    fine = np.isfinite(x) & np.isfinite(y)
    number, names = pd.factorize(points["shape_id"][fine])
    x, y = x[fine], y[fine]
    enough = np.bincount(number, minlength=len(names))[number] >= 2
    left, label_of = np.unique(number[enough], return_inverse=True)
    if len(left) == 0:
        return pd.DataFrame({"geometry": [], "length": []}, index=pd.Index([], dtype="str"))
    shapes = shapely.linestrings(np.column_stack([x, y])[enough], indices=label_of)
    return pd.DataFrame({"geometry": shapes, "length": shapely.length(shapes)}, index=pd.Index(names[left]))

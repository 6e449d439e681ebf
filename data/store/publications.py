"""Publications in the store: the ledger, the frozen cells and hotspots, and every map that was handed out."""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely
from sqlalchemy import Connection, delete, func, insert, select

from data.store.tables import (
    exports,
    imports,
    published_cells,
    published_counts,
    published_hotspots,
    published_past,
    published_places,
    published_quarters,
    published_versions,
    reports,
)
from geo import ledger
from geo.crs import RD
from geo.publish import Cell, Release, Why
from geo.publish_past import Past


@dataclass(frozen=True, kw_only=True, slots=True)
class Version:
    """One freeze. areas: hash of the boundaries."""

    version: int
    frozen_at: datetime  # UTC
    k: int
    areas: str
    n_shown: int
    n_new: int
    n_revised: int


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A published hotspot of one window (start: quarter number). geometry: union of grid cells, RD."""

    start: int
    quarters: int
    id: str
    rank: int
    shown: int
    buurt: str
    wijk: str
    wijk_code: str
    parts_of_day: tuple[tuple[str, int], ...]
    geometry: shapely.Geometry


@dataclass(frozen=True, kw_only=True)
class Published:
    """Everything that was published, with exact counts: only ``release.shown`` and ``spots`` may be shown.

    quarters: number -> the version it was frozen in. ledger: geo.ledger.COLUMNS and version. past: what earlier versions
    told of cells that were revised since.
    """

    version: Version | None
    places: dict[str, str]
    quarters: dict[int, int]
    ledger: pd.DataFrame
    release: Release
    spots: tuple[Spot, ...]
    past: Past = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Export:
    """A map that was handed out. figures: what it showed, JSON-ready."""

    id: str
    sha256: str
    made_on: date
    made_by: str
    first_day: date
    last_day: date
    area: str
    purpose: str
    recipient: str
    k: int
    figures: dict[str, Any]


class Overtaken(Exception):
    """Somebody else froze in the meantime: what was worked out does not hold any more."""


def read(connection: Connection) -> Published:
    """What was published; empty with version None when nothing was."""
    row = connection.execute(select(published_versions).order_by(published_versions.c.version.desc()).limit(1)).first()
    version = Version(**dict(row._mapping)) if row is not None else None
    rows = connection.execute(select(published_counts)).all()
    columns = {**ledger.COLUMNS, "version": "int64"}
    counted = pd.DataFrame([tuple(r) for r in rows], columns=list(columns)).astype(columns)
    shown: dict[Cell, int] = {}
    hidden: dict[Cell, Why] = {}
    for r in connection.execute(select(published_cells)):
        cell = Cell(r.place, r.start, r.quarters, r.part)
        if r.shown is None:
            hidden[cell] = Why(r.why)
        else:
            shown[cell] = int(r.shown)
    return Published(
        version=version,
        places={r.place: r.parent for r in connection.execute(select(published_places))},
        quarters={r.quarter: r.version for r in connection.execute(select(published_quarters))},
        ledger=counted,
        release=Release(k=version.k if version else 0, shown=shown, hidden=hidden),
        spots=_spots(connection),
        past={
            (Cell(r.place, r.start, r.quarters, r.part), r.version): Why(r.why) if r.shown is None else int(r.shown)
            for r in connection.execute(select(published_past))
        },
    )


def latest(connection: Connection) -> int:
    """The number of the last freeze; 0 when there was none."""
    return int(connection.scalar(select(func.max(published_versions.c.version))) or 0)


def versions(connection: Connection) -> list[Version]:
    """Every freeze, newest first."""
    rows = connection.execute(select(published_versions).order_by(published_versions.c.version.desc()))
    return [Version(**dict(row._mapping)) for row in rows]


def keep(connection: Connection, made: Published, *, after: int) -> None:
    """Put a publication in the place of the one before, version ``after``. Raises Overtaken when that is not the last."""
    if made.version is None or latest(connection) != after:
        raise Overtaken
    number = made.version.version
    before = read(connection)
    values = {name: getattr(made.version, name) for name in Version.__slots__}
    connection.execute(insert(published_versions), values)
    _replace(connection, published_places, [{"place": p, "parent": q} for p, q in sorted(made.places.items())])
    _replace(connection, published_quarters, [{"quarter": q, "version": v} for q, v in sorted(made.quarters.items())])
    counted = made.ledger.rename(columns={"group": "category_group"})
    _replace(connection, published_counts, counted.to_dict("records"))
    since = _since(connection)
    rows = []
    for cell in (*made.release.shown, *made.release.hidden):
        same = _told(made.release, cell) == _told(before.release, cell)
        shown, why = _told(made.release, cell)
        rows.append(
            {**cell._asdict(), "shown": shown, "why": why, "version": since.get(cell, number) if same else number}
        )
    _replace(connection, published_cells, rows)
    _replace(connection, published_past, [_past_row(*key, what) for key, what in made.past.items()])
    was = {(r.start, r.quarters, r.id): r.version for r in connection.execute(select(published_hotspots))}
    spots = [_spot_row(spot, was.get((spot.start, spot.quarters, spot.id), number)) for spot in made.spots]
    _replace(connection, published_hotspots, spots)


def arrivals(connection: Connection) -> pd.Series:
    """When the present version of each report came in (datetime64, UTC), by the store's key."""
    query = select(reports.c.key, imports.c.imported_at).join(imports, reports.c.import_id == imports.c.id)
    rows = connection.execute(query).all()
    at = pd.to_datetime(pd.Series([r[1] for r in rows], dtype=object))
    return pd.Series(at.to_numpy(), index=pd.Index([int(r[0]) for r in rows], dtype="int64"))


def add_export(connection: Connection, made: Export) -> None:
    """Keep a map that is handed out. The same one again is kept once."""
    if connection.scalar(select(exports.c.id).where(exports.c.id == made.id)) is None:
        values = {name: getattr(made, name) for name in made.__dataclass_fields__}
        values["figures"] = json.dumps(made.figures, sort_keys=True, ensure_ascii=False)
        connection.execute(insert(exports), values)


def read_exports(connection: Connection) -> tuple[Export, ...]:
    """Every map that was handed out, oldest first."""
    rows = connection.execute(select(exports).order_by(exports.c.made_on, exports.c.id))
    return tuple(Export(**{**dict(row._mapping), "figures": json.loads(row.figures)}) for row in rows)


def frame(spots: list[Spot]) -> gpd.GeoDataFrame:
    """hotspot_id and geometry (RD) of hotspots."""
    return gpd.GeoDataFrame({"hotspot_id": [s.id for s in spots]}, geometry=[s.geometry for s in spots], crs=RD)


def now() -> datetime:
    """The present moment, UTC, as the store keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)


def _past_row(cell: Cell, version: int, what: int | Why) -> dict[str, Any]:
    hidden = isinstance(what, Why)
    return {**cell._asdict(), "version": version, "shown": None if hidden else what, "why": str(what) if hidden else ""}


def _told(release: Release, cell: Cell) -> tuple[int | None, str]:
    why = release.hidden.get(cell)
    return release.shown.get(cell), why.value if why else ""


def _since(connection: Connection) -> dict[Cell, int]:
    return {Cell(r.place, r.start, r.quarters, r.part): r.version for r in connection.execute(select(published_cells))}


def _replace(connection: Connection, table: Any, rows: list[Any]) -> None:
    connection.execute(delete(table))
    if rows:
        connection.execute(insert(table), rows)


def _spots(connection: Connection) -> tuple[Spot, ...]:
    c = published_hotspots.c
    rows = connection.execute(select(published_hotspots).order_by(c.start, c.quarters, c.rank))
    return tuple(
        Spot(
            start=r.start,
            quarters=r.quarters,
            id=r.id,
            rank=r.rank,
            shown=r.shown,
            buurt=r.buurt,
            wijk=r.wijk,
            wijk_code=r.wijk_code,
            parts_of_day=tuple((str(name), int(n)) for name, n in json.loads(r.parts_of_day)),
            geometry=shapely.from_wkb(r.geometry),
        )
        for r in rows
    )


def _spot_row(spot: Spot, version: int) -> dict[str, Any]:
    values = {name: getattr(spot, name) for name in spot.__dataclass_fields__}
    values["parts_of_day"] = json.dumps(spot.parts_of_day)
    values["geometry"] = shapely.to_wkb(spot.geometry)
    return {**values, "version": version}

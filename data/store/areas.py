"""Areas in the store: gemeente, wijken and buurten with their outlines."""

from typing import Final

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, delete, select

from data.store import bulk, shapes, tables

LEVELS: Final = ("gemeente", "wijk", "buurt")

COLUMNS: Final = {
    "code": "str",
    "level": "str",
    "name": "str",
    "wijk_code": "str",
    "gemeente_code": "str",
    "inhabitants": "float64",  # NaN: unknown
    "water": "bool",
}


def replace(connection: Connection, level: str, frame: gpd.GeoDataFrame, *, attribution: str) -> None:
    """Put these areas in the place of all of their level. Raises ValueError for a frame that breaks the contract."""
    if level not in LEVELS:
        raise ValueError(f"level {level!r}: must be one of {', '.join(LEVELS)}")
    columns = shapes.to_columns(frame.assign(level=level), COLUMNS)
    if double := frame.loc[frame["code"].duplicated(), "code"].tolist():
        raise ValueError(f"{level} {double[0]!r} twice")
    connection.execute(delete(tables.areas).where(tables.areas.c.level == level))
    bulk.insert(connection, tables.areas, columns)
    shapes.set_attribution(connection, f"areas:{level}", attribution)


def read(connection: Connection, level: str) -> gpd.GeoDataFrame:
    """The areas of a level in the order given (CONTRIBUTING, "Tables"), RD; no rows when there are none."""
    table = tables.areas
    query = (
        select(*(table.c[name] for name in COLUMNS), table.c.geometry)
        .where(table.c.level == level)
        .order_by(table.c.position)
    )
    columns = bulk.fetch(connection, query)
    return shapes.to_frame(columns, COLUMNS, attribution=shapes.attribution(connection, f"areas:{level}"))


def municipality(connection: Connection) -> BaseGeometry | None:
    """The union (RD) of the gemeente, else of all buurten, else of all wijken; None without areas."""
    for level in ("gemeente", "buurt", "wijk"):
        frame = read(connection, level)
        if len(frame):
            union: BaseGeometry = shapely.union_all(frame.geometry.to_numpy())
            return union
    return None

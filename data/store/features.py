"""Features in the store: what is drawn and measured beside the reports, such as schools and stops."""

from typing import Final

import geopandas as gpd
from sqlalchemy import Connection, delete, select

from data.store import bulk, shapes, tables

KINDS: Final = ("schools", "stops", "routes", "water", "railway", "streets")

COLUMNS: Final = {"id": "str", "name": "str", "subtype": "str", "uncertainty_m": "float64"}


def replace(connection: Connection, kind: str, frame: gpd.GeoDataFrame, *, attribution: str) -> None:
    """Put these features in the place of all of their kind. Raises ValueError for a frame that breaks the contract."""
    _check(kind)
    columns = shapes.to_columns(frame, COLUMNS)
    connection.execute(delete(tables.features).where(tables.features.c.kind == kind))
    bulk.insert(connection, tables.features, columns | {"kind": [kind] * len(frame)})
    shapes.set_attribution(connection, f"features:{kind}", attribution)


def read(connection: Connection, kind: str) -> gpd.GeoDataFrame:
    """The features of a kind in the order given (CONTRIBUTING, "Tables"), RD; no rows when there are none."""
    _check(kind)
    table = tables.features
    query = (
        select(*(table.c[name] for name in COLUMNS), table.c.geometry)
        .where(table.c.kind == kind)
        .order_by(table.c.position)
    )
    columns = bulk.fetch(connection, query)
    return shapes.to_frame(columns, COLUMNS, attribution=shapes.attribution(connection, f"features:{kind}"))


def _check(kind: str) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r}: must be one of {', '.join(KINDS)}")

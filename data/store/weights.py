"""Weights in the store: what a user counted per buurt, and how many people board at each stop."""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, delete, select

from data.store import bulk, shapes, tables
from data.weights import Weight

BUURT: Final = "buurt"
STOPS: Final = "stops"
BOARDINGS: Final = "boardings"  # optional column of stops: people a day, NaN unknown; its unit in attrs


def replace(connection: Connection, weight: Weight) -> None:
    """Put this weight in the place of the one of the same name."""
    _replace(connection, BUURT, weight.name, weight.values, unit=weight.unit)
    shapes.set_attribution(connection, f"weight:{weight.name}", weight.source)


def remove(connection: Connection, name: str) -> bool:
    """Forget a weight; whether there was one."""
    connection.execute(delete(tables.datasets).where(tables.datasets.c.name == f"weight:{name}"))
    gone = connection.execute(delete(tables.weights).where(*_is(BUURT, name)))
    return gone.rowcount > 0


def read(connection: Connection) -> tuple[Weight, ...]:
    """Every weight, by name."""
    table = tables.weights
    query = select(table.c.name, table.c.unit, table.c.code, table.c.value).where(table.c.subject == BUURT)
    columns = bulk.fetch(connection, query.order_by(table.c.name, table.c.code))
    frame = pd.DataFrame(columns)
    return tuple(
        Weight(
            name=str(name),
            unit=str(rows["unit"].iloc[0]),
            source=shapes.attribution(connection, f"weight:{name}"),
            values=pd.Series(rows["value"].to_numpy(float), index=pd.Index(rows["code"], dtype="str")),
        )
        for name, rows in frame.groupby("name", sort=True)
    )


def replace_boardings(connection: Connection, stops: gpd.GeoDataFrame) -> None:
    """Boardings of these stops, in the place of all that were known: they belong to the stops that went."""
    values = pd.Series(dtype="float64")
    if BOARDINGS in stops.columns:
        values = pd.Series(stops[BOARDINGS].to_numpy(float), index=stops["id"].to_numpy()).dropna()
    _replace(connection, STOPS, BOARDINGS, values, unit=str(stops.attrs.get(BOARDINGS, "")))


def boardings(connection: Connection) -> pd.Series:
    """Boardings a day by stop id (float64), without the stops of which it is unknown; ``attrs["unit"]``."""
    table = tables.weights
    query = select(table.c.code, table.c.value, table.c.unit).where(*_is(STOPS, BOARDINGS)).order_by(table.c.code)
    columns = bulk.fetch(connection, query)
    found = pd.Series(np.array(columns["value"], dtype=float), index=pd.Index(columns["code"], dtype="str"))
    found.attrs["unit"] = columns["unit"][0] if columns["unit"] else ""
    return found


def _replace(connection: Connection, subject: str, name: str, values: pd.Series, *, unit: str) -> None:
    connection.execute(delete(tables.weights).where(*_is(subject, name)))
    n = len(values)
    columns = {"subject": [subject] * n, "name": [name] * n, "unit": [unit] * n}
    bulk.insert(connection, tables.weights, columns | {"code": values.index.tolist(), "value": values.tolist()})


def _is(subject: str, name: str) -> tuple[ColumnElement[bool], ...]:
    return tables.weights.c.subject == subject, tables.weights.c.name == name

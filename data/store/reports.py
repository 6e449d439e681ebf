"""Reading reports out of the store: current versions, as the table of ``geo.report``."""

from datetime import date
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Select, func, select

from data.store import bulk
from data.store.errors import Damaged
from data.store.tables import reports, withdrawals
from geo import report

# How each column of geo.report travels to the database, see bulk.cells.
CELL_TYPES: Final = dict.fromkeys(report.COLUMNS, "str") | {
    "x": "float",
    "y": "float",
    "uncertainty_m": "float",
    "event_date": "date",
    "event_minute": "int",
    "event_until": "datetime",
    "reported_at": "datetime",
}


def read(connection: Connection, *, start: date | None = None, end: date | None = None) -> pd.DataFrame:
    """Current reports (geo.report.COLUMNS) indexed by "key" (int64), by key; both days inclusive, None unbounded."""
    query: Select[Any] = select(reports.c.key, *(reports.c[name] for name in report.COLUMNS)).order_by(reports.c.key)
    if start is not None:
        query = query.where(reports.c.event_date >= start)
    if end is not None:
        query = query.where(reports.c.event_date <= end)
    numbers = {name: dtype for name, dtype in report.COLUMNS.items() if dtype == "float64"}
    columns = bulk.fetch(connection, query, numbers=numbers | {"key": "int64"})
    index = pd.Index(columns.pop("key"), dtype="int64", name="key")
    frame = pd.DataFrame({name: bulk.series(columns.pop(name), dtype) for name, dtype in report.COLUMNS.items()})
    return frame.set_axis(index, axis="index")


def empty() -> pd.DataFrame:
    """No reports, shaped as ``read`` gives them."""
    return report.empty().set_axis(pd.Index([], dtype="int64", name="key"), axis="index")


def any_begins(connection: Connection, prefix: str) -> bool:
    """Whether any current report's source_id begins so."""
    query = select(reports.c.key).where(reports.c.source_id.startswith(prefix, autoescape=True)).limit(1)
    return connection.scalar(query) is not None


def known(connection: Connection, source: str) -> pd.DataFrame:
    """key, source_id and content_hash of a source's current reports. Raises Damaged when an id stands there twice."""
    columns = bulk.fetch(
        connection,
        select(reports.c.key, reports.c.source_id, reports.c.content_hash).where(reports.c.source == source),
    )
    found = pd.DataFrame(
        {
            "key": pd.Series(columns["key"], dtype="int64"),
            "source_id": pd.Series(columns["source_id"], dtype="str"),
            "content_hash": pd.Series(columns["content_hash"], dtype="str"),
        }
    )
    if found["source_id"].duplicated().any():  # the index that forbids it was changed on the disk
        raise Damaged("an id twice")
    return found


def withdrawn_ids(connection: Connection, source: str) -> set[str]:
    """The ids of a source that were withdrawn, whether or not their report ever came."""
    return set(connection.scalars(select(withdrawals.c.source_id).where(withdrawals.c.source == source)))


def withdrawals_of(connection: Connection) -> pd.DataFrame:
    """source, source_id, reason (str) and withdrawn_on (date) of every tombstone, by source and id."""
    names = ("source", "source_id", "reason", "withdrawn_on")
    query = select(*(withdrawals.c[name] for name in names)).order_by(withdrawals.c.source, withdrawals.c.source_id)
    return pd.DataFrame(connection.execute(query).all(), columns=list(names))


def shared_coordinates(connection: Connection) -> pd.DataFrame:
    """x, y (RD metres) and n of every coordinate that two or more current reports bear."""
    n = func.count().label("n")
    query = (
        select(reports.c.x, reports.c.y, n)
        .where(reports.c.x.is_not(None), reports.c.y.is_not(None))
        .group_by(reports.c.x, reports.c.y)
        .having(n >= 2)
        .order_by(reports.c.x, reports.c.y)
    )
    columns = bulk.fetch(connection, query)
    dtypes = {"x": "float64", "y": "float64", "n": "int64"}
    return pd.DataFrame({name: bulk.series(columns[name], dtype) for name, dtype in dtypes.items()})

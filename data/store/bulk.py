"""Many rows at once, by column, past SQLAlchemy's per-row work: a million reports are seconds, not minutes."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, Table

_CHUNK: Final = 500  # rows: measured three times as fast as 50,000, for the processor keeps it close

Values = Sequence[Any]


def insert(connection: Connection, table: Table, columns: Mapping[str, Values]) -> None:
    """Insert equally long columns of driver-ready values (see ``cells``) into a table."""
    names = ", ".join(f'"{name}"' for name in columns)
    rows = zip(*columns.values(), strict=True)
    if connection.dialect.name == "postgresql":
        with (
            _driver(connection).cursor() as cursor,
            cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join("?" * len(columns))
    _driver(connection).executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608 (names come from tables.py)


def run(connection: Connection, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Run one statement for every row; ``?`` marks the row's values."""
    if connection.dialect.name == "postgresql":
        with _driver(connection).cursor() as cursor:
            cursor.executemany(sql.replace("?", "%s"), rows)
    else:
        _driver(connection).executemany(sql, rows)


def fetch(connection: Connection, query: Select[Any]) -> dict[str, list[Any]]:
    """A query's columns as lists of the driver's own values, in chunks to keep the peak of memory low."""
    result = connection.execute(query)  # never with stream_results: then some rows are no longer in the cursor
    columns: dict[str, list[Any]] = {name: [] for name in result.keys()}  # noqa: SIM118 (a Result is no dict)
    cursor = result.cursor
    assert cursor is not None
    while chunk := cursor.fetchmany(_CHUNK):
        for column, values in zip(columns.values(), zip(*chunk, strict=True), strict=True):
            column.extend(values)
    result.close()
    return columns


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def cells(series: pd.Series, dtype: str) -> list[Any]:
    """A column as values both drivers take: missing numbers and dates None, missing text "", dates ISO text."""
    if dtype == "str":
        return list(series.astype("str").fillna("").tolist())
    missing = series.isna().to_numpy()
    values: NDArray[Any]
    if dtype == "date":
        values = np.datetime_as_string(series.to_numpy("datetime64[D]"), unit="D").astype(object)
    elif dtype == "datetime":
        texts = np.datetime_as_string(series.to_numpy("datetime64[s]"), unit="s")
        values = np.char.replace(texts, "T", " ").astype(object)
    elif dtype == "int":
        values = series.fillna(0).round().to_numpy("int64").astype(object)
    else:
        values = series.to_numpy("float64").astype(object)
    values[missing] = None
    return list(values.tolist())


def series(values: list[Any], dtype: str) -> pd.Series:
    """A fetched column with a dtype of the report table. Repeated text becomes one object, which saves most memory."""
    if dtype == "str":
        one: dict[str, str] = {}
        return pd.Series([one.setdefault(value, value) for value in values], dtype="str")
    if dtype.startswith("datetime64"):
        return pd.Series(np.array(values, dtype="datetime64[s]"))
    return pd.Series(np.array(values, dtype=dtype))

"""Many rows at once, by column, past SQLAlchemy's per-row work: a million reports are seconds, not minutes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, Table, func, select

_MANY: Final = 20_000  # rows from which building an index anew can pay
_CHUNK: Final = 500  # rows: measured three times as fast as 50,000, for the processor keeps it close

Values = Sequence[Any]


def insert(connection: Connection, table: Table, columns: Mapping[str, Values]) -> None:
    """Insert equally long columns of driver-ready values (see ``cells``) into a table."""
    names = ", ".join(f'"{name}"' for name in columns)
    if connection.dialect.name == "postgresql":
        with (
            _driver(connection).cursor() as cursor,
            cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy,
        ):
            for row in zip(*columns.values(), strict=True):
                copy.write_row(row)
        return
    _, *others = columns  # one column at least is bound, for there are as many rows as it has values
    literals = {name: literal for name in others if (literal := _literal(columns[name]))}
    marks = ", ".join(literals.get(name, "?") for name in columns)
    rows = zip(*(values for name, values in columns.items() if name not in literals), strict=True)
    _driver(connection).executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608 (names come from tables.py, literals are numbers and nothings)


def _literal(values: Values) -> str:
    """How SQL writes the one number or nothing that a whole column holds; "" when it holds other things."""
    if len(values) == 0:
        return ""
    one = values[0]
    if one is not None and one != "" and type(one) is not int:
        return ""
    if values[-1] != one or any(value != one for value in values):
        return ""
    return "NULL" if one is None else repr(one)


@contextmanager
def indexed_afterwards(connection: Connection, table: Table, *, n_new: int) -> Iterator[None]:
    """Have a table's indexes built after many rows came in, which is quicker than at every row, on SQLite.

    In the transaction, so nobody sees the table without them and nothing that fails loses them. Indexes that keep rows
    unique stay.
    """
    n_old = 0 if n_new < _MANY else int(connection.scalar(select(func.count()).select_from(table)) or 0)
    if connection.dialect.name != "sqlite" or n_new < max(_MANY, n_old):
        yield
        return
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


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
    if missing.all():
        return [None] * len(series)
    values: NDArray[Any]
    if dtype in ("date", "datetime"):
        unit: Final = "D" if dtype == "date" else "s"
        codes, moments = pd.factorize(series.to_numpy(f"datetime64[{unit}]"), use_na_sentinel=False)
        texts = np.datetime_as_string(np.asarray(moments, dtype=f"datetime64[{unit}]"), unit=unit)
        values = np.char.replace(texts, "T", " ").astype(object)[codes]
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

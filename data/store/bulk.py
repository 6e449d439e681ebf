"""Many rows at once, by column, past SQLAlchemy's per-row work: a million reports are seconds, not minutes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, Table, func, select

from data.store.errors import Damaged

_MANY: Final = 20_000  # rows from which building an index anew can pay
_PACKED: Final = 100  # chunks of which the numbers are packed together
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
    _driver(connection).executemany(f'INSERT INTO "{table.name}" ({names}) VALUES ({marks})', rows)  # noqa: S608  # nosec B608  # names come from tables.py, literals are numbers and nothings


def _literal(values: Values) -> str:
    """How SQL writes the one number or nothing that a whole column holds; "" when it holds other things."""
    if len(values) == 0:
        return ""
    one = values[0]
    if one is not None and one != "" and type(one) is not int:
        return ""
    if values[-1] != one or list(values).count(one) < len(values):
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


def fetch(
    connection: Connection, query: Select[Any], *, numbers: Mapping[str, str] | None = None
) -> dict[str, list[Any]]:
    """A query's columns as lists of the driver's own values, in chunks to keep the peak of memory low.

    numbers: dtypes of columns that come as arrays instead, in a quarter of the room; a missing one as NaN.
    """
    result = connection.execute(query)  # never with stream_results: then some rows are no longer in the cursor
    columns: dict[str, list[Any]] = {name: [] for name in result.keys()}  # noqa: SIM118 (a Result is no dict)
    cursor = result.cursor
    assert cursor is not None
    packed: dict[str, list[NDArray[Any]]] = {name: [] for name in numbers or {}}
    n = 0
    while chunk := cursor.fetchmany(_CHUNK):
        for column, values in zip(columns.values(), zip(*chunk, strict=True), strict=True):
            column.extend(values)
        n += 1
        if n % _PACKED == 0:
            _pack(columns, packed, numbers or {})
    _pack(columns, packed, numbers or {})
    result.close()
    arrays: dict[str, Any] = {name: np.concatenate(parts) for name, parts in packed.items()}
    return columns | arrays


def _pack(columns: dict[str, list[Any]], packed: dict[str, list[NDArray[Any]]], numbers: Mapping[str, str]) -> None:
    """Move what was fetched of the columns of numbers into arrays."""
    for name, dtype in numbers.items():
        packed[name].append(_numbers(columns[name], dtype))
        columns[name].clear()


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


def series(values: Values | NDArray[Any], dtype: str) -> pd.Series:
    """A fetched column with a dtype of the report table. Repeated text becomes one object, which saves most memory."""
    if dtype == "str":
        return pd.Series(_shared(values), dtype="str")
    if dtype.startswith("datetime64"):
        texts = np.empty(len(values), dtype=object)
        texts[:] = values
        codes, distinct = pd.factorize(texts)  # a missing one is number -1
        moments = np.append(_numbers(distinct, "datetime64[s]"), np.datetime64("NaT", "s"))
        return pd.Series(moments[codes])
    return pd.Series(_numbers(values, dtype))


def _numbers(values: Any, dtype: str) -> NDArray[Any]:
    """Stored numbers or moments as an array. Raises Damaged for what is neither."""
    try:
        return np.asarray(values, dtype=dtype)
    except (ValueError, TypeError) as error:
        raise Damaged(f"no {dtype}") from error


def _shared(values: Values | NDArray[Any]) -> Values | NDArray[Any]:
    """The same texts, equal ones as one object, unless the first ones are nearly all different."""
    if len(set(values[:_CHUNK])) > _CHUNK // 2:
        return values
    one: dict[str, str] = {}
    return list(map(one.setdefault, values, values))

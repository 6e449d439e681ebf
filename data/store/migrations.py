"""The schema's version: a new store is made at the latest, an older one is brought there step by step.

To change the schema: change tables.py, raise LATEST, add a step to UPGRADES that takes a store from the version
before, and keep a copy of the old schema in the tests.
"""

import uuid
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, Engine, Table, insert, inspect, select, text

from data.store import tables
from data.store.engine import explained, reading, shown, use_wal, writing
from data.store.errors import store_error

LATEST: Final = 9

UPGRADES: Final[dict[int, Callable[[Connection], None]]] = {
    2: tables.decisions.create,
    3: tables.weights.create,
    4: tables.calendar.create,
    5: lambda connection: tables.metadata.create_all(connection, tables=tables.PUBLICATION),
    6: lambda connection: tables.metadata.create_all(connection, tables=[tables.quarantine_rows, tables.dataset_dates]),
    7: lambda connection: tables.metadata.create_all(connection, tables=tables.SAVED),
    8: lambda connection: _add_column(connection, "event_until", tables.reports, tables.report_history),
    9: lambda connection: tables.metadata.create_all(connection, tables=[tables.published_past]),
}
"""Version -> the step that makes it out of the version before."""


def _add_column(connection: Connection, name: str, *those: Table) -> None:
    """Give tables a column that tables.py has in them and that may be empty."""
    for table in those:
        if name not in {column["name"] for column in inspect(connection).get_columns(table.name)}:
            kind = table.c[name].type.compile(connection.dialect)
            connection.execute(text(f'ALTER TABLE "{table.name}" ADD COLUMN "{name}" {kind}'))


def prepare(engine: Engine, *, timeout_s: float) -> None:
    """Make or upgrade the schema. Safe when several processes do so at once; a file that is not ours stays untouched.

    Raises StoreError for a newer store, somebody else's database, or one that cannot be written.
    """
    with reading(engine) as connection:
        version = _version(connection)
    if engine.dialect.name == "sqlite":
        with explained(engine):
            use_wal(engine, timeout_s=timeout_s)
    while version < LATEST:
        with writing(engine) as connection:
            version = _version(connection)  # another process may have been here since
            if version < LATEST:
                version = _step(connection, version)


def _version(connection: Connection) -> int:
    """The version found, 0 for an empty database; refuses what this program cannot use."""
    store = shown(connection.engine.url)
    if connection.dialect.name == "postgresql":
        encoding = str(connection.scalar(text("SHOW server_encoding")))
        if encoding != "UTF8":
            raise store_error("encoding", store=store, found=encoding)
    found = set(inspect(connection).get_table_names())
    ours = found & set(tables.metadata.tables)
    if {"schema_version", "reports"} <= found:
        version = max(connection.scalars(select(tables.schema_version.c.version)), default=0)
        if version > LATEST:
            raise store_error("newer", store=store, found=version, known=LATEST)
        return int(version)
    # PostgreSQL databases often hold other tables (PostGIS does); a file that does is another program's file.
    if ours or (found and connection.dialect.name == "sqlite"):
        raise store_error("not_a_store", store=store)
    return 0


def _step(connection: Connection, version: int) -> int:
    """One step up, inside the caller's transaction; gives the version reached."""
    if version == 0:
        tables.metadata.create_all(connection)
        connection.execute(insert(tables.state), {"one": 1, "store_id": uuid.uuid4().hex[:12], "changes": 0})
        reached = LATEST
    else:
        reached = version + 1
        UPGRADES[reached](connection)
    connection.execute(insert(tables.schema_version), {"version": reached})
    return reached

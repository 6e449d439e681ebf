"""Opening a database and its two kinds of transaction: one that reads a fixed state, one that writes alone."""

import math
import re
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from data.store.errors import Damaged, explain, store_error

_POSTGRES: Final = ("postgres", "postgresql", "postgresql+psycopg")
_SQLITE: Final = ("sqlite", "sqlite+pysqlite")
_WRITER_LOCK: Final = 0x686F7473706F74  # "hotspot": the advisory lock that every writer on PostgreSQL takes
_STORES: Final = (".sqlite", ".sqlite3", ".db", "")  # how the file of a store is named
_WRITE: Final = "hotspotkaart_write"


def locate(address: str) -> URL:
    """The database meant by a path, ``sqlite:///path`` or ``postgresql://…``; StoreError for anything else."""
    try:
        url = make_url(address) if "://" in address else URL.create("sqlite", database=address)
    except (ArgumentError, ValueError) as error:
        raise store_error("bad_url", store=re.sub("//[^@]*@", "//***@", address)) from error
    if url.drivername in _POSTGRES:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername not in _SQLITE or url.database in (None, "", ":memory:"):
        raise store_error("bad_url", store=shown(url))
    return url.set(drivername="sqlite", database=str(Path(str(url.database)).expanduser()))


def shown(url: URL) -> str:
    """The database as its user knows it: the file's path, or the address without its password."""
    return str(url.database) if url.drivername in _SQLITE and url.database else url.render_as_string(hide_password=True)


def create(url: URL, *, timeout_s: float, pooled: bool = True) -> Engine:
    """An engine on a located database. ``timeout_s``: how long a writer waits for another one.

    pooled: keep connections open between uses; not for what is used now and then and closed by nobody.
    """
    pool: dict[str, Any] = {} if pooled else {"poolclass": NullPool}
    if url.drivername == "sqlite":
        _make_file(Path(str(url.database)))
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": timeout_s}, **pool)
        event.listen(engine, "connect", _sqlite_connected)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    engine = create_engine(
        url,
        hide_parameters=True,  # errors and logs never show what people wrote
        pool_pre_ping=True,
        connect_args={"connect_timeout": max(2, math.ceil(timeout_s)), "client_encoding": "utf8"},
        **pool,
    )
    return engine.execution_options(lock_timeout_ms=max(1, int(timeout_s * 1000)))


def is_there(url: URL) -> bool:
    """Whether a located database has anything in it; of a server's only its opening can tell, so that is yes."""
    if url.drivername != "sqlite":
        return True
    try:
        return Path(str(url.database)).stat().st_size > 0
    except (OSError, ValueError):  # nothing there, or no path at all: a NUL, a part that is no folder
        return False


def is_other(url: URL) -> bool:
    """Whether a located file is empty and named as something else: no store whose making was broken off."""
    path = Path(str(url.database))
    if url.drivername != "sqlite" or path.suffix.lower() in _STORES:
        return False
    try:
        return path.is_file() and path.stat().st_size == 0
    except (OSError, ValueError):  # no path at all, which its opening tells
        return False


def _make_file(path: Path) -> None:
    """The folder and an empty file only its owner can read: reports are about people who were harassed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.touch(mode=0o600, exist_ok=True)
    except (PermissionError, FileNotFoundError) as error:  # the latter is how /proc refuses a folder
        raise store_error("unusable", store=str(path), detail="er zijn geen schrijfrechten in de map") from error
    except (NotADirectoryError, FileExistsError) as error:
        raise store_error("unusable", store=str(path), detail="een deel van het pad is geen map") from error
    except (OSError, ValueError) as error:  # too long a name, a full disk, a NUL in the path
        raise store_error("unusable", store=str(path), detail="het pad is hier niet te gebruiken") from error


def _sqlite_connected(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the begin event below starts transactions, not the driver
    for pragma in (
        "foreign_keys = ON",
        "synchronous = FULL",  # an acknowledged commit is on the disk, not only in the system's memory
        "secure_delete = ON",  # a withdrawn text is overwritten, not merely unlinked
        "cache_size = -32768",  # KiB; more gained nothing for an import of a million reports
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITE)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def use_wal(engine: Engine, *, timeout_s: float) -> None:
    """Let readers read while one writes (SQLite). Two first openings may meet here, so it is tried until the timeout.

    SQLite does not always wait by itself when the journal mode changes hands.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        try:
            pragma(engine, "journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


def pragma(engine: Engine, sentence: str) -> tuple[Any, ...] | None:
    """Run a PRAGMA outside any transaction (SQLite) and give its first row."""
    pooled = engine.raw_connection()
    try:
        cursor = pooled.cursor()
        cursor.execute(f"PRAGMA {sentence}")
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row
    finally:
        pooled.close()


def forget_deleted(engine: Engine) -> None:
    """Fold SQLite's journal into the file and empty it, so that no deleted text lingers there.

    A reader may hold the journal; then it is emptied when the last connection closes.
    """
    if engine.dialect.name == "sqlite":
        with suppress(sqlite3.OperationalError):
            pragma(engine, "wal_checkpoint(TRUNCATE)")


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Driver errors inside the block become StoreError where a user can do something about them."""
    try:
        yield
    except (DBAPIError, engine.dialect.loaded_dbapi.Error, Damaged, UnicodeDecodeError) as error:
        if understood := explain(error, shown(engine.url)):
            raise understood from error
        raise


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one committed state from its first to its last query."""
    with explained(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """The one write transaction at a time: committed when the block ends well, rolled back otherwise."""
    with explained(engine), engine.connect() as connection:
        connection.execution_options(**{_WRITE: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                timeout = connection.get_execution_options()["lock_timeout_ms"]
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {int(timeout)}")
                lock = connection.get_execution_options().get("writer_lock", _WRITER_LOCK)
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
            yield connection

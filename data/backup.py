"""Backups: one consistent copy of a store, made while others write, checked, and put back with its withdrawals replayed.

A backup is always a SQLite file, whatever the store is, with a manifest beside it (``name.json``). It is never older than
the settings allow: making one removes older ones from the same folder.
"""

import hashlib
import json
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, insert, select, text

from data.reasons import UserError
from data.settings import Settings
from data.store import engine, migrations, tables
from data.store.imports import tool_version

SUFFIX: Final = ".hotspotkaart-backup"
BATCH: Final = 10_000


class BackupError(UserError):
    """A backup that cannot be made, or one that must not be put back. The store is unchanged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a backup holds, as written beside it. made_at: UTC. rows: per table."""

    sha256: str
    made_at: str
    schema_version: int
    tool_version: str
    rows: dict[str, int]


def make(settings: Settings, folder: Path, *, now: datetime | None = None) -> tuple[Path, Manifest]:
    """Copy the store of these settings into a folder, check the copy, and remove backups that are too old.

    Gives the file and its manifest. Raises StoreError for an unusable store, BackupError when the folder cannot be written.
    """
    at = (now or datetime.now(UTC)).astimezone(UTC)
    file = folder / f"{at:%Y%m%dT%H%M%SZ}{SUFFIX}"
    source = engine.create(engine.locate(settings.store), timeout_s=30.0)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if file.exists():
            raise FileExistsError(17, "bestaat al", str(file))
        with _unfinished(file) as part:
            _copy(source, part)
            manifest = Manifest(
                sha256=_sha256(part),
                made_at=at.isoformat(timespec="seconds"),
                schema_version=migrations.LATEST,
                tool_version=tool_version(),
                rows=_check_file(part),
            )
            told = json.dumps(asdict(manifest), indent=2, sort_keys=True)
            _write(_manifest_of(file), told)
            part.replace(file)
    except OSError as error:
        raise BackupError(
            "backup_write",
            "De reservekopie is niet te schrijven in {folder}: {why}. Kies een map met genoeg ruimte waar u mag schrijven.",
            folder=folder,
            why=error.strerror or error,
        ) from error
    finally:
        source.dispose()
    forget_old(folder, days=settings.backup_days, now=at)
    return file, manifest


def forget_old(folder: Path, *, days: int, now: datetime) -> int:
    """Remove this program's backups that are older than so many days; how many that were."""
    old = [f for f in folder.glob(f"*{SUFFIX}") if _made(f) is not None and now - _made(f) > timedelta(days=days)]  # type: ignore[operator]  # None is left out
    for file in old:
        file.unlink()
        _manifest_of(file).unlink(missing_ok=True)
    return len(old)


def verify(file: Path) -> Manifest:
    """The manifest of a backup that is whole. Raises BackupError for one that is not, or that is no backup."""
    try:
        told: dict[str, Any] = json.loads(_manifest_of(file).read_text(encoding="utf-8"))
        manifest = Manifest(**told)
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(
            "backup_manifest",
            "Bij {file} hoort een bestand {manifest} met de controlegegevens; dat ontbreekt of is niet te lezen.",
            file=file,
            manifest=_manifest_of(file).name,
        ) from error
    if manifest.schema_version > migrations.LATEST:
        raise BackupError(
            "backup_newer",
            "{file} is gemaakt met een nieuwere versie van Hotspotkaart ({version}). Werk het programma bij.",
            file=file,
            version=manifest.tool_version,
        )
    try:
        whole = _sha256(file) == manifest.sha256 and _check_file(file) == manifest.rows
    except (OSError, sqlite3.Error):
        whole = False
    if not whole:
        raise BackupError(
            "backup_damaged",
            "{file} is beschadigd: de inhoud past niet bij {manifest}. Neem een andere reservekopie; er is niets veranderd.",
            file=file,
            manifest=_manifest_of(file).name,
        )
    return manifest


def restore(file: Path, settings: Settings) -> Manifest:
    """Put a backup in the place of the store of these settings, all of it or nothing.

    Withdrawals are for the caller to replay (data.tombstones): until then nobody should be let in. Raises BackupError,
    StoreError.
    """
    manifest = verify(file)
    url = engine.locate(settings.store)
    with tempfile.TemporaryDirectory(prefix="hotspotkaart-restore-") as folder:
        copy = Path(folder) / "copy.sqlite"
        copy.write_bytes(file.read_bytes())
        source = engine.create(engine.locate(str(copy)), timeout_s=30.0)
        try:
            migrations.prepare(source, timeout_s=30.0)  # an older backup becomes one of today first
            if url.drivername == "sqlite":
                _replace_file(source, Path(str(url.database)))
            else:
                _replace_tables(source, settings)
        finally:
            source.dispose()
    return manifest


def _replace_file(source: Engine, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            existing = engine.create(engine.locate(str(path)), timeout_s=5.0)
            try:
                with engine.writing(existing):  # nobody else is writing; a damaged file is replaced all the same
                    pass
            except Exception as error:
                if getattr(error, "code", "") not in ("damaged", "not_a_store"):
                    raise
            finally:
                existing.dispose()
        with _unfinished(path) as part:
            _copy(source, part)
            for extra in ("-wal", "-shm"):
                path.with_name(path.name + extra).unlink(missing_ok=True)
            part.replace(path)
    except OSError as error:
        raise BackupError(
            "restore_write",
            "De store {store} is niet te schrijven: {why}. Er is niets veranderd.",
            store=path,
            why=error.strerror or error,
        ) from error


def _replace_tables(source: Engine, settings: Settings) -> None:
    """Everything out and everything in, in one transaction (PostgreSQL)."""
    target = engine.create(engine.locate(settings.store), timeout_s=30.0)
    try:
        migrations.prepare(target, timeout_s=30.0)
        with engine.reading(source) as old, engine.writing(target) as new:
            for one in reversed(tables.metadata.sorted_tables):
                new.execute(one.delete())
            _fill(old, new)
            for one in tables.metadata.sorted_tables:
                for column in one.columns:
                    if column.identity is not None:
                        new.execute(
                            text(
                                f"SELECT setval(pg_get_serial_sequence('{one.name}', '{column.name}'), "  # noqa: S608  # nosec B608  # names come from tables.py
                                f'GREATEST((SELECT COALESCE(MAX("{column.name}"), 0) FROM "{one.name}"), 1))'
                            )
                        )
    finally:
        target.dispose()


def _copy(source: Engine, file: Path) -> None:
    """One consistent state of a store, as a SQLite file."""
    if source.dialect.name == "sqlite":
        with engine.explained(source):
            pooled = source.raw_connection()
            target = sqlite3.connect(file)
            try:
                driver = pooled.driver_connection
                assert driver is not None  # an open connection has one
                driver.backup(target)
                target.execute("PRAGMA journal_mode = DELETE")
            finally:
                target.close()
                pooled.close()
        return
    target_engine = engine.create(engine.locate(str(file)), timeout_s=30.0)
    try:
        with engine.reading(source) as old, engine.writing(target_engine) as new:
            tables.metadata.create_all(new)
            _fill(old, new)
    finally:
        target_engine.dispose()


def _fill(old: Connection, new: Connection) -> None:
    for one in tables.metadata.sorted_tables:
        rows = old.execution_options(yield_per=BATCH).execute(select(one))
        for part in rows.mappings().partitions(BATCH):
            new.execute(insert(one), [dict(row) for row in part])


def _check_file(file: Path) -> dict[str, int]:
    """Rows per table of a SQLite file that is whole; sqlite3.DatabaseError when it is not."""
    opened = engine.create(engine.locate(str(file)), timeout_s=30.0)
    try:
        check = engine.pragma(opened, "integrity_check")
        if check is None or check[0] != "ok":
            raise sqlite3.DatabaseError(str(check))
        with engine.reading(opened) as connection:
            there = connection.dialect.get_table_names(connection)
            known = [one for one in tables.metadata.sorted_tables if one.name in there]
            return {one.name: int(connection.scalar(select(func.count()).select_from(one)) or 0) for one in known}
    finally:
        opened.dispose()


@contextmanager
def _unfinished(file: Path) -> Iterator[Path]:
    """A file beside another, for its owner only, gone when the block fails; on the disk before it may take its place."""
    part = file.with_name(f".{file.name}.part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)
        for extra in ("-wal", "-shm", "-journal"):
            part.with_name(part.name + extra).unlink(missing_ok=True)


def _write(file: Path, content: str) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as out:
        out.write(content + "\n")
        out.flush()
        os.fsync(out.fileno())


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _manifest_of(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def _made(file: Path) -> datetime | None:
    try:
        return datetime.strptime(file.name.removesuffix(SUFFIX), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None

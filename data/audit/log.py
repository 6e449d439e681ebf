"""AuditLog: lines in a database of their own, so that restoring the reports never takes the log back in time.

For a store in a file the log is the file beside it (``stad.sqlite`` → ``stad.audit.sqlite``); on PostgreSQL it is a table
in the same database. One writer at a time; appending never waits for an import into a SQLite store.
"""

import json
import logging
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Self

import platformdirs
from sqlalchemy import (
    URL,
    BigInteger,
    Column,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    func,
    insert,
    inspect,
    select,
)

from data.audit import keep
from data.audit.chain import START, Action, Anchor, Detail, Finding, Line, mac, moment, verify
from data.settings import Settings
from data.store import engine
from data.viewer import Viewer

WRITER_LOCK: Final = 0x6175646974  # "audit": on PostgreSQL a line need not wait for an import
SPOILED: Final = datetime(9999, 1, 1, tzinfo=UTC)  # the moment of a line that cannot be read: shown first
LONGEST: Final = 200  # a subject is an id or a name, not a story
log = logging.getLogger(__name__)

metadata = MetaData()
lines_table = Table(
    "audit_log",
    metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("actor", Text, nullable=False, index=True),
    Column("role", Text, nullable=False),
    Column("action", Text, nullable=False, index=True),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("mac", Text, nullable=False),
)


class AuditLog:
    """A log with its key and its anchors. Safe to share between threads; several processes may append to one log."""

    def __init__(self, opened: Engine, *, key: bytes, anchors: Path, every: timedelta) -> None:
        self._engine = opened
        self._key = key
        self._anchors = anchors
        self._every = every
        self._lock = threading.Lock()
        self._anchored: Anchor | None = None
        self._head: Anchor | None = None

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """The log of these settings; made when it is not there. Raises StoreError or AuditError."""
        key = keep.key(key_file(settings))
        opened = open_beside(settings, metadata)
        every = timedelta(minutes=settings.audit_anchor_minutes)
        return cls(opened, key=key, anchors=anchors_file(settings), every=every)

    def __enter__(self) -> Self:
        """The log itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the log."""
        self.close()

    def close(self) -> None:
        """Anchor what was written, and let go of the database."""
        if self._head is not None and self._head != self._anchored:
            self._anchor(self._head)
        self._engine.dispose()

    def record(self, viewer: Viewer, action: Action, subject: str = "", **detail: str | int | bool) -> Line:
        """Add one line about what a viewer did, on the disk when this returns.

        subject and detail name things and counts: never a text of a report, never a coordinate. TypeError for a
        fraction in detail, because a coordinate would be one.
        """
        for name, value in detail.items():
            if not isinstance(value, str | int):
                raise TypeError(f"{name} = {value!r}: an audit line holds words and whole numbers")
        with self._lock, engine.writing(self._engine) as connection:
            last = connection.execute(select(lines_table).order_by(lines_table.c.seq.desc()).limit(1)).first()
            now = datetime.now(UTC)
            line = Line(
                seq=1 if last is None else last.seq + 1,
                at=now if last is None else max(now, datetime.fromisoformat(last.at)),  # a clock set back hides nothing
                actor=viewer.name,
                role=viewer.role.value,
                action=action.value,
                subject=subject[:LONGEST],
                detail=detail,
            )
            signed = mac(line, START if last is None else last.mac, key=self._key)
            connection.execute(insert(lines_table), _row(line, signed))
        head = Anchor(seq=line.seq, mac=signed, at=line.at)
        self._head = head
        if self._anchored is None or head.at - self._anchored.at >= self._every:
            self._anchor(head)
        return line

    def lines(
        self,
        *,
        actor: str | None = None,
        action: str | None = None,
        between: tuple[datetime, datetime] | None = None,
        newest: int | None = None,
        skip: int = 0,
    ) -> list[Line]:
        """Lines, newest first; of one person, of one kind, of some time, so many after skipping so many.

        between: from a moment up to, and without, another.
        """
        query = _which(select(lines_table), actor, action, between).order_by(lines_table.c.seq.desc()).offset(skip)
        if newest is not None:
            query = query.limit(newest)
        with engine.reading(self._engine) as connection:
            return [_line(row) for row in connection.execute(query)]

    def count(
        self,
        *,
        actor: str | None = None,
        action: str | None = None,
        between: tuple[datetime, datetime] | None = None,
    ) -> int:
        """How many lines ``lines`` would give."""
        query = _which(select(func.count()).select_from(lines_table), actor, action, between)
        with engine.reading(self._engine) as connection:
            return int(connection.scalar(query) or 0)

    def actors(self) -> tuple[str, ...]:
        """Everybody who stands in the log, by name."""
        with engine.reading(self._engine) as connection:
            return tuple(connection.scalars(select(lines_table.c.actor).distinct().order_by(lines_table.c.actor)))

    def verify(self) -> list[Finding]:
        """Everything that is wrong with the log, held against its key and its anchors; empty when it is whole."""
        with engine.reading(self._engine) as connection:
            return verify(self._stored(connection), keep.anchors(self._anchors), key=self._key)

    def anchor(self) -> Anchor | None:
        """Copy the head to the anchors now; None when the log is empty. Raises AuditError when it cannot be written."""
        last = self.lines(newest=1)
        if not last:
            return None
        head = Anchor(seq=last[0].seq, mac=last[0].mac, at=last[0].at)
        try:
            keep.add_anchor(self._anchors, head)
        except OSError as error:
            raise keep.AuditError(
                "audit_anchor_write",
                "Het anker is niet te schrijven in {path}. Kies met de instelling audit_anchors een plek waar dat wel kan.",
                path=self._anchors,
            ) from error
        self._anchored = head
        return head

    def _stored(self, connection: Any) -> Iterator[Line]:
        for row in connection.execute(
            select(lines_table).order_by(lines_table.c.seq).execution_options(yield_per=1000)
        ):
            yield _line(row)

    def _anchor(self, head: Anchor) -> None:
        """An anchor that cannot be kept must not stop the work: it is logged, and tried again at the next line."""
        try:
            keep.add_anchor(self._anchors, head)
        except OSError as error:
            log.warning("the audit log's anchor could not be written to %s: %s", self._anchors, error)
        else:
            self._anchored = head


def open_beside(settings: Settings, tables: MetaData, *, pooled: bool = False) -> Engine:
    """The database beside the store, which restoring the store leaves alone, with these tables in it.

    pooled: as in ``engine.create``.
    """
    opened = engine.create(_beside(settings), timeout_s=30.0, pooled=pooled).execution_options(writer_lock=WRITER_LOCK)
    try:
        with engine.reading(opened) as connection:
            there = set(inspect(connection).get_table_names())
        if not set(tables.tables) <= there:
            if opened.dialect.name == "sqlite":
                engine.use_wal(opened, timeout_s=30.0)
            with engine.writing(opened) as connection:
                tables.create_all(connection, checkfirst=True)
    except BaseException:
        opened.dispose()
        raise
    return opened


def is_there(settings: Settings) -> bool:
    """Whether there is a database beside the store; on a server always, for there it is the store's own."""
    return engine.is_there(_beside(settings))


def _beside(settings: Settings) -> URL:
    url = engine.locate(settings.store)
    if url.drivername != "sqlite":
        return url
    path = Path(str(url.database))
    return url.set(database=str(path.with_name(f"{path.stem}.audit.sqlite")))


def key_file(settings: Settings) -> Path:
    """Where the key is: the setting, else among the user's own data."""
    return Path(settings.audit_key) if settings.audit_key else platformdirs.user_data_path("hotspotkaart") / "audit.key"


def anchors_file(settings: Settings) -> Path:
    """Where the anchors are: the setting, else beside the key, one file for each store."""
    if settings.audit_anchors:
        return Path(settings.audit_anchors)
    name = "".join(c if c.isalnum() else "-" for c in engine.shown(engine.locate(settings.store)))[-80:].strip("-")
    return key_file(settings).with_name(f"audit-anchors-{name}.jsonl")


def _row(line: Line, signed: str) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "at": moment(line.at),
        "actor": line.actor,
        "role": line.role,
        "action": line.action,
        "subject": line.subject,
        "detail": json.dumps(dict(line.detail), sort_keys=True, ensure_ascii=False),
        "mac": signed,
    }


def _line(row: Any) -> Line:
    try:
        detail: Detail = json.loads(row.detail)
        at = datetime.fromisoformat(row.at)
        if not isinstance(detail, dict) or not 1 < at.year < SPOILED.year:
            raise ValueError(row.seq)
    except (ValueError, TypeError):  # somebody wrote here by hand: still a line, and no longer one that fits its hash
        detail, at = {"": str(row.detail)}, SPOILED
    return Line(
        seq=row.seq,
        at=at,
        actor=row.actor,
        role=row.role,
        action=row.action,
        subject=row.subject,
        detail=detail,
        mac=row.mac,
    )


__all__ = ["Action", "AuditLog", "anchors_file", "key_file"]


def _which(
    query: Select[Any], actor: str | None, action: str | None, between: tuple[datetime, datetime] | None
) -> Select[Any]:
    if actor is not None:
        query = query.where(lines_table.c.actor == actor)
    if action is not None:
        query = query.where(lines_table.c.action == action)
    if between is not None:  # moments are written so that their order is that of their texts
        query = query.where(lines_table.c.at >= moment(between[0]), lines_table.c.at < moment(between[1]))
    return query

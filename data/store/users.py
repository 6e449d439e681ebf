"""UserStore: users, their sessions and failed attempts, in the database beside the store (data.audit.log).

Beside it, because signing in must not wait for an import, and because putting back an older backup of the reports must
not bring back a password, a role or a session that was taken away. What is kept of a session is the SHA-256 of its id:
whoever reads this table can sign in as nobody.
"""

import hashlib
import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from data.audit.log import open_beside
from data.rights import Role
from data.settings import Settings
from data.store import engine
from data.users import User, UserRefused, lock_s

TOUCH_S: Final = 60  # how exact the moment of the last request is kept
FORGET_S: Final = 48 * 3600  # failures this old no longer count

metadata = MetaData()
users_table = Table(
    "sign_in_users",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("wijken", Text, nullable=False),  # JSON
    Column("password_hash", Text, nullable=False),
    Column("external", Boolean, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),  # every moment here: seconds since 1970, UTC
)
sessions_table = Table(
    "sign_in_sessions",
    metadata,
    Column("id_hash", Text, primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
attempts_table = Table(
    "sign_in_attempts",
    metadata,
    Column("name_hash", Text, primary_key=True),  # people type passwords in the wrong box
    Column("failures", Integer, nullable=False),
    Column("locked_until", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """A session that is open: whose, since when, and when it last asked something (UTC)."""

    name: str
    started_at: datetime
    seen_at: datetime


class UserStore:
    """Users, sessions and attempts of one store. Safe to share between threads and processes."""

    def __init__(self, opened: Engine, *, absolute_s: int, idle_s: int, clock: Callable[[], float] = time.time) -> None:
        self._engine = opened
        self._absolute_s = absolute_s
        self._idle_s = idle_s
        self._clock = clock

    @classmethod
    def open(cls, settings: Settings, *, clock: Callable[[], float] = time.time) -> Self:
        """The users of the store of these settings. Raises StoreError."""
        return cls(
            open_beside(settings, metadata, pooled=True),  # asked at every request who is there
            absolute_s=settings.session_hours * 3600,
            idle_s=settings.session_idle_minutes * 60,
            clock=clock,
        )

    def __enter__(self) -> Self:
        """The users themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the database."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def any(self) -> bool:
        """Whether there is a user at all, disabled ones too."""
        with engine.reading(self._engine) as connection:
            return connection.execute(select(users_table.c.name).limit(1)).first() is not None

    def all(self) -> tuple[User, ...]:
        """Every user, by name."""
        with engine.reading(self._engine) as connection:
            return tuple(_user(row) for row in connection.execute(select(users_table).order_by(users_table.c.name)))

    def find(self, name: str) -> User | None:
        """The user of that name."""
        with engine.reading(self._engine) as connection:
            return _find(connection, name)

    def of_subject(self, subject: str) -> User | None:
        """Who this is that the municipality's sign-in tells of; None when not seen before."""
        if not subject:
            return None
        with engine.reading(self._engine) as connection:
            row = connection.execute(select(users_table).where(users_table.c.subject == subject)).first()
        return None if row is None else _user(row)

    def add(self, user: User) -> None:
        """Add a user. Raises UserRefused when there is one of that name."""
        with engine.writing(self._engine) as connection:
            if _find(connection, user.name) is not None:
                raise UserRefused(
                    "user_exists",
                    "Er is al een gebruiker {name}. Kies een andere naam, of wijzig die gebruiker.",
                    name=user.name,
                )
            connection.execute(insert(users_table), {**_row(user), "created_at": int(self._clock())})

    def change(self, name: str, *, keep_admin: bool = False, **values: Any) -> User:
        """Change fields of a user, ending every session of theirs in the same transaction; gives the user as it is now.

        Raises UserRefused when there is none of that name, or, with keep_admin, when no open beheerder would be left.
        """
        if "wijken" in values:
            values["wijken"] = json.dumps(sorted(values["wijken"]))
        with engine.writing(self._engine) as connection:
            admins = _n_admins(connection)
            if connection.execute(update(users_table).where(users_table.c.name == name).values(values)).rowcount != 1:
                raise unknown(name)
            if keep_admin and admins and not _n_admins(connection):
                raise UserRefused(
                    "user_last_admin",
                    "{name} is de laatste beheerder die zich kan aanmelden. Maak eerst een andere beheerder.",
                    name=name,
                )
            connection.execute(delete(sessions_table).where(sessions_table.c.name == name))
            found = _find(connection, name)
        assert found is not None  # it was changed a moment ago, in this transaction
        return found

    def start_session(self, name: str) -> str:
        """Open a session; gives its id, 256 random bits that are nowhere kept as they are."""
        token, now = secrets.token_urlsafe(32), int(self._clock())
        with engine.writing(self._engine) as connection:
            connection.execute(
                delete(sessions_table).where(
                    (sessions_table.c.started_at <= now - self._absolute_s)
                    | (sessions_table.c.seen_at <= now - self._idle_s)
                )
            )
            connection.execute(
                insert(sessions_table), {"id_hash": _hash(token), "name": name, "started_at": now, "seen_at": now}
            )
        return token

    def who(self, token: str) -> User | None:
        """Whose session this is, as that user is at this moment; None when it ended, expired or was never there."""
        now, id_hash = int(self._clock()), _hash(token)
        query = (
            select(users_table, sessions_table.c.seen_at)
            .join_from(sessions_table, users_table, sessions_table.c.name == users_table.c.name)
            .where(
                sessions_table.c.id_hash == id_hash,
                sessions_table.c.started_at > now - self._absolute_s,
                sessions_table.c.seen_at > now - self._idle_s,
                users_table.c.disabled.is_(False),
            )
        )
        with engine.reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if row.seen_at <= now - TOUCH_S:
            with engine.writing(self._engine) as connection:
                mine = sessions_table.c.id_hash == id_hash
                connection.execute(update(sessions_table).where(mine).values(seen_at=now))
        return _user(row)

    def end_session(self, token: str) -> None:
        """End one session; nothing when it is not there."""
        with engine.writing(self._engine) as connection:
            connection.execute(delete(sessions_table).where(sessions_table.c.id_hash == _hash(token)))

    def end_sessions(self, name: str) -> int:
        """End every session of a user; how many that were. Raises UserRefused when there is no such user."""
        with engine.writing(self._engine) as connection:
            if _find(connection, name) is None:
                raise unknown(name)
            return connection.execute(delete(sessions_table).where(sessions_table.c.name == name)).rowcount

    def sessions(self, name: str | None = None) -> tuple[Session, ...]:
        """The sessions that are open, newest first; of one user or of all."""
        now = int(self._clock())
        query = (
            select(sessions_table)
            .where(sessions_table.c.started_at > now - self._absolute_s, sessions_table.c.seen_at > now - self._idle_s)
            .order_by(sessions_table.c.started_at.desc(), sessions_table.c.name)
        )
        if name is not None:
            query = query.where(sessions_table.c.name == name)
        with engine.reading(self._engine) as connection:
            return tuple(
                Session(name=row.name, started_at=_at(row.started_at), seen_at=_at(row.seen_at))
                for row in connection.execute(query)
            )

    def attempt(self, name: str) -> int:
        """Count an attempt to sign in as wrong before it is looked at; 0 when it may be tried, else seconds to wait.

        Counting first is what keeps a hundred guesses at once from being a hundred free guesses. Names that do not
        exist are counted too, so that the answer tells nothing.
        """
        now, name_hash = int(self._clock()), _hash(name)
        with engine.writing(self._engine) as connection:
            connection.execute(
                delete(attempts_table).where(
                    attempts_table.c.last_at < now - FORGET_S, attempts_table.c.locked_until < now
                )
            )
            mine = attempts_table.c.name_hash == name_hash
            row = connection.execute(select(attempts_table).where(mine)).first()
            if row is not None and row.locked_until > now:
                return int(row.locked_until - now)
            failures = 1 if row is None else row.failures + 1
            counted = {"failures": failures, "locked_until": now + lock_s(failures), "last_at": now}
            if row is None:
                connection.execute(insert(attempts_table), {"name_hash": name_hash, **counted})
            else:
                connection.execute(update(attempts_table).where(mine).values(counted))
        return 0

    def forget_attempts(self, name: str) -> None:
        """Signing in went well, or a beheerder opens the door again."""
        with engine.writing(self._engine) as connection:
            connection.execute(delete(attempts_table).where(attempts_table.c.name_hash == _hash(name)))

    def locked(self) -> frozenset[str]:
        """Names of users who are locked out at this moment."""
        with engine.reading(self._engine) as connection:
            hashes = set(
                connection.scalars(
                    select(attempts_table.c.name_hash).where(attempts_table.c.locked_until > int(self._clock()))
                )
            )
            names = connection.scalars(select(users_table.c.name)).all() if hashes else []
        return frozenset(name for name in names if _hash(name) in hashes)

    def count(self) -> int:
        """How many users there are, disabled ones too."""
        with engine.reading(self._engine) as connection:
            return int(connection.scalar(select(func.count()).select_from(users_table)) or 0)


def unknown(name: str) -> UserRefused:
    """There is no user of that name."""
    return UserRefused(
        "user_unknown", "Er is geen gebruiker {name}. hotspotkaart user list toont wie er zijn.", name=name[:90]
    )


def _n_admins(connection: Connection) -> int:
    """How many beheerders can sign in."""
    may = users_table.c.disabled.is_(False) & (users_table.c.role == Role.ADMIN.value)
    return int(connection.scalar(select(func.count()).select_from(users_table).where(may)) or 0)


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _find(connection: Connection, name: str) -> User | None:
    row = connection.execute(select(users_table).where(users_table.c.name == name)).first()
    return None if row is None else _user(row)


def _row(user: User) -> dict[str, Any]:
    return {
        "name": user.name,
        "role": user.role.value,
        "wijken": json.dumps(sorted(user.wijken)),
        "password_hash": user.password_hash,
        "external": user.external,
        "subject": user.subject,
        "disabled": user.disabled,
    }


def _user(row: Any) -> User:
    return User(
        name=row.name,
        role=Role(row.role),
        wijken=frozenset(json.loads(row.wijken)),
        password_hash=row.password_hash,
        external=row.external,
        subject=row.subject,
        disabled=row.disabled,
        created_at=_at(row.created_at),
    )

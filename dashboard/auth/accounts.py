"""Accounts: making users and changing them, for whoever may manage, every change in the audit log."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dashboard.auth import passwords
from data.audit.chain import Action
from data.store import ReportStore
from data.store.users import Session, UserStore, unknown
from data.users import User, UserRefused, check_password, checked_name, checked_wijken
from data.viewer import Right, Role, Viewer

if TYPE_CHECKING:  # the services are made over the accounts: imported here too, whichever came first would fail
    from dashboard.services.audit import AuditService


class Accounts:
    """Users and their sessions. Every method takes who asks, and raises Denied for whoever may not manage."""

    def __init__(self, users: UserStore, store: ReportStore, audit: "AuditService") -> None:
        self._users = users
        self._store = store
        self._audit = audit

    def all(self, viewer: Viewer) -> tuple[User, ...]:
        """Every user, by name."""
        viewer.require(Right.MANAGE_READ)
        return self._users.all()

    def locked(self, viewer: Viewer) -> frozenset[str]:
        """Who cannot sign in for a while, after too many wrong passwords."""
        viewer.require(Right.MANAGE_READ)
        return self._users.locked()

    def sessions(self, viewer: Viewer, name: str | None = None) -> tuple[Session, ...]:
        """The sessions that are open, newest first; of one user or of all."""
        viewer.require(Right.MANAGE_READ)
        if name is not None:
            self._user(name)
        return self._users.sessions(name)

    def add(
        self, viewer: Viewer, name: str, *, role: Role, wijken: Iterable[str] = (), password: str | None = None
    ) -> User:
        """Make a user; without a password somebody who signs in with the municipality's account.

        Raises UserRefused for a name, wijk or password that cannot be.
        """
        viewer.require(Right.MANAGE_WRITE)
        kept, own = checked_name(name), self._wijken(role, wijken)
        if password is not None:
            check_password(password, name=kept)
        user = User(
            name=kept,
            role=role,
            wijken=own,
            password_hash="" if password is None else passwords.hashed(password),
            external=password is None,
        )
        self._users.add(user)
        self._audit.record(viewer, Action.USER, kept, what="added", role=role.value, **told(own))
        return user

    def change_role(self, viewer: Viewer, name: str, *, role: Role, wijken: Iterable[str] = ()) -> User:
        """Another role, other wijken; every session of this user ends. Raises UserRefused."""
        viewer.require(Right.MANAGE_WRITE)
        before, own = self._other(viewer, name), self._wijken(role, wijken)
        changed = self._users.change(before.name, keep_admin=True, role=role.value, wijken=own)
        self._audit.record(
            viewer,
            Action.USER,
            before.name,
            what="role",
            role=role.value,
            before=before.role.value,
            **told(own),
        )
        return changed

    def set_password(self, viewer: Viewer, name: str, password: str) -> User:
        """Another password; every session of this user ends, and a lock-out too. Raises UserRefused."""
        viewer.require(Right.MANAGE_WRITE)
        user = self._user(name)
        if user.external:
            raise UserRefused(
                "user_external",
                "{name} meldt zich aan met het gemeenteaccount; het wachtwoord wordt daar gewijzigd.",
                name=user.name,
            )
        check_password(password, name=user.name)
        changed = self._users.change(user.name, password_hash=passwords.hashed(password))
        self._users.forget_attempts(user.name)
        self._audit.record(viewer, Action.USER, user.name, what="password")
        return changed

    def new_password(self, viewer: Viewer, name: str) -> str:
        """Another password, made here, to be told to the user once. Raises UserRefused."""
        made = passwords.made()
        self.set_password(viewer, name, made)
        return made

    def set_disabled(self, viewer: Viewer, name: str, *, disabled: bool) -> User:
        """Close or open an account; every session of this user ends. Raises UserRefused."""
        viewer.require(Right.MANAGE_WRITE)
        user = self._other(viewer, name)
        changed = self._users.change(user.name, keep_admin=True, disabled=disabled)
        if not disabled:
            self._users.forget_attempts(user.name)
        self._audit.record(viewer, Action.USER, user.name, what="disabled" if disabled else "enabled")
        return changed

    def end_sessions(self, viewer: Viewer, name: str) -> int:
        """Sign a user out everywhere; how many sessions that were. Raises UserRefused."""
        viewer.require(Right.MANAGE_WRITE)
        user = self._user(name)
        n = self._users.end_sessions(user.name)
        self._audit.record(viewer, Action.USER, user.name, what="sessions_ended", n=n)
        return n

    def _user(self, name: str) -> User:
        found = self._users.find(name.strip().lower())
        if found is None:
            raise unknown(name)
        return found

    def _other(self, viewer: Viewer, name: str) -> User:
        """A user who is not the one who asks: nobody gives themselves a role, or locks themselves out."""
        user = self._user(name)
        if user.name == viewer.name:
            raise UserRefused("user_self", "Uw eigen rol of toegang wijzigt een andere beheerder.")
        return user

    def _wijken(self, role: Role, wijken: Iterable[str]) -> frozenset[str]:
        chosen = checked_wijken(role, wijken)
        if chosen:
            there = self._store.areas("wijk")
            known = set(there["code"].astype(str)) if len(there) else set()
            if known and (strange := sorted(chosen - known)):
                raise UserRefused(
                    "user_wijk_unknown",
                    "Geen wijk van deze gemeente: {strange}. Er zijn: {known}.",
                    strange=", ".join(strange),
                    known=", ".join(f"{c} {n}" for c, n in zip(there["code"], there["name"], strict=True)),
                )
        return chosen


def told(wijken: Iterable[str]) -> dict[str, str]:
    """Wijken as a line of the audit log bears them; nothing when there are none."""
    codes = " ".join(sorted(wijken))
    return {"wijken": codes} if codes else {}

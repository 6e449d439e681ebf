"""Signing in with a name and a password kept here."""

from typing import Final

from flask import Request, Response

from dashboard.auth import passwords
from dashboard.auth.authenticator import SignInRefused
from dashboard.i18n import N_
from data.store.users import UserStore
from data.users import LONGEST_PASSWORD, NAME, User

WRONG: Final = N_("Naam of wachtwoord klopt niet.")
LOCKED: Final = N_("Er is te vaak een verkeerd wachtwoord gegeven. Probeer het over {minutes} min. opnieuw.")


class LocalAuthenticator:
    """Name and argon2id password. The answer, and the time it takes, do not tell whether a name exists."""

    key = "wachtwoord"

    def __init__(self, users: UserStore) -> None:
        self._users = users

    def start(self, request: Request) -> Response | None:
        """The page asks for the name and password."""
        del request
        return None

    def identify(self, request: Request) -> User:
        """The user of a name and password, both in the form. Raises SignInRefused, also for as long as a name is locked."""
        name = request.form.get("name", "")[:200].strip().lower()
        password = request.form.get("password", "")[: LONGEST_PASSWORD + 1]
        user = self._users.find(name) if NAME.fullmatch(name) else None
        who = user.name if user else "onbekend"
        if wait_s := self._users.attempt(name):
            passwords.fits(password, "")
            raise SignInRefused(LOCKED, who=who, why="locked", status=429, minutes=-(-wait_s // 60))
        right = passwords.fits(password, user.password_hash if user and not user.disabled else "")
        if user is None or not right:
            raise SignInRefused(WRONG, who=who, why="disabled" if user and user.disabled else "wrong")
        self._users.forget_attempts(name)
        if passwords.outdated(user.password_hash):
            return self._users.change(name, password_hash=passwords.hashed(password))
        return user

    def onward(self, request: Request) -> str:
        """It stands in the form."""
        return request.form.get("verder", "")

    def finish(self, response: Response) -> None:
        """Nothing was left in the browser."""
        del response

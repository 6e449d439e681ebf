"""The interface behind which people sign in: with a name and password kept here, or with the municipality's account."""

from typing import Protocol

from flask import Request, Response

from data.reasons import UserError
from data.users import User


class SignInRefused(UserError):
    """Not signed in. ``who`` is for the audit log: a user's name, never what somebody typed; ``why`` is one word."""

    def __init__(self, sentence: str, *, who: str = "onbekend", why: str, status: int = 401, **fields: object) -> None:
        self.who = who
        self.why = why
        self.status = status
        super().__init__("sign_in_refused", sentence, **fields)


class Authenticator(Protocol):
    """One way to sign in."""

    key: str  # stands in the address and in the audit log

    def start(self, request: Request) -> Response | None:
        """Where to go first; None when the sign-in page itself asks what is needed."""
        ...

    def identify(self, request: Request) -> User:
        """Who this is. Raises SignInRefused."""
        ...

    def onward(self, request: Request) -> str:
        """The query of the page that was asked for before signing in, after identify."""
        ...

    def finish(self, response: Response) -> None:
        """Take away from the browser what was only needed on the way."""
        ...

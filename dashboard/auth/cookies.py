"""The cookies, and the token that every change must bring along.

The token is an HMAC over the session's id (before signing in: over a random cookie), so that it fits one session only
and nothing needs to be kept. Dash sends it back from its cookie as X-CSRFToken, forms as a field.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Final, Self

from flask import Request, Response

from data.settings import Settings

HEADER: Final = "X-CSRFToken"
FIELD: Final = "csrf"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cookies:
    """Names and attributes. Behind TLS with the __Host- prefix; else with a mark of the store, for ports share cookies."""

    session: str
    visit: str  # before signing in
    flow: str  # under way to the municipality's sign-in
    role: str  # of the demo
    csrf: str
    secure: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Those of these settings."""
        mark = hashlib.sha256(settings.store.encode()).hexdigest()[:8]
        if settings.behind_tls_proxy:
            names = {name: f"__Host-hk-{name}" for name in ("session", "visit", "flow", "role")}
            return cls(**names, csrf="_csrf_token", secure=True)
        names = {name: f"hk-{name}-{mark}" for name in ("session", "visit", "flow", "role")}
        return cls(**names, csrf=f"_csrf_token_{mark}", secure=False)

    def put(
        self, response: Response, name: str, value: str, *, readable: bool = False, max_age: int | None = None
    ) -> None:
        """Set one. readable: by the page's scripts, which send it back."""
        response.set_cookie(
            name, value, max_age=max_age, path="/", secure=self.secure, httponly=not readable, samesite="Lax"
        )

    def drop(self, response: Response, name: str) -> None:
        """Take one away."""
        response.delete_cookie(name, path="/", secure=self.secure, httponly=True, samesite="Lax")

    def binding(self, request: Request) -> str:
        """What a request's token must fit: its session, else its visit; "" when it has neither."""
        return request.cookies.get(self.session) or request.cookies.get(self.visit) or ""


def token(secret: bytes, binding: str) -> str:
    """The token that fits a session or visit."""
    return hmac.new(secret, b"csrf:" + binding.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def brings_token(request: Request, *, secret: bytes, binding: str) -> bool:
    """Whether a request brings the token that fits."""
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    fitting = token(secret, binding)
    return bool(binding) and hmac.compare_digest(given.encode("utf-8", "surrogatepass"), fitting.encode())


def new_visit() -> str:
    """A random name for somebody who has not signed in."""
    return secrets.token_urlsafe(24)

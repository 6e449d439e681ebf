"""The gate: every request passes it, and without a viewer nothing but the sign-in page is given. Default deny."""

import secrets
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import Flask, Request, Response, current_app, redirect, request
from flask_login import LoginManager, UserMixin

from dashboard import addresses
from dashboard.auth import cookies, roles
from dashboard.auth.cookies import Cookies
from dashboard.auth.limits import Limit
from dashboard.i18n import _
from dashboard.security import is_loopback, trusted_hosts
from dashboard.services.audit import AuditService
from dashboard.viewers import viewer_or_none
from data.audit.chain import Action
from data.settings import Settings
from data.store.users import UserStore
from data.users import User
from data.viewer import LOCAL_ANALYST, Right, Viewer

EXTENSION: Final = "hotspotkaart_gate"  # where Flask keeps the gate of an app
SIGN_IN: Final = "/aanmelden"
SIGN_OUT: Final = "/afmelden"
STYLE: Final = "/aanmelden/stijl.css"
OPEN: Final = frozenset({SIGN_IN, STYLE, "/healthz", "/.well-known/security.txt", "/assets/mark.svg"})
OPEN_BELOW: Final = (SIGN_IN + "/", "/assets/fonts/")


class NoRole(StrEnum):
    """What somebody is who is not known: it stands in no table of rights."""

    NONE = "geen"


NOBODY: Final = Viewer(name="onbekend", role=NoRole.NONE)  # type: ignore[arg-type]  # on purpose not one of the roles
Fallback = roles.Fallback


@dataclass(frozen=True, kw_only=True)
class Person(UserMixin):  # type: ignore[misc]  # flask_login publishes no types
    """A viewer as Flask-Login knows one."""

    viewer: Viewer

    def get_id(self) -> str:
        """The name."""
        return self.viewer.name


class Gate:
    """Sessions, tokens and limits of one server. without_sign_in: who looks when nobody signed in; None: nobody."""

    def __init__(
        self,
        settings: Settings,
        users: UserStore,
        audit: AuditService,
        *,
        without_sign_in: Fallback | None = None,
        demo: bool = False,
    ) -> None:
        self.settings = settings
        self.users = users
        self.audit = audit
        self.demo = demo
        self.cookies = Cookies.of(settings)
        self.secret = settings.secret.encode() or secrets.token_bytes(32)
        self.sign_ins = Limit(most=30, within_s=300)
        self.exports = Limit(most=20, within_s=600)
        self._without = without_sign_in

    @property
    def is_local(self) -> bool:
        """Whether anybody gets in without signing in; such a server listens on this computer only."""
        return self._without is not None

    def install(self, server: Flask) -> None:
        """Let Flask-Login ask this gate who a request is from."""
        server.extensions[EXTENSION] = self
        server.secret_key = self.secret
        manager = LoginManager()
        manager.init_app(server, add_context_processor=False)
        manager.session_protection = None  # nothing of ours is in Flask's own session
        manager.user_loader(lambda _name: None)  # nor in its remember cookie
        manager.request_loader(self._person)
        server.after_request(self._give_token)

    def check(self) -> Response | None:
        """None for a request that may go on; else the answer it gets."""
        if is_open(request.path):
            return None if request.method in ("GET", "HEAD") else self._check_token()
        if viewer_or_none() is None:
            return self._send_away()
        return None if request.method in ("GET", "HEAD", "OPTIONS") else self._check_token()

    def begin(self, response: Response, user: User, *, way: str) -> None:
        """A new session, in the place of the one that may be there: an id from before signing in is worth nothing."""
        self._end_present()
        fresh = self.users.start_session(user.name)
        self.cookies.put(response, self.cookies.session, fresh)
        self.cookies.put(response, self.cookies.csrf, cookies.token(self.secret, fresh), readable=True)
        self.cookies.drop(response, self.cookies.visit)
        self.audit.record(user.viewer, Action.SIGN_IN, way=way)

    def end(self, response: Response) -> None:
        """Sign out: the session is gone here, whatever the browser keeps."""
        self._end_present()
        self.cookies.drop(response, self.cookies.session)
        self.cookies.drop(response, self.cookies.csrf)
        viewer = viewer_or_none()
        if viewer is not None:
            self.audit.record(viewer, Action.SIGN_OUT)

    def form_token(self) -> str:
        """The token for a form on a page of this request; "" before the browser has a cookie to bind it to."""
        binding = request.environ.get("hotspotkaart.visit") or self.cookies.binding(request)
        return cookies.token(self.secret, binding) if binding else ""

    def visit(self) -> str:
        """The visit of this request, a new one when the browser has none; its cookie goes along with the answer."""
        there = self.cookies.binding(request)
        if not there:
            there = request.environ.setdefault("hotspotkaart.visit", cookies.new_visit())
        return str(there)

    def denied(self, viewer: Viewer | None, right: Right | None = None) -> None:
        """Write down that somebody was not let through."""
        self.audit.record(viewer or NOBODY, Action.DENIED, right.value if right else request.path[:80])

    def _person(self, asked: Request) -> Person | None:
        there = asked.cookies.get(self.cookies.session)
        user = self.users.who(there) if there else None
        viewer = user.viewer if user else self._without(asked) if self._without else None
        return Person(viewer=viewer) if viewer else None

    def _end_present(self) -> None:
        if there := request.cookies.get(self.cookies.session):
            self.users.end_session(there)

    def _send_away(self) -> Response:
        """A page asked for leads to the sign-in page; anything else is 401."""
        if request.method == "GET" and addresses.is_page(request.path):
            query = addresses.onward(request.path, request.query_string.decode("ascii", "ignore"))
            answer = redirect(SIGN_IN + (f"?{query}" if query else ""), code=303)
            assert isinstance(answer, Response)  # Flask's redirect gives its own kind
            return answer
        return plain(401, _("U bent afgemeld. Meld u opnieuw aan."))

    def _check_token(self) -> Response | None:
        if cookies.brings_token(request, secret=self.secret, binding=self.cookies.binding(request)):
            return None
        return plain(403, _("Dit verzoek komt niet van deze pagina. Laad de pagina opnieuw."))

    def _give_token(self, response: Response) -> Response:
        """A page's answer carries the token that fits the browser's session or visit."""
        if response.mimetype != "text/html" or 300 <= response.status_code < 400:
            return response
        visit = self.visit()
        if "hotspotkaart.visit" in request.environ:
            self.cookies.put(response, self.cookies.visit, visit)
        fitting = cookies.token(self.secret, visit)
        if request.cookies.get(self.cookies.csrf) != fitting:
            self.cookies.put(response, self.cookies.csrf, fitting, readable=True)
        return response


def count_export(viewer: Viewer) -> None:
    """Count one map handed out. Raises TooMany (UserError) when it was too many in a short time."""
    gate: Gate = current_app.extensions[EXTENSION]
    gate.exports.use(f"person {viewer.name}", f"address {request.remote_addr}")


def only_here(users: UserStore) -> Fallback:
    """Whoever sits at this computer is the analyst, until there are users: from then on everybody signs in."""
    return lambda _asked: None if users.any() else LOCAL_ANALYST


def gate_for(settings: Settings, users: UserStore, audit: AuditService, *, host: str, demo: bool = False) -> Gate:
    """The gate of a server on a host. Beyond this computer, or with the municipality's account, everybody signs in."""
    if demo:
        return Gate(settings, users, audit, without_sign_in=roles.chosen(Cookies.of(settings)), demo=True)
    here = (
        is_loopback(host) and not settings.behind_tls_proxy and not trusted_hosts(settings) and not settings.oidc_issuer
    )
    return Gate(settings, users, audit, without_sign_in=only_here(users) if here else None)


def is_open(path: str) -> bool:
    """Whether a path is given to everybody."""
    return path in OPEN or (path.startswith(OPEN_BELOW) and ".." not in path)


def plain(status: int, sentence: str) -> Response:
    """An answer in one sentence."""
    return Response(sentence + "\n", status=status, mimetype="text/plain")

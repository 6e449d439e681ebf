"""Signing in with the municipality's own account: OpenID Connect, authorization code with PKCE (Entra ID and others).

OpenID Connect Core 1.0 (3.1), RFC 7636 (PKCE, S256), RFC 9207 (iss in the answer). What somebody may is told by a
claim, mapped by the setting ``oidc_roles``; who is not in the mapping gets nothing.
"""

import hmac
import secrets
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from flask import Request, Response, redirect
from itsdangerous import BadData, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dashboard.auth.accounts import told
from dashboard.auth.authenticator import SignInRefused
from dashboard.auth.gate import SIGN_IN, Gate
from dashboard.auth.startup import StartRefused
from dashboard.i18n import N_
from dashboard.security import is_loopback
from data.audit.chain import Action
from data.rights import Role
from data.settings import Settings
from data.users import User, UserRefused, checked_name, checked_wijken

FLOW_S: Final = 600
WAIT_S: Final = 10
SKEW_S: Final = 60
ALGORITHMS: Final = ["RS256", "PS256", "ES256"]  # never none, never one with a shared secret
UNREACHABLE: Final = N_("De aanmelding van de gemeente antwoordt niet goed. Probeer het straks opnieuw.")
STALE: Final = N_("Deze aanmelding is verlopen of niet hier begonnen. Begin opnieuw.")
NO_ROLE: Final = N_("Uw account heeft in deze kaart geen rol. Vraag de beheerder om toegang.")
NO_WIJKEN: Final = N_("Bij uw account staan geen wijken. Vraag de beheerder ze toe te voegen.")
CLOSED: Final = N_("Uw toegang tot deze kaart is gesloten. Vraag de beheerder om toegang.")
TAKEN: Final = N_("Er is hier al een andere gebruiker met uw naam. Vraag de beheerder dit op te lossen.")


def roles_of(setting: str) -> dict[str, Role]:
    """The setting oidc_roles: value of the claim → role. Raises StartRefused for what is not one."""
    found: dict[str, Role] = {}
    for part in (p.strip() for p in setting.split(",") if p.strip()):
        value, _is, role = (p.strip() for p in part.rpartition("="))
        if not value or role not in {r.value for r in Role}:
            raise StartRefused(
                "oidc_roles",
                "Instelling oidc_roles: {part} is geen waarde=rol. De rollen zijn {roles}.",
                part=part,
                roles=", ".join(r.value for r in Role),
            )
        found[value] = Role(role)
    return found


def check_settings(settings: Settings) -> None:
    """Nothing when the provider's settings are whole. Raises StartRefused."""
    for name in ("oidc_client_id", "oidc_client_secret", "oidc_role_claim", "oidc_roles"):
        if not getattr(settings, name):
            raise StartRefused(
                "oidc_setting",
                "Instelling {name} ontbreekt; zonder werkt de aanmelding met het gemeenteaccount niet.",
                name=name,
            )
    if not _is_safe(settings.oidc_issuer):
        raise StartRefused(
            "oidc_issuer",
            "Instelling oidc_issuer = {value}: moet met https:// beginnen.",
            value=settings.oidc_issuer,
        )


class OidcAuthenticator:
    """The municipality's account. The provider's addresses and keys are asked for when somebody signs in."""

    key = "gemeente"

    def __init__(self, settings: Settings, gate: Gate) -> None:
        check_settings(settings)
        self._settings = settings
        self._gate = gate
        self._roles = roles_of(settings.oidc_roles)
        self._flows = URLSafeTimedSerializer(gate.secret, salt="oidc-flow")

    def start(self, request: Request) -> Response:
        """To the provider, with state, nonce and a PKCE challenge; what must come back is kept in a signed cookie."""
        flow = {
            "state": secrets.token_urlsafe(32),
            "nonce": secrets.token_urlsafe(32),
            "verifier": secrets.token_urlsafe(48),
            "onward": request.query_string.decode("ascii", "ignore")[:1000],
        }
        provider = self._provider()
        with self._session(request) as session:
            address, _state = session.create_authorization_url(
                provider["authorization_endpoint"],
                state=flow["state"],
                nonce=flow["nonce"],
                code_verifier=flow["verifier"],
                response_mode="query",
            )
        answer = redirect(address, code=303)
        assert isinstance(answer, Response)  # Flask's redirect gives its own kind
        cookies = self._gate.cookies
        cookies.put(answer, cookies.flow, str(self._flows.dumps(flow)), max_age=FLOW_S)
        return answer

    def identify(self, request: Request) -> User:
        """Who came back from the provider. Raises SignInRefused."""
        flow = self._flow(request)
        if "error" in request.args or not request.args.get("code"):
            raise SignInRefused(STALE, why="provider_error")
        provider = self._provider()
        if request.args.get("iss", provider["issuer"]) != provider["issuer"]:
            raise SignInRefused(STALE, why="issuer")
        return self._user(self._claims(request, flow, provider))

    def finish(self, response: Response) -> None:
        """A flow is for once."""
        self._gate.cookies.drop(response, self._gate.cookies.flow)

    def onward(self, request: Request) -> str:
        """The query of the page that was asked for before going to the provider."""
        return str(self._flow(request).get("onward", ""))

    def _flow(self, request: Request) -> dict[str, str]:
        try:
            flow = self._flows.loads(request.cookies.get(self._gate.cookies.flow, ""), max_age=FLOW_S)
        except BadData as error:
            raise SignInRefused(STALE, why="flow") from error
        if not hmac.compare_digest(str(flow["state"]).encode(), request.args.get("state", "").encode()):
            raise SignInRefused(STALE, why="state")
        return dict(flow)

    def _session(self, request: Request) -> OAuth2Session:
        return OAuth2Session(
            self._settings.oidc_client_id,
            self._settings.oidc_client_secret,
            scope="openid profile email",
            redirect_uri=f"{request.scheme}://{request.host}{SIGN_IN}/{self.key}/terug",
            code_challenge_method="S256",
        )

    def _provider(self) -> dict[str, Any]:
        issuer = self._settings.oidc_issuer.rstrip("/")
        told = self._get(f"{issuer}/.well-known/openid-configuration")
        endpoints = [told.get(name) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if str(told.get("issuer", "")).rstrip("/") != issuer or not all(_is_safe(e) for e in endpoints):
            raise SignInRefused(UNREACHABLE, why="discovery", status=502)
        return told

    def _get(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=WAIT_S, allow_redirects=False)
            answer.raise_for_status()
            told = answer.json()
        except (requests.RequestException, ValueError) as error:
            raise SignInRefused(UNREACHABLE, why="unreachable", status=502) from error
        if not isinstance(told, dict):
            raise SignInRefused(UNREACHABLE, why="discovery", status=502)
        return told

    def _claims(self, request: Request, flow: dict[str, str], provider: dict[str, Any]) -> dict[str, Any]:
        """The claims of the ID token that the code is worth, all of them checked."""
        try:
            with self._session(request) as session:
                token = session.fetch_token(
                    provider["token_endpoint"],
                    code=request.args["code"],
                    code_verifier=flow["verifier"],
                    timeout=WAIT_S,
                )
            keys = KeySet.import_key_set(self._get(provider["jwks_uri"]))  # type: ignore[arg-type]  # checked by it
            read = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS)
            jwt.JWTClaimsRegistry(
                leeway=SKEW_S,
                iss={"essential": True, "value": provider["issuer"]},
                aud={"essential": True, "value": self._settings.oidc_client_id},
                sub={"essential": True},
                exp={"essential": True},
                iat={"essential": True},
                nonce={"essential": True, "value": flow["nonce"]},
            ).validate(read.claims)
        except (OAuthError, JoseError, requests.RequestException, KeyError, ValueError, TypeError) as error:
            raise SignInRefused(STALE, why="token") from error
        claims = dict(read.claims)
        if (
            isinstance(claims["aud"], list)
            and len(claims["aud"]) > 1
            and claims.get("azp") != self._settings.oidc_client_id
        ):
            raise SignInRefused(STALE, why="audience")
        return claims

    def _user(self, claims: dict[str, Any]) -> User:
        """The record of this person, made or changed to what the claims tell."""
        users, subject = self._gate.users, f"{claims['iss']}#{claims['sub']}"
        there = users.of_subject(subject)
        role = self._role(claims)
        if role is None:
            if there is not None:
                users.end_sessions(there.name)
            raise SignInRefused(NO_ROLE, who=there.name if there else "onbekend", why="no_role", status=403)
        if there is None:
            there = self._made_before(claims)
        if there is not None and there.disabled:
            raise SignInRefused(CLOSED, who=there.name, why="disabled", status=403)
        wijken = self._wijken(claims, role, there)
        if there is None:
            made = User(name=self._name(claims), role=role, wijken=wijken, external=True, subject=subject)
            users.add(made)
            self._told(made, "added")
            return made
        if (there.role, there.wijken, there.subject) != (role, wijken, subject):
            there = users.change(there.name, role=role.value, wijken=wijken, subject=subject)
            self._told(there, "role")
        return there

    def _role(self, claims: dict[str, Any]) -> Role | None:
        """The first role of the setting that the claim names."""
        values = _words(claims.get(self._settings.oidc_role_claim))
        return next((role for value, role in self._roles.items() if value in values), None)

    def _wijken(self, claims: dict[str, Any], role: Role, there: User | None) -> frozenset[str]:
        if role is not Role.DISTRICT_MANAGER:
            return frozenset()
        claim = self._settings.oidc_wijken_claim
        found = _words(claims.get(claim)) if claim else there.wijken if there else frozenset()
        try:
            return checked_wijken(role, found)
        except UserRefused as error:
            raise SignInRefused(
                NO_WIJKEN, who=there.name if there else "onbekend", why="no_wijken", status=403
            ) from error

    def _made_before(self, claims: dict[str, Any]) -> User | None:
        """A user whom the beheerder made for this account, and who comes for the first time."""
        found = self._gate.users.find(self._name(claims))
        if found is not None and (not found.external or found.subject):
            raise SignInRefused(TAKEN, who=found.name, why="name_taken", status=403)
        return found

    def _name(self, claims: dict[str, Any]) -> str:
        try:
            return checked_name(str(claims.get("preferred_username") or claims.get("email") or claims["sub"]))
        except UserRefused as error:
            raise SignInRefused(NO_ROLE, why="name", status=403) from error

    def _told(self, user: User, what: str) -> None:
        self._gate.audit.record(
            user.viewer, Action.USER, user.name, what=what, role=user.role.value, way=self.key, **told(user.wijken)
        )


def _words(claim: Any) -> frozenset[str]:
    """A claim's values: a list, or text with spaces or commas between."""
    if isinstance(claim, str):
        return frozenset(claim.replace(",", " ").split())
    return frozenset(str(one) for one in claim) if isinstance(claim, list) else frozenset()


def _is_safe(address: Any) -> bool:
    """Over TLS, or on this computer."""
    try:
        parts = urlsplit(str(address))
        return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))
    except ValueError:
        return False

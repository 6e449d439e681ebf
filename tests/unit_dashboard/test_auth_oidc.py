"""Signing in with the municipality's account, against a provider of our own on loopback that can also lie."""

import base64
import hashlib
import hmac
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from dashboard.app import create_app
from dashboard.auth.accounts import Accounts
from dashboard.auth.gate import gate_for
from dashboard.auth.oidc import roles_of
from dashboard.auth.startup import StartRefused
from dashboard.services import services_for
from dashboard.viewers import current_viewer
from data.rights import Role
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.viewer import Viewer

ADMIN = Viewer(name="lokaal", role=Role.ADMIN)
CLIENT, CLIENT_SECRET = "kaart", "geheim-van-de-kaart"
KEYS = {
    "ours": RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}),
    "other": RSAKey.generate_key(2048, {"kid": "k1"}),
}
MAPPING = "Kaart.Analist=analist, Kaart.Wijk=wijkmanager, Kaart.Beheer=beheerder"
JAN = {"sub": "u-1", "preferred_username": "Jan@Gemeente.nl", "roles": ["Kaart.Analist"]}


class Provider:
    """Discovery, keys, authorization and token endpoint. ``lie`` changes what a token says, ``sign`` how it is signed."""

    def __init__(self):
        self.person, self.codes, self.lie, self.key = dict(JAN), {}, {}, KEYS["ours"]
        self.asked, self.discovery = [], {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                provider.answer(self, {})

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.answer(self, {k: v[0] for k, v in parse_qs(body).items()})

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/tenant/v2.0"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def sign(self, claims):
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.key)

    def answer(self, handler, form):
        path = urlsplit(handler.path).path
        status, told = 200, {}
        if path.endswith("/.well-known/openid-configuration"):
            told = {"issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys"} | self.discovery  # fmt: skip
        elif path.endswith("/keys"):
            told = {"keys": [KEYS["ours"].as_dict(private=False)]}
        elif path.endswith("/token"):
            status, told = self.token(handler, form)
        else:
            status = 404
        content = json.dumps(told).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    def authorize(self, address):
        """What the person's browser does at the provider: gives the query it comes back with."""
        asked = {k: v[0] for k, v in parse_qs(urlsplit(address).query).items()}
        self.asked.append(asked)
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return {"code": code, "state": asked["state"], "session_state": "x"}

    def token(self, handler, form):
        asked = self.codes.pop(form.get("code"), None)  # a code is for once
        basic = base64.b64encode(f"{CLIENT}:{CLIENT_SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if (
            asked is None
            or handler.headers.get("Authorization") != f"Basic {basic}"
            or challenge.decode().rstrip("=") != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.person
        claims = {k: v for k, v in (claims | self.lie).items() if v is not None}
        signed = self.sign(claims)
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@pytest.fixture
def provider():
    made = Provider()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def house(tmp_path, provider):
    settings = Settings(
        store=f"sqlite:///{tmp_path / 's.sqlite'}",
        audit_key=str(tmp_path / "audit.key"),
        oidc_issuer=provider.issuer,
        oidc_client_id=CLIENT,
        oidc_client_secret=CLIENT_SECRET,
        oidc_roles=MAPPING,
    )
    with ReportStore.open(settings.store) as store, UserStore.open(settings) as users:
        services = services_for(store, settings)
        gate = gate_for(settings, users, services.audit, host="127.0.0.1")
        app = create_app(services, settings, gate=gate)
        app.server.get("/wie", endpoint="who")(lambda: f"{current_viewer().name} {current_viewer().role}")
        accounts = Accounts(users, store, services.audit)
        log = services.audit._log().lines
        yield SimpleNamespace(
            app=app, client=app.server.test_client(), users=users, accounts=accounts, log=log, gate=gate
        )


def come_back(house, provider, *, query="", client=None, **changed):
    """Sign in at the provider and come back with what it gave, or with what somebody made of it."""
    client = client or house.client
    away = client.get(f"/aanmelden/gemeente{query}")
    assert away.status_code == 303, away.text
    back = provider.authorize(away.headers["Location"]) | changed
    return client.get("/aanmelden/gemeente/terug?" + urlencode({k: v for k, v in back.items() if v is not None}))


def who(house):
    answer = house.client.get("/wie")
    return answer.text if answer.status_code == 200 else None


def test_somebody_in_the_mapping_gets_in_with_their_role_and_the_view_asked_for(house, provider):
    assert who(house) is None  # nobody is let in without signing in once a provider is set
    answer = come_back(house, provider, query="?wijk=WK1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?wijk=WK1")
    assert who(house) == "jan@gemeente.nl analist"
    [asked] = provider.asked
    assert asked["code_challenge_method"] == "S256" and len(asked["code_challenge"]) == 43
    assert asked["response_type"] == "code" and "openid" in asked["scope"] and len(asked["nonce"]) >= 32
    assert asked["redirect_uri"] == "http://localhost/aanmelden/gemeente/terug"
    user = house.users.find("jan@gemeente.nl")
    assert user.external and user.password_hash == "" and user.subject == f"{provider.issuer}#u-1"
    assert [(x.action, x.actor) for x in house.log(newest=2)] == [("sign_in", user.name), ("user", user.name)]


@pytest.mark.parametrize("roles", [[], ["Kaart.Onbekend"], None, "analist", {"Kaart.Analist": 1}, ["kaart.analist"]])
def test_somebody_who_is_not_in_the_mapping_gets_nothing(house, provider, roles):
    provider.person["roles"] = roles
    answer = come_back(house, provider)
    assert answer.status_code == 403 and "geen rol" in answer.text
    assert who(house) is None and not house.users.any()


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://evil.example"},
        {"aud": "another-app"},
        {"aud": ["kaart", "another-app"]},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"iat": None},
        {"iat": int(time.time()) + 3600},
    ],
    ids=lambda lie: "-".join(
        f"{k}={'later' if isinstance(v, int) and v > 1_100_000_000 else v}" for k, v in lie.items()
    ),
)
def test_a_token_that_says_something_else_is_refused(house, provider, lie):
    provider.lie = lie
    answer = come_back(house, provider)
    assert answer.status_code == 401 and who(house) is None and not house.users.any()


def by_hand(header, claims, key=None):
    """A token as no library makes one: unsigned, or signed with the public key as if it were a shared secret."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    mac = hmac.new(key, b".".join(parts), hashlib.sha256).digest() if key else b""
    return b".".join([*parts, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def test_a_token_signed_by_somebody_else_or_with_a_shared_secret_or_not_at_all_is_refused(house, provider):
    public = KEYS["ours"].as_pem(private=False)
    provider.key = KEYS["other"]
    assert come_back(house, provider).status_code == 401
    for sign in (
        lambda claims: by_hand({"alg": "HS256", "kid": "k1"}, claims, public),
        lambda claims: by_hand({"alg": "none"}, claims),
        lambda claims: by_hand({"alg": "RS256", "kid": "k1"}, claims),
        lambda _claims: "not.a.token",
        lambda _claims: None,
    ):
        provider.sign = sign
        assert come_back(house, provider).status_code == 401
    assert who(house) is None


@pytest.mark.parametrize(
    "changed",
    [{"state": "another"}, {"state": None}, {"state": "é"}, {"code": "guessed"}, {"code": None},
     {"error": "access_denied"}, {"iss": "https://evil.example"}],
    ids=str,
)  # fmt: skip
def test_an_answer_that_was_tampered_with_is_refused(house, provider, changed):
    assert come_back(house, provider, **changed).status_code == 401
    assert who(house) is None


def test_an_answer_that_was_begun_elsewhere_or_used_before_is_refused(house, provider):
    other = house.app.server.test_client()
    away = other.get("/aanmelden/gemeente")
    back = urlencode(provider.authorize(away.headers["Location"]))
    assert house.client.get(f"/aanmelden/gemeente/terug?{back}").status_code == 401  # somebody else's
    assert other.get(f"/aanmelden/gemeente/terug?{back}").status_code == 303
    assert other.get(f"/aanmelden/gemeente/terug?{back}").status_code == 401  # the flow was for once


def test_a_role_changed_at_the_provider_counts_at_the_next_sign_in_and_ends_other_sessions(house, provider):
    come_back(house, provider)
    provider.person["roles"] = ["Kaart.Beheer"]
    come_back(house, provider, client=house.app.server.test_client())
    assert who(house) is None
    provider.person["roles"] = []
    come_back(house, provider)
    assert house.users.sessions() == ()


def test_a_district_managers_wijken_come_from_the_record_or_from_the_claim(house, provider):
    provider.person["roles"] = ["Kaart.Wijk"]
    answer = come_back(house, provider)
    assert answer.status_code == 403 and "geen wijken" in answer.text
    house.accounts.add(ADMIN, "jan@gemeente.nl", role=Role.DISTRICT_MANAGER, wijken=["WK050503"])
    assert come_back(house, provider).status_code == 303
    assert house.users.find("jan@gemeente.nl").wijken == {"WK050503"}


def test_nobody_takes_over_another_users_name_and_a_closed_user_stays_out(house, provider):
    house.accounts.add(ADMIN, "jan@gemeente.nl", role=Role.ANALYST, password="paard stapel lamp wolken")
    answer = come_back(house, provider)
    assert answer.status_code == 403 and "al een andere gebruiker" in answer.text
    provider.person |= {"preferred_username": "ria", "sub": "u-2"}
    assert come_back(house, provider).status_code == 303
    provider.person["sub"] = "u-3"  # the name was given to somebody else
    assert come_back(house, provider).status_code == 403
    provider.person["sub"] = "u-2"
    house.accounts.set_disabled(ADMIN, "ria", disabled=True)
    answer = come_back(house, provider)
    assert answer.status_code == 403 and "gesloten" in answer.text and who(house) is None


@pytest.mark.parametrize(
    "discovery",
    [{"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": None},
     {"authorization_endpoint": "javascript:alert(1)"}],
    ids=str,
)  # fmt: skip
def test_a_provider_that_is_not_who_it_says_is_not_gone_to(house, provider, discovery):
    provider.discovery = discovery
    answer = house.client.get("/aanmelden/gemeente")
    assert answer.status_code == 502 and "antwoordt niet goed" in answer.text and "Location" not in answer.headers


def test_a_provider_that_is_away_is_one_sentence(house, provider):
    provider.server.shutdown()
    provider.server.server_close()
    answer = house.client.get("/aanmelden/gemeente")
    assert answer.status_code == 502 and "Traceback" not in answer.text


def test_the_sign_in_page_offers_both_ways(house):
    page = house.client.get("/aanmelden?wijk=WK1").text
    assert 'href="/aanmelden/gemeente?wijk=WK1"' in page and 'name="password"' in page


def test_a_mapping_that_is_none_is_refused():
    assert roles_of("a=b=analist , X=auditor") == {"a=b": Role.ANALYST, "X": Role.AUDITOR}
    for wrong in ("analist", "Kaart=baas", "=analist"):
        with pytest.raises(StartRefused, match="oidc_roles"):
            roles_of(wrong)


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"oidc_issuer": "http://evil.example"}, "https://"), ({"oidc_client_secret": ""}, "ontbreekt")],
)
def test_half_a_providers_settings_are_refused(tmp_path, changed, said):
    whole = {
        "oidc_issuer": "https://a.example",
        "oidc_client_id": "x",
        "oidc_client_secret": "y",
        "oidc_roles": "a=analist",
    }
    settings = Settings(store=f"sqlite:///{tmp_path / 's.sqlite'}", **(whole | changed))
    with ReportStore.open(settings.store) as store, pytest.raises(StartRefused, match=said):
        create_app(services_for(store, settings), settings)

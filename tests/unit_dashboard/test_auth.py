"""Signing in with a name and password, and what nobody gets who has not: on the real app, without a browser."""

import re
import threading
from types import SimpleNamespace
from urllib.request import Request, urlopen

import pytest
import waitress
from argon2 import PasswordHasher

from dashboard.app import believing, create_app, serve
from dashboard.auth import passwords, startup
from dashboard.auth.accounts import Accounts
from dashboard.auth.gate import Gate, count_export, gate_for
from dashboard.auth.limits import Limit, TooMany
from dashboard.auth.passwords import HASHER as REAL
from dashboard.auth.startup import StartRefused
from dashboard.services import services_for
from dashboard.viewers import NotSignedIn, current_viewer, viewer_or_none
from data.rights import Denied, Role
from data.settings import Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.users import UserRefused
from data.viewer import Viewer

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
POST = "/_dash-update-component"
ADMIN = Viewer(name="lokaal", role=Role.ADMIN)
GOOD = "paard stapel lamp wolken"
SECRET = "q7Jm2Zx0pVb9Lr4Tn8Ws5Yc1Hd6Gf3Ka"


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch):
    """The same algorithm with less work: hundreds of sign-ins happen here."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def house(tmp_path):
    """Start an app with users: ``house(**settings)`` gives app, client, accounts, users, audit lines."""
    opened = []

    def start(*, host="127.0.0.1", demo=False, with_users=True, **chosen):
        settings = Settings(store=f"sqlite:///{tmp_path / 's.sqlite'}", audit_key=str(tmp_path / "audit.key"), **chosen)
        store, users = ReportStore.open(settings.store), UserStore.open(settings)
        opened.extend([store, users])
        services = services_for(store, settings)
        accounts = Accounts(users, store, services.audit)
        if with_users and not users.any():
            accounts.add(ADMIN, "jan", role=Role.ANALYST, password=GOOD)
            accounts.add(ADMIN, "ria", role=Role.AUDITOR, password=GOOD)
        gate = gate_for(settings, users, services.audit, host=host, demo=demo)
        app = create_app(services, settings, gate=gate)
        app.server.get("/wie", endpoint="who")(lambda: f"{current_viewer().name} {current_viewer().role}")
        app.server.post("/wie", endpoint="who_posts")(lambda: current_viewer().name)
        return SimpleNamespace(
            app=app,
            client=app.server.test_client(),
            accounts=accounts,
            users=users,
            gate=gate,
            settings=settings,
            log=lambda: [(x.actor, x.role, x.action, x.subject, dict(x.detail)) for x in services.audit._log().lines()],
        )

    yield start
    for one in reversed(opened):
        one.close()


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page.get_data(as_text=True)).group(1)


def sign_in(client, name="jan", password=GOOD, *, query="", **more):
    page = client.get(f"/aanmelden{query}")
    form = {"csrf": field(page, "csrf"), "verder": field(page, "verder"), "name": name, "password": password, **more}
    return client.post("/aanmelden", data=form, headers=OURS)


def session_of(house):
    found = house.client.get_cookie(house.gate.cookies.session)
    return found and found.value


def test_without_users_it_is_whoever_sits_at_this_computer_until_there_is_a_user(house):
    here = house(with_users=False)
    assert here.client.get("/wie").text == "lokaal analist"
    assert here.client.get("/").status_code == 200
    here.accounts.add(ADMIN, "jan", role=Role.ANALYST, password=GOOD)
    assert here.client.get("/wie").status_code == 401
    here.accounts.set_disabled(ADMIN, "jan", disabled=True)
    assert here.client.get("/wie").status_code == 401  # closing the only user opens nothing


def test_whoever_knows_the_password_gets_in_and_whoever_signs_out_is_out(house):
    here = house()
    answer = sign_in(here.client, "  JAN ", query="?wijk=WK050503")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/?wijk=WK050503")
    assert here.client.get("/wie").text == "jan analist"
    assert here.client.get("/").status_code == 200
    kept = session_of(here)
    token = here.client.get_cookie(here.gate.cookies.csrf).value
    assert here.client.post("/afmelden", data={"csrf": token}, headers=OURS).status_code == 303
    assert session_of(here) is None
    here.client.set_cookie(here.gate.cookies.session, kept)
    assert here.client.get("/wie").status_code == 401  # the server's side is gone, whatever the browser keeps
    assert [line[:3] for line in here.log()[:2]] == [("jan", "analist", "sign_out"), ("jan", "analist", "sign_in")]


def test_without_a_session_nothing_is_given_but_the_sign_in_page(house):
    here = house()
    open_, shut = {}, {}
    for rule in here.app.server.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "page.css", rule.rule)
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            answer = here.app.server.test_client().open(path, method=method, headers=OURS, json={})
            (shut if answer.status_code in (303, 401, 403, 404) else open_)[f"{method} {path}"] = answer.status_code
    assert set(open_) == {"GET /aanmelden", "GET /aanmelden/stijl.css", "GET /healthz"}
    assert shut["GET /_dash-layout"] == shut["POST /_dash-update-component"] == shut["GET /assets/page.css"] == 401
    for path in ("/assets/mark.svg", "/assets/fonts/inter-latin.woff2"):
        assert here.client.get(path).status_code == 200
    for path in ("/assets/fonts/../page.js", "/assets/fonts/%2e%2e/page.js", "/aanmelden/../", "/nergens"):
        assert here.client.get(path).status_code in (401, 404), path


def test_the_layout_bears_somebody_who_is_not_signed_in(house):
    here = house()
    with here.app.server.test_request_context("/"):
        assert here.app.layout().to_plotly_json()["props"] == {"children": None}
        assert viewer_or_none() is None
        with pytest.raises(NotSignedIn):
            current_viewer()
    assert viewer_or_none() is None  # outside any request too


def test_the_page_asked_for_leads_to_the_sign_in_page_and_never_elsewhere(house):
    here = house()
    answer = here.client.get("/?wijk=WK050503")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/aanmelden?wijk=WK050503")
    for onward in (
        "//evil.example",
        "https://evil.example",
        "\\\\evil.example",
        "a=b\r\nX-Evil: 1",
        "a=//evil.example",
    ):
        client = here.app.server.test_client()
        answer = sign_in(client, verder=onward)
        assert re.fullmatch(r"/(\?a=[A-Za-z0-9%.+-]*)?", answer.headers["Location"]), onward


def test_an_id_from_before_signing_in_is_worth_nothing(house):
    here = house()
    here.client.set_cookie(here.gate.cookies.session, "chosen-by-somebody-else")
    sign_in(here.client)
    first = session_of(here)
    assert first != "chosen-by-somebody-else"
    assert here.users.who("chosen-by-somebody-else") is None
    here.client.set_cookie(here.gate.cookies.session, first)
    page = here.client.get("/")
    assert page.status_code == 200
    token = here.client.get_cookie(here.gate.cookies.csrf).value
    form = {"csrf": token, "name": "ria", "password": GOOD}
    assert here.client.post("/aanmelden", data=form, headers=OURS).status_code == 303
    assert here.users.who(first) is None  # somebody else signing in here ends the session that was there
    assert here.client.get("/wie").text == "ria auditor"


@pytest.mark.parametrize("name", ["jan", "bestaat-niet", "zaal' OR 1=1 --", ""])
def test_a_wrong_password_gets_the_same_answer_for_every_name(house, name):
    here = house()
    answer = sign_in(here.client, name, "verkeerd wachtwoord")
    assert answer.status_code == 401
    said = re.search(r'role="alert">([^<]*)', answer.text).group(1)
    assert said == "Naam of wachtwoord klopt niet."
    for _ in range(4):
        sign_in(here.client, name, "verkeerd wachtwoord")
    answer = sign_in(here.client, name, GOOD)
    assert answer.status_code == 429 and "over 15 min. opnieuw" in answer.text
    assert session_of(here) is None


@pytest.mark.parametrize("name", ["jan", "bestaat-niet", "gesloten", "extern", "op-slot"])
def test_every_attempt_costs_one_hash_so_that_the_time_tells_nothing(house, monkeypatch, name):
    here = house()
    here.accounts.add(ADMIN, "gesloten", role=Role.ANALYST, password=GOOD)
    here.accounts.set_disabled(ADMIN, "gesloten", disabled=True)
    here.accounts.add(ADMIN, "extern", role=Role.ANALYST)
    for _ in range(5):
        here.users.attempt("op-slot")
    passwords.prepare()
    verified = []

    class Counting:
        def verify(self, kept, password):
            verified.append(kept)
            return passwords_hasher.verify(kept, password)

        check_needs_rehash = staticmethod(lambda kept: False)

    passwords_hasher = passwords.HASHER
    monkeypatch.setattr(passwords, "HASHER", Counting())
    assert sign_in(here.client, name, "verkeerd wachtwoord").status_code in (401, 429)
    assert len(verified) == 1


def test_passwords_are_kept_as_argon2id_over_64_mib_and_older_hashes_are_made_anew(house):
    assert REAL.hash("x").startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    here = house()
    weaker = PasswordHasher(time_cost=1, memory_cost=512, parallelism=1).hash(GOOD)
    here.users.change("jan", password_hash=weaker)
    assert sign_in(here.client).status_code == 303
    assert here.users.find("jan").password_hash != weaker and here.client.get("/wie").text == "jan analist"


def test_a_closed_or_external_user_does_not_get_in_with_any_password(house):
    here = house()
    here.accounts.set_disabled(ADMIN, "jan", disabled=True)
    here.accounts.add(ADMIN, "extern", role=Role.ANALYST)
    assert sign_in(here.client).status_code == 401
    for password in ("", GOOD):
        assert sign_in(here.client, "extern", password).status_code == 401


def test_the_log_names_users_and_never_what_somebody_typed(house):
    here = house()
    sign_in(here.client, "jan", "verkeerd wachtwoord")
    sign_in(here.client, "mijn-wachtwoord-hier", "x")
    lines = here.log()
    assert lines[1] == ("jan", "analist", "sign_in_failed", "", {"way": "wachtwoord", "why": "wrong"})
    assert lines[0] == ("onbekend", "geen", "sign_in_failed", "", {"way": "wachtwoord", "why": "wrong"})
    assert "mijn-wachtwoord" not in str(lines) and "verkeerd" not in str(lines)


def test_a_role_taken_away_counts_at_the_next_request(house):
    here = house()
    sign_in(here.client)
    here.accounts.change_role(ADMIN, "jan", role=Role.AUDITOR)
    assert here.client.get("/wie").status_code == 401
    sign_in(here.client)
    assert here.client.get("/wie").text == "jan auditor"
    here.accounts.set_disabled(ADMIN, "jan", disabled=True)
    assert here.client.get("/wie").status_code == 401
    assert [line[4].get("what") for line in here.log() if line[2] == "user"] == ["disabled", "role", "added", "added"]


@pytest.mark.parametrize("given", ["none", "empty", "wrong", "of_a_visit", "of_another"])
def test_a_change_without_the_sessions_own_token_is_refused(house, given):
    here = house()
    visitor = here.app.server.test_client()
    of_a_visit = field(visitor.get("/aanmelden"), "csrf")
    other = here.app.server.test_client()
    sign_in(other, "ria")
    sign_in(here.client)
    of_another = other.get_cookie(here.gate.cookies.csrf).value
    tokens = {"none": None, "empty": "", "wrong": "f" * 64, "of_a_visit": of_a_visit, "of_another": of_another}
    headers = OURS if tokens[given] is None else {**OURS, "X-CSRFToken": tokens[given]}
    for path in ("/wie", "/afmelden", POST):
        assert here.client.post(path, json={}, headers=headers).status_code == 403, path
    own = {**OURS, "X-CSRFToken": here.client.get_cookie(here.gate.cookies.csrf).value}
    assert here.client.post("/wie", headers=own).text == "jan"
    assert here.client.post("/wie", headers={**own, "Origin": "https://evil.example"}).status_code == 403


def test_the_sign_in_form_needs_its_token_too(house):
    here = house()
    form = {"name": "jan", "password": GOOD}
    assert here.client.post("/aanmelden", data=form, headers=OURS).status_code == 403
    here.client.get("/aanmelden")
    assert here.client.post("/aanmelden", data={**form, "csrf": ""}, headers=OURS).status_code == 403
    assert session_of(here) is None


def test_a_callback_after_the_session_ended_is_401(house):
    here = house()
    sign_in(here.client)
    own = {**OURS, "X-CSRFToken": here.client.get_cookie(here.gate.cookies.csrf).value}
    assert here.client.post(POST, json={}, headers=own).status_code == 400  # signed in, and malformed
    here.users.end_sessions("jan")
    answer = here.client.post(POST, json={}, headers=own)
    assert answer.status_code == 401 and "U bent afgemeld" in answer.text
    assert 'template id="signed-out"' in house_page(here)


def house_page(here):
    client = here.app.server.test_client()
    sign_in(client)
    return client.get("/").text


def test_the_cookies_are_out_of_reach_and_behind_tls_bound_to_the_host(house):
    here = house()
    cookies = sign_in(here.client).headers.getlist("Set-Cookie")
    [session] = [c for c in cookies if c.startswith("hk-session")]
    assert "HttpOnly" in session and "SameSite=Lax" in session and "Path=/" in session and "Domain" not in session
    assert "Secure" not in session


def test_behind_tls_the_cookies_are_secure_and_only_https_and_known_names_are_answered(house):
    here = house(behind_tls_proxy=True, trusted_hosts="kaart.gemeente.nl", secret=SECRET)
    at = {"base_url": "https://kaart.gemeente.nl"}
    ours = {"Origin": "https://kaart.gemeente.nl", "Sec-Fetch-Site": "same-origin"}
    page = here.client.get("/aanmelden", **at)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    form = {"csrf": field(page, "csrf"), "name": "jan", "password": GOOD}
    answer = here.client.post("/aanmelden", data=form, headers=ours, **at)
    cookies = answer.headers.getlist("Set-Cookie")
    [session] = [c for c in cookies if c.startswith("__Host-hk-session=")]
    assert all(part in session for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/")) and "Domain" not in session
    assert all("Secure" in c for c in cookies)
    assert here.client.get("/wie", **at).text == "jan analist"
    assert here.client.get("/aanmelden", base_url="http://kaart.gemeente.nl").status_code == 403
    assert here.client.get("/healthz", base_url="http://kaart.gemeente.nl").status_code == 200
    assert here.client.get("/aanmelden", base_url="https://evil.example").status_code == 421
    assert not here.gate.is_local


def test_the_proxys_word_is_taken_only_when_the_settings_say_so(house):
    def asked(here, **headers):
        server = waitress.create_server(
            here.app.server, host="127.0.0.1", port=0, threads=1, **believing(here.settings)
        )
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        try:
            with urlopen(Request(f"http://127.0.0.1:{server.effective_port}/adres", headers=headers)) as answer:
                return answer.read().decode()
        finally:
            server.close()
            server.task_dispatcher.shutdown()
            thread.join(timeout=5)

    from flask import request

    told = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    for settings, expected in (
        ({}, "127.0.0.1 http"),
        ({"behind_tls_proxy": True, "trusted_hosts": "kaart.gemeente.nl", "secret": SECRET}, "203.0.113.9 https"),
    ):
        here = house(**settings)
        here.gate.check = None
        here.app.server.before_request_funcs[None] = []
        here.app.server.get("/adres", endpoint="address")(lambda: f"{request.remote_addr} {request.scheme}")
        assert asked(here, **told) == expected


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "meelezen"),
        ({"behind_tls_proxy": True}, "secret ontbreekt"),
        ({"behind_tls_proxy": True, "secret": "kort"}, "4 tekens"),
        ({"behind_tls_proxy": True, "secret": "changeme" * 5}, "te raden"),
        ({"behind_tls_proxy": True, "secret": "ab" * 20}, "te raden"),
        ({"behind_tls_proxy": True, "secret": SECRET[:16] * 3}, "te raden"),
        ({"behind_tls_proxy": True, "secret": "abcdefghijklmnopqrstuvwxyz0123456789"}, "te raden"),
        ({"behind_tls_proxy": True, "secret": SECRET}, "trusted_hosts is leeg"),
        ({"behind_tls_proxy": True, "secret": SECRET, "trusted_hosts": "https://kaart.nl"}, "geen naam van een server"),
        ({"behind_tls_proxy": True, "secret": SECRET, "trusted_hosts": "*"}, "geen naam van een server"),
        (
            {"behind_tls_proxy": True, "secret": SECRET, "trusted_hosts": "kaart.nl", "proxy_address": "proxy"},
            "proxy_address",
        ),
        ({"security_contact": "bel maar"}, "mailto:"),
    ],
    ids=str,
)
def test_the_server_does_not_start_where_it_would_not_be_safe(house, settings, said):
    here = house(host="0.0.0.0", **settings)
    with pytest.raises(StartRefused, match=said):
        serve(here.app, host="0.0.0.0", port=8050)


@pytest.mark.parametrize("secret", ["kort", "geheim" * 8, "aaaaaaaabbbbbbbbccccccccdddddddd"])
def test_a_weak_secret_is_refused_on_this_computer_too(house, secret):
    here = house(secret=secret)
    with pytest.raises(StartRefused, match="secret"):
        serve(here.app, host="127.0.0.1", port=8050)
    assert secret not in repr(here.settings)


def test_beyond_this_computer_it_does_not_start_without_users(house):
    here = house(
        host="0.0.0.0", with_users=False, behind_tls_proxy=True, secret=SECRET, trusted_hosts="kaart.gemeente.nl"
    )
    with pytest.raises(StartRefused, match="niemand die zich kan aanmelden"):
        serve(here.app, host="0.0.0.0", port=8050)
    here.accounts.add(ADMIN, "jan", role=Role.ANALYST, password=GOOD)
    startup.check(here.settings, host="0.0.0.0", known=True, sign_in=not here.gate.is_local)


def test_random_secrets_are_never_called_weak():
    import secrets

    assert not any(startup.is_weak(secrets.token_urlsafe(48)) for _ in range(2000))


def test_one_address_cannot_try_for_ever_whatever_names_it_takes(house):
    here = house()
    found = [sign_in(here.client, f"naam{i}", "verkeerd wachtwoord").status_code for i in range(31)]
    assert found == [401] * 30 + [429]
    answer = sign_in(here.client)
    assert answer.status_code == 429 and int(answer.headers["Retry-After"]) > 0


def test_maps_are_handed_out_a_limited_number_of_times_per_person_and_per_address(house):
    here = house()
    viewer = Viewer(name="jan", role=Role.ANALYST)
    with here.app.server.test_request_context("/"):
        for _ in range(20):
            count_export(viewer)
        with pytest.raises(TooMany, match="te vaak"):
            count_export(viewer)
        with pytest.raises(TooMany):
            count_export(Viewer(name="ria", role=Role.AUDITOR))  # same address
    with here.app.server.test_request_context("/", environ_base={"REMOTE_ADDR": "10.0.0.9"}):
        count_export(Viewer(name="ria", role=Role.AUDITOR))


def test_a_limit_slides_and_forgets():
    now = [0.0]
    limit = Limit(most=2, within_s=10, clock=lambda: now[0])
    limit.use("a")
    now[0] = 6.0
    limit.use("a", "b")
    with pytest.raises(TooMany) as refused:
        limit.use("b", "a")
    assert 1 <= refused.value.retry_s <= 5
    now[0] = 10.0
    limit.use("a", "b")  # "b" was not counted when it was refused


def test_the_demo_has_a_switch_between_roles_and_only_on_this_computer(house):
    here = house(demo=True, with_users=False)
    assert here.client.get("/wie").text == "demo-analist analist"
    here.client.get("/")
    own = {**OURS, "X-CSRFToken": here.client.get_cookie(here.gate.cookies.csrf).value}
    for role in Role:
        assert here.client.post("/demo/rol", data={"rol": role.value}, headers=own).status_code == 303
        assert here.client.get("/wie").text == f"demo-{role} {role}"
    assert here.client.post("/demo/rol", data={"rol": "baas"}, headers=own).status_code == 400
    assert here.client.post("/demo/rol", data={"rol": "analist"}, headers=OURS).status_code == 403
    with pytest.raises(StartRefused):
        serve(here.app, host="0.0.0.0", port=8050)
    assert house(with_users=False).client.post("/demo/rol", headers=OURS).status_code in (403, 404)


def test_security_txt_stands_where_it_is_looked_for_when_there_is_a_contact(house):
    here = house(security_contact="mailto:security@gemeente.nl", trusted_hosts="kaart.gemeente.nl")
    found = here.client.get("/.well-known/security.txt")
    assert found.mimetype == "text/plain"
    assert "Contact: mailto:security@gemeente.nl\n" in found.text and re.search(
        r"Expires: 20\d\d-\d\d-\d\dT", found.text
    )
    assert "Canonical: https://kaart.gemeente.nl/.well-known/security.txt" in found.text
    assert house().client.get("/.well-known/security.txt").status_code == 404


def test_the_sign_in_page_writes_what_it_is_given_as_text(house):
    here = house(municipality='<script>alert("x")</script>')
    page = here.client.get("/aanmelden?wijk=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in page.text
    assert "script-src" in page.headers["Content-Security-Policy"]
    assert page.headers["Cache-Control"] == "no-store"


def test_only_who_may_manage_changes_users_and_nobody_their_own_role(house):
    here = house()
    here.accounts.add(ADMIN, "bea", role=Role.ADMIN, password=GOOD)
    for role in (Role.ANALYST, Role.DISTRICT_MANAGER, Role.AUDITOR):
        asker = Viewer(name="x", role=role)
        for ask in (
            lambda v: here.accounts.add(v, "nieuw", role=Role.ADMIN, password=GOOD),
            lambda v: here.accounts.change_role(v, "jan", role=Role.ADMIN),
            lambda v: here.accounts.set_password(v, "jan", GOOD),
            lambda v: here.accounts.set_disabled(v, "jan", disabled=True),
            lambda v: here.accounts.end_sessions(v, "jan"),
        ):
            with pytest.raises(Denied):
                ask(asker)
    bea = Viewer(name="bea", role=Role.ADMIN)
    with pytest.raises(UserRefused, match="andere beheerder"):
        here.accounts.change_role(bea, "bea", role=Role.ANALYST)
    with pytest.raises(UserRefused, match="andere beheerder"):
        here.accounts.set_disabled(bea, "bea", disabled=True)
    assert isinstance(here.gate, Gate) and here.users.find("jan").role is Role.ANALYST

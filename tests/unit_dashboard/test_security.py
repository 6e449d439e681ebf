"""What the server answers to whom: hosts, origins, bodies, headers. Without a browser, on the real app."""

import base64
import hashlib
import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import security
from dashboard.app import create_app, serve
from dashboard.auth.startup import StartRefused
from dashboard.pages import PAGES
from dashboard.services import services_for
from data.settings import Settings
from data.store import ReportStore

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}  # and, once the page was opened, its token
POST = "/_dash-update-component"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    chosen = Settings(store=f"sqlite:///{tmp_path_factory.mktemp('store') / 's.sqlite'}", max_upload_mb=1)
    with ReportStore.open(chosen.store) as store:
        yield create_app(services_for(store, chosen), chosen)


@pytest.fixture(scope="module")
def client(app):
    client = app.server.test_client()
    client.get("/_dash-dependencies")  # the first request completes Dash's table of callbacks
    client.get("/")
    names = app.server.extensions["hotspotkaart_gate"].cookies
    client.environ_base["HTTP_X_CSRFTOKEN"] = client.get_cookie(names.csrf).value
    return client


def body_of(app, output):
    """A body as the page sends it when nothing has been touched yet."""
    known = app.callback_map[output]
    outputs = [{"id": one_of(o.component_id), "property": o.component_property} for o in flat(known["output"])]
    return {
        "output": output,
        "outputs": outputs if isinstance(known["output"], list | tuple) else outputs[0],
        "inputs": [part_of(d) for d in known["inputs"]],
        "state": [part_of(d) for d in known["state"]],
        "changedPropIds": [],
    }


def flat(output):
    return list(output) if isinstance(output, list | tuple) else [output]


def one_of(id_):
    """An id that an output's pattern stands for."""
    return {key: v if isinstance(v, str) else "H1" for key, v in id_.items()} if isinstance(id_, dict) else id_


def part_of(dependency):
    id_ = dependency["id"]
    if '["ALL"]' in id_:
        return []
    found = json.loads(id_.replace('["MATCH"]', '"H1"')) if id_.startswith("{") else id_
    return {"id": found, "property": dependency["property"], "value": found if dependency["property"] == "id" else None}


def on_server(app):
    return sorted(name for name, known in app.callback_map.items() if "callback" in known)


def test_the_page_and_its_parts_carry_every_header(client):
    for path in ("/", "/_dash-layout", "/assets/page.css", "/kaart/map.js", "/kaart/map_layers.css", "/healthz"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self' 'sha256-" in policy and "unsafe-eval" not in policy
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "http" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"


def directives(policy):
    """Directive -> its values."""
    parts = [part.split() for part in policy.split(";") if part.strip()]
    assert len({part[0] for part in parts}) == len(parts), "a directive that stands twice counts once"
    return {name: values for name, *values in parts}


def test_no_page_part_file_or_refusal_lets_a_script_run_that_is_not_ours(client, app):
    asked = {path: client.get(path) for path in sorted({*(page.path for page in PAGES), *every_address(app)})}
    asked["elsewhere"] = client.get("/", headers={"Host": "evil.example"})
    asked["from elsewhere"] = client.post(POST, json={}, headers={"Origin": "https://evil.example"})
    asked["malformed"] = client.post(POST, data=b"{", content_type="application/json", headers=OURS)
    asked["a part"] = client.post(POST, json=body_of(app, "upload-modal.opened"), headers=OURS)
    asked["a method"] = client.delete("/", headers=OURS)
    assert {answer.status_code for answer in asked.values()} >= {200, 400, 403, 404, 405, 421} and len(asked) > 20
    for path, answer in asked.items():
        [policy] = answer.headers.getlist("Content-Security-Policy")
        said = directives(policy)
        assert said["default-src"] == ["'none'"] and not {"script-src-elem", "script-src-attr"} & set(said), path
        allowed = said["script-src"]
        assert allowed[0] == "'self'" and len(allowed) > 1, path
        assert all(re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", value) for value in allowed[1:]), path
        assert not {"'unsafe-inline'", "'unsafe-eval'", "'unsafe-hashes'", "'strict-dynamic'"} & set(allowed), path
        if answer.mimetype == "text/html":
            written = (
                r"<script(?![^>]*(?:\bsrc=|application/json))[^>]*>(.*?)</script>"  # JSON is data: it does not run
            )
            for script in re.findall(written, answer.text, re.DOTALL):
                hashed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
                assert f"'sha256-{hashed}'" in allowed or not script.strip(), (path, script[:80])
            assert not re.search(r"<[^>]+\son[a-z]+\s*=", answer.text), path


def every_address(app):
    """Every address that the server answers to GET, wildcards filled in with something."""
    rules = [rule for rule in app.server.url_map.iter_rules() if "GET" in rule.methods]
    return {re.sub(r"<[^>]+>", "page.css", rule.rule) for rule in rules}


@pytest.mark.parametrize("tiles", [False, True])
def test_the_policy_itself_never_allows_scripts_in_line_or_made_from_text(tiles):
    policy = directives(security.content_policy(["'sha256-x'"], tiles=tiles))
    assert policy["script-src"] == ["'self'", "'sha256-x'"] and policy["default-src"] == ["'none'"]


def test_tiles_add_their_one_host_for_images_only():
    policy = security.content_policy([], tiles=True)
    assert policy.count("https://") == 1
    assert "img-src 'self' data: https://service.pdok.nl" in policy


@pytest.mark.parametrize("host", ["localhost:8050", "127.0.0.1", "127.0.0.1:8050", "[::1]:8050", "kaart.localhost"])
def test_loopback_names_are_answered(client, host):
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "192.168.1.4", ""])
def test_a_rebound_name_is_refused(client, host):
    assert client.get("/_dash-layout", headers={"Host": host}).status_code in (400, 421)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_a_post_from_elsewhere_or_nowhere_is_refused(client, app, headers):
    body = body_of(app, "upload-modal.opened")
    assert client.post(POST, json=body, headers=headers).status_code == 403
    assert client.post(POST, json=body, headers=OURS).status_code == 200


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"text"',
        b"{}",
        b'{"output": 5}',
        b'{"output": "no.such"}',
        b'{"output": "upload-modal.opened", "inputs": 7}',
        b'{"output": "upload-modal.opened", "inputs": [1], "outputs": []}',
        b'{"output": "upload-modal.opened", "inputs": [{"id": "x"}], "outputs": []}',
    ],
)
def test_a_malformed_body_is_the_askers_fault(client, content):
    answer = client.post(POST, data=content, content_type="application/json", headers=OURS)
    assert answer.status_code == 400
    assert b"Traceback" not in answer.data


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "property", "value"]), inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_stands_in_a_body_the_server_does_not_fall_over(client, app, data):
    body = body_of(app, data.draw(st.sampled_from(on_server(app))))
    for key in data.draw(st.sets(st.sampled_from(sorted(body)), min_size=1, max_size=3)):
        body[key] = data.draw(JSON)
    answer = client.post(POST, data=json.dumps(body), content_type="application/json", headers=OURS)
    assert answer.status_code in (200, 204, 400), answer.data
    assert b"Traceback" not in answer.data


def test_too_large_a_body_is_refused_in_a_sentence(client):
    answer = client.post(POST, data=b"x" * 4_000_000, content_type="application/json", headers=OURS)
    assert answer.status_code == 413
    assert "hooguit 1 MB" in answer.get_data(as_text=True)


def test_every_callback_of_the_page_is_answered_when_asked_as_the_page_asks(client, app, caplog):
    for name in on_server(app):
        assert client.post(POST, json=body_of(app, name), headers=OURS).status_code in (200, 204), name
        assert not caplog.records, name


def test_other_methods_are_refused(client):
    assert client.delete("/", headers=OURS).status_code == 405
    assert client.put("/", headers=OURS).status_code == 405


def test_the_language_of_the_address_is_remembered_and_anything_else_is_not(client):
    answer = client.get("/?taal=en")
    assert '<html lang="en">' in answer.get_data(as_text=True)
    assert '<html lang="en">' in client.get("/").get_data(as_text=True)
    assert '<html lang="nl">' in client.get("/?taal=nl").get_data(as_text=True)
    assert "Set-Cookie" not in client.get('/?taal="><script>').headers


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "kaart.example"])
def test_without_sign_in_the_server_listens_on_this_machine_only(app, host):
    with pytest.raises(StartRefused, match="meelezen"):
        serve(app, host=host, port=8050)


@pytest.mark.parametrize("name", ["__init__.py", "../palette.py", "%2e%2e/palette.py", "nergens.js"])
def test_nothing_beside_the_maps_own_files_is_served_with_them(client, name):
    assert client.get(f"/kaart/{name}").status_code == 404

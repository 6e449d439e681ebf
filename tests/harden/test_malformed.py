"""Ten thousand requests that no page ever sent: whatever they hold, the server answers and never with a 5xx."""

import copy
import json
import logging
import random
from collections import Counter

import pytest

from tests.harden.caller import POST, Caller, Pool, bodies, callbacks_of

pytestmark = [pytest.mark.harden, pytest.mark.slow]
TIMES = 10_000
ODD = [
    None, True, False, 0, -1, 2**63, 10**400, 1e308, -0.0, "", "0", "\0", "\u202e", "😀", "\ud800", "x" * 5000, [], [[]], {}, {"": None},
    [None] * 300, {"id": {"id": "H1"}}, "../../etc/passwd", "%00", "' OR 1=1 --", "{{7*7}}", "2025-13-45", float("nan"),
    {"type": "x", "id": ["ALL"]}, [{"id": 1}], "data:text/csv;base64,!!!", "data:,", "?gebied=%ff&eps=nan&min=-1&uur=99-99",
]  # fmt: skip
TYPES = ["application/json", "text/plain", "application/xml", "multipart/form-data; boundary=x", "multipart/form-data", "application/x-www-form-urlencoded",
         "application/json; charset=utf-16", "application/json; charset=nergens", "", "\x01"]  # fmt: skip


def places(value, path=()):
    """Every place in a JSON value, as a path of keys."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


def changed(body, chance):
    """A body with one to four of its places taken by something odd, or gone, or twice."""
    body = copy.deepcopy(body)
    for _ in range(chance.randint(1, 4)):
        path = chance.choice([p for p in places(body) if p] or [()])
        if not path:
            return copy.deepcopy(chance.choice(ODD))
        inner = body
        for key in path[:-1]:
            inner = inner[key]
        act = chance.random()
        if act < 0.2:
            del inner[path[-1]]
        elif act < 0.3 and isinstance(inner, list):
            inner.append(copy.deepcopy(inner[path[-1]]))
        else:
            inner[path[-1]] = copy.deepcopy(chance.choice(ODD))
    return body


def flipped(text, chance):
    raw = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(chance.randint(1, 8)):
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


def spoilt(body, chance):
    """(kind, content, content type) of a spoilt request."""
    kind = chance.choice(["flip", "cut", "odd", "odd", "odd", "deep", "huge", "utf8", "type", "twice", "noise"])
    text = json.dumps(body)
    media = "application/json"
    if kind == "flip":
        content = flipped(text, chance)
    elif kind == "cut":
        content = text[: chance.randrange(len(text))].encode()
    elif kind == "odd":
        content = json.dumps(changed(body, chance)).encode()
    elif kind == "deep":
        depth = chance.choice([100, 900, 5_000, 20_000])
        opening, closing = chance.choice([("[", "]"), ('{"id":', "}")])
        deep = opening * depth + "1" + closing * depth
        content = (deep if chance.random() < 0.5 else text[:-1] + f', "state": {deep}' + "}").encode()
    elif kind == "huge":
        content = (
            text[:-1] + ', "inputs": [' + chance.choice(["1," * 1_000, "[]," * 5_000, "9" * 20_000 + ","]) + "1]}"
        ).encode()
    elif kind == "utf8":
        at = chance.randrange(len(text))
        content = (
            text[:at].encode()
            + chance.choice([b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xf8\x88"])
            + text[at:].encode()
        )
    elif kind == "type":
        content, media = text.encode(), chance.choice(TYPES)
    elif kind == "twice":
        content = (text[:-1] + "," + text[1:]).encode()
    else:
        content = chance.randbytes(chance.randint(0, 400))
    return kind, content, media


@pytest.fixture(scope="module")
def quiet():
    """Failed callbacks are logged in full; here thousands would be."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_ten_thousand_malformed_requests_get_no_server_error(make_house, quiet):
    chance, statuses, faults = random.Random(404), Counter(), []
    empty = make_house(change=lambda connection: connection.executescript("DELETE FROM reports; DELETE FROM areas;"))
    full = make_house()
    pool = Pool(values={"search": ["", "?gebied=x"], "n_clicks": [1], "pathname": ["/"], "data": ["H1", 0]}, ids=["H1"])
    known = sorted(callbacks_of(empty.app).items())
    callers = {True: full.caller("anna"), False: empty.caller("anna")}
    strangers = {True: Caller(full.app), False: Caller(empty.app)}
    for i in range(TIMES):
        rich = i % 97 == 0
        output, one = known[i % len(known)]
        body = next(bodies(output, one, pool, turns=1))
        kind, content, media = spoilt(body, chance)
        if i % 10 == 9:
            kind, path = (
                "form",
                chance.choice(
                    ["/aanmelden", "/afmelden", "/aanmelden/oidc", "/demo/rol", "/", "/beheer", "/healthz", "/kaart/x"]
                ),
            )
            answer = strangers[rich].post(path, data=content, content_type=chance.choice(TYPES))
        else:
            answer = callers[rich].post(POST, data=content, content_type=media)
        statuses[kind, answer.status_code] += 1
        if answer.status_code >= 500 or b"Traceback" in answer.data:
            faults.append((kind, output[:40], media, content[:80], answer.status_code))
    counted = Counter()
    for (_kind, status), n in statuses.items():
        counted[status] += n
    told = ", ".join(f"{n} × {status}" for status, n in sorted(counted.items()))
    print(
        f"malformed bodies: {sum(statuses.values()):,} requests over {len(known)} callbacks and 8 other addresses: {told}"
    )
    assert faults == []
    assert sum(statuses.values()) == TIMES and counted[400] > TIMES / 3


@pytest.mark.parametrize(
    "query",
    ["%ff%fe", "van=%00&tot=%ed%a0%80", "uur=" + "9" * 9000, "gebied=" + "%f0%9f%98%80" * 500, "taal=../..", "&&&==="],
)
def test_a_mangled_address_is_answered_too(make_house, query):
    caller = make_house().caller("anna")
    for path in ("/", "/_dash-layout", "/aanmelden", "/beheer", "/%ff%00", "/kaart/%2e%2e/x"):
        answer = caller.get(f"{path}?{query}")
        assert answer.status_code < 500, (path, answer.status_code)
        assert b"Traceback" not in answer.data

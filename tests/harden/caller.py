"""Asks every callback that the app has, as its page would and as its page never would: read from the app, never listed."""

import itertools
import json
import re

from dashboard.auth import cookies

OURS = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
POST = "/_dash-update-component"


class Caller:
    """One browser without a screen: a client of an app with somebody's session (None: nobody's)."""

    def __init__(self, app, session=None):
        self.app, self.gate = app, app.server.extensions["hotspotkaart_gate"]
        self.client = app.server.test_client()
        self.session = session
        self.headers = dict(OURS)
        if session:
            self.client.set_cookie(self.gate.cookies.session, session)
            self.headers[cookies.HEADER] = cookies.token(self.gate.secret, session)
        else:
            self.client.get("/aanmelden")  # its token is one that anybody may have
            given = self.client.get_cookie(self.gate.cookies.csrf)
            self.headers |= {cookies.HEADER: given.value} if given else {}

    def get(self, path, **how):
        return self.client.get(path, **how)

    def post(self, path, **how):
        return self.client.post(path, headers=self.headers, **how)

    def call(self, body):
        return self.post(POST, json=body)


def callbacks_of(app):
    """Every callback that runs on the server: its output's name -> what Dash knows of it."""
    app.server.test_client().get("/healthz")
    app._setup_server()  # completes the table of callbacks, as a first request does
    return {name: known for name, known in app.callback_map.items() if "callback" in known}


def flat(output):
    return list(output) if isinstance(output, list | tuple) else [output]


class Pool:
    """Values to give to inputs and states: what a page would hold, what another's would, and what nobody's would."""

    def __init__(self, *, values, ids=()):
        self.values = values  # property -> list; "component.property" goes before it
        self.ids = list(ids)  # what stands in a pattern's wildcard
        self.seen = {}  # a pattern's type -> wildcards seen on a page

    def learn(self, answer):
        """Keep ids that stand on a page, so that others can be tried with them."""
        for found in walk(answer):
            id_ = found.get("id")
            if isinstance(id_, dict) and isinstance(id_.get("type"), str):
                there = self.seen.setdefault(id_["type"], [])
                if id_["id" if "id" in id_ else next(iter(id_.keys() - {"type"}), "type")] not in there:
                    there.append(id_["id" if "id" in id_ else next(iter(id_.keys() - {"type"}), "type")])

    def of(self, component, prop, turn):
        name = component if isinstance(component, str) else component.get("type", "")
        there = self.values.get(f"{name}.{prop}") or self.values.get(prop) or [None, "", 0, [], {}]
        return there[turn % len(there)]

    def wildcard(self, type_, turn):
        there = [*self.seen.get(type_, [])[:6], *self.ids]
        return there[turn % len(there)] if there else "H1"


def walk(value):
    """Every dict in a JSON value."""
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from walk(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from walk(inner)


def bodies(output, known, pool, *, turns, each=True):
    """Requests for one callback, ``turns`` times with other values: every input pulled each time, or one after another."""
    n = max(1, len(known["inputs"]))
    for turn, pulled in itertools.product(range(turns), range(n)):
        if each or pulled == turn % n:
            yield body(output, known, pool, turn=turn, pulled=pulled)


def body(output, known, pool, *, turn, pulled):
    wild = {}

    def id_of(text, *, each=False):
        if not text.startswith("{"):
            return text
        pattern = json.loads(text)
        kind = pattern.get("type", "")
        return {
            key: value
            if isinstance(value, str)
            else wild.setdefault(kind if each else "MATCH", pool.wildcard(kind, turn))
            for key, value in pattern.items()
        }

    def part(dependency):
        many = '["ALL"]' in dependency["id"] or '["ALLSMALLER"]' in dependency["id"]
        id_ = id_of(dependency["id"], each=many)
        prop = dependency["property"]
        value = id_ if prop == "id" else pool.of(id_, prop, turn)
        one = {"id": id_, "property": prop, "value": value}
        return [one] if many else one

    inputs = [part(d) for d in known["inputs"]]
    outputs = []
    for one in flat(known["output"]):
        id_ = one.component_id
        if isinstance(id_, dict):
            id_ = {k: v if isinstance(v, str) else wild.get("MATCH", "H1") for k, v in id_.items()}
        outputs.append({"id": id_, "property": one.component_property})
    flat_inputs = [p for part_ in inputs for p in (part_ if isinstance(part_, list) else [part_])]
    changed = []
    if flat_inputs:
        p = flat_inputs[min(pulled, len(flat_inputs) - 1)]
        changed = [f"{written(p['id'])}.{p['property']}"]
    return {
        "output": output,
        "outputs": outputs if isinstance(known["output"], list | tuple) else outputs[0],
        "inputs": inputs,
        "state": [part(d) for d in known["state"]],
        "changedPropIds": changed,
    }


def written(id_):
    return id_ if isinstance(id_, str) else json.dumps(id_, sort_keys=True, separators=(",", ":"))


def routes_of(app, *, instead):
    """Every address that Flask answers, with its methods; wildcards filled in with each of ``instead``."""
    for rule in app.server.url_map.iter_rules():
        for given in instead if rule.arguments else [""]:
            address = re.sub(r"<(?:[^:<>]+:)?[^<>]+>", lambda _m, given=given: given, str(rule))
            for method in sorted(rule.methods - {"OPTIONS"}):
                yield method, address

"""Every callback and every address, asked by everybody, with their own ids and with another's: nothing may leak.

A leak is one of these: an answer to whom reports are denied that changes when the reports do; a canary in it; an answer
to a district manager that changes with another's wijk; a name or line that only the auditor or beheerder may read; a
store that changed; anything but a refusal for who is not, or no longer, signed in.
"""

import contextlib
import hashlib
import itertools
import json
import random
import re
import secrets
import sqlite3

import pytest

from dashboard.state import FilterState
from data.rights import Role
from tests.harden.caller import Pool, bodies, callbacks_of, routes_of, walk
from tests.harden.conftest import HIDDEN_LINE, HIDDEN_USER, OTHER, OWN

pytestmark = [pytest.mark.harden, pytest.mark.slow]
DENIED_REPORTS = ("wim", "fred", "bea")  # in this order: a beheerder may end the others' sessions
TURNS = 8
MOMENT = re.compile(r"\d{1,2}:\d{2}(:\d{2})?|[0-9a-f]{16,64}")  # of lines in the log, which are written as we ask
NEVER_CHANGED = ("reports", "report_history", "withdrawals", "quarantine", "decisions", "imports", "areas", "features")
SEARCHES = [
    f"?gebied={OWN}&venster=acht",
    f"?gebied={OTHER}&wijk={OTHER}&wijken={OTHER}&per=buurt&venster=vier",
    "?van=2025-03-04&tot=2025-03-04&uur=22-23&dag=1&deel=soort",
    "?soort=nafluiten&eps=25&min=2&beeld=dichtheid&venster=kwartaal&vanaf=2025-04-01",
    f"?gebied=BU05050700&beeld=gi&kleur=rate&wijk={OWN}&deel=dagdeel&per=buurt",
    "",
]
PATHS = ["/", "/ontwikkeling", "/gegevens", "/beheer", "/logboek", "/nergens"]
FILE = "data:text/csv;base64,aWQ7ZGF0dW07eDt5CjE7MDEtMDQtMjAyNTsxMDUwMDA7NDI1MDAwCg=="


@pytest.fixture(scope="module", autouse=True)
def one_chance():
    """Session ids and the like come in one order, so that answers of two houses can be compared whole."""
    with pytest.MonkeyPatch.context() as patch:
        chance = random.Random()
        patch.setattr(secrets, "token_urlsafe", lambda n=32: "t" + chance.randbytes(n).hex())
        patch.setattr(secrets, "choice", chance.choice)
        patch.setattr(secrets, "randbelow", chance.randrange)
        yield chance


@pytest.fixture(scope="module")
def learnt(make_house):
    """What an analyst's own pages hold: ids of hotspots, rows, texts and jobs, for others to try."""
    house = make_house()
    anna = house.caller("anna")
    pool = Pool(
        values={
            "search": SEARCHES,
            "pathname": PATHS,
            "n_clicks": [1, 2],
            "n_intervals": [1],
            "contents": [FILE],
            "filename": ["meldingen.csv"],
            "evidence-runs.value": [99],
            "checked": [True, False],
        }
    )
    for output, known in callbacks_of(house.app).items():
        for one in bodies(output, known, pool, turns=1):
            answer = anna.call(one)
            assert answer.status_code in (200, 204), (output, answer.status_code)
            content = answer.get_json(silent=True)
            assert HIDDEN_USER not in answer.text and HIDDEN_LINE not in answer.text, output
            pool.learn(content)
            for found in walk(content):
                if isinstance(found.get("rowData"), list) and found["rowData"]:
                    pool.values.setdefault("selectedRows", []).append(found["rowData"][:2])
                    pool.values.setdefault("rowData", []).append(found["rowData"][:2])
    state = house.services.map.overview(house.people["anna"], FilterState())
    hotspots = [h.id for h in state.shown]
    job = house.services.jobs.start(house.people["anna"], "k", lambda progress: "only anna's")
    pool.ids = [*hotspots[:3], OWN, OTHER, "wim", HIDDEN_USER, "1"]
    pool.values["data"] = [*hotspots[:2], job.id, 0, OTHER, HIDDEN_USER]
    pool.values["value"] = [None, OTHER, OWN, "group", [OTHER], ["2025-01-01", "2025-01-01"], HIDDEN_USER, "eight", 3]
    assert hotspots and pool.values.get("selectedRows")
    return pool


@pytest.fixture(scope="module")
def houses(make_house, one_chance):
    """The same house three times: as it is; with other reports; with other figures published of other wijken."""

    def other_reports(connection):
        connection.execute(
            "UPDATE reports SET x = x + 211, y = y - 173, text = 'anders', event_minute = (event_minute + 301) % 1440"
        )
        connection.execute("UPDATE reports SET street = 'Elders', categories = 'volgen' WHERE key % 3 = 0")
        connection.execute("DELETE FROM reports WHERE key % 4 = 0")
        connection.execute("UPDATE quarantine SET value = 'anders'")

    def other_wijken(connection):
        mine = "SELECT place FROM published_places WHERE place = ? OR parent = ?"
        connection.execute(f"UPDATE published_cells SET shown = shown + 25 WHERE place NOT IN ({mine})", (OWN, OWN))
        connection.execute(
            "UPDATE published_hotspots SET shown = shown + 25, id = 'X' || id WHERE wijk_code <> ?", (OWN,)
        )

    def start(change):
        one_chance.seed(7)
        return make_house(change=change)

    return {"as it is": start(None), "other reports": start(other_reports), "other wijken": start(other_wijken)}


def digest(path, tables=NEVER_CHANGED):
    """What stands in the tables that these roles may never change."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        rows = [(t, *r) for t in tables if t in there for r in connection.execute(f"SELECT * FROM {t} ORDER BY 1, 2")]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def ask_all(house, name, pool, chance):
    """Every callback with every tampered body; gives (output, body, answer as text) one after another."""
    chance.seed(11)
    caller = house.caller(name)
    for output, known in sorted(callbacks_of(house.app).items()):
        for one in bodies(output, known, pool, turns=TURNS, each=False):
            answer = caller.call(one)
            if answer.status_code == 401 and name:  # a beheerder who ended their own session
                house.sessions[name] = house.users.start_session(name)
                caller = house.caller(name)
                answer = caller.call(one)
            yield output, one, answer


def test_no_answer_to_whom_reports_are_denied_depends_on_the_reports(houses, learnt, found, one_chance):
    asked, leaks = 0, []
    before = {which: digest(house.path) for which, house in houses.items()}
    for name in DENIED_REPORTS:
        others = {
            "wim": ("other reports", "other wijken"),
            "fred": ("other reports",),
            "bea": ("other reports", "other wijken"),
        }
        runs = [ask_all(houses[which], name, learnt, one_chance) for which in ("as it is", *others[name])]
        for which, run in zip(("as it is", *others[name]), [list(r) for r in runs], strict=True):
            if which == "as it is":
                first = run
            asked += len(run)
            for (output, one, mine), (_output, _one, theirs) in zip(first, run, strict=True):
                said = [MOMENT.sub("#", answer.get_data(as_text=True)) for answer in (mine, theirs)]
                if said[0] != said[1] or mine.status_code != theirs.status_code:
                    leaks.append((name, which, output[:60], one["changedPropIds"], difference(*said)))
                if which == "as it is" and (hits := found.found_in(mine.data)):
                    leaks.append((name, "canary", output[:60], hits[:3]))
                hidden = {"wim": (HIDDEN_USER, HIDDEN_LINE), "bea": (HIDDEN_LINE,), "fred": ()}[name]
                given = json.dumps([one["inputs"], one["state"]])
                leaks += [(name, word, output[:60]) for word in hidden if word in mine.text and word not in given]
                if mine.status_code >= 500:
                    leaks.append((name, mine.status_code, output[:60]))
    leaks += [("store changed", which) for which, house in houses.items() if digest(house.path) != before[which]]
    n = len(callbacks_of(houses["as it is"].app))
    print(
        f"authorisation: {n} callbacks × {len(DENIED_REPORTS)} roles without reports, tampered ids: {asked} requests, {len(leaks)} leaks"
    )
    assert leaks == []


def test_the_same_comparison_sees_that_an_analysts_answers_do_depend_on_them(houses, learnt, found):
    callers = [houses[which].caller("anna") for which in ("as it is", "other reports")]
    differ = 0
    for output, known in callbacks_of(houses["as it is"].app).items():
        if "export" not in output:
            one = next(bodies(output, known, learnt, turns=1))
            mine, theirs = (caller.call(one) for caller in callers)
            differ += mine.get_json(silent=True) != theirs.get_json(silent=True)
    assert differ >= 4
    mine = houses["as it is"].store.reports(houses["as it is"].people["anna"])
    assert len(found.places_in(" ".join(f"[{x}, {y}]" for x, y in zip(mine["x"], mine["y"], strict=True)))) >= 1000


def difference(one, other):
    """The first place where two answers differ."""
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    return one[max(0, at - 60) : at + 60], other[max(0, at - 60) : at + 60]


def test_who_is_not_or_no_longer_signed_in_gets_nothing_from_any_callback_or_address(make_house, learnt, found):
    house = make_house()
    leaks, asked = [], 0
    gone = {name: house.caller(name) for name in ("anna", "wim", "fred", "bea")}
    for caller in gone.values():
        assert caller.get("/_dash-layout").status_code == 200
    house.users.change("anna", role=Role.AUDITOR.value)
    house.users.change("wim", wijken=[OTHER])
    house.users.change("fred", disabled=True)
    house.users.end_sessions("bea")
    answers = itertools.chain.from_iterable(
        asked_by_nobody(house, caller, learnt) for caller in [house.caller(None), *gone.values()]
    )
    for what, answer in answers:
        asked += 1
        given = answer.status_code in (200, 204) and answer.data.strip() not in (b"", b"OK")
        if given or answer.status_code >= 500 or found.found_in(answer.data):
            leaks.append((what, answer.status_code, answer.text[:80]))
    print(
        f"authorisation: nobody, and 4 whose role, wijken or session were taken away: {asked} requests, {len(leaks)} leaks"
    )
    assert leaks == []


OPEN = re.compile(r"/aanmelden(/stijl\.css)?|/healthz|/\.well-known/security\.txt|/assets/(mark\.svg|fonts/[^.].*)")


def asked_by_nobody(house, caller, pool):
    for output, known in callbacks_of(house.app).items():
        for one in bodies(output, known, pool, turns=1):
            yield output[:60], caller.call(one)
    instead = [
        "page.js",
        "map.js",
        "../settings.toml",
        "%2e%2e/stad.sqlite",
        "aanmelden/../_dash-layout",
        "fonts/../page.js",
        "beheer",
        "x",
    ]
    for method, address in routes_of(house.app, instead=instead):
        if method == "HEAD" or (method == "GET" and OPEN.fullmatch(address)):
            continue
        yield f"{method} {address}", caller.client.open(address, method=method, headers=caller.headers)


def test_a_job_is_nothing_to_another_analyst_nor_to_its_owner_in_another_role(make_house):
    house = make_house()
    job = house.services.jobs.start(house.people["anna"], "key", lambda progress: "canary of a job")
    for viewer in (
        *(v for n, v in house.people.items() if n != "anna"),
        type(house.people["anna"])(name="anna", role=Role.AUDITOR),
    ):
        assert house.services.jobs.of(viewer, job.id) is None
        assert house.services.jobs.cancel(viewer, job.id) is None
    bram = house.caller("bram")
    [(output, known)] = [(o, k) for o, k in callbacks_of(house.app).items() if "evidence-cancel" in str(k["inputs"])]
    said = []
    for id_ in (job.id, "there-is-none"):
        pool = Pool(values={"evidence-job.data": [id_], "n_intervals": [1], "n_clicks": [1]})
        said.append([bram.call(one).get_json() for one in bodies(output, known, pool, turns=1)])
    assert said[0] == said[1]
    print("authorisation: a job's id in other hands: 5 people, 0 answers")


def test_a_role_that_is_taken_away_between_two_requests_counts_at_the_second(make_house):
    house, n = make_house(), 0
    for name in ("anna", "bram", "wim", "fred"):
        caller = house.caller(name)
        for output, known in callbacks_of(house.app).items():
            one = next(bodies(output, known, Pool(values={"search": [""], "pathname": ["/"]}), turns=1))
            if n % 7 == 0:  # the first of each seven really answers; the rest would only take time
                assert caller.call(one).status_code in (200, 204)
            house.users.change(name, role=Role.ADMIN.value)
            assert caller.call(one).status_code == 401, (name, output)
            n += 1
            house.users.change(name, role=house.people[name].role.value, wijken=house.people[name].wijken)
            house.sessions[name] = house.users.start_session(name)
            caller = house.caller(name)
    print(f"authorisation: a role taken away between two requests: {n} times, 0 answers afterwards")

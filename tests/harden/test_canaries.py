"""A thousand canaries: not one place, word or id of them in anything that anybody but an analyst gets, or that is left lying."""

import base64
import contextlib
import io
import itertools
import json
import logging
import sqlite3
import tempfile
import zipfile
import zlib

import numpy as np
import pytest

from dashboard import cli
from dashboard.commands.analyse import SUBJECTS
from dashboard.services.publication import NothingToPublish
from dashboard.services.types import SnapshotRequest
from tests.harden import canaries
from tests.harden.caller import Pool, bodies, body, callbacks_of, routes_of, walk
from tests.harden.conftest import HIDDEN_LINE, HIDDEN_USER, OTHER, OWN

pytestmark = [pytest.mark.harden, pytest.mark.slow]
SEARCHES = [
    "?" + "&".join(parts)
    for parts in itertools.product(
        [
            "venster=acht",
            "venster=vier",
            "venster=kwartaal&vanaf=2025-04-01",
            "van=2025-03-04&tot=2025-03-04&uur=22-23",
        ],
        [
            "",
            "deel=soort",
            "deel=dagdeel",
            f"per=buurt&gebied={OWN}",
            f"per=buurt&gebied={OTHER}&beeld=dichtheid&eps=20&min=2",
        ],
    )
]
PATHS = ["/", "/ontwikkeling", "/gegevens", "/beheer", "/logboek"]
EXPORTS = [
    ("html", "", "A4", None, None),
    ("pdf", "", "A4", None, None),
    ("png", "", "16:9", None, None),
    ("html", OWN, "A4", None, None),
]
SIGNATURES = {"png": b"\x89PNG\r\n", "pdf": b"%PDF-", "html": b"<!DOCTYPE html>"}
PERIODS = ("--before", "2024-10-01", "2025-09-30", "--after", "2025-10-01", "2026-03-31")
QUESTIONS = dict.fromkeys(("chance", "gi", "moran", "knox", "scan"), ("--runs", "99")) | {
    "compare": PERIODS,
    "windows": ("--places", "stops", "--runs", "99"),
    "rates": ("--per", "inhabitants"),
}
SAYS = {  # question -> what stands in its answer
    "advice": "Advies voor", "sweep": "hotspot", "chance": "toeval", "opinion": "HDBSCAN", "time": "bekend tijdstip",
    "trend": "kwartaal", "life": "kwartalen", "compare": "meldingen in", "near": "naar afstand tot", "rates": "inwoners",
    "density": "uitgesmeerd", "gi": "cellen van", "moran": "Moran", "knox": "dagen en", "spacetime": "groepen van",
    "scan": "cirkel", "windows": "plekken",
}  # fmt: skip


@pytest.fixture(scope="module")
def lying_about(tmp_path_factory):
    """A temp folder of this module's own: what stays in it is looked into afterwards."""
    folder = tmp_path_factory.mktemp("temp")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        patch.setenv("TMPDIR", str(folder))
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield folder


@pytest.fixture(scope="module")
def log():
    """Everything that any logger says, down to the smallest."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    for noisy in ("numba", "matplotlib", "PIL", "fontTools"):
        logging.getLogger(noisy).setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(scope="module")
def house(make_house, lying_about, log):
    return make_house()


def pool(*, searches=SEARCHES):
    return Pool(
        values={
            "search": searches,
            "pathname": PATHS,
            "n_clicks": [1],
            "value": [None, "buurt", "acht", OWN, OTHER, "html", "pdf"],
            "contents": ["data:text/csv;base64,aWQ7ZGF0dW07eDt5CjE7MDEtMDQtMjAyNTsxMDUwMDA7NDI1MDAwCg=="],
            "data": ["H1", 0],
        },
        ids=["H1", OWN],
    )


def test_nobody_but_an_analyst_gets_a_canary_from_any_page_or_callback(house, found):
    asked, hits, size = 0, [], 0
    given = pool()
    for name in ("wim", "fred", "bea", None):
        caller = house.caller(name)
        answers = [(f"{m} {a}", caller.client.open(a, method=m, headers=caller.headers))
                   for m, a in routes_of(house.app, instead=["page.js", "map.js", "beheer"]) if m == "GET"]  # fmt: skip
        for output, known in sorted(callbacks_of(house.app).items()):
            answers += [
                (output, caller.call(one))
                for one in bodies(output, known, given, turns=len(SEARCHES) if name else 1, each=False)
            ]
        for what, answer in answers:
            asked, size = asked + 1, size + len(answer.data)
            if "component-suites" not in what and "/assets/" not in what:  # libraries: no data is in them
                hits += [(name, what[:60], hit) for hit in found.found_in(answer.data)]
    print(
        f"canaries: {asked:,} answers to a wijkmanager, auditor, beheerder and nobody, {size >> 20} MB: {len(hits)} hits"
    )
    assert hits == []


def test_no_map_that_is_handed_out_holds_a_canary(house, found):
    hits, made = [], 0
    for form, area, paper, start, end in EXPORTS:
        request = SnapshotRequest(
            format=form, area=area, paper=paper, start=start, end=end, purpose="overleg", recipient="wijkteam"
        )
        try:
            snapshot = house.services.snapshots.snapshot(house.people["anna"], request)
        except NothingToPublish:
            continue
        made += 1
        hits += [(form, area, hit) for hit in found.found_in(snapshot.content)]
        hits += [(form, area, "facts", hit) for hit in found.found_in(json.dumps(snapshot.facts, default=str))]
        assert b"/home" not in snapshot.content and str(house.path.parent).encode() not in snapshot.content
        if form == "html" and not area:
            chance = np.random.default_rng(5)
            around = [chance.uniform(0, 2 * np.pi, len(found.words)) for _ in range(99)]
            decoys = [np.column_stack([np.cos(a), np.sin(a)]) * chance.uniform(20, 45, (len(a), 1)) for a in around]
            text = snapshot.content.decode()
            there = found.near_vertices(text, within_m=3)
            by_chance = sorted(found.near_vertices(text, within_m=3, moved=m) for m in decoys)
            print(
                f"canaries: {there} within 3 m of a vertex of the map, {by_chance[49]} when each is moved 20 to 45 m (at most {by_chance[-1]})"
            )
            assert there <= by_chance[-1]
    print(f"canaries: {made} maps as png, pdf and html, metadata and embedded data among it: {len(hits)} hits")
    assert made == len(EXPORTS) and hits == []


def test_an_analyst_never_sees_what_should_have_been_masked_and_the_store_does_not_hold_it(house, found):
    caller, given, texts = house.caller("anna"), pool(searches=SEARCHES[:2]), []
    for output, known in callbacks_of(house.app).items():
        if "export-file" not in output:
            texts += [caller.call(one).get_data(as_text=True) for one in bodies(output, known, given, turns=2)]
    raw = house.path.read_bytes().decode("latin-1")
    hits = [hit for text in [*texts, raw] for hit in found.unmasked_in(text)]
    print(
        f"canaries: 2,000 phone numbers and addresses in {len(texts)} answers to an analyst and in the store's file: {len(hits)} hits"
    )
    assert hits == []


def test_no_map_that_a_wijkmanager_hands_out_holds_a_canary(house, found):
    """As their page asks for it: every format and paper, of every frozen year and their own wijk."""
    hits, made, sizes, shown = [], 0, 0, 0
    years = [answer["value"] for answer in years_of(house)]
    for year, form, paper in itertools.product(years, SIGNATURES, ("A4", "16:9")):
        answer = ask_for_a_map(house, "wim", year, OWN, form, paper)
        data = (answer.get("p-export-file") or {}).get("data")
        assert data, f"no {form} on {paper} of {year}: {answer}"
        content = base64.b64decode(data["content"])
        assert content.startswith(SIGNATURES[form]) and len(content) > 5_000 and data["filename"].endswith(f".{form}")
        made, sizes = made + 1, sizes + len(content)
        hits += [(year, form, paper, hit) for hit in found.found_in(content) + found.found_in(canaries.as_json(answer))]
        told = canaries.told_by(content, form)
        hits += [(year, form, paper, "told", hit) for text in told for hit in found.found_in(text)]
        assert str(house.path.parent).encode() not in content and b"/home" not in content
        if form == "pdf":
            assert any("wijkteam" in text for text in told)  # its text is read, not only its bytes
            shown += sum("meldingen" in text for text in told)
    refused = ask_for_a_map(house, "wim", years[0], OTHER, "html", "A4")
    print(
        f"canaries: {made} maps handed out by a wijkmanager of {len(years)} years as png, pdf and html, {sizes >> 10} kB with their "
        f"text and metadata: {len(hits)} hits; of another's wijk none"
    )
    assert made == len(years) * 6 and len(years) >= 2 and shown and hits == []
    assert not (refused.get("p-export-file") or {}).get("data")


def years_of(house):
    """The years that the wijkmanager's page offers."""
    page = house.caller("wim").get("/_dash-layout").get_json()
    answers = [page]
    for output, known in callbacks_of(house.app).items():
        if "pathname" in {i["property"] for i in known["inputs"]}:
            answers += [house.caller("wim").call(one).get_json() for one in bodies(output, known, pool(), turns=1)]
    (select,) = (
        d["props"]
        for d in walk(answers)
        if isinstance(d.get("props"), dict) and d["props"].get("id") == "p-export-year"
    )
    return select["data"]


def ask_for_a_map(house, name, year, wijk, form, paper):
    """What the button of the export dialog gets back, by its outputs."""
    given = {"p-export-make": 1, "p-export-year": year, "p-export-wijk": wijk, "p-export-format": form, "p-export-paper": paper,
             "p-export-purpose": "overleg", "p-export-recipient": "wijkteam"}  # fmt: skip
    ((output, known),) = ((o, k) for o, k in callbacks_of(house.app).items() if "p-export-file" in o)
    asked = body(output, known, pool(), turn=0, pulled=0)
    for part in (*asked["inputs"], *asked["state"]):
        part["value"] = given[part["id"]]
    answer = house.caller(name).call(asked)
    return answer.get_json()["response"] if answer.status_code == 200 else {"refused": answer.status_code}


def test_no_command_prints_a_canary(house, found, monkeypatch, tmp_path):
    """What is for others, and every question of ``analyse``: each says what it should, so that it was scanned."""
    monkeypatch.setenv("HOTSPOTKAART_AUDIT_KEY", house.settings.audit_key)
    out, url = tmp_path / "out", f"sqlite:///{house.path}"
    hits, said = [], 0
    for command, expected in commands(url, out).items():
        code, text, errors = run(monkeypatch, command)
        assert code == 0, (command, errors[-300:])
        assert expected in text, (command, text[:300])
        said += len(text)
        hits += [(command[:2], hit) for hit in found.found_in(text + errors)]
    files = [f for f in out.rglob("*") if f.is_file()]
    hits += [(f.name, hit) for f in files for hit in found.found_in(f.read_bytes())]
    n = len(commands(url, out))
    print(
        f"canaries: {n} commands that said what they should ({said >> 10} kB) and {len(files)} files they wrote: {len(hits)} hits"
    )
    assert len(files) >= 6 and hits == []


def test_no_burst_is_placed_on_a_report(house, found, monkeypatch):
    code, text, errors = run(monkeypatch, ("analyse", "spacetime", "--store", f"sqlite:///{house.path}", "--json"))
    if code or not json.loads(text)["bursts"]:
        raise RuntimeError(errors)
    hits = found.found_in(text)
    print(f"canaries: the middles of bursts on the command line: {len(hits)} exact places of reports")
    assert hits == []


def commands(url, out):
    """Arguments of a command -> what its output must say."""
    at = ("--store", url)
    others = {
        ("papers", "--out", str(out), "--format", "md"): "algoritmeregister.md",
        ("snapshot", *at, "--format", "html", "--out", str(out / "kaart.html")): "kaart.html",
        ("audit", "show", *at, "--json"): '"action"',
        ("audit", "show", *at, "--last", "100000"): HIDDEN_LINE,
        ("user", "list", *at, "--json"): HIDDEN_USER,
        ("review", "history", *at): "nog niets besloten",
        ("hotspots", *at, "--out", str(out / "hotspots.geojson"), "--json"): '"hotspots"',
        ("publish", "show", *at): "hotspots",
        ("publish", "audit", *at): "In orde",
        ("retention", *at, "--dry-run"): "niets gewijzigd",
        ("calendar", "list", *at): "meldapp",
    }
    analyse = {
        ("analyse", name, *at, *QUESTIONS.get(name, ()), *form): expected
        for name in SUBJECTS
        for form, expected in (((), SAYS[name]), (("--json",), '"period"'))
        if (name, form) != ("spacetime", ("--json",))  # a test of its own
    }
    return others | analyse


def run(monkeypatch, command):
    """(exit code, output, errors) of a command."""
    said, errors = io.StringIO(), io.StringIO()
    monkeypatch.setattr("sys.argv", ["hotspotkaart", *command])
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(errors), pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0, said.getvalue(), errors.getvalue()


def test_neither_the_logs_nor_a_folder_holds_a_canary_when_all_is_done(house, found, log, lying_about):
    """Runs last: over what the tests before it left behind."""
    lines = [repr(line) for line in house.services.audit._log().lines()]
    beside = [f for f in house.path.parent.rglob("*") if f.is_file() and not f.name.startswith("stad.sqlite")]
    left = [f for f in lying_about.rglob("*") if f.is_file()]
    hits = found.found_in("\n".join(lines)) + found.found_in(log.getvalue())
    for file in [*beside, *left]:
        hits += [(file.name, hit) for hit in found.found_in(contents(file))]
    n = len(log.getvalue().splitlines())
    print(f"canaries: {len(lines)} lines of the audit log, {n} of the program's, {len(beside)} files beside the store, "
          f"{len(left)} temporary or cached: {len(hits)} hits")  # fmt: skip
    assert len(lines) > 20 and hits == []


def contents(file):
    """A file as text; a database as what stands in it."""
    if file.suffix != ".sqlite":
        return file.read_bytes()
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return "\n".join(connection.iterdump())


def test_the_scan_finds_a_canary_in_every_form(found):
    x, y = found.places[7]
    lon, lat = canaries.TO_WGS84.transform(x, y)
    for told in (
        f"{x} {y}",
        f"[{y:.0f}, {x:.0f}]",
        f"{lon:.7f},{lat:.7f}",
        f"{lat:.4f} {lon:.4f}",
        f"({lat!r}, {lon!r})",
    ):
        forms = [told, json.dumps({"a": [told]}), base64.b64encode((told + " " * 60).encode()), zipped(told),
                 b"stream\n" + zlib.compress(told.encode())]  # fmt: skip
        assert all(found.found_in(form) for form in forms), told
    assert (
        found.found_in(found.words[3]) and found.found_in(found.ids[3]) and found.found_in("06-" + found.masked[5][2:])
    )
    assert not found.found_in(f"{x + 11} {y + 7} {lon + 0.001:.6f} {lat:.6f} 0612 knabbel")


def zipped(text):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", text)
    return out.getvalue()

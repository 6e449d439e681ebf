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
from dashboard.services.publication import NothingToPublish
from dashboard.services.types import SnapshotRequest
from tests.harden import canaries
from tests.harden.caller import Pool, bodies, callbacks_of, routes_of
from tests.harden.conftest import OTHER, OWN

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


def test_no_command_for_others_prints_a_canary(house, found, monkeypatch, tmp_path):
    monkeypatch.setenv("HOTSPOTKAART_AUDIT_KEY", house.settings.audit_key)
    url, out = f"sqlite:///{house.path}", tmp_path / "out"
    commands = [
        ["papers", "--out", str(out), "--format", "md"],
        ["snapshot", "--store", url, "--format", "html", "--out", str(out / "kaart.html")],
        ["audit", "show", "--store", url, "--json"],
        ["audit", "show", "--store", url],
        ["user", "list", "--store", url, "--json"],
        ["reports", "log", "--store", url],
        ["hotspots", "--store", url, "--out", str(out / "hotspots.geojson"), "--json"],
        *(
            [["publish", "show", "--store", url], ["publish", "audit", "--store", url]]
            if "publish" in cli.COMMANDS
            else []
        ),
    ]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        for command in commands:
            monkeypatch.setattr("sys.argv", ["hotspotkaart", *command])
            with pytest.raises(SystemExit) as ended:
                cli.main()
            assert (ended.value.code or 0) in (0, 2), command
    files = [f for f in out.rglob("*") if f.is_file()]
    hits = found.found_in(said.getvalue()) + [(f.name, hit) for f in files for hit in found.found_in(f.read_bytes())]
    print(f"canaries: {len(commands)} commands and {len(files)} files they wrote: {len(hits)} hits")
    assert len(files) >= 5 and hits == []


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

"""What was left out: found per reason, decided about and undone, by service and by command."""

import json
import re
import shutil
from contextlib import contextmanager
from datetime import date

import pandas as pd
import pytest

from dashboard import review_words as words
from dashboard.callbacks.review import perform
from dashboard.components import ids, review
from dashboard.services import services_for
from dashboard.services.review import ORDER
from dashboard.state import FilterState
from data.decisions import DECIDABLE, DecisionRefused, Kind, Subject
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer
from geo import exclusions, marks, report
from geo.context import Doubt

EVERYTHING = FilterState()
OTHERS = [Viewer(name="ander", role=role) for role in Role if role is not Role.ANALYST]
TOWN_HALL = {"x": 105_321.25, "y": 425_100.5}


@pytest.fixture
def opened(demo_store_path, tmp_path):
    """Services over a copy of the demo city that may be written to, with a few reports that need a look."""
    path = tmp_path / "copy.sqlite"
    shutil.copy(demo_store_path, path)
    settings = Settings(store=str(path))
    with ReportStore.open(settings.store) as store:
        yield store, services_for(store, settings)


@contextmanager
def small(store_url, batch):
    """Services over a store with only these reports."""
    with ReportStore.open(store_url) as store:
        with store.importing() as transaction:
            transaction.write(batch)
        yield store, services_for(store, Settings(store=store_url))


def groups(services, state=EVERYTHING, viewer=LOCAL_ANALYST):
    return {g.reason: g for g in services.review.left_out(viewer, state).groups}


def hotspots(services):
    return {h.id: h.n for h in services.map.overview(LOCAL_ANALYST, EVERYTHING).shown}


def test_the_demo_citys_left_out_reports_are_those_that_the_page_counts(opened):
    store, services = opened
    found = groups(services)
    overview = services.map.overview(LOCAL_ANALYST, EVERYTHING)
    flags = store.reports(LOCAL_ANALYST)["flags"]
    counted = {reason: group.n for reason, group in found.items() if reason != report.PROBABLE_DUPLICATE}
    assert counted == overview.left_out
    assert found[report.PROBABLE_DUPLICATE].n == report.has(flags, report.PROBABLE_DUPLICATE).sum()
    assert list(found) == [reason for reason in ORDER if reason in found]
    [pile] = found[report.DEFAULT_POINT].rows
    assert pile.n == found[report.DEFAULT_POINT].n >= exclusions.MIN_PILE
    assert pile.buurt and pile.first < pile.last
    assert all(row.text == "" for group in found.values() for row in group.rows)


def test_an_area_and_a_period_leave_out_what_lies_outside_them(opened):
    _, services = opened
    everywhere = groups(services)[report.PROBABLE_DUPLICATE]
    buurt = everywhere.rows[0].buurt
    area = services.map.city().area_key(buurt)
    here = groups(services, FilterState(area=area))[report.PROBABLE_DUPLICATE]
    assert {row.buurt for row in here.rows} == {buurt}
    assert here.n == sum(row.buurt == buurt for row in everywhere.rows) < everywhere.n
    first = everywhere.rows[0].first
    one_day = groups(services, FilterState(start=first, end=first))[report.PROBABLE_DUPLICATE]
    assert {row.first for row in one_day.rows} == {first}


def test_a_default_point_that_is_a_place_becomes_a_hotspot_and_undoing_takes_it_away(opened):
    _, services = opened
    before = hotspots(services)
    [pile] = groups(services)[report.DEFAULT_POINT].rows
    made = services.review.keep(LOCAL_ANALYST, [pile.subject], note="het busstation zelf")
    after = hotspots(services)
    assert report.DEFAULT_POINT not in groups(services)
    assert len(after) == len(before) + 1
    assert any(n >= pile.n for id_, n in after.items() if id_ not in before)
    services.review.undo(LOCAL_ANALYST, made, note="toch het stadhuis")
    assert hotspots(services) == before
    assert groups(services)[report.DEFAULT_POINT].rows == (pile,)


def test_duplicates_that_are_none_are_counted_again(opened):
    _, services = opened
    n = services.map.overview(LOCAL_ANALYST, EVERYTHING).n_reports
    rows = groups(services)[report.PROBABLE_DUPLICATE].rows
    made = services.review.keep(LOCAL_ANALYST, [row.subject for row in rows], note="elk een eigen melding")
    assert services.map.overview(LOCAL_ANALYST, EVERYTHING).n_reports == n + len(rows)
    services.review.undo(LOCAL_ANALYST, made, note="toch dubbel")
    assert services.map.overview(LOCAL_ANALYST, EVERYTHING).n_reports == n


def test_a_report_that_two_flags_keep_out_is_freed_of_both(store_url, make_batch):
    both = f"{report.FLOOD}|{report.MOJIBAKE}|{report.TEST_TEXT}"
    with small(store_url, make_batch({"source_id": "1", "flags": both})) as (store, services):
        [row] = groups(services)[report.TEST_TEXT].rows
        made = services.review.keep(LOCAL_ANALYST, [row.subject], note="echte meldingen")
        assert len(made) == 2
        assert store.reports(LOCAL_ANALYST)["flags"].tolist() == [report.MOJIBAKE]


def test_a_lattice_is_one_line_per_source_and_accepting_it_lets_its_reports_count(store_url, make_batch):
    rounded = [
        {"source_id": f"R{i}", "x": 100_000.0 + 500 * (i % 20), "y": 425_000.0 + 500 * (i // 20)} for i in range(300)
    ]
    with small(store_url, make_batch(*rounded, source="afgerond")) as (_, services):
        [row] = groups(services)[report.LATTICE].rows
        assert (row.source, row.n) == ("afgerond", 300)
        [made] = services.review.keep(LOCAL_ANALYST, [row.subject], note="het rooster is fijn genoeg")
        assert report.LATTICE not in groups(services)
        services.review.undo(LOCAL_ANALYST, [made], note="toch niet")
        assert groups(services)[report.LATTICE].n == 300


def strip(source_id="S"):
    """96 reports on a strip of 280 by 40 metres, on days and sources of their own."""
    return [
        {
            "source_id": f"{source_id}{i}",
            "source": f"bron{i % 3}",
            "x": 100_000.0 + 280 / 15 * (i % 16),
            "y": 425_000.0 + 8.0 * (i // 16),
            "event_date": pd.Timestamp("2025-01-01") + pd.Timedelta(days=i),
        }
        for i in range(96)
    ]


def test_what_speaks_against_a_hotspot_can_be_answered_with_a_note_and_speaks_again_when_that_is_undone(
    store_url, make_batch
):
    with small(store_url, make_batch(*strip())) as (_, services):
        [row] = services.review.left_out(LOCAL_ANALYST, EVERYTHING).marked.rows
        [hotspot] = services.map.overview(LOCAL_ANALYST, EVERYTHING).shown
        assert row.subject == Subject.on_mark(hotspot.id, "along_street") and row.n == hotspot.n == 96
        assert Doubt.ALONG_STREET in services.context.of(LOCAL_ANALYST, EVERYTHING).of(hotspot.id).doubts
        [made] = services.review.keep(LOCAL_ANALYST, [row.subject], note="dit is één plein")
        assert services.review.left_out(LOCAL_ANALYST, EVERYTHING).marked.n == 0
        [again] = services.map.overview(LOCAL_ANALYST, EVERYTHING).shown
        assert (again.id, again.marks, again.answered) == (hotspot.id, (), ("along_street",))
        assert Doubt.ALONG_STREET not in services.context.of(LOCAL_ANALYST, EVERYTHING).of(hotspot.id).doubts
        assert "strook langs een straat" in words.answered(again) and words.answered(hotspot) == ""
        [held] = services.review.history(LOCAL_ANALYST).to_dict("records")
        assert (words.verdict(held), words.decided_about(held), held["note"]) == (
            "Klopt hier niet (strook langs een straat)",
            f"hotspot {hotspot.id}",
            "dit is één plein",
        )
        services.review.undo(LOCAL_ANALYST, [made], note="toch een straat")
        assert services.map.overview(LOCAL_ANALYST, EVERYTHING).shown == (hotspot,)
        assert len(services.review.left_out(LOCAL_ANALYST, EVERYTHING).marked.rows) == 1


@pytest.mark.parametrize(
    ("hotspot", "mark"), [("H500-2125", "leuk"), ("=cmd", "chain"), ("H1-", "chain"), ("", "chain")]
)
def test_a_mark_that_does_not_exist_is_refused_in_a_sentence(hotspot, mark):
    with pytest.raises(DecisionRefused):
        Subject.on_mark(hotspot, mark)


def test_of_very_many_rows_the_oldest_are_given_and_all_are_counted(opened):
    _, services = opened
    everything = groups(services)[report.PROBABLE_DUPLICATE]
    few = {g.reason: g for g in services.review.left_out(LOCAL_ANALYST, EVERYTHING, most=3).groups}
    assert few[report.PROBABLE_DUPLICATE].rows == everything.rows[:3]
    assert few[report.PROBABLE_DUPLICATE].n_rows == everything.n_rows == everything.n == len(everything.rows)
    days = [row.first for row in everything.rows]
    assert days == sorted(days)


def test_doubtful_texts_wait_oldest_first_until_somebody_looked(store_url, make_batch):
    doubtful = [
        {
            "source_id": "2",
            "text": "Van Dalen riep",
            "flags": report.REVIEW_TEXT,
            "event_date": pd.Timestamp("2025-05-02"),
        },
        {"source_id": "1", "text": "bij Jansen", "flags": report.REVIEW_TEXT, "event_date": pd.Timestamp("2025-05-01")},
    ]
    with small(store_url, make_batch(*doubtful)) as (store, services):
        waiting = services.review.left_out(LOCAL_ANALYST, EVERYTHING).doubtful.rows
        assert [(row.source_id, row.text) for row in waiting] == [("1", "bij Jansen"), ("2", "Van Dalen riep")]
        said = perform(services, LOCAL_ANALYST, ids.REVIEW_MASK, review.text_key(waiting[0]), {"words": ["jansen"]})
        assert said == "De woorden zijn gemaskeerd; de oude tekst is gewist."
        perform(services, LOCAL_ANALYST, ids.REVIEW_CLEAR, review.text_key(waiting[1]), {})
        assert services.review.left_out(LOCAL_ANALYST, EVERYTHING).doubtful.n == 0
        assert sorted(store.reports(LOCAL_ANALYST)["text"]) == ["Van Dalen riep", "bij [gemaskeerd]"]


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: v.role.value)
def test_nobody_but_an_analyst_sees_or_decides(opened, viewer):
    store, services = opened
    version = store.data_version()
    asked = [
        lambda: services.review.left_out(viewer, EVERYTHING),
        lambda: services.review.history(viewer),
        lambda: services.review.flags_of(viewer, "synthetisch", "SYN-00042"),
        lambda: services.review.keep(viewer, [Subject.on_lattice("synthetisch")], note="mag niet"),
        lambda: services.review.leave_out(viewer, [Subject.on_point(105_000, 425_000)], note="mag niet"),
        lambda: services.review.undo(viewer, [1], note="mag niet"),
        lambda: services.review.mask(viewer, "synthetisch", "SYN-00042", words=["de"], note="mag niet"),
    ]
    for ask in asked:
        with pytest.raises(Denied, match=viewer.role.value):
            ask()
    assert store.data_version() == version


def test_a_line_of_the_table_comes_back_from_the_browser_as_its_subject(opened):
    _, services = opened
    rows = [row for group in groups(services).values() for row in group.rows]
    assert {row.subject.kind for row in rows} == {Kind.FLAG, Kind.POINT}
    sent = json.loads(json.dumps([review.row_of(row) for row in rows]))
    assert review.subjects_of(sent) == [row.subject for row in rows]
    lattice = Subject.on_lattice("app")
    assert review.subjects_of([{"kind": "source_lattice", "source": "app"}]) == [lattice]


TAMPERED = [
    None, [], "x", [1], [None], [{}], [{"kind": "point"}], [{"kind": "point", "x_cm": 10**30, "y_cm": 1}],
    [{"kind": "point", "x_cm": "1", "y_cm": "2"}], [{"kind": "flag", "flag": "default_point"}],
    [{"kind": "flag", "source": "\x00", "source_id": "1", "flag": "flood"}],
    [{"kind": "flag", "source": "app", "source_id": "\ud800", "flag": "flood"}],
    [{"kind": "source_lattice", "source": "\x00"}], [{"kind": "flag", "source": {}, "source_id": [], "flag": "flood"}],
]  # fmt: skip


@pytest.mark.parametrize("rows", TAMPERED, ids=[str(i) for i in range(len(TAMPERED))])
def test_what_a_tampered_page_sends_is_refused_in_a_sentence(opened, rows):
    store, services = opened
    version = store.data_version()
    for kind in (ids.REVIEW_KEEP, ids.REVIEW_UNDO):
        with pytest.raises(DecisionRefused):
            perform(services, LOCAL_ANALYST, kind, "flood", {"rows": rows, "notes": "proef"})
    for key in ("", "[]", "[1]", "1", "null", '["a"', '["a","b","c"]', 7, '["\\u0000","1"]', '["app","\\ud800"]'):
        for kind in (ids.REVIEW_MASK, ids.REVIEW_CLEAR):
            with pytest.raises(DecisionRefused):
                perform(services, LOCAL_ANALYST, kind, key, {"words": ["x"]})
    assert store.data_version() == version


def test_every_reason_and_verdict_has_its_words():
    assert [code for code in (*ORDER, *DECIDABLE) if code not in words.TITLES] == []
    assert [code for code in (*ORDER, words.DOUBTFUL) if not words.explained(code)] == []
    assert words.title("iets nieuws") == "iets nieuws"
    assert set(exclusions.REASONS) - {""} <= set(ORDER)


def test_the_words_to_choose_from_are_names_and_numbers_first_without_masks():
    assert review.word_choices("stond [naam] met Piet-Jan bij nr 12, piet riep bij") == [
        *("Piet-Jan", "12"),
        *("stond", "met", "bij", "nr", "piet", "riep"),
    ]


# The command line


@pytest.fixture
def filled(tmp_path, make_batch):
    """A store with a pile, a flood that is a test too, and a doubtful text."""
    path = tmp_path / "stad.sqlite"
    with ReportStore.open(str(path)) as store, store.importing() as transaction:
        transaction.write(
            make_batch(
                *({"source_id": f"P{i}", **TOWN_HALL} for i in range(9)),
                {"source_id": "F1", "flags": f"{report.FLOOD}|{report.TEST_TEXT}", "street": "Singel"},
                {"source_id": "T1", "flags": report.REVIEW_TEXT, "text": "Van Dalen riep", "x": 101_000.0},
                *({"source_id": f"L{i}", "x": 90_000.0 + 37.13 * i, "y": 424_000.0 + 91.7 * i} for i in range(250)),
            )
        )
    return path


def test_the_commands_answer_what_speaks_against_a_hotspot(command, tmp_path, make_batch):
    path = tmp_path / "strook.sqlite"
    with ReportStore.open(str(path)) as store, store.importing() as transaction:
        transaction.write(make_batch(*strip()))
    _, out, _ = command("review", "list", "--store", path)
    assert "Kanttekening bij een hotspot [hotspot_mark]: 1 kanttekening." in out
    [hotspot] = re.findall(r"Strook langs een straat \((H\d+-\d+)\)", out)
    mark = ("--mark", hotspot, "along_street")
    code, out, _ = command("review", "keep", "--store", path, *mark, "--note", "een plein")
    assert (code, out.split(" genomen")[0]) == (0, "Besluit 1")
    code, out, err = command("review", "keep", "--store", path, *mark, "--note", "een plein")
    assert code == 2 and "al besloten (besluit 1)" in out + err
    code, out, _ = command("review", "list", "--store", path)
    assert (code, out.strip()) == (0, "Er is niets weggelaten en er is geen tekst om na te kijken.")
    code, out, err = command("review", "leave-out", "--store", path, *mark, "--note", "toch")
    assert code == 2 and "besluit ongedaan" in out + err
    assert f"hotspot {hotspot}" in command("review", "history", "--store", path)[1]


def test_the_commands_show_decide_undo_and_remember(command, filled):
    code, out, _ = command("review", "list", "--store", filled)
    assert code == 0
    assert "Standaardpunt [default_point]: 9 meldingen." in out
    assert "105321.25,425100.50" in out and "9 meldingen" in out
    assert "app F1  3 apr 2025 22:30  Singel" in out
    assert "Tekst nakijken [review_text]: 1 tekst." in out and "Van Dalen riep" in out
    place = ("--point", "105321.25,425100.50")
    code, out, _ = command("review", "keep", "--store", filled, *place, "--note", "busstation, zegt mevrouw De Vries")
    assert (code, out.strip()) == (0, "Besluit 1 genomen. Ongedaan maken: hotspotkaart review undo 1 --note …")
    code, out, _ = command("review", "keep", "--store", filled, "--report", "app", "F1", "--note", "echt")
    assert (code, out.split(" genomen")[0]) == (0, "Besluiten 2, 3")
    code, out, _ = command("review", "keep", "--store", filled, "--report", "app", "T1", "--flag", "review_text", "--note", "ok")  # fmt: skip
    assert code == 0
    code, out, _ = command("review", "list", "--store", filled)
    assert code == 0 and re.findall(r"\[(\w+)\]", out) == ["hotspot_mark"]  # the nine are a hotspot now, of one hour
    code, out, _ = command("review", "undo", "1", "2", "--store", filled, "--note", "toch niet")
    assert (code, out.strip()) == (0, "2 besluiten ongedaan gemaakt.")
    code, out, _ = command("review", "history", "--store", filled)
    assert out.startswith("4  Tekst nagekeken: app T1")
    assert "1  Echte plaats: 105321.25,425100.50" in out and "mevrouw [naam])" in out
    assert out.count("ongedaan gemaakt") == 2 and "door lokaal: toch niet" in out
    code, out, _ = command("review", "leave-out", "--store", filled, "--report", "app", "L0", "--flag", "test_text", "--note", "proef")  # fmt: skip
    assert code == 0
    code, out, _ = command("review", "leave-out", "--store", filled, *place, "--note", "stadhuis")
    assert code == 0
    code, out, _ = command("review", "list", "--store", filled, "--reason", "test_text", "--json")
    [group] = json.loads(out)
    assert (group["reason"], group["n"]) == ("test_text", 1)
    assert group["rows"][0]["source_id"] == "L0" and "text" not in group["rows"][0]
    code, out, _ = command("review", "history", "--store", filled, "--json")
    assert [row["id"] for row in json.loads(out)] == [6, 5, 4, 3, 2, 1]


WRONG = [
    (["keep", "--note", "x"], "Noem één van --report, --point, --lattice of --mark"),
    (["keep", "--point", "ergens", "--note", "x"], "ergens is geen punt"),
    (["keep", "--point", "105321.25,425100.50", "--flag", "flood", "--note", "x"], "--flag hoort bij --report"),
    (["keep", "--point", "4.6,51.8", "--note", "x"], "ligt niet in Nederland"),
    (["keep", "--point", "105000,425001", "--note", "x"], "ligt geen melding"),
    (["keep", "--report", "app", "nergens", "--note", "x"], "Melding nergens van app staat niet"),
    (["keep", "--report", "app", "L1", "--note", "x"], "wordt niet om een eigen kanttekening weggelaten"),
    (["keep", "--report", "app", "F1", "--note", " "], "Schrijf erbij waarom"),
    (["keep", "--report", "app", "F1", "--flag", "onzin", "--note", "x"], "De kanttekening onzin bestaat niet"),
    (["leave-out", "--report", "app", "L1", "--note", "x"], "Zeg met --flag waarom"),
    (["leave-out", "--lattice", "app", "--note", "x"], "Een bron is niet weg te laten"),
    (["undo", "99", "--note", "x"], "Besluit 99 bestaat niet"),
    (["list", "--area", "Atlantis"], "Atlantis"),
]


@pytest.mark.parametrize(("arguments", "sentence"), WRONG, ids=[" ".join(a[:3]) for a, _ in WRONG])
def test_a_command_that_cannot_be_done_says_why_in_one_line(command, filled, arguments, sentence):
    code, out, err = command("review", arguments[0], "--store", filled, *arguments[1:])
    assert (code, out) == (2, "")
    assert sentence in err and err.count("\n") == 1


def test_an_empty_store_has_nothing_to_decide_about(command, tmp_path):
    ReportStore.open(str(tmp_path / "leeg.sqlite")).close()
    for name, sentence in (("list", "Er is niets weggelaten"), ("history", "Er is nog niets besloten")):
        code, out, _ = command("review", name, "--store", tmp_path / "leeg.sqlite")
        assert code == 0 and out.startswith(sentence)


def test_a_withdrawn_reports_decision_says_no_more_than_that(command, filled, make_batch):
    command("review", "keep", "--store", filled, "--report", "app", "F1", "--flag", "flood", "--note", "bij haar thuis")
    with ReportStore.open(str(filled)) as store, store.importing() as transaction:
        transaction.write(make_batch(withdrawn=["F1"]))
    _, out, _ = command("review", "history", "--store", filled)
    assert "een ingetrokken melding" in out and "de melding is ingetrokken" in out
    assert "F1" not in out and "thuis" not in out
    _, out, _ = command("review", "history", "--store", filled, "--json")
    assert date.fromisoformat(json.loads(out)[0]["undone_at"][:10])


def test_a_title_inside_a_sentence_keeps_its_accents_and_its_names():
    assert words.within("Eén bron op één dag") == "één bron op één dag"
    assert words.within("Standaardpunt") == "standaardpunt"
    assert words.within("Source of NS") == "source of NS"
    assert words.within("") == ""
    said = words.verdict({"flag": marks.MARK_DAY, "kind": Kind.MARK.value, "verdict": "not_so"})
    assert said.endswith("(één bron op één dag)")

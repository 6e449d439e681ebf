"""Decisions about what was left out: they hold, are undone, are masked, and go with their report."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, make_url, select, text

from data import decisions as rules
from data.decisions import DECIDABLE, DecisionRefused, Kind, Subject, Verdict
from data.store import ReportStore, migrations, tables
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer
from geo import exclusions, report
from geo.hotspots import HotspotParams, Surroundings, find_hotspots

OTHERS = [Viewer(name="ander", role=role) for role in Role if role is not Role.ANALYST]
TOWN_HALL = (105_321.25, 425_100.5)


def put(store, batch):
    with store.importing() as transaction:
        return transaction.write(batch)


def rows_of(store_url, table):
    """Every row of a table, past the store's own reading."""
    engine = create_engine(make_url(store_url))
    with engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(tables.metadata.tables[table]))]
    engine.dispose()
    return rows


def flags_of(store):
    found = store.reports(LOCAL_ANALYST)
    return dict(zip(found["source_id"], found["flags"], strict=True))


def duplicate(source_id="1", source="app"):
    return Subject.on_flag(source, source_id, report.PROBABLE_DUPLICATE)


def test_a_decision_changes_the_flags_and_the_data_version_and_undoing_brings_both_on(store, make_batch):
    put(store, make_batch({"source_id": "1", "flags": "mojibake|probable_duplicate"}, {"source_id": "2"}))
    before, versions = flags_of(store), {store.data_version()}
    [made] = store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="twee vriendinnen, elk een melding")
    versions.add(store.data_version())
    assert flags_of(store) == {"1": "mojibake", "2": ""}
    store.undo(LOCAL_ANALYST, [made], note="toch dezelfde")
    versions.add(store.data_version())
    assert flags_of(store) == before
    assert len(versions) == 3
    [row] = store.decisions(LOCAL_ANALYST).to_dict("records")
    assert (row["id"], row["kind"], row["verdict"]) == (made, "flag", "not_so")
    assert (row["note"], row["undone_note"]) == ("twee vriendinnen, elk een melding", "toch dezelfde")
    assert (row["decided_by"], row["undone_by"]) == ("lokaal", "lokaal")
    assert row["decided_at"] <= row["undone_at"]


def test_an_analyst_adds_a_flag_that_the_importer_did_not_see(store, make_batch):
    put(store, make_batch({"source_id": "1"}))
    store.decide(LOCAL_ANALYST, [Subject.on_flag("app", "1", report.TEST_TEXT)], Verdict.SO, note="proef van ons zelf")
    assert flags_of(store) == {"1": report.TEST_TEXT}


def test_a_coarse_place_that_is_not_so_is_taken_as_exact(store, make_batch):
    put(store, make_batch({"source_id": "1", "uncertainty_m": 250.0, "flags": report.COARSE_PLACE}))
    coarse = Subject.on_flag("app", "1", report.COARSE_PLACE)
    store.decide(LOCAL_ANALYST, [coarse], Verdict.NOT_SO, note="nagevraagd: de hoek van het plein")
    found = store.reports(LOCAL_ANALYST)
    assert found["uncertainty_m"].isna().all() and found["flags"].tolist() == [""]
    assert exclusions.reasons(found, eps_m=75).tolist() == [""]


@pytest.mark.parametrize("viewer", OTHERS, ids=lambda v: v.role.value)
def test_only_an_analyst_decides_undoes_masks_and_reads(store, make_batch, viewer):
    put(store, make_batch({"source_id": "1", "flags": report.PROBABLE_DUPLICATE, "text": "Jan Prins liep daar"}))
    [made] = store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="goed")
    version = store.data_version()
    with pytest.raises(Denied):
        store.decide(viewer, [Subject.on_point(105_000, 425_000)], Verdict.DEFAULT_POINT, note="mag niet")
    with pytest.raises(Denied):
        store.undo(viewer, [made], note="mag niet")
    with pytest.raises(Denied):
        store.mask_text(viewer, "app", "1", words=["Prins"], note="mag niet")
    assert store.decisions(viewer).empty
    assert store.data_version() == version


def test_a_pile_that_is_a_real_place_becomes_a_hotspot_and_undoing_takes_it_away(store, make_batch):
    put(
        store,
        make_batch(
            *({"source_id": f"P{i}", "x": TOWN_HALL[0], "y": TOWN_HALL[1]} for i in range(9)),
            *({"source_id": f"L{i}", "x": 100_000.0 + 400 * i} for i in range(250)),
        ),
    )

    def hotspots():
        accepted, default = store.decided_points()
        reports = store.reports(LOCAL_ANALYST)
        around = Surroundings(default_points=default, accepted_points=accepted)
        return [h.n for h in find_hotspots(reports, params=HotspotParams(), surroundings=around).hotspots]

    assert hotspots() == []
    here = [Subject.on_point(*TOWN_HALL)]
    [made] = store.decide(LOCAL_ANALYST, here, Verdict.REAL_PLACE, note="het busstation, geen standaardpunt")
    assert hotspots() == [9]
    store.undo(LOCAL_ANALYST, [made], note="toch het stadhuis")
    assert hotspots() == []
    [made] = store.decide(LOCAL_ANALYST, here, Verdict.DEFAULT_POINT, note="stadhuis")
    accepted, default = store.decided_points()
    assert accepted.shape == (0, 2) and default.tolist() == [list(TOWN_HALL)]


def test_duplicates_that_are_none_make_the_hotspot_and_undoing_takes_it_away(store, make_batch):
    put(
        store,
        make_batch(
            *({"source_id": f"E{i}", "x": 105_000.0 + i} for i in range(4)),
            *({"source_id": f"D{i}", "x": 105_010.0 + i, "flags": report.PROBABLE_DUPLICATE} for i in range(5)),
        ),
    )

    def hotspots():
        return [h.n for h in find_hotspots(store.reports(LOCAL_ANALYST), params=HotspotParams()).hotspots]

    assert hotspots() == []
    made = store.decide(LOCAL_ANALYST, [duplicate(f"D{i}") for i in range(5)], Verdict.NOT_SO, note="een groep")
    assert len(made) == 5
    assert hotspots() == [9]
    store.undo(LOCAL_ANALYST, made, note="toch dubbel")
    assert hotspots() == []


def test_a_source_is_accepted_until_that_is_undone(store, make_batch):
    put(store, make_batch({"source_id": "1"}))
    [made] = store.decide(LOCAL_ANALYST, [Subject.on_lattice("app")], Verdict.ACCEPT, note="rooster is fijn genoeg")
    assert store.decided_sources() == frozenset({"app"})
    store.undo(LOCAL_ANALYST, [made], note="toch niet")
    assert store.decided_sources() == frozenset()


def test_notes_are_masked_before_they_are_kept(store, store_url, make_batch):
    put(store, make_batch({"source_id": "1", "flags": report.PROBABLE_DUPLICATE}))
    note = "gebeld met mevrouw De Vries op 06-12345678, mail a.devries@example.org\x00"
    [made] = store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note=note)
    store.undo(LOCAL_ANALYST, [made], note="zie NL91ABNA0417164300")
    [row] = rows_of(store_url, "decisions")
    assert row["note"] == "gebeld met mevrouw [naam] op [telefoon], mail [e-mail]"
    assert row["undone_note"] == "zie [rekening]"


REFUSED = [
    ("note_missing", [duplicate()], Verdict.NOT_SO, "  \n"),
    ("note_too_long", [duplicate()], Verdict.NOT_SO, "x" * 501),
    ("nothing_chosen", [], Verdict.NOT_SO, "goed"),
    ("wrong_verdict", [duplicate()], Verdict.ACCEPT, "goed"),
    ("unknown_report", [duplicate(), duplicate("99")], Verdict.NOT_SO, "goed"),
    ("flag_absent", [Subject.on_flag("app", "1", report.TEST_TEXT)], Verdict.NOT_SO, "goed"),
    ("flag_present", [duplicate()], Verdict.SO, "goed"),
    ("no_report_there", [Subject.on_point(105_000.02, 425_000)], Verdict.REAL_PLACE, "goed"),
    ("too_few_there", [Subject.on_point(105_000, 425_000)], Verdict.DEFAULT_POINT, "goed"),
    ("unknown_source", [Subject.on_lattice("bestaat niet")], Verdict.ACCEPT, "goed"),
]


@pytest.mark.parametrize(("code", "subjects", "verdict", "note"), REFUSED, ids=[code for code, *_ in REFUSED])
def test_what_cannot_be_decided_is_refused_in_a_sentence_and_changes_nothing(
    store, make_batch, code, subjects, verdict, note
):
    put(store, make_batch({"source_id": "1", "flags": report.PROBABLE_DUPLICATE}))
    version = store.data_version()
    with pytest.raises(DecisionRefused) as caught:
        store.decide(LOCAL_ANALYST, subjects, verdict, note=note)
    assert caught.value.code == code
    assert store.data_version() == version
    assert store.decisions(LOCAL_ANALYST).empty


def test_a_decision_stands_once_and_is_undone_once(store, make_batch):
    put(store, make_batch({"source_id": "1", "flags": report.PROBABLE_DUPLICATE}))
    [made] = store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="goed")
    with pytest.raises(DecisionRefused, match=rf"al besloten \(besluit {made}\)"):
        store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="nog eens")
    store.undo(LOCAL_ANALYST, [made], note="fout")
    with pytest.raises(DecisionRefused, match=f"Besluit {made} is al ongedaan gemaakt"):
        store.undo(LOCAL_ANALYST, [made], note="nog eens")
    with pytest.raises(DecisionRefused, match="Besluit 999 bestaat niet"):
        store.undo(LOCAL_ANALYST, [999], note="welk?")
    [again] = store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="toch goed")
    assert again > made


@pytest.mark.parametrize("flag", ["default_point", "bestaat_niet"])
def test_only_flags_of_a_report_itself_can_be_decided_by_flag(flag):
    with pytest.raises(DecisionRefused, match=flag):
        Subject.on_flag("app", "1", flag)


@pytest.mark.parametrize("place", [(0.0, 0.0), (float("nan"), 425_000.0), (105_000.0, float("inf")), (4.6, 51.8)])
def test_a_point_outside_the_netherlands_is_refused(place):
    with pytest.raises(DecisionRefused, match="RD-meters"):
        Subject.on_point(*place)


def test_the_same_report_again_and_a_new_version_of_it_keep_the_decision(store, make_batch):
    first = make_batch({"source_id": "1", "flags": report.PROBABLE_DUPLICATE})
    put(store, first)
    store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="goed")
    put(store, first)
    assert flags_of(store) == {"1": ""}
    put(store, make_batch({"source_id": "1", "flags": "probable_duplicate|mojibake", "status": "afgehandeld"}))
    assert flags_of(store) == {"1": "mojibake"}


def test_an_import_compares_with_reports_as_they_were_decided(store, make_batch):
    put(store, make_batch({"source_id": "1", "flags": report.PROBABLE_DUPLICATE}))
    store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="goed")
    with store.importing() as transaction:
        window = transaction.window(pd.Timestamp("2025-04-01").date(), pd.Timestamp("2025-04-30").date())
    assert window["flags"].tolist() == [""]


def test_a_withdrawn_report_takes_the_subject_and_the_notes_of_its_decisions_along(store, store_url, make_batch):
    put(
        store,
        make_batch(
            {"source_id": "GEHEIM-1", "flags": report.PROBABLE_DUPLICATE, "x": TOWN_HALL[0], "y": TOWN_HALL[1]},
            {"source_id": "2", "flags": report.PROBABLE_DUPLICATE},
            *({"source_id": f"GEHEIM-{i}", "x": TOWN_HALL[0], "y": TOWN_HALL[1]} for i in (2, 3)),
        ),
    )
    store.decide(LOCAL_ANALYST, [duplicate("GEHEIM-1"), duplicate("2")], Verdict.NOT_SO, note="over haar eigen huis")
    store.decide(LOCAL_ANALYST, [Subject.on_point(*TOWN_HALL)], Verdict.DEFAULT_POINT, note="stadhuis")
    put(store, make_batch(withdrawn=[f"GEHEIM-{i}" for i in (1, 2, 3)]))
    by_kind = {(row["kind"], row["source_id"]): row for row in rows_of(store_url, "decisions")}
    gone, kept, place = by_kind["flag", ""], by_kind["flag", "2"], by_kind["point", ""]
    for row in (gone, place):
        assert (row["note"], row["x_cm"], row["y_cm"], row["undone_by"]) == ("", None, None, "intrekking")
        assert row["undone_at"] is not None and row["decided_by"] == "lokaal"
    assert kept["note"] == "over haar eigen huis" and kept["undone_at"] is None
    assert [len(points) for points in store.decided_points()] == [0, 0]


def test_a_place_that_another_report_still_bears_is_not_forgotten(store, make_batch):
    put(store, make_batch(*({"source_id": i, "x": TOWN_HALL[0], "y": TOWN_HALL[1]} for i in "123")))
    store.decide(LOCAL_ANALYST, [Subject.on_point(*TOWN_HALL)], Verdict.DEFAULT_POINT, note="stadhuis")
    put(store, make_batch(withdrawn=["1"]))
    assert store.decided_points()[1].tolist() == [list(TOWN_HALL)]


def review(source_id="1"):
    return Subject.on_flag("app", source_id, report.REVIEW_TEXT)


DOUBTFUL = {"source_id": "1", "text": "Die Pietersen, ja PIETERSEN, riep naar Pietersens zus", "flags": "review_text"}


def test_masking_words_makes_a_new_version_and_wipes_the_old_text_everywhere(store, store_url, make_batch):
    put(store, make_batch(DOUBTFUL | {"status": "nieuw"}))
    put(store, make_batch(DOUBTFUL | {"status": "bekeken"}))
    made = store.mask_text(LOCAL_ANALYST, "app", "1", words=["pietersen"], note="achternaam")
    found = store.reports(LOCAL_ANALYST)
    assert found["text"].tolist() == ["Die [gemaskeerd], ja [gemaskeerd], riep naar Pietersens zus"]
    assert found["flags"].tolist() == [""]
    [row] = rows_of(store_url, "reports")
    history = rows_of(store_url, "report_history")
    assert row["version"] == 3 and [(h["version"], h["text"]) for h in history] == [(1, ""), (2, "")]
    assert history[1]["status"] == "bekeken"
    store.undo(LOCAL_ANALYST, [made], note="nog eens kijken")
    found = store.reports(LOCAL_ANALYST)
    assert found["flags"].tolist() == ["review_text"] and "[gemaskeerd]" in found["text"].iloc[0]


def test_masked_words_are_nowhere_in_the_file_any_more(tmp_path, make_batch):
    path = tmp_path / "store.sqlite"
    with ReportStore.open(str(path)) as store:
        put(store, make_batch(DOUBTFUL | {"text": "het was Kwakkelstein", "content_hash": "a"}))
        store.mask_text(LOCAL_ANALYST, "app", "1", words=["Kwakkelstein"], note="achternaam")
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"Kwakkelstein" not in left and b"[gemaskeerd]" in left


def test_the_same_text_again_stays_masked_and_a_new_text_is_looked_at_again(store, make_batch):
    put(store, make_batch(DOUBTFUL))
    store.mask_text(LOCAL_ANALYST, "app", "1", words=["Pietersen", "Pietersens"], note="achternaam")
    put(store, make_batch(DOUBTFUL | {"status": "afgehandeld"}))
    found = store.reports(LOCAL_ANALYST)
    assert found["text"].tolist() == ["Die [gemaskeerd], ja [gemaskeerd], riep naar [gemaskeerd] zus"]
    assert (found["status"].tolist(), found["flags"].tolist()) == (["afgehandeld"], [""])
    put(store, make_batch(DOUBTFUL | {"text": "Pietersen was het, zeker weten", "flags": ""}))
    found = store.reports(LOCAL_ANALYST)
    assert (found["text"].tolist(), found["flags"].tolist()) == (["Pietersen was het, zeker weten"], ["review_text"])
    assert store.decisions(LOCAL_ANALYST)["undone_by"].tolist() == ["nieuwe tekst"]


def test_a_text_without_doubt_is_judged_again_only_when_it_changes(store, make_batch):
    put(store, make_batch(DOUBTFUL))
    store.decide(LOCAL_ANALYST, [review()], Verdict.NOT_SO, note="niets te maskeren")
    put(store, make_batch(DOUBTFUL | {"status": "afgehandeld"}))
    assert flags_of(store) == {"1": ""}
    put(store, make_batch(DOUBTFUL | {"text": "Van Dalen riep"}))
    assert flags_of(store) == {"1": "review_text"}


def test_words_that_are_not_there_are_refused_by_name(store, make_batch):
    put(store, make_batch(DOUBTFUL))
    with pytest.raises(DecisionRefused, match="“Jansen” komt niet voor"):
        store.mask_text(LOCAL_ANALYST, "app", "1", words=["Pietersen", "Jansen"], note="namen")
    with pytest.raises(DecisionRefused, match="Noem de woorden"):
        store.mask_text(LOCAL_ANALYST, "app", "1", words=[" "], note="namen")
    with pytest.raises(DecisionRefused, match="Melding 7 van app"):
        store.mask_text(LOCAL_ANALYST, "app", "7", words=["x"], note="namen")
    with pytest.raises(DecisionRefused) as caught:
        store.mask_text(LOCAL_ANALYST, "app", "1", words=["Pietersen"], note=" ")
    assert caught.value.code == "note_missing"
    assert "Pietersen" in store.reports(LOCAL_ANALYST)["text"].iloc[0]


WORDS = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8)


@given(words=st.lists(WORDS, min_size=1, max_size=12), data=st.data())
def test_masked_words_are_gone_the_rest_stays_and_the_original_is_recognised(words, data):
    chosen = tuple(data.draw(st.lists(st.sampled_from(words), min_size=1)))
    original = " ".join(words)
    masked = rules.mask_words(original, chosen)
    folded = {word.lower() for word in chosen}
    left = [word for word in masked.split(" ") if word != rules.WORDS]
    assert not folded & {word.lower() for word in left}
    assert masked.count(rules.WORDS) == len(words) - len(left)
    assert rules.same_but_masked(masked, original)
    assert not rules.same_but_masked(masked, original + " en meer") or masked.endswith(rules.WORDS)


FLAG_CELLS = st.lists(st.sampled_from(DECIDABLE), unique=True, max_size=4).map(report.join_cell)


# The store is shared by the examples on purpose: each one adds a source of its own.
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cells=st.lists(FLAG_CELLS, min_size=1, max_size=6), data=st.data())
def test_deciding_and_undoing_is_the_identity_on_flags(store, make_batch, cells, data):
    source = f"source {len(store.imports())}"
    put(store, make_batch(*({"source_id": str(i), "flags": cell} for i, cell in enumerate(cells)), source=source))
    before = store.reports(LOCAL_ANALYST)
    made = []
    for i, cell in enumerate(cells):
        for flag in data.draw(st.lists(st.sampled_from(DECIDABLE), unique=True, max_size=3)):
            verdict = Verdict.NOT_SO if flag in cell.split("|") else Verdict.SO
            made += store.decide(LOCAL_ANALYST, [Subject.on_flag(source, str(i), flag)], verdict, note="proef")
    after = store.reports(LOCAL_ANALYST)
    changed = (before["flags"] != after["flags"]).sum()
    assert changed == len(set(store.decisions(LOCAL_ANALYST).query("id in @made")["source_id"]))
    for id_ in data.draw(st.permutations(made)):
        store.undo(LOCAL_ANALYST, [id_], note="terug")
    pd.testing.assert_frame_equal(store.reports(LOCAL_ANALYST), before)


def test_every_kind_has_its_verdicts_and_every_refusal_a_way_out():
    assert set(rules.VERDICTS) == set(Kind)
    assert {v for verdicts in rules.VERDICTS.values() for v in verdicts} == set(Verdict)
    assert all(sentence.endswith(".") for sentence in rules.REFUSALS.values())


def test_a_store_from_before_decisions_is_brought_up_to_date(store_url, make_batch):
    with ReportStore.open(store_url) as store:
        put(store, make_batch({"source_id": "1", "flags": report.PROBABLE_DUPLICATE}))
    database = create_engine(store_url)
    postgres = database.dialect.name == "postgresql"  # where later tables hold on to each other
    with database.begin() as connection:
        for table in set(inspect(connection).get_table_names()) - FIRST_TABLES:
            connection.execute(text(f'DROP TABLE "{table}"' + (" CASCADE" if postgres else "")))
        connection.execute(text("UPDATE schema_version SET version = 1"))
    database.dispose()
    with ReportStore.open(store_url) as store:
        store.decide(LOCAL_ANALYST, [duplicate()], Verdict.NOT_SO, note="goed")
        assert flags_of(store) == {"1": ""}
    assert max(row["version"] for row in rows_of(store_url, "schema_version")) == migrations.LATEST


FIRST_TABLES = {  # of schema 1
    *("schema_version", "state", "meta", "imports", "reports", "report_history", "withdrawals", "quarantine"),
    *("datasets", "areas", "features"),
}

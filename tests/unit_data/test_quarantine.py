"""Rows that were not taken: kept with people masked, corrected and offered again, discarded, wiped when they must go."""

from datetime import date

import pandas as pd
import pytest

from data import retention
from data.columns import mapping_from
from data.decisions import DecisionRefused
from data.importing import ImportOptions, import_file, reoffer
from data.quarantine import MOST_KEPT, QuarantineRefused, RowState
from data.settings import Settings
from data.store import ReportStore, migrations, tables
from data.store.engine import create, locate
from data.store.quarantine import WIPED
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer
from tests.conftest import batch_of

TODAY = date(2026, 1, 15)
HEADER = "kenmerk;datum;tijd;lat;lon;soort;toelichting;naam melder;kleur\n"
GOOD = "1;03-04-2025;22:30;51,813312;4,690187;nafluiten;werd nagefloten;Sanne;rood"
BAD = "2;31-02-2025;22:30;51,813312;4,690187;nafluiten;Ik ben Sanne de Vries, 06-12345678;Sanne;rood"


@pytest.fixture
def bring(store, tmp_path):
    """Import rows of text; gives the import's id."""

    def bring(*rows, header=HEADER, name="meldingen.csv", **options):
        path = tmp_path / name
        path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
        given = ImportOptions(**({"source": "app", "today": TODAY} | options))
        assert import_file(path, store=store, settings=Settings(), options=given).balanced
        return int(store.imports()["id"].iloc[0])

    return bring


@pytest.fixture
def again(store):
    """Offer a row again with cells changed."""
    return lambda import_id, row, **cells: reoffer(
        store, Settings(), import_id=import_id, row=row, cells=cells, by="jan", today=TODAY
    )


def rows(store, import_id):
    return {row.row: row for row in store.quarantined_rows(LOCAL_ANALYST, import_id)}


def test_a_row_is_kept_with_the_columns_that_are_ours_and_people_masked(store, bring):
    kept = rows(store, bring(GOOD, BAD))
    assert list(kept) == [3]
    row = kept[3]
    assert row.source_id == "2" and row.state is RowState.OPEN and not row.known
    assert row.why == (("datum", "31-02-2025", "unreadable_date"),)
    assert set(row.cells) == {"id", "datum", "tijd", "lat", "lon", "categorie", "omschrijving"}
    assert row.cells["datum"] == "31-02-2025" and row.cells["lat"] == "51,813312"
    stored = " ".join(row.cells.values())
    assert "Vries" not in stored and "12345678" not in stored and "rood" not in stored


def test_a_corrected_row_becomes_a_report_and_an_import_of_its_own(store, bring, again):
    first = bring(GOOD, BAD)
    result = again(first, 3, datum="28-02-2025")
    assert (result.read, result.accepted, result.quarantined) == (1, 1, 0) and result.balanced
    reports = store.reports(LOCAL_ANALYST).set_index("source_id")
    assert reports.loc["2", "event_date"] == pd.Timestamp("2025-02-28")
    assert reports.loc["2", "x"] == pytest.approx(reports.loc["1", "x"])
    settled = rows(store, first)[3]
    newest = store.imports().iloc[0]
    assert settled.state is RowState.CORRECTED and settled.settled_by == "jan" and settled.cells == {}
    assert settled.became == newest["id"] and newest["file_name"] == "meldingen.csv#3" and settled.known
    assert store.open_quarantine(LOCAL_ANALYST) == {}
    with pytest.raises(QuarantineRefused, match="Rij 3 is al afgehandeld"):
        again(first, 3, datum="27-02-2025")


def test_a_row_that_is_still_wrong_stays_and_says_why(store, bring, again):
    first = bring(GOOD, BAD)
    version = store.data_version()
    result = again(first, 3, datum="28-02-2099")
    assert result.accepted == 0 and [p.reason.code for p in result.problems] == ["future_date"]
    assert store.data_version() == version and len(store.imports()) == 1
    assert rows(store, first)[3].state is RowState.OPEN


def test_text_typed_by_hand_is_masked_as_any_text_is(store, bring, again):
    first = bring(BAD)
    again(first, 2, datum="28-02-2025", omschrijving="bel Piet Jansen op 06-87654321")
    text = store.reports(LOCAL_ANALYST)["text"].iloc[0]
    assert "87654321" not in text and "Jansen" not in text


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [({"kleur": "groen"}, "geen kolom van deze rij"), ({"datum": "1" * 500}, "telt 500 tekens")],
)
def test_what_is_no_cell_of_the_row_is_refused(bring, again, cells, sentence):
    first = bring(BAD)
    with pytest.raises(QuarantineRefused, match=sentence):
        again(first, 2, **cells)
    with pytest.raises(QuarantineRefused, match="Rij 99 van import"):
        again(first, 99)


def test_a_row_whose_report_came_since_is_known_and_not_taken_twice(store, bring, again):
    first = bring(BAD)
    bring(BAD.replace("31-02", "28-02"), name="beter.csv")
    assert rows(store, first)[2].known
    with pytest.raises(QuarantineRefused, match="al ingelezen"):
        again(first, 2, datum="28-02-2025")
    assert len(store.reports(LOCAL_ANALYST)) == 1


def test_swapped_coordinates_metres_and_the_mappings_categories_are_kept_as_they_were_meant(store, bring, again):
    mapping = mapping_from({"categories": {"gefluit": "nafluiten"}})
    row = "7;31-02-2025;425000,5;105000,5;gefluit"
    first = bring(row, header="id;datum;x;y;soort\n", swap_xy=True, mapping=mapping)
    assert {r: rows(store, first)[2].cells[r] for r in "xy"} == {"x": "105000,5", "y": "425000,5"}
    assert again(first, 2, datum="1-2-2025").accepted == 1
    found = store.reports(LOCAL_ANALYST).iloc[0]
    assert (found["x"], found["y"], found["categories"]) == (105000.5, 425000.5, "nafluiten")


def test_a_record_that_could_not_be_read_can_be_typed_in(store, bring, again):
    first = bring(GOOD, "9;te weinig")
    row = rows(store, first)[3]
    assert row.why[0][2] == "too_few_fields" and row.source_id == "" and not any(row.cells.values())
    typed = {"id": "9", "datum": "1-2-2025", "lat": "51,81", "lon": "4,67", "categorie": "nafluiten"}
    assert again(first, 3, **typed).accepted == 1
    assert rows(store, first)[3].source_id == "9"


def test_discarding_needs_a_note_and_leaves_no_cells(store, bring):
    first = bring(BAD)
    with pytest.raises(DecisionRefused, match="Schrijf erbij waarom"):
        store.discard_quarantined(LOCAL_ANALYST, first, 2, note=" ")
    store.discard_quarantined(LOCAL_ANALYST, first, 2, note="proefmelding van mevrouw Jansen")
    row = rows(store, first)[2]
    assert row.state is RowState.DISCARDED and row.cells == {} and "Jansen" not in row.note
    with pytest.raises(QuarantineRefused):
        store.discard_quarantined(LOCAL_ANALYST, first, 2, note="nog eens")


@pytest.mark.parametrize("role", [Role.DISTRICT_MANAGER, Role.ADMIN, Role.AUDITOR])
def test_nobody_but_who_imports_sees_or_settles_quarantined_rows(store, bring, role):
    first, other = bring(BAD), Viewer(name="x", role=role)
    for ask in (
        lambda: store.quarantined_rows(other, first),
        lambda: store.open_quarantine(other),
        lambda: store.discard_quarantined(other, first, 2, note="weg"),
    ):
        with pytest.raises(Denied):
            ask()
    assert rows(store, first)[2].state is RowState.OPEN


def test_a_withdrawal_wipes_what_its_report_left_in_quarantine(store, bring):
    first = bring(GOOD, BAD, BAD.replace("2;", "3;", 1))
    bring("2;;;;;;;;", header=HEADER, name="later.csv")  # another row of the same id, in another import
    second = int(store.imports()["id"].iloc[0])
    bring("2;01-01-2025;51,81;4,67;ja", header="kenmerk;datum;lat;lon;ingetrokken\n", name="in.csv")
    for import_id, row in ((first, 3), (second, 2)):
        gone = rows(store, import_id)[row]
        assert gone.state is RowState.WITHDRAWN and gone.cells == {} and gone.note == ""
        assert {value for _, value, _ in gone.why} == {WIPED}
    other = rows(store, first)[4]
    assert other.state is RowState.OPEN and other.cells["id"] == "3" and other.why[0][1] == "31-02-2025"
    assert store.open_quarantine(LOCAL_ANALYST) == {first: 1}


def test_a_withdrawal_of_another_source_wipes_nothing_and_a_replayed_tombstone_does(store, bring):
    first = bring(BAD)
    with store.importing() as transaction:
        transaction.write(batch_of(withdrawn=["2"], source="elders"))
    assert rows(store, first)[2].cells
    gone = pd.DataFrame({"source": ["app"], "source_id": ["2"], "reason": ["withdrawn"], "withdrawn_on": [TODAY]})
    store.lay_tombstones(gone)
    assert rows(store, first)[2].state is RowState.WITHDRAWN and rows(store, first)[2].cells == {}


def test_what_is_past_its_time_is_wiped_from_the_rows_too(store, bring):
    first = bring(BAD)
    retention.apply(store, Settings(), today=date(2300, 1, 1))
    row = rows(store, first)[2]
    assert row.state is RowState.EXPIRED and row.cells == {} and {v for _, v, _ in row.why} == {WIPED}


def test_of_very_many_rows_only_so_many_can_be_corrected_but_all_can_be_withdrawn(store, bring):
    first = bring(*(f"{i};31-02-2025;;51,81;4,67;;;;" for i in range(MOST_KEPT + 5)))
    kept = store.quarantined_rows(LOCAL_ANALYST, first)
    assert sum(bool(row.cells) for row in kept) == MOST_KEPT
    assert [row.source_id for row in kept[-5:]] == [str(i) for i in range(MOST_KEPT, MOST_KEPT + 5)]
    assert len(store.quarantined_rows(LOCAL_ANALYST, first, most=3)) == 3


def test_a_store_from_before_gets_the_tables_and_keeps_what_it_had(store_url, tmp_path):
    with ReportStore.open(store_url) as store, store.importing() as transaction:
        first = transaction.write(batch_of({"source_id": "1"}, quarantine=[(3, "datum", "x", "unreadable_date")]))
    opened = create(locate(store_url), timeout_s=5)
    with opened.begin() as connection:
        connection.execute(tables.schema_version.delete())
        connection.execute(tables.schema_version.insert(), {"version": 5})
        tables.metadata.drop_all(connection, tables=[tables.quarantine_rows, tables.dataset_dates])
    opened.dispose()
    with ReportStore.open(store_url) as store:
        assert store.quarantine(LOCAL_ANALYST, first)["value"].tolist() == ["x"]
        assert store.quarantined_rows(LOCAL_ANALYST, first) == []
        assert len(store.reports(LOCAL_ANALYST)) == 1
    assert migrations.LATEST >= 6


def test_swapped_coordinates_of_one_row_are_told_beside_what_else_is_wrong_with_it(store, bring, again):
    swapped = BAD.replace("51,813312;4,690187", "4,690187;51,813312")
    first = bring(*[GOOD.replace("1;", f"{i};", 1) for i in range(3, 8)], swapped)
    assert {code for _column, _value, code in rows(store, first)[7].why} == {"unreadable_date", "swapped_place"}
    before = len(store.reports(LOCAL_ANALYST))
    still = again(first, 7, datum="30-02-2025")
    assert [(p.column, p.reason.code) for p in still.problems] == [
        ("lat", "swapped_place"),
        ("datum", "unreadable_date"),
    ]
    still = again(first, 7, datum="28-02-2025")
    assert [(p.row, p.column, p.value, p.reason.code) for p in still.problems] == [
        (7, "lat", "4,690187; 51,813312", "swapped_place")
    ]
    assert still.balanced and (still.read, still.quarantined) == (1, 1)
    assert len(store.reports(LOCAL_ANALYST)) == before and rows(store, first)[7].state is RowState.OPEN
    assert again(first, 7, datum="28-02-2025", lat="51,813312", lon="4,690187").accepted == 1

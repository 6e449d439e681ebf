"""Files into the store: once, completely, with a report that adds up; on every kind of database."""

import json
import logging
from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from data.importing import ImportOptions, import_file
from data.settings import Settings
from data.viewer import LOCAL_ANALYST
from geo import report

TODAY = date(2026, 1, 15)
HEADER = "id;datum;tijd;lat;lon;categorie;omschrijving;status\n"
ROWS = [
    "00101;03-04-2025;22:30;51,813312;4,690187;nafluiten;Ik ben Sanne de Vries, 06-12345678;open",
    "00102;04-04-2025;13:05;51,809871;4,671133;naroepen;;open",
    "00103;05-04-2025;onbekend;51,801237;4,660119;;;",
]


@pytest.fixture
def bring(store, tmp_path):
    """A function that imports rows of text and gives the result."""

    def bring(*rows, header=HEADER, name="meldingen.csv", **options):
        path = tmp_path / name
        path.write_text(header + "\n".join(rows) + "\n", encoding="utf-8")
        given = ImportOptions(**({"source": "app", "today": TODAY} | options))
        result = import_file(path, store=store, settings=Settings(), options=given)
        assert result.balanced
        return result

    return bring


def stored(store):
    return store.reports(LOCAL_ANALYST).set_index("source_id")


def counts(result):
    return (result.accepted, result.quarantined, result.duplicates, result.withdrawn)


def test_a_file_is_stored_with_people_masked_and_ids_to_the_letter(store, bring):
    assert counts(bring(*ROWS)) == (3, 0, 0, 0)
    table = stored(store)
    assert table.index.tolist() == ["00101", "00102", "00103"]
    assert table.loc["00101", "text"] == "Ik ben [naam], [telefoon]"
    assert table["event_minute"].isna().tolist() == [False, False, True]


def test_row_25_the_same_file_twice_or_renamed_brings_nothing_new(store, bring):
    bring(*ROWS)
    version = store.data_version()
    for name in ("meldingen.csv", "kopie van meldingen.csv"):
        assert counts(bring(*ROWS, name=name)) == (0, 0, 3, 0)
    assert counts(bring(*reversed(ROWS))) == (0, 0, 3, 0)
    assert store.data_version() == version


def test_row_25_the_same_ids_of_another_source_are_other_reports(store, bring):
    bring(*ROWS)
    assert counts(bring(*ROWS, source="balie")) == (3, 0, 0, 0)
    flags = store.reports(LOCAL_ANALYST).set_index(["source", "source_id"])["flags"]
    assert report.has(flags["app"], report.PROBABLE_DUPLICATE).tolist() == [False, False, False]
    assert report.has(flags["balie"], report.PROBABLE_DUPLICATE).tolist() == [
        True,
        True,
        False,
    ]  # no time: not compared


def test_without_a_source_it_is_called_unknown(bring):
    assert bring(*ROWS, source="").source == "onbekend"


@pytest.mark.parametrize(
    ("old", "new", "column", "value"),
    [
        ("naroepen", "bedreigen", "categories", "bedreigen"),
        ("13:05", "13:06", "event_minute", 786.0),
        ("open", "dicht", "status", "dicht"),
    ],
)
def test_row_27_changed_content_is_a_new_version_and_counts_once(store, bring, old, new, column, value):
    bring(*ROWS)
    result = bring(ROWS[0], ROWS[1].replace(old, new), ROWS[2])
    assert counts(result) == (1, 0, 2, 0)
    table = stored(store)
    assert len(table) == 3 and table.loc["00102", column] == value


def test_row_28_a_withdrawal_removes_the_report_and_an_absent_id_is_never_removed(store, bring):
    bring(*ROWS)
    assert counts(bring("00101;;;;;;;ingetrokken")) == (0, 0, 0, 1)
    assert stored(store).index.tolist() == ["00102", "00103"]
    assert counts(bring(ROWS[1])) == (0, 0, 1, 0)
    assert stored(store).index.tolist() == ["00102", "00103"]


def test_row_29_a_withdrawal_before_its_report_is_held_and_honoured(store, bring):
    assert counts(bring("00101;;;;;;;ingetrokken", ROWS[1])) == (1, 0, 0, 1)
    result = bring(*ROWS)
    assert counts(result) == (1, 0, 1, 1)
    assert {(p.row, p.reason.code) for p in result.problems} >= {(2, "withdrawn_earlier"), (3, "already_known")}
    assert stored(store).index.tolist() == ["00102", "00103"]
    assert counts(bring("00101;;;;;;;ingetrokken")) == (0, 0, 1, 0)


def test_row_29_a_withdrawn_report_leaves_no_trace_even_when_its_row_is_bad(bring):
    bring("00101;;;;;;;ingetrokken")
    result = bring("00101;bedorven;;;;;Ik ben Sanne;open", ROWS[1])
    assert counts(result) == (1, 0, 0, 1)
    assert [p.reason.code for p in result.problems] == ["withdrawn_earlier"]


def test_row_26_probable_duplicates_are_found_in_the_store_and_stay_found_when_a_report_changes(store, bring):
    bring(*ROWS)
    twin = ROWS[0].replace("00101", "00999").replace("22:30", "22:36")
    assert bring(twin).flagged == 1
    assert stored(store)["flags"].to_dict()["00999"] == report.PROBABLE_DUPLICATE
    # A new version of the original is compared with what counts, so not with its own double.
    bring(ROWS[0].replace("open", "dicht"))
    flags = stored(store)["flags"]
    assert (flags["00101"], flags["00999"]) == ("", report.PROBABLE_DUPLICATE)


def test_row_13_a_default_point_is_seen_over_the_store_and_the_file_together(store, bring):
    spread = [f"s{i};{i % 28 + 1:02d}-04-2025;onbekend;51,8{i:02d}313;4,6{i:02d}191;;;" for i in range(20, 80)]
    pins = [f"p{i};{i + 1:02d}-04-2025;onbekend;51,813313;4,690191;;;" for i in range(20)]
    assert bring(*spread, *pins[:5]).flagged == 0
    result = bring(*pins[5:])
    flags = {p.reason.code for p in result.problems if p.reason.outcome == "F"}
    assert result.flagged == 15 and flags == {"default_point"}
    assert (stored(store)["flags"] == "").all()


def test_row_12_the_municipality_of_the_store_decides(store, bring):
    outline = shapely.box(103_000, 424_000, 106_000, 428_000)
    facts = {"code": "GM0505", "level": "gemeente", "name": "Dordrecht", "wijk_code": "", "gemeente_code": "GM0505"}
    shape = shapely.MultiPolygon([outline])
    frame = gpd.GeoDataFrame([facts | {"inhabitants": 1.0, "water": False}], geometry=[shape], crs="EPSG:28992")
    store.replace_areas("gemeente", frame, attribution="test")
    rows = [
        "a;03-04-2025;10:00;425187.5;105123.5;;;",
        "b;03-04-2025;10:00;425187.5;106030.5;;;",
        "c;03-04-2025;10:00;425187.5;109123.5;;;",
    ]
    result = bring(*rows)
    assert counts(result) == (2, 1, 0, 0)
    assert stored(store)["flags"].to_dict() == {"a": "", "b": report.NEAR_BORDER}


def test_a_dry_run_reports_the_same_and_stores_nothing(store, bring):
    version = store.data_version()
    tried = bring(*ROWS, "x;bedorven;;;;;;", dry_run=True)
    assert tried.dry_run and counts(tried) == (3, 1, 0, 0)
    assert len(stored(store)) == 0 and store.data_version() == version
    done = bring(*ROWS, "x;bedorven;;;;;;")
    assert done.to_json() == tried.to_json()


def test_the_json_report_has_its_keys_and_names_every_row_that_was_not_taken(bring):
    answer = bring(*ROWS, ROWS[0], "x;bedorven;25:99;51,8;4,69;lawaai;;").to_json()
    assert list(answer) == [
        "read",
        "accepted",
        "quarantined",
        "duplicates",
        "withdrawn",
        "flagged",
        "rejected_file",
        "rows",
    ]
    assert answer["rejected_file"] is None
    assert {(r["row"], r["column"], r["reason"]) for r in answer["rows"]} == {
        (4, "tijd", "time_unknown"),
        (5, "id", "duplicate"),
        (6, "datum", "unreadable_date"),
        (6, "categorie", "unknown_category"),
    }
    assert json.loads(json.dumps(answer)) == answer


@pytest.mark.parametrize(
    ("header", "row", "code"),
    [
        ("nummer;wanneer;breed\n", "1;2;3", "missing_columns"),
        ("id;kenmerk;datum;lat;lon\n", "1;2;03-04-2025;51,8;4,6", "column_conflict"),
        ("id;datum;lat;lon\n", "1;03-04-2025;4,690187;51,813312", "swapped_axes"),
    ],
)
def test_a_refused_file_changes_nothing_and_says_why_in_one_sentence(store, bring, header, row, code):
    bring(*ROWS)
    version = store.data_version()
    result = bring(row, header=header)
    assert result.rejected_file.code == code and result.to_json()["rejected_file"].startswith(f"{code}: ")
    assert (result.read, result.problems) == (0, ()) and store.data_version() == version


def test_an_absent_file_is_refused_like_a_bad_one(store, tmp_path):
    result = import_file(tmp_path / "weg.csv", store=store, settings=Settings())
    assert result.rejected_file is not None and result.balanced


def test_values_in_the_report_and_the_store_are_masked(bring):
    result = bring(
        "1;03-04-2025;22:30;51,813312;4,690187;bel 06-12345678;Ik ben Jan Jansen " + "x" * 10_000 + ";",
        "2;03-04-2025;mail a@b.nl;51,803312;4,690187;;test 06-12345678;",
    )
    told = repr(result.problems)
    assert "12345678" not in told and "Jansen" not in told and "a@b.nl" not in told
    assert all(len(p.value) <= 80 for p in result.problems)


def test_the_import_log_holds_the_sum_and_no_text(bring, caplog):
    with caplog.at_level(logging.INFO, logger="data.importing"):
        bring(*ROWS)
    assert "read 3 = accepted 3 + quarantined 0 + duplicates 0 + withdrawn 0" in caplog.text
    assert "Sanne" not in caplog.text


def test_progress_rises_from_nothing_to_all(store, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEADER + "\n".join(ROWS), encoding="utf-8")
    shares = []
    import_file(path, store=store, settings=Settings(), options=ImportOptions(today=TODAY), progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1.0 and min(shares) >= 0


def test_an_import_that_fails_halfway_leaves_the_store_as_it_was(store, bring, monkeypatch):
    bring(*ROWS)
    version = store.data_version()
    with monkeypatch.context() as patch:
        patch.setattr("data.importing._batch", lambda *args, **kwargs: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bring("00200;03-04-2025;10:00;51,813312;4,690187;;;")
    assert store.data_version() == version and len(stored(store)) == 3


def test_a_quarantined_row_can_be_corrected_and_brought_again(store, bring):
    assert counts(bring(ROWS[0].replace("03-04-2025", "33-04-2025"))) == (0, 1, 0, 0)
    assert counts(bring(ROWS[0])) == (1, 0, 0, 0)
    assert stored(store).loc["00101", "event_date"] == pd.Timestamp("2025-04-03")

"""Reports in the store: what goes in comes out, versions, withdrawals, and who may see them."""

import dataclasses
import sqlite3
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url, select

from data.filter import ReportFilter
from data.store import tables
from data.viewer import LOCAL_ANALYST, Role, Viewer
from geo import report


def put(store, batch):
    with store.importing() as transaction:
        return transaction.write(batch)


def rows_of(store_url, table):
    """Every row of a table, past the store's own reading."""
    url = make_url(store_url)
    engine = create_engine(url)
    with engine.connect() as connection:
        rows = [dict(row._mapping) for row in connection.execute(select(tables.metadata.tables[table]))]
    engine.dispose()
    return rows


def test_a_report_comes_back_as_it_went_in_with_every_dtype(store, make_batch):
    full = {
        "source_id": "00123",
        "x": 104_321.125,
        "y": 425_987.5,
        "uncertainty_m": 0.1 + 0.2,
        "event_date": pd.Timestamp("2024-02-29"),
        "event_minute": 0.0,
        "reported_at": pd.Timestamp("2024-03-01 23:59:59"),
        "categories": "naroepen|nafluiten",
        "text": 'Geïntimideerd bij café ‘De Kroon’, € 5 😡\n\t"quote"; -- DROP TABLE \\N \\.\r\nNA',
        "street": "’s-Gravendeelsedijk",
        "postcode": "3311 AA",
        "status": "None",
        "flags": report.MOJIBAKE,
    }
    bare = {"source_id": " NA ", "x": np.nan, "y": np.nan, "event_date": pd.NaT, "event_minute": np.nan}
    batch = make_batch(full, bare)
    put(store, batch)
    found = store.reports(LOCAL_ANALYST)
    assert found.index.name == "key"
    assert found.index.dtype == "int64"
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == report.COLUMNS
    expected = batch.reports[list(report.COLUMNS)]
    pd.testing.assert_frame_equal(found.reset_index(drop=True), expected, check_exact=True)


FLOATS = st.one_of(st.just(np.nan), st.floats(allow_nan=False, allow_infinity=False))
TEXTS = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\0"), max_size=30)
DAYS = st.one_of(st.just(pd.NaT), st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(pd.Timestamp))
MOMENTS = st.one_of(
    st.just(pd.NaT), st.integers(-2_000_000_000, 4_000_000_000).map(lambda s: pd.Timestamp(s, unit="s"))
)
REPORTS = st.fixed_dictionaries(
    {
        "source_id": TEXTS.filter(bool),
        "x": FLOATS,
        "y": FLOATS,
        "uncertainty_m": FLOATS,
        "event_date": DAYS,
        "event_minute": st.one_of(st.just(np.nan), st.integers(0, 1439).map(float)),
        "reported_at": MOMENTS,
        "categories": TEXTS,
        "text": TEXTS,
        "street": TEXTS,
        "postcode": TEXTS,
        "status": TEXTS,
        "flags": TEXTS,
    }
)


# The store is shared by the examples on purpose: each one adds a source of its own.
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_reports=st.lists(REPORTS, min_size=1, max_size=12, unique_by=lambda r: r["source_id"]))
def test_any_reports_come_back_as_they_went_in(store, make_batch, given_reports):
    source = f"source {len(store.imports())}"
    batch = make_batch(*given_reports, source=source)
    put(store, batch)
    found = store.reports(LOCAL_ANALYST)
    mine = found[found["source"] == source].reset_index(drop=True)
    pd.testing.assert_frame_equal(mine, batch.reports[list(report.COLUMNS)], check_exact=True)


def test_many_reports_come_back_in_the_order_they_were_written(store, make_batch):
    ids = [f"M{i}" for i in range(2_500)]
    put(store, make_batch(*({"source_id": i, "text": f"tekst {i}"} for i in ids)))
    found = store.reports(LOCAL_ANALYST)
    assert found["source_id"].tolist() == ids
    assert found["text"].tolist() == [f"tekst {i}" for i in ids]
    assert found.index.is_monotonic_increasing


def test_the_same_file_twice_changes_nothing_but_the_log(store, store_url, make_batch):
    batch = make_batch({"source_id": "1"}, {"source_id": "2"})
    put(store, batch)
    version, before = store.data_version(), store.reports(LOCAL_ANALYST)
    second = put(store, batch)
    pd.testing.assert_frame_equal(store.reports(LOCAL_ANALYST), before)
    assert store.data_version() == version
    log = store.imports()
    assert log["id"].tolist() == [second, second - 1]
    assert log["n_new"].tolist() == [0, 2]
    assert rows_of(store_url, "report_history") == []


def test_a_known_id_with_other_content_is_a_new_version_under_the_same_key_and_the_old_one_is_kept(
    store, store_url, make_batch
):
    first = put(store, make_batch({"source_id": "1", "text": "een"}, {"source_id": "2", "text": "blijft"}))
    key = store.reports(LOCAL_ANALYST).index[0]
    second = put(store, make_batch({"source_id": "1", "text": "twee"}, {"source_id": "3"}))
    put(store, make_batch({"source_id": "1", "text": "drie", "event_date": pd.NaT, "x": np.nan}))
    found = store.reports(LOCAL_ANALYST)
    assert found["source_id"].tolist() == ["1", "2", "3"]
    assert found.loc[key, "text"] == "drie"
    assert pd.isna(found.loc[key, "event_date"])
    history = rows_of(store_url, "report_history")
    assert [(row["key"], row["version"], row["text"]) for row in history] == [(key, 1, "een"), (key, 2, "twee")]
    assert [(row["import_id"], row["replaced_by"]) for row in history] == [(first, second), (second, second + 1)]
    assert store.imports()["n_changed"].tolist() == [1, 1, 0]


def test_the_same_id_from_another_source_is_another_report(store, make_batch):
    put(store, make_batch({"source_id": "1"}))
    put(store, make_batch({"source_id": "1"}, source="politie"))
    assert store.reports(LOCAL_ANALYST)["source"].tolist() == ["app", "politie"]


def everything_in(store_url):
    """All bytes of an SQLite store with its journal, or all rows of all tables on PostgreSQL."""
    url = make_url(store_url)
    if url.drivername == "sqlite":
        path = Path(url.database)
        files = [path, Path(f"{path}-wal"), Path(f"{path}-journal")]
        return b"".join(file.read_bytes() for file in files if file.exists())
    return repr([rows_of(store_url, name) for name in tables.metadata.tables]).encode()


def test_a_withdrawal_wipes_the_text_of_every_version_and_leaves_a_tombstone(store, store_url, make_batch):
    for text in ("GEHEIMEEN", "GEHEIMTWEE" * 2_000, "GEHEIMDRIE"):
        put(store, make_batch({"source_id": "1", "text": text}, {"source_id": "2", "text": "OPENBAAR"}))
    version = store.data_version()
    assert b"GEHEIM" in everything_in(store_url)
    put(store, make_batch(withdrawn=["1"]))
    assert b"GEHEIM" not in everything_in(store_url)
    assert b"OPENBAAR" in everything_in(store_url)
    assert store.reports(LOCAL_ANALYST)["source_id"].tolist() == ["2"]
    assert store.data_version() != version
    [tombstone] = rows_of(store_url, "withdrawals")
    assert (tombstone["source"], tombstone["source_id"], tombstone["reason"]) == ("app", "1", "withdrawn")
    assert store.imports()["n_removed"].tolist() == [1, 0, 0, 0]


def test_a_withdrawal_before_its_report_is_held_and_the_report_is_never_stored(store, make_batch):
    put(store, make_batch(withdrawn=["1", "1"]))
    with store.importing() as transaction:
        assert transaction.withdrawn_ids("app") == {"1"}
        assert transaction.withdrawn_ids("politie") == set()
    with pytest.raises(ValueError, match="withdrawn before"):
        put(store, make_batch({"source_id": "1"}, {"source_id": "2"}))
    assert store.reports(LOCAL_ANALYST).empty
    put(store, make_batch({"source_id": "2"}, withdrawn=["1"]))
    assert store.reports(LOCAL_ANALYST)["source_id"].tolist() == ["2"]


def test_a_report_and_its_withdrawal_in_one_batch_leave_only_the_tombstone(store, store_url, make_batch):
    put(store, make_batch({"source_id": "1", "text": "GEHEIM"}, {"source_id": "2"}, withdrawn=["1"]))
    assert store.reports(LOCAL_ANALYST)["source_id"].tolist() == ["2"]
    assert b"GEHEIM" not in everything_in(store_url)


def test_a_key_is_never_given_to_another_report(store, make_batch):
    put(store, make_batch({"source_id": "1"}))
    [key] = store.reports(LOCAL_ANALYST).index
    put(store, make_batch(withdrawn=["1"]))
    put(store, make_batch({"source_id": "2"}))
    assert store.reports(LOCAL_ANALYST).index[0] > key


@pytest.mark.parametrize(
    ("ids", "why"), [(["1", "1"], "twice"), ([""], "without"), (["1", "2", "2"], "twice")], ids=str
)
def test_a_batch_no_importer_may_make_is_refused_whole(store, make_batch, ids, why):
    with pytest.raises(ValueError, match=why):
        put(store, make_batch(*({"source_id": i} for i in ids)))
    assert store.reports(LOCAL_ANALYST).empty
    assert store.imports().empty


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ANALYST])
def test_whoever_is_no_analyst_gets_no_report_even_when_analysts_just_did(store, make_batch, role):
    put(store, make_batch({"source_id": "1"}))
    assert len(store.reports(LOCAL_ANALYST)) == 1
    viewer = Viewer(name="iemand", role=role, wijken=frozenset({"WK050501"}))
    found = store.reports(viewer)
    assert len(found) == 0
    assert {name: str(dtype) for name, dtype in found.dtypes.items()} == report.COLUMNS
    assert found.index.name == "key"


def test_the_filter_gives_the_same_rows_as_masking_everything(store, make_batch):
    days = pd.date_range("2025-01-01", periods=60)
    put(
        store,
        make_batch(
            *(
                {"source_id": str(i), "event_date": day, "event_minute": np.nan if i % 7 == 0 else i * 23.0}
                for i, day in enumerate(days)
            )
        ),
    )
    everything = store.reports(LOCAL_ANALYST)
    asked = ReportFilter(start=date(2025, 1, 10), end=date(2025, 2, 10), hours=(22, 6), weekdays=(4, 5, 6))
    found = store.reports(LOCAL_ANALYST, asked)
    assert 0 < len(found) < len(everything)
    pd.testing.assert_frame_equal(found, everything[asked.mask(everything)])


def test_a_caller_who_changes_the_frame_changes_it_for_nobody_else(store, make_batch):
    put(store, make_batch({"source_id": "1", "text": "eigen"}))
    mine = store.reports(LOCAL_ANALYST)
    mine.loc[:, "text"] = "gewijzigd"
    mine["extra"] = 1
    fresh = store.reports(LOCAL_ANALYST)
    assert fresh["text"].tolist() == ["eigen"]
    assert list(fresh.columns) == list(report.COLUMNS)


def test_the_log_and_the_quarantine_say_what_happened_to_every_row(store, make_batch):
    refused = [(7, "lat", "51.813.300", "unreadable_number"), (9, "tekst", "NUL \0 half \ud83d", "nul")]
    batch = make_batch({"source_id": "1"}, withdrawn=["9"], quarantine=refused, file_name="mei 2025.csv")
    batch = dataclasses.replace(batch, n_duplicates=3, n_read=batch.n_read + 3, n_flagged=1)
    import_id = put(store, batch)
    [log] = store.imports().to_dict("records")
    assert log["file_name"] == "mei 2025.csv"
    assert log["sha256"] == "0" * 64
    assert log["source"] == "app"
    assert log["tool_version"]
    assert abs(log["imported_at"] - pd.Timestamp.now("UTC").tz_localize(None)) < pd.Timedelta("5min")
    assert log["n_read"] == log["n_accepted"] + log["n_quarantined"] + log["n_duplicates"] + log["n_withdrawn"] == 7
    assert (log["n_flagged"], log["n_new"], log["n_changed"], log["n_removed"]) == (1, 1, 0, 0)
    found = store.quarantine(LOCAL_ANALYST, import_id)
    assert found.columns.tolist() == ["row", "column", "value", "reason"]
    assert found.iloc[0].tolist() == list(refused[0])
    assert found["value"][1] == "NUL ␀ half \\ud83d"
    assert store.quarantine(LOCAL_ANALYST, import_id + 1).empty


def test_an_import_sees_what_is_stored_and_what_it_just_wrote(store, make_batch):
    put(store, make_batch({"source_id": "1"}, {"source_id": "2", "x": 1.0, "y": 2.0}))
    with store.importing() as transaction:
        assert sorted(transaction.known("app")["source_id"]) == ["1", "2"]
        transaction.write(make_batch({"source_id": "3", "event_date": pd.Timestamp("2025-04-05")}, {"source_id": "4"}))
        known = transaction.known("app")
        assert list(known.columns) == ["source_id", "content_hash"]
        assert sorted(known["source_id"]) == ["1", "2", "3", "4"]
        assert transaction.coordinates().to_dict("records") == [{"x": 105_000.0, "y": 425_000.0, "n": 3}]
        window = transaction.window(date(2025, 4, 4), date(2025, 4, 5))
        assert window["source_id"].tolist() == ["3"]
        assert list(window.columns) == list(report.COLUMNS)
        assert len(transaction.window(date(2025, 4, 3), date(2025, 4, 5))) == 4


def test_no_table_has_a_column_for_contact_details_origin_or_offenders():
    forbidden = ("mail", "phone", "telef", "bsn", "birth", "gebo", "contact", "nation", "ethni", "origin", "income",
                 "offender", "dader", "reporter", "melder", "victim", "gender")  # fmt: skip
    names = [f"{table.name}.{column.name}" for table in tables.metadata.sorted_tables for column in table.columns]
    assert [name for name in names if any(word in name.lower() for word in forbidden)] == []


def test_only_the_owner_may_read_the_file(tmp_path, make_batch):
    from data.store import ReportStore

    path = tmp_path / "nieuw" / "map" / "store.sqlite"
    with ReportStore.open(str(path)) as store:
        put(store, make_batch({"source_id": "1"}))
        assert {file.stat().st_mode & 0o077 for file in path.parent.iterdir()} == {0}
    assert sqlite3.connect(path).execute("SELECT count(*) FROM reports").fetchone() == (1,)

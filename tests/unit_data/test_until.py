"""The end of a moment known by from–to: how exports write it, and what becomes of ends that cannot be."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text

from data import duplicates
from data.importing import ImportOptions, import_file, read_reports
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from tests.conftest import batch_of

TODAY = date(2026, 1, 15)
DAY = "03-04-2025"


def read(tmp_path, header, *rows, today=TODAY, **options):
    """Rows under a header after "id;lat;lon;", each at a place and with an id of its own."""
    lines = [f"m{i};51,81{i:02d}17;4,67{i:02d}91;{row}" for i, row in enumerate(rows)]
    path = tmp_path / "meldingen.csv"
    path.write_text("\n".join([f"id;lat;lon;{header}", *lines, ""]), encoding="utf-8")
    given_options = ImportOptions(source="app", today=today, **options)
    checked = read_reports(path, settings=Settings(), options=given_options)
    assert checked.balanced
    return checked


def one(tmp_path, header, row, **options):
    checked = read(tmp_path, header, row, **options)
    kept = checked.reports.iloc[0]
    return kept["event_minute"], kept["event_until"]


WRITTEN = [
    ("datum;tijd;tijd tot", f"{DAY};22:00;23:30", "2025-04-03 23:30"),
    ("datum;begintijd;eindtijd", f"{DAY};22u00;23u30", "2025-04-03 23:30"),
    ("datum;tijd;tot", f"{DAY};22:00;02:00", "2025-04-04 02:00"),
    ("datum;tijd;tot", f"{DAY};22:00;24:00", "2025-04-04 00:00"),
    ("datum;tijd;tot", f"{DAY};22:00;3 april 2025 23:30", "2025-04-03 23:30"),
    ("datum;tijd;tot", f"{DAY};22:00;1899-12-30 23:30:00", "2025-04-03 23:30"),
    ("begindatum;begintijd;einddatum;eindtijd", f"{DAY};22:00;04-04-2025;01:15", "2025-04-04 01:15"),
    ("datum;tijd;datum tot;tijd tot", f"{DAY};22:00;;23:30", "2025-04-03 23:30"),
    ("datum;tijd;datum_tot", f"{DAY};22:00;04-04-2025 01:15", "2025-04-04 01:15"),
    ("datum_tijd;event_until", f"{DAY} 22:00;{DAY} 23:30", "2025-04-03 23:30"),
    ("datum_tijd;tot", "2025-04-03T20:00Z;2025-04-03T21:30Z", "2025-04-03 23:30"),
    ("datum_tijd;tot", "45750,916667;45750,979167", "2025-04-03 23:30"),
]


@pytest.mark.parametrize(("header", "row", "until"), WRITTEN, ids=[f"{w[0]}: {w[1]}" for w in WRITTEN])
def test_an_end_is_read_as_exports_write_it(tmp_path, header, row, until):
    assert one(tmp_path, header, row) == (1320.0, pd.Timestamp(until))


NO_END = [
    ("datum;tijd;tot", f"{DAY};22:00;"),
    ("datum;tijd;tot", f"{DAY};22:00;22:00"),
    ("datum;tijd;tot", f"{DAY};22:00;{DAY}"),
    ("datum;tijd;datum_tot", f"{DAY};22:00;09-04-2025"),  # days without times: a case's, not a moment's
]


@pytest.mark.parametrize(("header", "row"), NO_END)
def test_what_says_no_more_than_the_begin_leaves_one_moment(tmp_path, header, row):
    minute, until = one(tmp_path, header, row)
    assert minute == 1320.0 and pd.isna(until)


UNKNOWN = [
    ("ca. 23u", "time_unknown"),
    ("onbekend", "time_unknown"),
    ("04-04-2025", "time_unknown"),  # the next day, nobody knows when
    ("05-04-2025 22:01", "long_span"),
]


@pytest.mark.parametrize(("cell", "code"), UNKNOWN)
def test_an_end_nobody_knows_or_over_a_day_later_keeps_the_day_and_not_the_hour(tmp_path, cell, code):
    checked = read(tmp_path, "datum;tijd;tot", f"{DAY};22:00;{cell}", f"{DAY};12:00;13:00")
    kept = checked.reports.iloc[0]
    assert np.isnan(kept["event_minute"]) and pd.isna(kept["event_until"])
    assert kept["event_date"] == pd.Timestamp("2025-04-03")
    assert [(p.row, p.column, p.reason.code) for p in checked.problems] == [(2, "tot", code)]


def test_exactly_a_day_is_still_a_span(tmp_path):
    assert one(tmp_path, "datum;tijd;tot", f"{DAY};22:00;04-04-2025 22:00")[1] == pd.Timestamp("2025-04-04 22:00")


REFUSED = [
    ("02-04-2025 23:00", "until_before"),
    ("25:99", "unreadable_until"),
    ("31-02-2025 12:00", "unreadable_until"),
    ("30-03-2025 02:30", "nonexistent_time"),
]


@pytest.mark.parametrize(("cell", "code"), REFUSED)
def test_an_end_that_cannot_be_sets_the_row_apart_with_its_cell(tmp_path, cell, code):
    begin = "29-03-2025" if code == "nonexistent_time" else DAY
    checked = read(tmp_path, "datum;tijd;tot", f"{begin};22:00;{cell}", f"{DAY};12:00;13:00")
    assert checked.n_quarantined == 1 and len(checked.reports) == 1
    assert [(p.row, p.column, p.value, p.reason.code) for p in checked.problems] == [(2, "tot", cell, code)]


def test_an_end_in_the_future_sets_the_row_apart_and_midnight_of_today_does_not(tmp_path):
    rows = (f"{DAY};22:00;04-04-2025 00:30", f"{DAY};22:00;24:00")
    checked = read(tmp_path, "datum;tijd;tot", *rows, today=date(2025, 4, 3))
    assert [(p.row, p.reason.code) for p in checked.problems] == [(2, "future_date")]


def test_an_end_in_the_hour_that_comes_twice_is_flagged(tmp_path):
    checked = read(tmp_path, "datum;tijd;tot", "25-10-2025;23:00;02:30")
    assert checked.reports["flags"].tolist() == ["ambiguous_time"]
    assert checked.reports["event_until"].tolist() == [pd.Timestamp("2025-10-26 02:30")]


def test_a_begin_nobody_knows_stays_unknown_whatever_its_end(tmp_path):
    checked = read(tmp_path, "datum;tijd;tot", f"{DAY};;23:00", f"{DAY};12:00;13:00")
    assert np.isnan(checked.reports["event_minute"].iloc[0]) and pd.isna(checked.reports["event_until"].iloc[0])
    assert [p.reason.code for p in checked.problems] == ["time_unknown"]


CLOSED = [f"{DAY};{10 + i}:00;0{4 + i}-05-2025 14:1{i}" for i in range(5)]


def test_a_column_that_is_mostly_weeks_later_is_a_closing_date_and_takes_no_hour_away(tmp_path):
    checked = read(tmp_path, "datum;tijd;einddatum", *CLOSED)
    assert checked.reports["event_minute"].notna().all() and checked.reports["event_until"].isna().all()
    assert "until_other" in {reason.code for reason in checked.normalised}
    assert checked.columns_ignored == ("einddatum",) and checked.problems == ()


def test_days_without_a_time_anywhere_are_told_and_not_used(tmp_path):
    for ends in (["03-04-2025", "09-04-2025"], [f"{4 + i:02d}-04-2025 00:00" for i in range(6)]):
        checked = read(tmp_path, "datum;tijd;einddatum", *(f"{DAY};22:00;{end}" for end in ends))
        assert "until_without_times" in {reason.code for reason in checked.normalised}
        assert checked.reports["event_minute"].tolist() == [1320.0] * len(ends)


def test_without_dates_an_end_alone_changes_nothing(tmp_path):
    path = tmp_path / "plaatsen.csv"
    path.write_text("lat;lon;tot\n51,81317;4,67091;23:00\n", encoding="utf-8")
    checked = read_reports(path, settings=Settings(), options=ImportOptions(today=TODAY), place_only=True)
    assert len(checked.reports) == 1 and checked.reports["event_until"].isna().all()


TIMES = st.one_of(
    st.just(""),
    st.sampled_from(
        ["onbekend", "24:00", "25:99", "ca. 23u", "x" * 50, "0,5", "\x00", "2025-04-04T01:00Z", "31-12-9999"]
    ),
    st.times().map(lambda t: f"{t:%H:%M}"),
    st.datetimes(pd.Timestamp("2025-03-25"), pd.Timestamp("2025-04-10")).map(lambda m: f"{m:%d-%m-%Y %H:%M}"),
)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=12))
def test_whatever_the_ends_are_every_row_is_accounted_for_and_no_end_is_before_its_begin(tmp_path, rows):
    checked = read(tmp_path, "datum;tijd;tot", *(f"{DAY};{first};{last}" for first, last in rows))
    assert checked.n_read == len(rows)
    ended = checked.reports[checked.reports["event_until"].notna()]
    begin = ended["event_date"] + pd.to_timedelta(ended["event_minute"], unit="min")
    length = ended["event_until"] - begin
    assert ended["event_minute"].notna().all()
    assert ((length > pd.Timedelta(0)) & (length <= pd.Timedelta(hours=24))).all()


def test_reports_without_an_end_keep_the_hash_they_had_and_an_end_is_content(make_batch):
    plain = make_batch({"source_id": "1"}).reports
    # what the program gave before there were ends
    assert duplicates.content_hash(plain).tolist() == duplicates.content_hash(plain.assign(flags="x")).tolist()
    ended = plain.assign(event_until=pd.Timestamp("2025-04-03 23:30"))
    later = plain.assign(event_until=pd.Timestamp("2025-04-03 23:45"))
    assert len({*duplicates.content_hash(plain), *duplicates.content_hash(ended), *duplicates.content_hash(later)}) == 3
    mixed = pd.concat([plain, ended], ignore_index=True)
    assert duplicates.content_hash(mixed).tolist()[0] == duplicates.content_hash(plain).tolist()[0]


def test_an_end_goes_into_the_store_and_back_and_a_corrected_one_is_a_new_version(store, tmp_path):
    path = tmp_path / "meldingen.csv"
    for tot, accepted in (("23:30", 1), ("23:30", 0), ("23:45", 1), ("", 1)):
        path.write_text(f"id;lat;lon;datum;tijd;tot\n1;51,8131;4,6701;{DAY};22:00;{tot}\n", encoding="utf-8")
        result = import_file(path, store=store, settings=Settings(), options=ImportOptions(source="app", today=TODAY))
        assert result.accepted == accepted
        kept = store.reports(LOCAL_ANALYST)["event_until"]
        assert str(kept.dtype) == "datetime64[s]"
        assert kept.isna().all() if not tot else kept.tolist() == [pd.Timestamp(f"2025-04-03 {tot}")]


def test_a_store_from_before_ends_gets_the_column_and_keeps_its_reports(store_url):
    with ReportStore.open(store_url) as store, store.importing() as transaction:
        transaction.write(batch_of({"source_id": "1"}))
    database = create_engine(store_url)
    with database.begin() as connection:
        for table in ("reports", "report_history"):
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN event_until"))
        connection.execute(text("DELETE FROM schema_version"))
        connection.execute(text("INSERT INTO schema_version VALUES (7)"))
    with ReportStore.open(store_url) as store:
        assert store.reports(LOCAL_ANALYST)["event_until"].isna().tolist() == [True]
        with store.importing() as transaction:
            transaction.write(batch_of({"source_id": "2", "event_until": pd.Timestamp("2025-04-03 23:30")}))
        assert store.reports(LOCAL_ANALYST)["event_until"].notna().tolist() == [False, True]
    columns = {c["name"] for c in inspect(database).get_columns("report_history")}
    database.dispose()
    assert "event_until" in columns


def test_an_empty_column_of_ends_is_nothing_to_speak_of_and_one_of_nonsense_is(tmp_path):
    empty = read(tmp_path, "datum;tijd;tot", f"{DAY};22:00;", f"{DAY};12:00;")
    assert empty.columns_ignored == () and "until_without_times" not in {reason.code for reason in empty.normalised}
    nonsense = read(tmp_path, "datum;tijd;tot", f"{DAY};22:00;25:99", f"{DAY};12:00;rond")
    assert nonsense.n_quarantined == 1

"""What is past its time goes, what is not stays: on both databases, and a second time nothing happens."""

import hashlib
import sqlite3
from datetime import date

import pandas as pd
import pytest

from data import retention
from data.settings import Settings
from data.store import ReportStore
from data.store.retention import WIPED
from data.viewer import LOCAL_ANALYST
from geo import exclusions, report
from tests.conftest import batch_of

TODAY = date(2026, 11, 21)

# id, day of the event, day of reporting, what is left after retention at the default settings
DATED = [
    ("today", "2026-11-21", None, "whole"),
    ("eleven months ago", "2025-12-21", None, "whole"),
    ("twelve months ago to the day", "2025-11-21", None, "whole"),
    ("a day more", "2025-11-20", None, "snapped"),
    ("five years ago to the day", "2021-11-21", None, "snapped"),
    ("five years and a day", "2021-11-20", None, "gone"),
    ("without an event, reported long ago", None, "2020-01-01", "gone"),
    ("without an event, reported last year", None, "2025-06-01", "snapped"),
    ("without any date, imported now", None, None, "whole"),
]


USUAL = {
    "x": 105_123.4,
    "y": 425_678.9,
    "event_minute": 1290.0,
    "categories": "nastaren",
    "text": "bij de brug",
    "street": "Kade",
    "postcode": "3311AB",
}


def put(store, rows, **given):
    filled = [USUAL | {"content_hash": hashlib.sha256(str(row).encode()).hexdigest()} | row for row in rows]
    with store.importing() as transaction:
        return transaction.write(batch_of(*filled, **given))


@pytest.fixture
def dated(store):
    put(
        store,
        [
            {"source_id": name, "event_date": pd.Timestamp(day) if day else pd.NaT,
             "reported_at": pd.Timestamp(told) if told else pd.NaT, "flags": report.REVIEW_TEXT}
            for name, day, told, _ in DATED
        ],
    )  # fmt: skip
    return store


def test_each_report_is_kept_whole_snapped_or_gone_by_its_date(dated):
    kept = retention.apply(dated, Settings(), today=TODAY)
    assert (kept.records, kept.details) == (2, 3)
    reports = dated.reports(LOCAL_ANALYST).set_index("source_id")
    for name, _, _, left in DATED:
        assert (name in reports.index) == (left != "gone"), name
        if left != "gone":
            assert report.has(reports["flags"], report.SNAPPED)[name] == (left == "snapped"), name
            assert (reports.loc[name, "text"] == "") == (left == "snapped"), name


def test_a_snapped_report_keeps_its_cell_and_nothing_finer(dated):
    retention.apply(dated, Settings(), today=TODAY)
    row = dated.reports(LOCAL_ANALYST).set_index("source_id").loc["a day more"]
    assert (row["x"], row["y"]) == (105_125.0, 425_675.0)  # the middle of its 50 m cell
    assert row["uncertainty_m"] == pytest.approx(25 * 2**0.5)
    assert row["postcode"] == "3311" and row["street"] == "Kade"
    assert row["flags"] == report.SNAPPED  # its text is gone, so nobody need review it
    assert row["event_minute"] == 1290.0


def test_a_second_time_and_a_dry_run_change_nothing(dated):
    before = dated.data_version()
    told = retention.apply(dated, Settings(), today=TODAY, dry_run=True)
    assert dated.data_version() == before and (told.records, told.details) == (2, 5)  # records are counted in both
    retention.apply(dated, Settings(), today=TODAY)
    after = dated.data_version()
    assert after != before
    again = retention.apply(dated, Settings(), today=TODAY)
    assert not again.anything and dated.data_version() == after


def test_what_was_deleted_leaves_a_tombstone_and_does_not_come_back(dated):
    retention.apply(dated, Settings(), today=TODAY)
    stones = dated.withdrawals().set_index("source_id")
    assert set(stones.index) == {"five years and a day", "without an event, reported long ago"}
    assert set(stones["reason"]) == {"retention"}
    with dated.importing() as transaction:
        assert "five years and a day" in transaction.withdrawn_ids("app")


def test_older_versions_go_with_the_detail(store):
    day = pd.Timestamp("2025-01-01")
    put(store, [{"source_id": "a", "event_date": day, "text": "eerst"}])
    put(store, [{"source_id": "a", "event_date": day, "text": "later"}])
    retention.apply(store, Settings(), today=TODAY)
    with store.importing() as transaction:
        history = transaction._connection.exec_driver_sql("SELECT COUNT(*) FROM report_history").scalar()
    assert history == 0


def test_values_in_quarantine_are_wiped_in_time(store):
    key = put(store, [], quarantine=[(3, "text", "bel 06-12345678", "text_too_long")])
    now = pd.Timestamp.now("UTC").date()
    assert retention.apply(store, Settings(), today=now + pd.Timedelta(days=89)).quarantined == 0
    assert store.quarantine(LOCAL_ANALYST, key)["value"].tolist() == ["bel 06-12345678"]
    assert retention.apply(store, Settings(), today=now + pd.Timedelta(days=92)).quarantined == 1
    assert store.quarantine(LOCAL_ANALYST, key)["value"].tolist() == [WIPED]


def test_the_file_itself_forgets(tmp_path):
    path = tmp_path / "stad.sqlite"
    with ReportStore.open(str(path)) as store:
        put(store, [{"source_id": "a", "event_date": pd.Timestamp("2025-01-01"), "text": "kanarie-in-de-mijn"}])
        assert any(b"kanarie" in f.read_bytes() for f in tmp_path.iterdir())
        retention.apply(store, Settings(), today=TODAY)
    assert not any(b"kanarie" in f.read_bytes() for f in tmp_path.iterdir())
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_many_snapped_reports_in_one_cell_are_no_default_point(store):
    put(
        store,
        [
            {"source_id": str(i), "event_date": pd.Timestamp("2025-01-01"), "x": 105_100.0 + i, "y": 425_650.0 + i}
            for i in range(40)
        ],
    )
    retention.apply(store, Settings(), today=TODAY)
    reports = store.reports(LOCAL_ANALYST)
    assert reports[["x", "y"]].drop_duplicates().shape[0] == 1
    assert (exclusions.reasons(reports, eps_m=75.0) == "").all()
    reports["flags"] = ""
    assert (exclusions.reasons(reports.iloc[:40], eps_m=20.0) == report.COARSE_PLACE).all()


def test_another_period_is_a_setting(dated):
    kept = retention.apply(dated, Settings(detail_months=60, retention_years=10), today=TODAY, dry_run=True)
    assert (kept.records, kept.details) == (0, 2)


OLD, NEW = pd.Timestamp("2025-03-01"), pd.Timestamp("2026-09-01")


def reasons_by_id(store, eps_m=75.0):
    reports = store.reports(LOCAL_ANALYST).set_index("source_id")
    return exclusions.reasons(reports, eps_m=eps_m)


def test_a_default_point_is_still_none_of_anybodys_places_when_its_reports_are_moved_to_their_cell(store):
    pile = [{"source_id": f"pin {i}", "event_date": OLD + pd.Timedelta(days=i)} for i in range(20)]
    pile += [{"source_id": f"young {i}", "event_date": NEW + pd.Timedelta(days=i)} for i in range(20)]
    apart = [
        {"source_id": f"real {i}", "x": 105_101.0 + i, "y": 425_651.0 + 2 * i, "event_date": OLD} for i in range(20)
    ]  # in the very same cell
    far = [
        {"source_id": f"far {i}", "x": 103_000.0 + 71 * i, "event_date": (OLD, NEW)[i % 2]} for i in range(60)
    ]  # elsewhere no two share a coordinate
    put(store, [*pile, *apart, *far])
    assert (reasons_by_id(store).filter(like="pin") == report.DEFAULT_POINT).all()
    retention.apply(store, Settings(), today=TODAY)
    after = reasons_by_id(store)
    assert (after.filter(like="pin") == report.DEFAULT_POINT).all()
    assert (after.filter(like="young") == report.DEFAULT_POINT).all()
    assert (after.filter(like="real") == "").all()


def test_what_a_source_rounded_is_no_more_exact_after_it_was_moved(store):
    step = 500.0
    rounded = [
        {"source_id": f"r{i}", "source": "app", "x": 100_000.0 + step * (i % 9), "y": 424_000.0 + step * (i // 9),
         "event_date": OLD}
        for i in range(90)
    ]  # fmt: skip
    put(store, rounded)
    retention.apply(store, Settings(), today=TODAY)
    reports = store.reports(LOCAL_ANALYST)
    assert report.has(reports["flags"], report.SNAPPED).all()
    assert (reports["uncertainty_m"] > 350).all()
    assert (reasons_by_id(store) == report.COARSE_PLACE).all()

"""Once a day: what is past its time goes, the log is anchored, and one failing job does not stop the next."""

import threading

import pytest

from dashboard.schedule import Schedule, daily
from dashboard.services.audit import AuditService
from data.audit import keep
from data.audit.log import anchors_file
from data.reasons import UserError
from data.settings import Settings
from data.store import ReportStore
from data.viewer import Role, Viewer
from tests.conftest import batch_of


def test_a_day_s_work_applies_retention_and_anchors_the_log(tmp_path):
    settings = Settings(
        store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"), detail_months=1, audit_anchor_minutes=1440
    )
    audit = AuditService(settings)
    with ReportStore.open(settings.store) as store:
        with store.importing() as transaction:
            transaction.write(batch_of({"source_id": "a"}))
        Schedule(daily(store, settings, audit)).once()
        lines = audit.lines(Viewer(name="fg", role=Role.AUDITOR))
        assert [(line.actor, line.action, line.detail["details"]) for line in lines] == [("server", "retention", 1)]
        Schedule(daily(store, settings, audit)).once()  # nothing left to let go of
        assert len(audit.lines(Viewer(name="fg", role=Role.AUDITOR))) == 1
    assert keep.newest(keep.anchors(anchors_file(settings))).seq == 1


def test_a_job_that_fails_does_not_stop_the_next_and_is_logged(caplog):
    done = []

    def refused():
        raise UserError("x", "kan niet: {why}.", why="vol")

    def broken():
        raise RuntimeError("stuk")

    Schedule([refused, broken, lambda: done.append(1)]).once()
    assert done == [1] and "kan niet: vol." in caplog.text and "stuk" in caplog.text


@pytest.mark.parametrize("rounds", [3])
def test_it_runs_again_and_again_until_it_is_stopped(rounds):
    ran = threading.Semaphore(0)
    with Schedule([ran.release], first_after_s=0.0, every_s=0.01) as schedule:
        for _ in range(rounds):
            assert ran.acquire(timeout=10)
    assert not schedule._thread.is_alive()

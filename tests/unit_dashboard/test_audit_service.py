"""Who may read the audit log, and that nobody else can."""

import os
import sqlite3

import pytest

from dashboard.audit_state import AuditState
from dashboard.components import audit as page
from dashboard.services.audit import AuditService
from data.audit.chain import Action
from data.settings import Settings
from data.tombstones import Tombstones
from data.viewer import Denied, Role, Viewer

ANN = Viewer(name="ann", role=Role.ANALYST)
WIM = Viewer(name="wim", role=Role.DISTRICT_MANAGER)
FG = Viewer(name="fg", role=Role.AUDITOR)
BEA = Viewer(name="bea", role=Role.ADMIN)


@pytest.fixture
def audit(tmp_path):
    service = AuditService(Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key")))
    service.record(ANN, Action.IMPORT, "meldingen.csv", accepted=3)
    service.record(WIM, Action.EXPORT, "HK-1")
    return service


def test_the_auditor_reads_everything_and_checks_it(audit):
    assert [line.actor for line in audit.lines(FG)] == ["wim", "ann"]
    assert [line.actor for line in audit.lines(FG, actor="ann")] == ["ann"]
    assert audit.verify(FG) == []


@pytest.mark.parametrize(
    "spoiled",
    [
        "detail = 'x'",
        "detail = '[1]'",
        "at = 'gisteren'",
        "at = '9999-12-31T23:59:59+00:00'",
        "at = '0001-01-01T00:00:00'",
    ],
)
def test_a_line_that_somebody_spoiled_does_not_keep_the_others_from_the_auditor(audit, tmp_path, spoiled):
    with sqlite3.connect(tmp_path / "stad.audit.sqlite") as connection:
        connection.execute(f"UPDATE audit_log SET {spoiled} WHERE seq = 1")
    found = audit.lines(FG)
    assert {line.actor for line in found} == {"ann", "wim"} and audit.verify(FG)
    shown = str(page.lines(found, state=AuditState(), n=2))
    assert "HK-1" in shown and "meldingen.csv" in shown


@pytest.mark.parametrize("viewer", [ANN, WIM])
def test_others_read_their_own_lines_whatever_they_ask_for(audit, viewer):
    assert {line.actor for line in audit.lines(viewer, actor="fg")} == {viewer.name}
    with pytest.raises(Denied):
        audit.verify(viewer)


def test_the_administrator_reads_nothing(audit):
    with pytest.raises(Denied):
        audit.lines(BEA)
    with pytest.raises(Denied):
        audit.verify(BEA)


def test_an_import_is_written_down_and_its_withdrawals_are_kept_beside_the_store(command, tmp_path):
    file, store = tmp_path / "m.csv", tmp_path / "stad.sqlite"
    file.write_text("id,x,y,datum,status\na,105000,425000,2026-04-03,nieuw\nb,105010,425000,2026-04-03,ingetrokken\n")
    code, _, err = command("reports", "import", file, "--store", store)
    assert code == 0, err
    lines = AuditService(Settings(store=str(store), audit_key=os.environ["HOTSPOTKAART_AUDIT_KEY"])).lines(FG)
    assert [(x.action, x.subject) for x in lines] == [("import", "m.csv")]
    assert dict(lines[0].detail) == {"accepted": 1, "quarantined": 0, "withdrawn": 1}
    with Tombstones.open(Settings(store=str(store))) as stones:
        assert stones.all()["source_id"].tolist() == ["b"]

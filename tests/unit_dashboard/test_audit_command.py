"""``hotspotkaart audit``: whole or not, in words and as JSON."""

import json
import sqlite3

import pytest

from dashboard import audit_words as audit
from data.audit.chain import Action, Fault
from data.audit.log import AuditLog
from data.settings import load
from data.store import ReportStore
from data.viewer import Role, Viewer


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "stad.sqlite"
    with AuditLog.open(load(store=str(path))) as log:
        log.record(Viewer(name="ann", role=Role.ANALYST), Action.EXPORT, "HK-20260101-abc", hotspots=3)
        log.record(Viewer(name="bob", role=Role.AUDITOR), Action.SIGN_IN)
    return path


def test_every_action_and_fault_has_words():
    assert set(audit.ACTIONS) == set(Action) and set(audit.FAULTS) == set(Fault)


def test_a_whole_log_is_said_to_be_whole(command, store):
    assert command("audit", "verify", "--store", store) == (0, "Het logboek is heel: 2 regels.\n", "")
    code, out, _ = command("audit", "verify", "--store", store, "--json")
    assert code == 0 and json.loads(out) == {"whole": True, "lines": 2, "faults": []}


def test_a_changed_and_a_cut_log_are_told_line_by_line(command, store):
    log = store.with_name("stad.audit.sqlite")
    with sqlite3.connect(log) as connection:
        connection.execute("UPDATE audit_log SET actor = 'eve' WHERE seq = 1")
    code, out, _ = command("audit", "verify", "--store", store)
    assert code == 1 and "regel 1 is niet zoals hij geschreven is" in out and "FG" in out
    with sqlite3.connect(log) as connection:
        connection.execute("DELETE FROM audit_log WHERE seq = 2")
    code, out, _ = command("audit", "verify", "--store", store, "--json")
    assert code == 1 and {"fault": "cut", "line": 2} in json.loads(out)["faults"]


def test_lines_are_shown_newest_first_and_can_be_chosen(command, store):
    code, out, _ = command("audit", "show", "--store", store)
    first, second = out.splitlines()
    assert code == 0 and "bob (auditor)  aangemeld" in first
    assert "ann (analist)  kaart uitgegeven · HK-20260101-abc · hotspots 3" in second
    code, out, _ = command("audit", "show", "--store", store, "--actor", "ann", "--json")
    assert [line["action"] for line in json.loads(out)] == ["export"]
    assert "geen regels" in command("audit", "show", "--store", store, "--action", "import")[1]


def test_an_empty_log_has_nothing_to_anchor(command, tmp_path, store):
    ReportStore.open(str(tmp_path / "nieuw.sqlite")).close()
    code, _, err = command("audit", "anchor", "--store", tmp_path / "nieuw.sqlite")
    assert code == 2 and err.startswith("Het logboek is nog leeg")
    code, out, _ = command("audit", "anchor", "--store", store)
    assert code == 0 and "Verankerd tot en met regel 2" in out

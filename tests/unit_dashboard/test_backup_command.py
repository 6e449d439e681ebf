"""``hotspotkaart backup``, ``restore`` and ``retention`` as their user types them."""

import json

import pytest

from data.settings import load
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from tests.conftest import batch_of


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "stad.sqlite"
    with ReportStore.open(str(path)) as opened, opened.importing() as transaction:
        transaction.write(batch_of({"source_id": "a"}, {"source_id": "b"}, {"source_id": "c"}))
    return path


def ids(store):
    with ReportStore.open(str(store)) as opened:
        return set(opened.reports(LOCAL_ANALYST)["source_id"])


def test_a_backup_is_made_and_comes_back_without_what_was_withdrawn(command, store, tmp_path):
    code, out, _ = command("backup", tmp_path / "kopie", "--store", store)
    assert code == 0 and "gemaakt en gecontroleerd: 3 meldingen" in out
    file = next((tmp_path / "kopie").glob("*.hotspotkaart-backup"))
    with ReportStore.open(str(store)) as opened, opened.importing() as transaction:
        transaction.write(batch_of({"source_id": "d"}, withdrawn=["b"]))
    code, _, err = command("restore", file, "--store", store)
    assert code == 2 and "staan 3 meldingen" in err and "--yes" in err and ids(store) == {"a", "c", "d"}
    code, out, _ = command("restore", file, "--store", store, "--yes")
    assert code == 0 and "Teruggezet: 2 meldingen" in out and "Opnieuw ingetrokken: 1" in out
    assert ids(store) == {"a", "c"}
    code, out, _ = command("audit", "show", "--store", store, "--json")
    assert [line["action"] for line in json.loads(out)] == ["restore", "backup"]


def test_a_restore_into_nothing_needs_no_yes(command, store, tmp_path):
    command("backup", tmp_path / "kopie", "--store", store)
    file = next((tmp_path / "kopie").glob("*.hotspotkaart-backup"))
    assert command("restore", file, "--store", tmp_path / "nieuw.sqlite")[0] == 0
    assert ids(tmp_path / "nieuw.sqlite") == {"a", "b", "c"}


def test_a_damaged_store_is_replaced(command, store, tmp_path):
    command("backup", tmp_path / "kopie", "--store", store)
    file = next((tmp_path / "kopie").glob("*.hotspotkaart-backup"))
    content = bytearray(store.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    store.write_bytes(content)
    code, _, err = command("restore", file, "--store", store)
    assert code == 0, err
    assert ids(store) == {"a", "b", "c"}


def test_somebody_elses_file_is_never_replaced(command, store, tmp_path):
    command("backup", tmp_path / "kopie", "--store", store)
    file = next((tmp_path / "kopie").glob("*.hotspotkaart-backup"))
    other = tmp_path / "brief.sqlite"
    other.write_bytes(b"iets van iemand anders" * 500)
    code, _, err = command("restore", file, "--store", other, "--yes")
    assert code == 2 and "geen store van Hotspotkaart" in err
    assert other.read_bytes() == b"iets van iemand anders" * 500


def test_what_is_no_backup_is_refused_and_nothing_changes(command, store, tmp_path):
    (tmp_path / "iets").write_text("geen reservekopie")
    code, _, err = command("restore", tmp_path / "iets", "--store", store, "--yes")
    assert code == 2 and "controlegegevens" in err and len(err.splitlines()) == 1
    assert command("restore", tmp_path / "niets", "--store", store)[0] == 2
    assert ids(store) == {"a", "b", "c"}


def test_retention_counts_first_and_then_lets_go(command, store, monkeypatch):
    monkeypatch.setenv("HOTSPOTKAART_DETAIL_MONTHS", "1")
    assert load().detail_months == 1
    code, out, _ = command("retention", "--store", store, "--dry-run", "--json")
    assert code == 0 and json.loads(out) == {"dry_run": True, "records": 0, "details": 3, "quarantined": 0}
    code, out, _ = command("retention", "--store", store)
    assert code == 0 and "plaats verruimd tot de rastercel: 3" in out
    assert json.loads(command("retention", "--store", store, "--json")[1])["details"] == 0
    assert '"retention"' in command("audit", "show", "--store", store, "--json")[1]


@pytest.mark.parametrize(
    "arguments", [("hotspots",), ("reports", "import", "x.csv"), ("audit", "verify"), ("retention",)]
)
def test_an_unusable_store_is_one_line_for_every_command(command, tmp_path, arguments):
    other = tmp_path / "brief.sqlite"
    other.write_bytes(b"iets van iemand anders" * 500)
    (tmp_path / "brief.audit.sqlite").write_bytes(b"iets van iemand anders" * 500)
    code, out, err = command(*arguments, "--store", other)
    assert code == 2 and out == "" and len(err.splitlines()) == 1 and "geen store van Hotspotkaart" in err

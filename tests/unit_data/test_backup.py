"""A backup is one whole state; it comes back whole, and what was withdrawn since stays withdrawn."""

import json
import multiprocessing
import os
import resource
import signal
import sqlite3
import time
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from data import backup
from data.settings import Settings
from data.store import ReportStore
from data.tombstones import Tombstones, replay
from data.viewer import LOCAL_ANALYST
from tests.conftest import batch_of


def put(store, *ids, withdrawn=(), text="bij de brug"):
    with store.importing() as transaction:
        transaction.write(batch_of(*({"source_id": i, "text": text} for i in ids), withdrawn=withdrawn))


def ids(settings):
    with ReportStore.open(settings.store) as store:
        return set(store.reports(LOCAL_ANALYST)["source_id"])


@pytest.fixture
def settings(store_url, tmp_path):
    with ReportStore.open(store_url) as store:
        put(store, "a", "b", "c")
    return Settings(store=store_url, audit_key=str(tmp_path / "audit.key"))


@pytest.mark.harden
def test_the_drill_what_was_there_comes_back_and_what_was_withdrawn_does_not(settings, tmp_path):
    file, manifest = backup.make(settings, tmp_path / "backups")
    assert manifest.rows["reports"] == 3 and backup.verify(file) == manifest
    with ReportStore.open(settings.store) as store, Tombstones.open(settings) as stones:
        put(store, "d", withdrawn=["b", "never came"])
        assert stones.keep(store) == 2 and stones.keep(store) == 0
    assert ids(settings) == {"a", "c", "d"}
    backup.restore(file, settings)
    assert ids(settings) == {"a", "b", "c"}  # until the tombstones are replayed
    assert replay(settings) == 1
    assert ids(settings) == {"a", "c"}
    with ReportStore.open(settings.store) as store:
        assert set(store.withdrawals()["source_id"]) == {"b", "never came"}
        put(store, "e")  # the restored store takes new reports
    assert ids(settings) == {"a", "c", "e"}
    assert replay(settings) == 0
    print("restore drill: 3 of 3 reports back, of 2 withdrawn since then 0 left after the replay")


def test_a_lost_store_comes_back_without_the_withdrawn(tmp_path):
    settings = Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"))
    with ReportStore.open(settings.store) as store:
        put(store, "a", "b")
        file, _ = backup.make(settings, tmp_path / "backups")  # while somebody has it open
        put(store, withdrawn=["a"])
        with Tombstones.open(settings) as stones:
            stones.keep(store)
    for lost in tmp_path.glob("stad.sqlite*"):
        lost.unlink()
    backup.restore(file, settings)
    assert replay(settings) == 1 and ids(settings) == {"b"}


def test_a_backup_is_one_state_although_another_writes(tmp_path):
    settings = Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"))
    with ReportStore.open(settings.store) as store:
        put(store, *(f"r{i}" for i in range(2000)))
        with store.importing() as transaction:
            transaction.write(batch_of({"source_id": "half"}))
            file, manifest = backup.make(settings, tmp_path / "b")
    assert manifest.rows["reports"] == 2000 and backup.verify(file).rows["reports"] == 2000


def test_flipped_bits_and_missing_parts_are_found_and_nothing_is_changed(settings, tmp_path):
    file, _ = backup.make(settings, tmp_path / "b")
    whole = bytearray(file.read_bytes())
    for at in range(100, len(whole), len(whole) // 25):
        flipped = bytearray(whole)
        flipped[at] ^= 0x10
        file.write_bytes(flipped)
        with pytest.raises(backup.BackupError, match="beschadigd"):
            backup.restore(file, settings)
    file.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(backup.BackupError, match="beschadigd"):
        backup.restore(file, settings)
    file.write_bytes(whole)
    told = file.with_name(file.name + ".json")
    manifest = json.loads(told.read_text())
    told.write_text(json.dumps(manifest | {"schema_version": 999}))
    with pytest.raises(backup.BackupError, match="nieuwere versie"):
        backup.restore(file, settings)
    told.unlink()
    with pytest.raises(backup.BackupError, match="controlegegevens"):
        backup.restore(file, settings)
    assert ids(settings) == {"a", "b", "c"}


def test_a_backup_and_its_manifest_are_for_their_owner_only(settings, tmp_path):
    file, _ = backup.make(settings, tmp_path / "b")
    for path in (file, file.with_name(file.name + ".json")):
        assert path.stat().st_mode & 0o077 == 0
    assert {p.name for p in (tmp_path / "b").iterdir()} == {file.name, file.name + ".json"}


def test_backups_past_their_time_go_and_other_files_stay(settings, tmp_path):
    folder = tmp_path / "b"
    now = datetime(2026, 11, 21, 12, tzinfo=UTC)
    old, _ = backup.make(settings, folder, now=now - timedelta(days=31))
    recent, _ = backup.make(settings, folder, now=now - timedelta(days=29))
    (folder / "anders.txt").write_text("van iemand anders")
    newest, _ = backup.make(settings, folder, now=now)
    assert not old.exists() and recent.exists() and newest.exists() and (folder / "anders.txt").exists()


def test_a_folder_that_cannot_be_written_is_told(settings, tmp_path):
    (tmp_path / "bestand").write_text("")
    with pytest.raises(backup.BackupError, match="Kies een map"):
        backup.make(settings, tmp_path / "bestand" / "map")


def _restore_and_be_killed(file, settings, started):
    started.set()
    backup.restore(file, settings)


def test_a_restore_that_is_killed_leaves_a_whole_store_behind(settings, tmp_path):
    with ReportStore.open(settings.store) as store:
        put(store, *(f"r{i}" for i in range(3000)))
    file, _ = backup.make(settings, tmp_path / "b")
    with ReportStore.open(settings.store) as store:
        put(store, "new")
    before, after = ids(settings), ids(settings) - {"new"}
    context = multiprocessing.get_context("fork")
    for wait in (0.0, 0.02, 0.05, 0.1, 0.2):
        started = context.Event()
        child = context.Process(target=_restore_and_be_killed, args=(file, settings, started))
        child.start()
        started.wait(10)
        time.sleep(wait)
        os.kill(child.pid, signal.SIGKILL)
        child.join()
        assert ids(settings) in (before, after), wait


def _restore_on_a_full_disk(file, settings, answer):
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
    try:
        backup.restore(file, settings)
    except (backup.BackupError, sqlite3.Error, OSError) as error:
        answer.put(type(error).__name__)
    except Exception as error:  # noqa: BLE001  # whatever it was, the test must hear of it
        answer.put(getattr(error, "code", repr(error)))
    else:
        answer.put("done")


def test_a_full_disk_leaves_the_store_as_it_was(tmp_path):
    settings = Settings(store=str(tmp_path / "stad.sqlite"), audit_key=str(tmp_path / "key"))
    with ReportStore.open(settings.store) as store:
        put(store, *(f"r{i}" for i in range(500)))
    file, _ = backup.make(settings, tmp_path / "b")
    with ReportStore.open(settings.store) as store:
        put(store, "new")
    before = ids(settings)
    context = multiprocessing.get_context("fork")
    answer = context.Queue()
    child = context.Process(target=_restore_on_a_full_disk, args=(file, settings, answer))
    child.start()
    told = answer.get(timeout=60)
    child.join()
    assert told in ("BackupError", "OSError", "full") and ids(settings) == before


def test_a_backup_of_one_database_comes_back_in_the_other(settings, tmp_path):
    file, _ = backup.make(settings, tmp_path / "b")
    other = Settings(store=str(tmp_path / "ander.sqlite"), audit_key=str(tmp_path / "key"))
    backup.restore(file, other)
    assert ids(other) == {"a", "b", "c"}
    with ReportStore.open(other.store) as store:
        pd.testing.assert_frame_equal(
            store.reports(LOCAL_ANALYST), ReportStore.open(settings.store).reports(LOCAL_ANALYST)
        )

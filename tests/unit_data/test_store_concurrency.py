"""Readers and writers at once, rollback, a full disk."""

import threading

import pandas as pd
import pytest

from data.store import ReportStore, StoreError
from data.viewer import LOCAL_ANALYST


def put(store, batch):
    with store.importing() as transaction:
        return transaction.write(batch)


def state_of(store):
    """All that a user can see of a store."""
    return (
        store.data_version(),
        store.reports(LOCAL_ANALYST).to_dict("records"),
        store.imports().to_dict("records"),
        [store.quarantine(LOCAL_ANALYST, int(i)).to_dict("records") for i in store.imports()["id"]],
    )


def fail_halfway(store, make_batch):
    with store.importing() as transaction:
        transaction.write(
            make_batch({"source_id": "1", "text": "twee"}, {"source_id": "2"}, quarantine=[(3, "lat", "?", "x")])
        )
        transaction.write(make_batch(withdrawn=["1"]))
        raise RuntimeError("halfway")


def test_an_import_that_raises_leaves_nothing(store, make_batch):
    put(store, make_batch({"source_id": "1", "text": "een", "uncertainty_m": 5.0, "reported_at": pd.Timestamp(0)}))
    before = state_of(store)
    with pytest.raises(RuntimeError, match="halfway"):
        fail_halfway(store, make_batch)
    assert state_of(store) == before
    put(store, make_batch({"source_id": "1"}))


def test_a_reader_during_a_write_sees_the_old_state_and_afterwards_the_new(store, store_url, make_batch):
    put(store, make_batch({"source_id": "1", "uncertainty_m": 5.0, "reported_at": pd.Timestamp(0)}))
    with ReportStore.open(store_url, timeout_s=0.5) as reader:
        before = state_of(reader)
        with store.importing() as transaction:
            transaction.write(make_batch({"source_id": "2"}, withdrawn=["1"]))
            assert state_of(reader) == before
            with ReportStore.open(store_url, timeout_s=0.5) as late:
                assert state_of(late) == before
        assert reader.reports(LOCAL_ANALYST)["source_id"].tolist() == ["2"]
        assert reader.data_version() != before[0]


def test_two_writers_at_once_lose_nothing(store, store_url, nursery):
    children = [
        nursery.start("write", url=store_url, source=source, first=first, rows=40, times=8)
        for source, first in (("app", 0), ("app", 90), ("politie", 0))
    ]
    said = [child.wait() for child in children]
    assert [lines[-1] for lines in said] == ["done"] * 3
    acknowledged = sorted(int(line.split()[1]) for lines in said for line in lines if line.startswith("imported"))
    log = store.imports()
    assert sorted(log["id"]) == acknowledged
    assert len(acknowledged) == 24
    found = store.reports(LOCAL_ANALYST)
    ids = {f"M{i:06d}" for i in range(180)} | {f"M{i:06d}" for i in range(90, 270)}
    assert set(found.loc[found["source"] == "app", "source_id"]) == ids
    assert (found["source"] == "politie").sum() == 180
    assert log["n_new"].sum() == len(found)


def test_threads_that_share_a_store_read_whole_states_while_another_writes(store, make_batch):
    put(store, make_batch(*({"source_id": f"0-{i}", "text": "0"} for i in range(50))))
    seen, stop = [], threading.Event()

    def read():
        while not stop.is_set():
            seen.append(len(store.reports(LOCAL_ANALYST)))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for thread in readers:
        thread.start()
    for k in range(1, 8):
        put(store, make_batch(*({"source_id": f"{k}-{i}", "text": str(k)} for i in range(50))))
    stop.set()
    for thread in readers:
        thread.join()
    assert set(seen) <= {50 * k for k in range(1, 9)}
    assert seen
    assert len(store.reports(LOCAL_ANALYST)) == 400


def test_a_writer_that_waits_too_long_is_told_so_and_the_store_stays_usable(store, store_url, make_batch):
    with ReportStore.open(store_url, timeout_s=0.2) as other:
        with store.importing() as transaction:
            transaction.write(make_batch({"source_id": "1"}))
            with pytest.raises(StoreError, match="bezet door een andere schrijver") as caught:
                put(other, make_batch({"source_id": "2"}))
            with pytest.raises(StoreError, match="bezet"):
                other.set_meta("demo", "1")
        assert caught.value.code == "locked"
        put(other, make_batch({"source_id": "2"}))
        assert sorted(other.reports(LOCAL_ANALYST)["source_id"]) == ["1", "2"]


def test_a_disk_that_is_full_halfway_an_import_leaves_the_store_as_it_was(tmp_path, nursery, make_batch):
    path = tmp_path / "store.sqlite"
    with ReportStore.open(str(path)) as store:
        put(store, make_batch({"source_id": "1", "uncertainty_m": 5.0, "reported_at": pd.Timestamp(0)}))
        before = state_of(store)
    said = nursery.start(
        "write", url=str(path), source="vol", first=0, rows=3_000, times=1, text="x" * 900, limit_bytes=1_000_000
    ).wait()
    assert said[-1].startswith("error full")
    assert "schijf" in said[-1]
    assert not [line for line in said if line.startswith("imported")]
    with ReportStore.open(str(path)) as store:
        assert state_of(store) == before
        put(store, make_batch({"source_id": "2"}))


def test_reading_a_closed_store_again_works_on_fresh_connections(store_url, make_batch):
    store = ReportStore.open(store_url)
    put(store, make_batch({"source_id": "1"}))
    store.close()
    assert len(store.reports(LOCAL_ANALYST)) == 1
    store.close()

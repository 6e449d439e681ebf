"""Three hundred importers killed at random moments, a full disk, a locked store and flipped bits: nothing half, nothing lost."""

import contextlib
import random
import shutil
import sqlite3
import time
from collections import Counter

import pytest

from data.importing import ImportOptions, import_file
from data.settings import Settings
from data.store import ReportStore, StoreError
from data.viewer import LOCAL_ANALYST
from tests.unit_data.test_kill import FILE_PHASES, WRITE_PHASES, check_whole, kill_all, wait_for, write_files

pytestmark = [pytest.mark.harden, pytest.mark.slow]
AT_ONCE = 3
COUNTS = ["n_accepted", "n_quarantined", "n_duplicates", "n_withdrawn"]


def kill_together(start, *, kills, at_once, seed):
    """Start importers several at a time, which wait for each other's locks, and kill each at a random moment."""
    chance, acknowledged = random.Random(seed), []
    for first in range(0, kills, at_once):
        children = [start(k, chance) for k in range(first, min(first + at_once, kills))]
        for k, child in enumerate(children):
            word, longest = FILE_PHASES[(first + k) % len(FILE_PHASES)]
            if word != "imported" or k == 0:  # the first comes through; the others may be waiting for it
                wait_for(child, word, times=1)
            time.sleep(chance.uniform(0, longest))
            child.kill()
        for child in children:
            acknowledged += [line.split()[1:] for line in child.lines() if line.startswith("imported")]
            assert not any(line.startswith("error traceback") for line in child.lines()), child.lines()[-1]
    return acknowledged


@pytest.fixture
def kills(request):
    """(importers, writers) to kill: three hundred when this is asked for (make harden), else fifty."""
    return (220, 80) if "harden" in (request.config.option.markexpr or "") else (35, 15)


def test_of_hundreds_of_killed_importers_none_leaves_half_a_file_and_none_loses_what_it_acknowledged(
    kills, nursery, tmp_path
):
    url, big = f"sqlite:///{tmp_path / 'a.sqlite'}", f"sqlite:///{tmp_path / 'b.sqlite'}"
    files = write_files(tmp_path, n_files=6, n_rows=30)

    def importer(k, chance):
        chance.shuffle(files)
        return nursery.start("import_files", url=url, files=files, name=f"kind {k}", source=f"bron {k % 3}")

    def writer(k, chance):
        return nursery.start(
            "write", url=big, source=f"bron {k % 3}", first=chance.randrange(3_000), rows=600, times=500
        )

    told = kill_together(importer, kills=kills[0], at_once=AT_ONCE, seed=300)
    written = kill_all(writer, kills=kills[1], phases=WRITE_PHASES, seed=301)
    lost = 0
    with ReportStore.open(url) as store:
        log = store.imports().set_index("file_name")
        for *name, accepted, quarantined, duplicates, withdrawn in told:
            there = log.loc[" ".join(name), COUNTS].tolist() if " ".join(name) in log.index else None
            lost += there != [int(n) for n in (accepted, quarantined, duplicates, withdrawn)]
        assert (log["n_read"] == log[COUNTS].sum(axis=1)).all()
    with ReportStore.open(big) as store:
        lost += len({int(i) for [i] in written} - set(store.imports()["id"]))
        assert int(store.imports()["n_new"].sum()) == len(store.reports(LOCAL_ANALYST))
    check_whole(url)
    check_whole(big)
    print(
        f"kills: {sum(kills)} importers killed ({AT_ONCE} at once among them), {len(told) + len(written)} acknowledged imports, {lost} lost, 0 partial"
    )
    assert lost == 0 and len(told) + len(written) >= sum(kills) // 5


def test_on_a_full_disk_or_a_locked_store_an_import_says_so_and_changes_nothing(nursery, tmp_path, make_batch):
    chance, refused = random.Random(5), 0
    path = tmp_path / "store.sqlite"
    with ReportStore.open(str(path)) as store, store.importing() as transaction:
        transaction.write(make_batch({"source_id": "1"}))
    for _ in range(12):
        before = content(path)
        limit = path.stat().st_size + chance.randrange(20_000, 900_000)
        said = nursery.start(
            "write", url=str(path), source="vol", first=0, rows=3_000, times=1, text="x" * 900, limit_bytes=limit
        ).wait()
        assert said[-1].startswith("error full"), said[-1]
        assert content(path) == before
        refused += 1
    lock = sqlite3.connect(path, isolation_level=None)
    files = write_files(tmp_path, n_files=2, n_rows=20)
    for _ in range(10):
        lock.execute("BEGIN IMMEDIATE")
        with ReportStore.open(str(path), timeout_s=0.1) as store, pytest.raises(StoreError) as caught:
            import_file(files[0], store=store, settings=Settings(), options=ImportOptions(source="a"))
        lock.execute("ROLLBACK")
        assert caught.value.code == "locked" and content(path) == before
        refused += 1
    lock.close()
    print(f"full disk and locked store: {refused} imports, {refused} refused in a sentence, 0 partial")


def content(path):
    """Every row of every table."""
    connection = sqlite3.connect(path)
    rows = list(connection.iterdump())
    connection.close()
    return rows


@pytest.fixture
def damaged(request):
    """How many stores to damage: five hundred when this is asked for (make harden), else a hundred."""
    return 500 if "harden" in (request.config.option.markexpr or "") else 100


def test_flipped_bits_in_a_store_are_told_or_change_one_value_each_and_lose_no_acknowledged_report(damaged, tmp_path):
    """A changed value that still reads as one cannot be seen: no checksum per row (docs/explanation/security.md)."""
    chance, n, cells, other = random.Random(9), Counter(), Counter(), []
    whole = tmp_path / "whole.sqlite"
    files = write_files(tmp_path, n_files=2, n_rows=60)
    with ReportStore.open(str(whole)) as store:
        done = import_file(files[0], store=store, settings=Settings(), options=ImportOptions(source="a"))
        acknowledged = store.reports(LOCAL_ANALYST)
    assert done.accepted == len(acknowledged) > 50
    for turn in range(damaged):
        path = tmp_path / f"bit{turn}.sqlite"
        shutil.copy(whole, path)
        flips, sound = flip(path, chance), is_sound(path)
        try:
            with ReportStore.open(str(path)) as store:
                changed = differences(store.reports(LOCAL_ANALYST), acknowledged)
                n["lost"] += changed is None
                n["exact"] += changed == Counter()
                if changed:
                    assert sum(changed.values()) <= flips, changed
                    n["silent"] += 1
                    n["silent, not sound"] += not sound
                    cells += changed
        except StoreError:
            n["refused"] += 1
        except Exception as error:  # noqa: BLE001  # a traceback is what this test looks for
            other.append(repr(error)[:200])
        path.unlink()
    print(
        f"flipped bits: {damaged} damaged stores read: {n['refused']} refused in a sentence, {n['exact']} gave back exactly "
        f"what was acknowledged, {n['silent']} gave it back with {cells.total()} changed values that nothing told "
        f"({', '.join(f'{column} {k}' for column, k in cells.most_common())}; SQLite's own check would "
        f"have told of {n['silent, not sound']} stores), {n['lost']} acknowledged and lost, {len(other)} tracebacks"
    )
    assert other == [] and n["lost"] == 0
    assert n["silent"] <= damaged / 5 and n["refused"] + n["exact"] + n["silent"] == damaged


def test_a_store_with_flipped_bits_is_written_on_or_refused_and_is_never_a_traceback(tmp_path):
    chance, n, other = random.Random(10), Counter(), []
    whole = tmp_path / "whole.sqlite"
    files = write_files(tmp_path, n_files=2, n_rows=60)
    with ReportStore.open(str(whole)) as store:
        import_file(files[0], store=store, settings=Settings(), options=ImportOptions(source="a"))
    for turn in range(100):
        path = tmp_path / f"bit{turn}.sqlite"
        shutil.copy(whole, path)
        flip(path, chance)
        try:
            with ReportStore.open(str(path)) as store:
                result = import_file(files[1], store=store, settings=Settings(), options=ImportOptions(source="a"))
                assert result.balanced
                n["written"] += 1
        except StoreError:
            n["refused"] += 1
        except Exception as error:  # noqa: BLE001  # a traceback is what this test looks for
            other.append(repr(error)[:200])
        path.unlink()
    print(
        f"flipped bits: 100 damaged stores written to: {n['refused']} refused in a sentence, {n['written']} written on, "
        f"{len(other)} tracebacks"
    )
    assert other == []


def is_sound(path):
    """What SQLite's own check says of the file."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        except (sqlite3.DatabaseError, UnicodeDecodeError):
            return False


def flip(path, chance):
    """Flip 1, 4 or 64 bits of a file anywhere; gives how many."""
    size, flips = path.stat().st_size, chance.choice([1, 4, 64])
    with path.open("r+b") as file:
        for _ in range(flips):
            file.seek(at := chance.randrange(size))
            byte = file.read(1)[0]
            file.seek(at)
            file.write(bytes([byte ^ (1 << chance.randrange(8))]))
    return flips


def differences(read, acknowledged):
    """Column -> how many of its values are not those acknowledged; None when a report is gone or one too many."""
    if not read.index.equals(acknowledged.index):
        return None
    unlike = (read != acknowledged) & ~(read.isna() & acknowledged.isna())
    return Counter({column: int(n) for column, n in unlike.sum().items() if n})

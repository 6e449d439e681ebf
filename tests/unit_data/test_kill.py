"""An importer killed at any moment leaves all of a file or nothing, and loses nothing it acknowledged."""

import random
import sqlite3
import time

import pytest
from sqlalchemy import create_engine, make_url, text

from data.importing import ImportOptions, import_file
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST

# What a process has just said when it is killed, and how long it may live on after that (seconds): opening the store,
# reading and checking, waiting for the lock, writing, committing and the moment after the commit are all hit.
FILE_PHASES = (("started", 0.2), ("at 0.4", 0.08), ("at 0.8", 0.03), ("at 0.8", 0.006), ("imported", 0.02))
WRITE_PHASES = (("started", 0.12), ("begun", 0.03), ("written", 0.008), ("imported", 0.01))


def write_files(folder, *, n_files, n_rows):
    """CSV files that overlap by half: ids that are new, ids with other content, a withdrawal and rows to refuse."""
    files = []
    for f in range(n_files):
        rows = [
            f"{i};{1 + i % 28:02d}-04-2025;{i % 24:02d}:{i % 60:02d};{105_000 + 7 * i % 900}.25;"
            f"{425_000 + 13 * i % 700}.75;nafluiten;versie {f} van melding {i};nieuw"
            for i in range(f * n_rows // 2, f * n_rows // 2 + n_rows)
        ]
        rows += [
            f"tijdelijk {f};01-04-2025;;105000.5;425000.5;naroepen;wordt ingetrokken;nieuw",
            f"tijdelijk {f - 1};01-04-2025;;105000.5;425000.5;naroepen;;ingetrokken",
            "fout;geen datum;;0;0;nafluiten;;nieuw",
        ]
        files.append(folder / f"export {f}.csv")
        files[-1].write_text("\n".join(["id;datum;tijd;x;y;categorie;omschrijving;status", *rows]), encoding="utf-8")
    return [str(file) for file in files]


def wait_for(child, word, *, times):
    """Until the child has said a word so often."""
    deadline = time.monotonic() + 60
    while sum(line.startswith(word) for line in child.lines()) < times:
        assert time.monotonic() < deadline, child.lines()[-3:]
        time.sleep(0.0005)


def kill_all(start, *, kills, phases, seed):
    """Start processes one after another and kill each at a random moment; gives what they acknowledged."""
    chance = random.Random(seed)
    acknowledged = []
    for k in range(kills):
        word, longest = phases[k % len(phases)]
        child = start(k, chance)
        wait_for(child, word, times=1 if word == "started" else chance.randint(1, 2))
        time.sleep(chance.uniform(0, longest))
        assert child.kill(), child.lines()[-1]
        acknowledged += [line.split()[1:] for line in child.lines() if line.startswith("imported")]
    return acknowledged


CHECKS = {
    # every row found is something that is not whole
    "an import has no more reports and older versions than its log says": """
        SELECT i.id FROM imports i WHERE n_new + n_changed <
            (SELECT count(*) FROM reports r WHERE r.import_id = i.id)
            + (SELECT count(*) FROM report_history h WHERE h.import_id = i.id)""",
    "all that came, less what was withdrawn, is there": """
        SELECT log.n FROM (SELECT sum(n_new) + sum(n_changed) - sum(n_removed) AS n FROM imports) AS log
            WHERE log.n <> (SELECT count(*) FROM reports) + (SELECT count(*) FROM report_history)""",
    "what an import replaced is as much as its log says": """
        SELECT i.id FROM imports i WHERE n_changed <>
            (SELECT count(*) FROM report_history h WHERE h.replaced_by = i.id)""",
    "the quarantine of an import is as long as its log says": """
        SELECT i.id FROM imports i WHERE n_quarantined <>
            (SELECT count(DISTINCT row_number) FROM quarantine q WHERE q.import_id = i.id)""",
    "every report has all its older versions": """
        SELECT r.key FROM reports r WHERE r.version - 1 <>
            (SELECT count(*) FROM report_history h WHERE h.key = r.key)""",
    "no withdrawn report is stored": """
        SELECT r.key FROM reports r JOIN withdrawals w ON w.source = r.source AND w.source_id = r.source_id""",
    "every tombstone belongs to an import that counted it": """
        SELECT i.id FROM imports i WHERE n_withdrawn <
            (SELECT count(*) FROM withdrawals w WHERE w.import_id = i.id)""",
}


def broken(store_url):
    """The checks that fail, with the ids they name."""
    database = create_engine(store_url)
    with database.connect() as connection:
        found = {name: connection.execute(text(query)).fetchall() for name, query in CHECKS.items()}
    database.dispose()
    return {name: rows for name, rows in found.items() if rows}


def check_whole(store_url):
    """Every check holds, and SQLite finds its own file sound."""
    assert broken(store_url) == {}
    if store_url.startswith("sqlite"):
        connection = sqlite3.connect(make_url(store_url).database)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()


@pytest.mark.slow
def test_an_importer_killed_at_random_moments_leaves_no_half_file_and_loses_no_acknowledged_one(
    store_url, nursery, tmp_path
):
    kills = 50 if store_url.startswith("sqlite") else 15
    files = write_files(tmp_path, n_files=6, n_rows=60)

    def start(k, chance):
        chance.shuffle(files)
        return nursery.start("import_files", url=store_url, files=files, name=f"kind {k}", source=f"bron {k % 3}")

    acknowledged = kill_all(start, kills=kills, phases=FILE_PHASES, seed=20251121)
    with ReportStore.open(store_url) as store:
        log = store.imports().set_index("file_name")
        assert log.index.is_unique
        assert len(acknowledged) >= kills // 5  # every fifth is killed only after an acknowledgement
        columns = ["n_accepted", "n_quarantined", "n_duplicates", "n_withdrawn"]
        for *name, accepted, quarantined, duplicates, withdrawn in acknowledged:
            told = [int(n) for n in (accepted, quarantined, duplicates, withdrawn)]
            assert log.loc[" ".join(name), columns].tolist() == told
        # a commit whose acknowledgement the kill cut off may be there too: whole, one per process at most
        assert len(log) - len(acknowledged) <= kills
        assert (log["n_read"] == log[columns].sum(axis=1)).all()
        check_whole(store_url)
        for file in sorted(files):
            assert import_file(file, store=store, settings=Settings(), options=ImportOptions(source="bron 0")).balanced
        assert (store.imports()[["n_changed", "n_removed"]].sum() > 0).all()
    check_whole(store_url)


@pytest.mark.slow
def test_large_writes_killed_at_random_moments_leave_nothing_half(store_url, nursery):
    kills = 20 if store_url.startswith("sqlite") else 8

    def start(k, chance):
        first = chance.randrange(3_000)
        return nursery.start("write", url=store_url, source=f"bron {k % 3}", first=first, rows=1_500, times=500)

    acknowledged = kill_all(start, kills=kills, phases=WRITE_PHASES, seed=7)
    with ReportStore.open(store_url) as store:
        log = store.imports()
        assert {int(import_id) for [import_id] in acknowledged} <= set(log["id"])
        assert len(log) - len(acknowledged) <= kills
        assert int(log["n_new"].sum()) == len(store.reports(LOCAL_ANALYST))
    check_whole(store_url)

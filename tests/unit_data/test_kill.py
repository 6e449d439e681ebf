"""An importer killed at any moment leaves all of a file or nothing, and loses nothing it acknowledged."""

import random
import sqlite3
import time

import pytest
from sqlalchemy import create_engine, make_url, text

from data.store import ReportStore
from data.viewer import LOCAL_ANALYST

# What the child has just said when it is killed, and for how long after it may live on (seconds). Each import takes
# some 30 ms: opening, waiting for the lock, writing, committing and the moment after the commit are all hit.
PHASES = (("started", 0.12), ("begun", 0.03), ("written", 0.008), ("imported", 0.01))
ROWS = 600


def wait_for(child, word, *, times):
    """Until the child has said a word so often."""
    deadline = time.monotonic() + 30
    while sum(line.startswith(word) for line in child.lines()) < times:
        assert time.monotonic() < deadline, child.lines()[-3:]
        time.sleep(0.0005)


def kill_importers(nursery, store_url, *, kills, seed):
    """Start importers one after another, kill each at a random moment; gives the ids they acknowledged."""
    chance = random.Random(seed)
    acknowledged = []
    for k in range(kills):
        word, longest = PHASES[k % len(PHASES)]
        child = nursery.start(
            "write", url=store_url, source=f"bron {k % 5}", first=chance.randrange(3_000), rows=ROWS, times=500
        )
        wait_for(child, word, times=1 if word == "started" else chance.randint(1, 3))
        time.sleep(chance.uniform(0, longest))
        assert child.kill(), child.lines()[-1]
        acknowledged += [int(line.split()[1]) for line in child.lines() if line.startswith("imported")]
    return acknowledged


CHECKS = {
    # every row here is an import that is not whole
    "reports and older versions of an import are as many as its log says": """
        SELECT i.id FROM imports i WHERE n_new + n_changed <>
            (SELECT count(*) FROM reports r WHERE r.import_id = i.id)
            + (SELECT count(*) FROM report_history h WHERE h.import_id = i.id)""",
    "what an import replaced is as much as its log says": """
        SELECT i.id FROM imports i WHERE n_changed <>
            (SELECT count(*) FROM report_history h WHERE h.replaced_by = i.id)""",
    "the quarantine of an import is as long as its log says": """
        SELECT i.id FROM imports i WHERE n_quarantined <>
            (SELECT count(*) FROM quarantine q WHERE q.import_id = i.id)""",
    "every report has all its older versions": """
        SELECT r.key FROM reports r WHERE r.version - 1 <> (SELECT count(*) FROM report_history h WHERE h.key = r.key)""",
    "no report belongs to an import without a log": """
        SELECT r.key FROM reports r LEFT JOIN imports i ON i.id = r.import_id WHERE i.id IS NULL""",
}


def broken(store_url):
    """The checks that fail, with the ids they name."""
    engine = create_engine(store_url)
    with engine.connect() as connection:
        found = {name: connection.execute(text(query)).fetchall() for name, query in CHECKS.items()}
    engine.dispose()
    return {name: rows for name, rows in found.items() if rows}


@pytest.mark.slow
def test_importers_killed_at_random_moments_leave_nothing_half_and_lose_nothing_they_acknowledged(store_url, nursery):
    on_sqlite = store_url.startswith("sqlite")
    kills = 50 if on_sqlite else 12
    acknowledged = kill_importers(nursery, store_url, kills=kills, seed=20251121)
    with ReportStore.open(store_url) as store:
        log = store.imports()
        assert len(acknowledged) == len(set(acknowledged)) >= kills // 2
        assert set(acknowledged) <= set(log["id"])
        # a commit whose acknowledgement the kill cut off may be there too: whole, one per killed process at most
        assert len(log) - len(acknowledged) <= kills
        assert int(log["n_new"].sum()) == len(store.reports(LOCAL_ANALYST))
    assert broken(store_url) == {}
    if on_sqlite:
        with sqlite3.connect(make_url(store_url).database) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.close()

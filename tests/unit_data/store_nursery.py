"""A process that has imported everything once and forks a child per job, so that a child lives within milliseconds.

Started by the ``nursery`` fixture. It reads one JSON job per line: {"job": name, "out": file, …}; answers with the
child's process id; the child appends one line to ``out`` per acknowledgement and a last line "done …" or "error …".
"""

import itertools
import json
import os
import resource
import signal
import sys
import time
import traceback

import pandas as pd

from data.batch import ImportBatch
from data.importing import ImportOptions, import_file
from data.settings import Settings
from data.store import ReportStore, StoreError
from geo import report


def batch(*, source, first, n, text, version):
    """n synthetic reports with ids from ``first``; the version decides their content."""
    ids = [f"M{i:06d}" for i in range(first, first + n)]
    frame = pd.DataFrame(dict.fromkeys(report.COLUMNS, ""), index=range(n)).assign(
        source=source,
        source_id=ids,
        x=[105_000.0 + i % 97 for i in range(n)],
        y=425_000.0,
        uncertainty_m=float("nan"),
        event_date=pd.Timestamp("2025-04-03"),
        event_minute=600.0,
        event_until=pd.NaT,
        reported_at=pd.NaT,
        text=text,
        row=range(2, n + 2),
        content_hash=[f"{i}-{version}" for i in ids],
    )
    none = pd.DataFrame({"source": [], "source_id": [], "row": []})
    refused = pd.DataFrame({"row": range(7), "column": "lat", "value": "51.8N", "reason": "place_unreadable"})
    return ImportBatch(
        file_name=f"{source}-{first}.csv",
        sha256=f"{first}-{version}",
        source=source,
        reports=frame.astype(report.COLUMNS | {"row": "int64", "content_hash": "str"}),
        withdrawn=none,
        quarantine=refused,
        n_read=n + 7,
        n_accepted=n,
        n_quarantined=7,
        n_duplicates=0,
        n_withdrawn=0,
        n_flagged=0,
    )


def open_at(say, *, url, moment):
    """Open the store at a moment agreed with others."""
    time.sleep(max(0.0, moment - time.time()))
    with ReportStore.open(url) as store:
        say(store.data_version())


def write(say, *, url, source, first, rows, times, text="tekst", limit_bytes=None, user=None):
    """Import ``times`` batches of ``rows``, half of each new and half a new version of the batch before.

    limit_bytes: no file may grow beyond it, as on a full disk. user: give up root's rights first.
    """
    if user is not None and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    say("started")
    with ReportStore.open(url) as store:
        for i in range(times):
            if limit_bytes is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))
            made = batch(source=source, first=first + i * (rows // 2), n=rows, text=text, version=i)
            with store.importing() as transaction:
                say("begun")
                import_id = transaction.write(made)
                say("written")
            say(f"imported {import_id}")


def import_files(say, *, url, files, name, source):
    """Import files again and again through the front door, every time under another name."""
    say("started")
    with ReportStore.open(url) as store:
        for i in itertools.count():
            shown = f"{name}-{i}.csv"
            result = import_file(
                files[i % len(files)],
                store=store,
                settings=Settings(),
                options=ImportOptions(source=source),
                name=shown,
                progress=lambda share: say(f"at {share:.1f}"),
            )
            say(f"imported {shown} {result.accepted} {result.quarantined} {result.duplicates} {result.withdrawn}")


JOBS = {"open_at": open_at, "write": write, "import_files": import_files}


def child(job):
    """Do one job and say how it went."""
    out = os.open(job.pop("out"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)

    def say(line):
        os.write(out, (line + "\n").encode())

    try:
        JOBS[job.pop("job")](say, **job)
        say("done")
    except StoreError as error:
        say(f"error {error.code} {error}")
    except BaseException:  # noqa: BLE001 (whatever it was, the test must read it)
        say("error traceback " + traceback.format_exc().replace("\n", " | "))


def main():
    """Fork a child per line until the input ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system buries the children
    print("ready", flush=True)
    for line in sys.stdin:
        if pid := os.fork():
            print(pid, flush=True)
            continue
        child(json.loads(line))
        os._exit(0)


if __name__ == "__main__":
    main()

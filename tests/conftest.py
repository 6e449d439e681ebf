"""What every test may ask for: a fresh store on each kind of database, and nothing beyond loopback.

PostgreSQL comes from HOTSPOTKAART_TEST_POSTGRES (postgresql+psycopg://user@host:port/database, a role that may create
databases), else from the server programs on this machine, started in a temporary folder. Without either, those tests
are left out with a notice; with CI=true that is an error. So it is with Chromium (HOTSPOTKAART_CHROMIUM, else on PATH).
"""

import getpass
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import sync_playwright
from sqlalchemy import create_engine, make_url

from data.batch import ImportBatch
from data.store import ReportStore
from geo import report

POSTGRES_VARIABLE = "HOTSPOTKAART_TEST_POSTGRES"
CHROMIUM_VARIABLE = "HOTSPOTKAART_CHROMIUM"
CHROMIUM = os.environ.get(CHROMIUM_VARIABLE) or shutil.which("chromium")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def _server_programs() -> Path | None:
    """The folder with initdb and pg_ctl, the newest first."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    folders = [*installed, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((f for f in folders if (f / "initdb").exists() and (f / "pg_ctl").exists()), None)


IN_CI = os.environ.get("CI") == "true"
HAS_POSTGRES = bool(os.environ.get(POSTGRES_VARIABLE)) or _server_programs() is not None
DATABASES = [
    "sqlite",
    *([pytest.param("postgresql", marks=pytest.mark.postgres)] if HAS_POSTGRES or IN_CI else []),
]


def pytest_terminal_summary(terminalreporter):
    if not HAS_POSTGRES and not IN_CI:
        terminalreporter.write_line(f"PostgreSQL was left out: no server programs here, {POSTGRES_VARIABLE} not set")
    if not CHROMIUM and not IN_CI:
        terminalreporter.write_line(f"Browser tests were left out: no Chromium here, {CHROMIUM_VARIABLE} not set")


def pytest_collection_modifyitems(config, items):
    """Without Chromium, whatever drives it is left out; with CI=true it stays in and fails."""
    if CHROMIUM or IN_CI:
        return
    out = [item for item in items if "chromium" in item.fixturenames]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if "chromium" not in item.fixturenames]


@pytest.fixture(scope="session", autouse=True)
def audit_key(tmp_path_factory):
    """The audit log's key and anchors belong to the test run, not to whoever runs it."""
    os.environ["HOTSPOTKAART_AUDIT_KEY"] = str(tmp_path_factory.mktemp("audit") / "audit.key")


@pytest.fixture(scope="session")
def chromium():
    """A real browser, one per session: Playwright bears no second one beside it."""
    if CHROMIUM is None:
        pytest.fail(f"CI=true needs Chromium: install it or set {CHROMIUM_VARIABLE}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def postgres_server():
    """The address of a PostgreSQL server on which databases may be made."""
    if given := os.environ.get(POSTGRES_VARIABLE):
        yield given
        return
    programs = _server_programs()
    if programs is None:
        pytest.fail(f"CI=true needs PostgreSQL: install it or set {POSTGRES_VARIABLE}")
    with tempfile.TemporaryDirectory(prefix="hotspotkaart-pg-") as folder:
        yield from _run_server(programs, Path(folder))


def _run_server(programs: Path, folder: Path):
    """Start a server of our own, give its address, stop it."""
    as_root = os.geteuid() == 0  # which the server refuses to be
    if as_root:
        shutil.chown(folder, "postgres", "postgres")
    prefix = ["runuser", "-u", "postgres", "--"] if as_root else []
    user = "postgres" if as_root else getpass.getuser()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(*command: str) -> None:
        # pg_ctl leaves the server behind with our output: a pipe would never end, a file does
        with (folder / "out.txt").open("wb") as out:
            done = subprocess.run([*prefix, *command], cwd=folder, stdout=out, stderr=out, check=False)
        if done.returncode:
            pytest.fail(f"{command[0]}: {(folder / 'out.txt').read_text(errors='replace')}")

    data = str(folder / "data")
    run(str(programs / "initdb"), "-D", data, "-U", user, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories= -c fsync=off"
    run(str(programs / "pg_ctl"), "-D", data, "-w", "-t", "60", "-o", options, "-l", str(folder / "log.txt"), "start")
    # Waits until our end of the pipe closes, so the server ends with the tests even when those are killed.
    stop = f'read -r _; exec "{programs}/pg_ctl" -D "{data}" -w -m immediate stop'
    stopper = subprocess.Popen(
        [*prefix, "sh", "-c", stop],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        start_new_session=True,  # Ctrl-C is for the tests
    )
    try:
        yield f"postgresql+psycopg://{user}@127.0.0.1:{port}/postgres"
    finally:
        stopper.communicate()


@pytest.fixture(scope="session")
def postgres_database(postgres_server):
    """The address of a database of this test run's own; writers wait for each other per database."""
    name = f"hotspotkaart_test_{secrets.token_hex(6)}"
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
    yield make_url(postgres_server).set(database=name)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
    admin.dispose()


@pytest.fixture(params=DATABASES)
def store_url(request, tmp_path):
    """The address of an empty place of its own: an SQLite file, a PostgreSQL schema."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.sqlite'}"
        return
    database = request.getfixturevalue("postgres_database")
    name = f"test_{secrets.token_hex(6)}"
    admin = create_engine(database, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        yield database.set(query={"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    admin.dispose()


@pytest.fixture
def store(store_url):
    """An open, empty store."""
    with ReportStore.open(store_url) as opened:
        yield opened


@pytest.fixture
def make_batch():
    """A function that gives an ImportBatch of reports from dicts: what a dict leaves out is filled in."""
    return batch_of


def batch_of(*reports, withdrawn=(), quarantine=(), source="app", file_name="meldingen.csv"):
    """Reports as dicts of geo.report.COLUMNS (source_id required), ids to withdraw, quarantined rows as tuples."""
    usual = dict.fromkeys(report.COLUMNS, "") | {
        "source": source,
        "x": 105_000.0,
        "y": 425_000.0,
        "uncertainty_m": float("nan"),
        "event_date": pd.Timestamp("2025-04-03"),
        "event_minute": 1350.0,
        "event_until": pd.NaT,
        "reported_at": pd.NaT,
    }
    rows = [
        usual | {"content_hash": repr(sorted(given.items(), key=str)), "row": i + 2} | given
        for i, given in enumerate(reports)
    ]
    frame = pd.DataFrame(rows, columns=[*report.COLUMNS, "row", "content_hash"])
    gone = pd.DataFrame({"source": [source] * len(withdrawn), "source_id": list(withdrawn)}, dtype="str")
    return ImportBatch(
        file_name=file_name,
        sha256="0" * 64,
        source=source,
        reports=frame.astype(report.COLUMNS | {"row": "int64", "content_hash": "str"}),
        withdrawn=gone.assign(row=range(len(gone))),
        quarantine=pd.DataFrame(list(quarantine), columns=["row", "column", "value", "reason"]),
        n_read=len(rows) + len(gone) + len(quarantine),
        n_accepted=len(rows),
        n_quarantined=len(quarantine),
        n_duplicates=0,
        n_withdrawn=len(gone),
        n_flagged=0,
    )


class Nursery:
    """Real processes for the store's tests (unit_data/store_nursery.py); each lives within milliseconds."""

    def __init__(self, script: Path, folder: Path) -> None:
        root = Path(__file__).parents[1]
        self._folder = folder
        self._process = subprocess.Popen(
            [sys.executable, str(script)],
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout.readline() == "ready\n"

    def start(self, job, **given):
        """Start a job in a process of its own."""
        out = self._folder / f"{secrets.token_hex(6)}.txt"
        out.touch()
        self._process.stdin.write(json.dumps({"job": job, "out": str(out)} | given) + "\n")
        self._process.stdin.flush()
        return Child(int(self._process.stdout.readline()), out)

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


class Child:
    """One process of the nursery."""

    def __init__(self, pid: int, out: Path) -> None:
        self.pid, self._out = pid, out

    def lines(self):
        """What it said so far; a line counts once it is whole."""
        return self._out.read_text().split("\n")[:-1]

    def kill(self):
        """SIGKILL, and wait until it is gone; False when it had ended by itself."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.wait()
        return True

    def wait(self):
        """Wait until it has ended; gives what it said."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return self.lines()
            time.sleep(0.002)
        raise AssertionError(f"process {self.pid} goes on; it said {self.lines()[-3:]}")


@pytest.fixture(scope="session")
def nursery(tmp_path_factory):
    """Starts jobs in real processes that can be killed: ``nursery.start(job, **given) -> Child``."""
    script = Path(__file__).parent / "unit_data" / "store_nursery.py"
    opened = Nursery(script, tmp_path_factory.mktemp("nursery"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def demo_files(tmp_path_factory):
    """The demo city's files, as a user would bring them."""
    from data.demo.city import write_city
    from data.demo.reports import write_reports

    folder = tmp_path_factory.mktemp("demo")
    write_city(folder)
    write_reports(folder)
    return folder


@pytest.fixture(scope="session")
def demo_store_path(tmp_path_factory):
    """An SQLite store with the demo city in it. Shared by many tests: read it, never write to it."""
    from dashboard.commands.demo import fill
    from data.settings import Settings

    folder = tmp_path_factory.mktemp("demo-store")
    path = folder / "demo.sqlite"
    with ReportStore.open(str(path)) as store:
        fill(store, Settings(store=str(path)), folder)
    return path

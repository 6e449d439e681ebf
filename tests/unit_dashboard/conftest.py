"""Fixtures for commands and services."""

import contextlib
import sqlite3
import sys

import pytest

from dashboard import cli
from dashboard.services import services_for
from data.settings import Settings
from data.store import ReportStore


@pytest.fixture
def command(monkeypatch, capsys):
    """Run ``hotspotkaart …`` in this process; gives (exit code, stdout, stderr)."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["hotspotkaart", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        out, err = capsys.readouterr()
        return stopped.value.code or 0, out, err

    return run


@pytest.fixture
def demo_services(demo_store_path, tmp_path):
    """All services over a copy of the demo city: what is handed out is written down in the store."""
    path = tmp_path / "demo.sqlite"
    with contextlib.closing(sqlite3.connect(demo_store_path)) as a, contextlib.closing(sqlite3.connect(path)) as b:
        a.backup(b)
    settings = Settings(store=str(path))
    with ReportStore.open(settings.store) as store:
        yield services_for(store, settings)

"""A file into the store."""

import shutil
import tempfile
from datetime import date
from pathlib import Path

from data.importing import ImportOptions, import_file
from data.settings import Settings
from data.store import ReportStore

TODAY = date(2026, 10, 1)  # after the last report, whenever the bench is run


def import_into(store, path, settings):
    return import_file(path, store=store, settings=settings, options=ImportOptions(today=TODAY))


def our_import(path, areas):
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=shutil.copy(areas, Path(folder) / "s.sqlite"))
        with ReportStore.open(settings.store) as store:
            result = import_into(store, path, settings)
        assert result.accepted > 0 and result.quarantined > 0 and result.balanced
        return {"read": result.read, "accepted": result.accepted, "quarantined": result.quarantined}

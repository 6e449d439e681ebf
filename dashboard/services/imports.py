"""ImportService: a file dropped on the page goes through the very same importer as the command line's."""

import tempfile
from pathlib import Path

from data.importing import ImportOptions, ImportResult, import_file
from data.settings import Settings
from data.store import ReportStore
from data.viewer import Viewer


class NotAllowed(Exception):
    """The viewer's role does not allow what was asked."""


class ImportService:
    """Takes uploads of reports."""

    def __init__(self, store: ReportStore, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def upload(
        self, viewer: Viewer, *, name: str, content: bytes, source: str = "", swap_xy: bool = False
    ) -> ImportResult:
        """Import one uploaded file. The bytes touch the disk only in a private folder that is gone afterwards."""
        if not viewer.may_see_reports:
            raise NotAllowed(f"{viewer.role} may not import reports")
        with tempfile.TemporaryDirectory(prefix="hotspotkaart-") as folder:
            path = Path(folder) / "upload"
            path.write_bytes(content)
            options = ImportOptions(source=source, swap_xy=swap_xy)
            return import_file(path, store=self._store, settings=self._settings, options=options, name=name)

"""ImportService: a file dropped on the page goes through the very same importer as the command line's."""

import tempfile
from pathlib import Path

from dashboard.services.audit import AuditService
from data.audit.chain import Action
from data.importing import ImportOptions, ImportResult, import_file
from data.settings import Settings
from data.store import ReportStore
from data.tombstones import Tombstones
from data.viewer import Right, Viewer


class ImportService:
    """Takes uploads of reports."""

    def __init__(self, store: ReportStore, settings: Settings, audit: AuditService) -> None:
        self._audit = audit
        self._store = store
        self._settings = settings

    def upload(
        self, viewer: Viewer, *, name: str, content: bytes, source: str = "", swap_xy: bool = False
    ) -> ImportResult:
        """Import one uploaded file. Raises Denied for who may not. The bytes touch the disk only in a private folder that is gone afterwards."""
        viewer.require(Right.IMPORT)
        self._audit.ready()
        with tempfile.TemporaryDirectory(prefix="hotspotkaart-") as folder:
            path = Path(folder) / "upload"
            path.write_bytes(content)
            options = ImportOptions(source=source, swap_xy=swap_xy)
            result = import_file(path, store=self._store, settings=self._settings, options=options, name=name)
        self.remember(viewer, result)
        return result

    def remember(self, viewer: Viewer, result: ImportResult) -> None:
        """Write down who imported what, and keep what was withdrawn where a restore finds it."""
        if result.rejected_file is not None or result.dry_run:
            return
        counts = {"accepted": result.accepted, "quarantined": result.quarantined, "withdrawn": result.withdrawn}
        self._audit.record(viewer, Action.IMPORT, result.file_name, **counts)
        if result.withdrawn:
            with Tombstones.open(self._settings) as stones:
                stones.keep(self._store)

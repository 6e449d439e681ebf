"""QuarantineService: the rows that were not taken, import by import; put right and offered again, or discarded."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dashboard.services.audit import AuditService
from dashboard.services.imports import ImportService
from data.audit.chain import Action
from data.importing import ImportResult, reoffer
from data.quarantine import QuarantinedRow
from data.settings import Settings
from data.store import ReportStore
from data.viewer import Right, Viewer

MOST_IMPORTS: Final = 200
MOST_ROWS: Final = 500  # of one import that are listed; the importer's report tells of all


@dataclass(frozen=True, kw_only=True, slots=True)
class Imported:
    """One import as the log has it. n_open: quarantined rows nobody settled. imported_at: UTC."""

    id: int
    file_name: str
    source: str
    imported_at: datetime
    read: int
    accepted: int
    quarantined: int
    duplicates: int
    withdrawn: int
    n_open: int


class QuarantineService:
    """Lists and settles quarantined rows."""

    def __init__(self, store: ReportStore, settings: Settings, audit: AuditService, imports: ImportService) -> None:
        self._store = store
        self._settings = settings
        self._audit = audit
        self._imports = imports

    def imports(self, viewer: Viewer, *, most: int = MOST_IMPORTS) -> tuple[Imported, ...]:
        """The latest imports of files, newest first. Raises Denied."""
        viewer.require(Right.IMPORT)
        n_open = self._store.open_quarantine(viewer)
        log = self._store.imports()
        log = log[log["file_name"] != ""].head(most)  # retention and withdrawals write lines without a file
        return tuple(
            Imported(
                id=int(line["id"]),
                file_name=str(line["file_name"]),
                source=str(line["source"]),
                imported_at=line["imported_at"].to_pydatetime(),
                read=int(line["n_read"]),
                accepted=int(line["n_accepted"]),
                quarantined=int(line["n_quarantined"]),
                duplicates=int(line["n_duplicates"]),
                withdrawn=int(line["n_withdrawn"]),
                n_open=n_open.get(int(line["id"]), 0),
            )
            for line in log.to_dict("records")
        )

    def n_open(self, viewer: Viewer) -> int:
        """How many rows wait for somebody. Raises Denied."""
        return sum(self._store.open_quarantine(viewer).values())

    def rows(self, viewer: Viewer, import_id: int) -> list[QuarantinedRow]:
        """The rows one import did not take, open ones first, by row number. Raises Denied."""
        return self._store.quarantined_rows(viewer, import_id, most=MOST_ROWS)

    def row(self, viewer: Viewer, import_id: int, row: int) -> QuarantinedRow:
        """One open row with all its cells; that it was looked at is written down. Raises Denied or QuarantineRefused."""
        viewer.require(Right.REPORTS)
        self._audit.ready()
        found = self._store.quarantined_row(viewer, import_id, row)
        self._audit.record(viewer, Action.VIEW_REPORTS, "quarantine", import_id=import_id, row=row)
        return found

    def offer(self, viewer: Viewer, import_id: int, row: int, cells: Mapping[str, str]) -> ImportResult:
        """Offer a row again with these cells (by role); taken, or ``problems`` says why not and nothing changed.

        Raises Denied, QuarantineRefused, FileRefused.
        """
        viewer.require(Right.IMPORT)
        self._audit.ready()
        result = reoffer(self._store, self._settings, import_id=import_id, row=row, cells=dict(cells), by=viewer.name)
        if result.accepted:
            self._imports.remember(viewer, result)
        return result

    def discard(self, viewer: Viewer, import_id: int, row: int, *, note: str) -> None:
        """Say that a row will not be taken. Raises Denied, QuarantineRefused, DecisionRefused."""
        viewer.require(Right.IMPORT)
        self._audit.ready()
        self._store.discard_quarantined(viewer, import_id, row, note=note)
        self._audit.record(viewer, Action.DECISION, "quarantine", import_id=import_id, row=row)

"""AuditService: writes who did what, and lets those read it who may."""

from threading import Lock

from data.audit.chain import Action, Finding, Line
from data.audit.log import AuditLog
from data.settings import Settings
from data.viewer import Right, Viewer


class AuditService:
    """The log of one store, opened when the first line is written or read."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._opened: AuditLog | None = None

    def ready(self) -> None:
        """Open the log now, before something is done that must be written down. Raises AuditError or StoreError."""
        self._log()

    def record(self, viewer: Viewer, action: Action, subject: str = "", **detail: str | int | bool) -> None:
        """Write one line, on the disk when this returns. Never a text of a report, never a coordinate."""
        self._log().record(viewer, action, subject, **detail)

    def lines(
        self, viewer: Viewer, *, action: str | None = None, actor: str | None = None, newest: int = 200
    ) -> list[Line]:
        """Lines, newest first: all for the auditor, one's own for who may see those. Raises Denied for anybody else."""
        if not viewer.may(Right.AUDIT):
            viewer.require(Right.AUDIT_OWN)
            actor = viewer.name
        return self._log().lines(actor=actor, action=action, newest=newest)

    def verify(self, viewer: Viewer) -> list[Finding]:
        """What is wrong with the log; empty when it is whole. Raises Denied for who may not see it."""
        viewer.require(Right.AUDIT)
        return self._log().verify()

    def anchor(self) -> None:
        """Write down where the log ends; nothing when it is empty."""
        self._log().anchor()

    def _log(self) -> AuditLog:
        with self._lock:
            if self._opened is None:
                self._opened = AuditLog.open(self._settings)
            return self._opened

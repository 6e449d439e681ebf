"""AuditService: writes who did what, and lets those read it who may."""

from datetime import date, datetime, time, timedelta
from threading import Lock

from dashboard.i18n import TIME_ZONE
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

    def written(self, action: Action) -> list[Line]:
        """Every line of one kind, oldest first: for the program itself, never to be shown."""
        return self._log().lines(action=action.value)[::-1]

    def lines(
        self,
        viewer: Viewer,
        *,
        action: str | None = None,
        actor: str | None = None,
        on: date | None = None,
        newest: int = 200,
        skip: int = 0,
    ) -> list[Line]:
        """Lines, newest first: all for the auditor, one's own for who may see those. Raises Denied for anybody else.

        on: a day here, in Dutch time.
        """
        return self._log().lines(
            actor=_allowed(viewer, actor), action=action, between=_whole_day(on), newest=newest, skip=skip
        )

    def count(
        self, viewer: Viewer, *, action: str | None = None, actor: str | None = None, on: date | None = None
    ) -> int:
        """How many lines there are for this viewer. Raises Denied."""
        return self._log().count(actor=_allowed(viewer, actor), action=action, between=_whole_day(on))

    def actors(self, viewer: Viewer) -> tuple[str, ...]:
        """Everybody who stands in the log. Raises Denied for who may not see all of it."""
        viewer.require(Right.AUDIT)
        return self._log().actors()

    def verify(self, viewer: Viewer) -> list[Finding]:
        """What is wrong with the log; empty when it is whole. Raises Denied for who may not see it."""
        viewer.require(Right.AUDIT)
        return self._log().verify()

    def anchor(self) -> None:
        """Write down where the log ends; nothing when it is empty."""
        self._log().anchor()

    def close(self) -> None:
        """Anchor what was written, and let go of the log; it is opened again when it is needed."""
        with self._lock:
            if self._opened is not None:
                self._opened.close()
            self._opened = None

    def _log(self) -> AuditLog:
        with self._lock:
            if self._opened is None:
                self._opened = AuditLog.open(self._settings)
            return self._opened


def _allowed(viewer: Viewer, actor: str | None) -> str | None:
    """Whose lines a viewer gets: whoever is asked for, all, or only their own."""
    if viewer.may(Right.AUDIT):
        return actor
    viewer.require(Right.AUDIT_OWN)
    return viewer.name


def _whole_day(on: date | None) -> tuple[datetime, datetime] | None:
    """From midnight to midnight; days on which the clock changes are longer or shorter."""
    if on is None or on >= date.max:
        return None
    first, after = (datetime.combine(day, time(), tzinfo=TIME_ZONE) for day in (on, on + timedelta(days=1)))
    return first, after

"""CalendarService: campaigns, laws, apps and holidays, kept on the page; every change stands in the audit log."""

from dashboard.services.audit import AuditService
from data.audit.chain import Action
from data.calendar import Added, Entry, mark
from data.store import ReportStore
from data.viewer import Right, Viewer

CALENDAR = "calendar"  # the subject of its lines in the audit log


class CalendarService:
    """The calendar of one store."""

    def __init__(self, store: ReportStore, audit: AuditService) -> None:
        self._store = store
        self._audit = audit

    def entries(self, viewer: Viewer) -> tuple[Entry, ...]:
        """Every line, by first day. Raises Denied."""
        viewer.require(Right.IMPORT)
        return self._store.calendar()

    def add(self, viewer: Viewer, *, kind: str, name: str, first: str, last: str = "", factor: str = "") -> Added:
        """Add a line, from texts as a person types them. Raises Denied or CalendarRefused."""
        viewer.require(Right.IMPORT)
        found = mark(kind=kind, name=name, first=first, last=last, factor=factor)
        self._audit.ready()
        added = self._store.add_to_calendar([found])
        if added.new or added.changed:
            self._audit.record(
                viewer, Action.IMPORT, CALENDAR, what="added" if added.new else "changed", name=found.name
            )
        return added

    def change(
        self, viewer: Viewer, id: int, *, kind: str, name: str, first: str, last: str = "", factor: str = ""
    ) -> bool:
        """Put a line in the place of another; whether anything changed. Raises Denied or CalendarRefused."""
        viewer.require(Right.IMPORT)
        found = mark(kind=kind, name=name, first=first, last=last, factor=factor)
        self._audit.ready()
        changed = self._store.change_in_calendar(id, found)
        if changed:
            self._audit.record(viewer, Action.IMPORT, CALENDAR, what="changed", id=id, name=found.name)
        return changed

    def remove(self, viewer: Viewer, id: int) -> None:
        """Remove a line. Raises Denied or CalendarRefused."""
        viewer.require(Right.IMPORT)
        self._audit.ready()
        self._store.remove_from_calendar([id])
        self._audit.record(viewer, Action.IMPORT, CALENDAR, what="removed", id=id)

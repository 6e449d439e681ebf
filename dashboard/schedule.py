"""What the server does by itself once a day: publish closed quarters, let go of what is past its time, and write down where the log ends."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from dashboard.services.audit import AuditService
from dashboard.services.freezing import freeze
from data import retention
from data.audit.chain import Action
from data.reasons import Explained
from data.settings import Settings
from data.store import ReportStore
from data.tombstones import Tombstones
from data.viewer import Role, Viewer

DAY_S: Final = 24 * 3600.0
FIRST_AFTER_S: Final = 60.0  # so that starting the server is not slowed down
SERVER: Final = Viewer(name="server", role=Role.ADMIN)
log = logging.getLogger(__name__)


def let_go(store: ReportStore, settings: Settings, audit: AuditService) -> None:
    """Apply retention, and keep the tombstones where a restore finds them."""
    kept = retention.apply(store, settings, today=retention.today())
    with Tombstones.open(settings) as stones:
        stones.keep(store)
    if kept.anything:
        audit.record(
            SERVER,
            Action.RETENTION,
            records=kept.records,
            details=kept.details,
            quarantined=kept.quarantined,
        )


class Schedule:
    """Jobs that run one after another, once a day, in a thread of their own; one that fails does not stop the others."""

    def __init__(
        self, jobs: list[Callable[[], object]], *, first_after_s: float = FIRST_AFTER_S, every_s: float = DAY_S
    ) -> None:
        self._jobs = jobs
        self._first_after_s = first_after_s
        self._every_s = every_s
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="schedule", daemon=True)

    def __enter__(self) -> "Schedule":
        """Start."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop; a job under way is waited for."""
        self._stop.set()
        self._thread.join(timeout=30)

    def once(self) -> None:
        """Every job, now."""
        for job in self._jobs:
            if self._stop.is_set():
                return
            try:
                job()
            except Explained as error:
                log.warning("daily work %s: %s", getattr(job, "__name__", job), error)
            except Exception:  # what is wrong with one must not keep the others from running
                log.exception("daily work %s failed", getattr(job, "__name__", job))

    def _run(self) -> None:
        wait = self._first_after_s
        while not self._stop.wait(wait):
            self.once()
            wait = self._every_s


def publish(store: ReportStore, settings: Settings, audit: AuditService) -> None:
    """Publish what has been closed since, before anything is let go of."""
    freeze(store, settings, audit, by=SERVER, today=retention.today())


def daily(store: ReportStore, settings: Settings, audit: AuditService) -> list[Callable[[], object]]:
    """The jobs of a store."""
    return [
        lambda: publish(store, settings, audit),
        lambda: let_go(store, settings, audit),
        audit.anchor,
    ]

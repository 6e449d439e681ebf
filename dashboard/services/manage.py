"""ManageService: what is in force here, where that is set, and how far publication is. No figures about reports."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from dashboard.auth.accounts import Accounts
from dashboard.services.audit import AuditService
from data import settings as setting_files
from data.settings import RANGES, Origin, Settings
from data.store import ReportStore
from data.store.users import UserStore
from data.viewer import Right, Viewer
from geo import disclosure

SHOWN: Final = (
    "k_screen",
    "k_export",
    "cell_screen_m",
    "cell_export_m",
    "quarantine_days",
    "detail_months",
    "retention_years",
    "backup_days",
    "session_hours",
    "session_idle_minutes",
    "audit_anchor_minutes",
    "max_upload_mb",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class InForce:
    """One setting: its value, the range it may have, and where it comes from."""

    name: str
    value: float
    low: float
    high: float
    origin: Origin
    file: str  # the settings file when there is one, "" else


@dataclass(frozen=True, kw_only=True, slots=True)
class Freeze:
    """One freeze of published cells. n_new, n_revised: quarters, cells."""

    version: int
    at: datetime  # UTC
    k: int
    n_new: int
    n_revised: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicationState:
    """freezes: newest first. closed: last day of the newest quarter that may be frozen. opens: when the next one may."""

    freezes: tuple[Freeze, ...]
    closed: date
    opens: date


class ManageService:
    """For the beheerder, and for the auditor to read."""

    def __init__(self, store: ReportStore, settings: Settings, audit: AuditService) -> None:
        self._store = store
        self._settings = settings
        self._audit = audit

    def accounts(self, users: UserStore) -> Accounts:
        """The users, each change in the audit log; its methods require their own rights."""
        return Accounts(users, self._store, self._audit)

    def in_force(self, viewer: Viewer) -> tuple[InForce, ...]:
        """Thresholds, retention periods and limits. Raises Denied."""
        viewer.require(Right.MANAGE_READ)
        return tuple(
            InForce(
                name=name,
                value=getattr(self._settings, name),
                low=RANGES[name][0],
                high=RANGES[name][1],
                origin=setting_files.origin(name),
                file=setting_files.file_path(),
            )
            for name in SHOWN
        )

    def publication(self, viewer: Viewer, *, today: date | None = None) -> PublicationState:
        """How far publication is. Raises Denied."""
        viewer.require(Right.MANAGE_READ)
        now = today or date.today()
        closed = disclosure.last_closed(now)
        following = disclosure.quarter_end(closed + timedelta(days=1))
        return PublicationState(
            freezes=tuple(
                Freeze(version=v.version, at=v.frozen_at, k=v.k, n_new=v.n_new, n_revised=v.n_revised)
                for v in self._store.published_versions()
            ),
            closed=closed,
            opens=following + timedelta(days=disclosure.FREEZE_DAYS),
        )

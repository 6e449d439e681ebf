"""Who may do what: the matrix of PRIVACY ("Who sees what") as one table. What is not in it is not allowed."""

from enum import StrEnum
from typing import Final

from data.reasons import Explained


class Role(StrEnum):
    """The four roles of PRIVACY, "Who sees what"."""

    ANALYST = "analist"
    DISTRICT_MANAGER = "wijkmanager"
    ADMIN = "beheerder"
    AUDITOR = "auditor"


class Right(StrEnum):
    """One thing that a person may do or see."""

    REPORTS = "reports"  # single reports: exact point and moment, masked text; every view of them is logged
    CUSTOM = "custom"  # figures over any period, hour, category or area
    PUBLISHED = "published"  # published cells: hotspots, buurt and wijk counts, profiles
    EXPORT = "export"  # hand out a map
    IMPORT = "import"  # files of reports, boundaries, layers, the calendar
    DECIDE = "decide"  # on what was left out, on doubtful masking
    MEASURES_READ = "measures_read"
    MEASURES_WRITE = "measures_write"
    MANAGE_READ = "manage_read"  # users, retention, thresholds
    MANAGE_WRITE = "manage_write"
    AUDIT_OWN = "audit_own"  # the audit log's lines about oneself
    AUDIT = "audit"  # the whole audit log


RIGHTS: Final[dict[Role, frozenset[Right]]] = {
    Role.ANALYST: frozenset(
        {
            Right.REPORTS,
            Right.CUSTOM,
            Right.PUBLISHED,
            Right.EXPORT,
            Right.IMPORT,
            Right.DECIDE,
            Right.MEASURES_READ,
            Right.MEASURES_WRITE,
            Right.AUDIT_OWN,
        }
    ),
    # Only of their own wijken: that is for whoever answers to see to, with Viewer.wijken
    Role.DISTRICT_MANAGER: frozenset(
        {Right.PUBLISHED, Right.EXPORT, Right.MEASURES_READ, Right.MEASURES_WRITE, Right.AUDIT_OWN}
    ),
    Role.ADMIN: frozenset({Right.MANAGE_READ, Right.MANAGE_WRITE}),
    Role.AUDITOR: frozenset({Right.PUBLISHED, Right.MEASURES_READ, Right.MANAGE_READ, Right.AUDIT}),
}


class Denied(Explained):
    """Somebody asked for what their role does not allow: told, and written down."""

    def __init__(self, role: Role, right: Right) -> None:
        self.right = right
        super().__init__(
            "denied",
            "Hiervoor heeft de rol {role} geen recht. Vraag het een collega die dit mag, of de beheerder om een andere rol.",
            role=role.value,
        )

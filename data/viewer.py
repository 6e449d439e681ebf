"""Who asks. Every read of reports names its viewer; the store decides what that viewer gets."""

from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """The four roles of PRIVACY, "Who sees what"."""

    ANALYST = "analist"
    DISTRICT_MANAGER = "wijkmanager"
    ADMIN = "beheerder"
    AUDITOR = "auditor"


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """A person (or the command line on the analyst's own machine) that asks for data."""

    name: str
    role: Role
    wijken: frozenset[str] = field(default_factory=frozenset)  # a district manager's own wijken

    @property
    def may_see_reports(self) -> bool:
        """Only analysts see single reports: exact point, time and masked text."""
        return self.role is Role.ANALYST


LOCAL_ANALYST = Viewer(name="lokaal", role=Role.ANALYST)
"""The person at the keyboard of this machine: the command line and a server on loopback without sign-in."""

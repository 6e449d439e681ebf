"""Who asks. Every read of reports names its viewer; the store decides what that viewer gets."""

from dataclasses import dataclass, field

from data.rights import RIGHTS, Denied, Right, Role

__all__ = ["LOCAL_ANALYST", "Denied", "Right", "Role", "Viewer"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Viewer:
    """A person (or the command line on the analyst's own machine) that asks for data."""

    name: str
    role: Role
    wijken: frozenset[str] = field(default_factory=frozenset)  # a district manager's own wijken

    def may(self, right: Right) -> bool:
        """Whether this viewer's role has a right; one that stands in no table has not."""
        return right in RIGHTS.get(self.role, frozenset())

    def require(self, right: Right) -> None:
        """Nothing when the viewer has the right. Raises Denied (UserError) else."""
        if not self.may(right):
            raise Denied(self.role, right)

    @property
    def may_see_reports(self) -> bool:
        """Only analysts see single reports: exact point, time and masked text."""
        return self.may(Right.REPORTS)


LOCAL_ANALYST = Viewer(name="lokaal", role=Role.ANALYST)
"""The person at the keyboard of this machine: the command line and a server on loopback without sign-in."""

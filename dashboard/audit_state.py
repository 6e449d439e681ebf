"""AuditState: which lines of the audit log are looked at, frozen, and its form in the page's address."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode

from data.audit.chain import Action

PER_PAGE: Final = 50
ACTIONS: Final = frozenset(action.value for action in Action)


@dataclass(frozen=True, kw_only=True, slots=True)
class AuditState:
    """What is asked. Empty or None: everything. sheet: 1 is the newest."""

    actor: str = ""
    action: str = ""
    on: date | None = None
    sheet: int = 1

    def to_query(self) -> str:
        """A query string with only what differs from the default, in a fixed order."""
        pairs = {
            "persoon": self.actor,
            "handeling": self.action,
            "dag": self.on.isoformat() if self.on else "",
            "blad": str(self.sheet) if self.sheet > 1 else "",
        }
        return urlencode({key: value for key, value in pairs.items() if value})

    @classmethod
    def from_query(cls, query: str) -> "AuditState":
        """The state an address holds. What cannot be read is ignored."""
        found = dict(parse_qsl(query.lstrip("?")))
        return cls.of(found.get("persoon"), found.get("handeling"), found.get("dag"), found.get("blad"))

    @classmethod
    def of(cls, actor: object, action: object, on: object, sheet: object = None) -> "AuditState":
        """The state that words of the address, or of the controls, stand for."""
        text = str(sheet)
        return cls(
            actor=str(actor)[:90] if actor else "",
            action=str(action) if action in ACTIONS else "",
            on=_day(on),
            sheet=max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 7 else 1,
        )


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None

"""What changes reporting, and when there is no school: campaigns, laws, apps and holidays, as a calendar gives them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

import numpy as np

from geo.clock import DateRange

# Between the holidays of a Dutch school year lie at most eleven weeks, the summer included.
HOLIDAY_GAP_DAYS: Final = 100


class MarkKind(StrEnum):
    """What a mark in the calendar is."""

    CAMPAIGN = "campaign"  # asks for reports
    LAW = "law"  # changes what can be reported, or what comes of it
    APP = "app"  # makes reporting easier
    HOLIDAY = "holiday"  # school or public holiday: no school


REPORTING: Final = (MarkKind.CAMPAIGN, MarkKind.LAW, MarkKind.APP)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """One line of the calendar. end: last day; None for what lasts, as a law.

    factor: by how much it multiplied reports, where that is known; shown, never used to correct counts.
    """

    kind: MarkKind
    name: str
    start: date
    end: date | None = None
    factor: float | None = None

    def __post_init__(self) -> None:
        """Refuse what ends before it starts, endless holidays, and factors that mean nothing."""
        if self.end is not None and self.end < self.start:
            raise ValueError(f"{self.name}: ends {self.end}, before it starts {self.start}")
        if self.kind is MarkKind.HOLIDAY and self.end is None:
            raise ValueError(f"{self.name}: a holiday must have a last day")
        if self.factor is not None and not (np.isfinite(self.factor) and self.factor > 0):
            raise ValueError(f"{self.name}: factor = {self.factor} must be above 0")

    def touches(self, first: date, last: date) -> bool:
        """Whether any of its days lies from first to last, both included."""
        return self.start <= last and (self.end is None or self.end >= first)


def campaigns(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """All that changes reporting, by start and name."""
    return tuple(sorted((m for m in marks if m.kind in REPORTING), key=lambda m: (m.start, m.name)))


def holidays(marks: Sequence[Mark]) -> tuple[DateRange, ...]:
    """First and last day of every holiday, by first day."""
    return tuple(sorted((m.start, m.end) for m in marks if m.kind is MarkKind.HOLIDAY and m.end is not None))


def holidays_known(marks: Sequence[Mark], *, start: date, end: date) -> bool:
    """Whether the calendar's holidays cover a period: one within HOLIDAY_GAP_DAYS of it, and no such gap within it."""
    reach = timedelta(days=HOLIDAY_GAP_DAYS)
    near = [(first, last) for first, last in holidays(marks) if first <= end + reach and last >= start - reach]
    at = start
    for first, last in near:
        if min(first, end) - at > reach:
            return False
        at = max(at, last)
    return bool(near) and end - at <= reach

"""PublishedState: which published window is looked at, frozen, and its form in the page's address."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final
from urllib.parse import parse_qsl, urlencode

from dashboard.services.published import Breakdown, Geography, Window

WINDOWS: Final = {"kwartaal": Window.QUARTER, "vier": Window.FOUR, "acht": Window.EIGHT}
GEOGRAPHIES: Final = {"wijk": Geography.WIJK, "buurt": Geography.BUURT}
BREAKDOWNS: Final = {"geen": Breakdown.NONE, "soort": Breakdown.GROUP, "dagdeel": Breakdown.PART_OF_DAY}


@dataclass(frozen=True, kw_only=True, slots=True)
class PublishedState:
    """What is asked. start: the window's first day; None: the newest window."""

    window: Window = Window.FOUR
    start: date | None = None
    geography: Geography = Geography.WIJK
    breakdown: Breakdown = Breakdown.NONE

    def to_query(self) -> str:
        """A query string with only what differs from the default, in a fixed order."""
        usual = PublishedState()
        pairs = {
            "venster": word(WINDOWS, self.window) if self.window is not usual.window else "",
            "vanaf": self.start.isoformat() if self.start else "",
            "per": word(GEOGRAPHIES, self.geography) if self.geography is not usual.geography else "",
            "deel": word(BREAKDOWNS, self.breakdown) if self.breakdown is not usual.breakdown else "",
        }
        return urlencode({key: value for key, value in pairs.items() if value})

    @classmethod
    def from_query(cls, query: str) -> "PublishedState":
        """The state an address holds. What cannot be read is ignored, so an old or mangled link still opens."""
        found = dict(parse_qsl(query.lstrip("?")))
        return cls.of(*(found.get(name) for name in ("venster", "vanaf", "per", "deel")))

    @classmethod
    def of(cls, window: object, start: object, geography: object, breakdown: object) -> "PublishedState":
        """The state that four words of the address, or of the controls, stand for."""
        return cls(
            window=WINDOWS.get(str(window), Window.FOUR),
            start=_day(start),
            geography=GEOGRAPHIES.get(str(geography), Geography.WIJK),
            breakdown=BREAKDOWNS.get(str(breakdown), Breakdown.NONE),
        )


def word(words: Mapping[str, StrEnum], kind: StrEnum) -> str:
    """The word of the address for a kind of window, geography or breakdown."""
    return next(name for name, value in words.items() if value is kind)


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None

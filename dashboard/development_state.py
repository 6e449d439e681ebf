"""DevelopmentState: which two periods the page Ontwikkeling compares, and its form in the page's address."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

from geo.compare import Period

YEARS: Final = (1990, 2100)  # days outside are no days of reports
_RUNS: Final = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


class Per(StrEnum):
    """Where the two periods are compared; the value is the word in the address."""

    BUURT = "buurt"
    HOTSPOT = "hotspot"


class Picture(StrEnum):
    """What the maps show; the value is the word in the address."""

    BOTH = "beide"  # each period on a map of its own
    DIFFERENCE = "verschil"


class Preset(StrEnum):
    """Pairs of periods that are one click away."""

    QUARTER = "quarter"  # this quarter as far as it goes, and the same days a year before
    YEAR = "year"  # the last twelve months, and the twelve before
    HALVES = "halves"  # all there is, cut in two: where there are no two years


Periods = tuple[Period, Period]


@dataclass(frozen=True, kw_only=True, slots=True)
class DevelopmentState:
    """What the page shows. before, after: None: the usual periods (``usual``). wijk: whose trend; "" the city's.

    runs: numbers of the two kept runs that are held against each other, 0 for none.
    """

    before: Period | None = None
    after: Period | None = None
    per: Per = Per.BUURT
    picture: Picture = Picture.BOTH
    wijk: str = ""
    runs: tuple[int, int] = (0, 0)

    def to_query(self) -> str:
        """A query string with only what differs from the default, in a fixed order."""
        pairs: dict[str, Any] = {
            "eerst": _text(self.before),
            "daarna": _text(self.after),
            "per": "" if self.per is Per.BUURT else self.per.value,
            "beeld": "" if self.picture is Picture.BOTH else self.picture.value,
            "wijk": self.wijk,
            "analyses": "{}-{}".format(*self.runs) if any(self.runs) else "",
        }
        return urlencode({key: value for key, value in pairs.items() if value})

    @classmethod
    def from_query(cls, query: str) -> "DevelopmentState":
        """The state an address holds. What cannot be read is ignored, so an old or mangled link still opens."""
        found = dict(parse_qsl(query.lstrip("?")))
        return cls(
            before=period_of(found.get("eerst", "")),
            after=period_of(found.get("daarna", "")),
            per=next((per for per in Per if per == found.get("per")), Per.BUURT),
            picture=next((picture for picture in Picture if picture == found.get("beeld")), Picture.BOTH),
            wijk=found.get("wijk", ""),
            runs=_runs(found.get("analyses", "")),
        )


def period_of(text: str) -> Period | None:
    """2025-01-01_2025-12-31 as a period; None for what is none, or runs backwards."""
    first, _, last = text.partition("_")
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        within = YEARS[0] <= start.year and end.year <= YEARS[1]
        return Period(start=start, end=end) if within else None
    except ValueError:
        return None


def preset(which: Preset, *, first: date, last: date) -> Periods | None:
    """The two periods of a preset, earliest first; None when the reports do not reach so far back.

    first, last: days of the first and the last report.
    """
    if which is Preset.HALVES:
        half = timedelta(days=((last - first).days + 1) // 2)
        if not half:
            return None
        day = timedelta(days=1)
        return Period(start=last - 2 * half + day, end=last - half), Period(start=last - half + day, end=last)
    start = _year_before(last) + timedelta(days=1) if which is Preset.YEAR else _quarter_start(last)
    before = Period(start=_year_before(start), end=_year_before(last))
    if before.end < first or (which is Preset.YEAR and (first - before.start).days > before.days // 10):
        return None
    return before, Period(start=start, end=last)


def usual(*, first: date, last: date) -> Periods | None:
    """The periods of a page without any in its address: the first preset there are reports for."""
    tried = (preset(which, first=first, last=last) for which in (Preset.YEAR, Preset.HALVES))
    return next((found for found in tried if found), None)


def _year_before(day: date) -> date:
    """The same day a year before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _quarter_start(day: date) -> date:
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def _runs(text: str) -> tuple[int, int]:
    found = _RUNS.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _text(period: Period | None) -> str:
    return f"{period.start.isoformat()}_{period.end.isoformat()}" if period else ""

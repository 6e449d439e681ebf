"""FilterState: everything a view of the map depends on, frozen, and its form in the page's address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, urlencode

# How buurten are shaded: by count, or by the rate per inhabitant, street, boarding or one of the user's weights.
Shade = str
COUNT: Final = "count"
INHABITANTS: Final = "rate"  # the first rate there was; links that say so stay good
CHANGE: Final = "change"  # against the period before, as long
SHADES: Final = (COUNT, INHABITANTS, "streets", "boardings", CHANGE)
Picture = Literal["areas", "density", "gistar"]  # what the map is drawn from: buurten, kernel density, Gi* cells
AREAS: Final = "areas"
PICTURES: Final[dict[str, Picture]] = {"dichtheid": "density", "gi": "gistar"}  # by their word in the address
Light = Literal["", "dark", "light"]  # by the sun's height, not by the clock
LIGHTS: Final[dict[str, Light]] = {"donker": "dark", "licht": "light"}
School = Literal["", "around", "before", "after"]  # which hours round school, on school days
SCHOOLS: Final[dict[str, School]] = {"rond": "around", "voor": "before", "na": "after"}
_WEIGHT: Final = re.compile(r"weight:[^\x00-\x1f\x7f]{1,60}")


@dataclass(frozen=True, kw_only=True, slots=True)
class FilterState:
    """What is asked. None or empty means: everything.

    hours: first and last hour inclusive, wrapping past midnight when first > last; reports without a time drop out
    as soon as hours, light or school time are restricted. weekdays: 0 is Monday. area: a wijk or buurt code, or a
    focus area's name.
    """

    start: date | None = None
    end: date | None = None  # inclusive
    hours: tuple[int, int] = (0, 23)
    weekdays: tuple[int, ...] = ()
    light: Light = ""
    school: School = ""
    categories: tuple[str, ...] = ()
    area: str = ""
    eps_m: float | None = None  # None: the setting
    min_samples: int | None = None  # None: the advice for these reports
    shade: Shade = COUNT
    picture: Picture = AREAS

    def clustering(self) -> "FilterState":
        """The part that decides which hotspots there are: neither the area nor the look of the map does."""
        return replace(self, area="", shade=COUNT, picture=AREAS)

    def to_query(self) -> str:
        """A query string with only what differs from the default, in a fixed order."""
        pairs: dict[str, Any] = {
            "van": self.start.isoformat() if self.start else "",
            "tot": self.end.isoformat() if self.end else "",
            "uur": "" if self.hours == (0, 23) else f"{self.hours[0]}-{self.hours[1]}",
            "dag": ",".join(map(str, self.weekdays)),
            "licht": _word(LIGHTS, self.light),
            "school": _word(SCHOOLS, self.school),
            "soort": ",".join(self.categories),
            "gebied": self.area,
            "eps": f"{self.eps_m:g}" if self.eps_m is not None else "",
            "min": str(self.min_samples) if self.min_samples is not None else "",
            "kleur": "" if self.shade == COUNT else self.shade,
            "beeld": _word(PICTURES, self.picture),
        }
        return urlencode({key: value for key, value in pairs.items() if value})

    @classmethod
    def from_query(cls, query: str) -> "FilterState":
        """The state an address holds. What cannot be read is ignored, so an old or mangled link still opens."""
        found = dict(parse_qsl(query.lstrip("?")))
        return cls(
            start=_day(found.get("van")),
            end=_day(found.get("tot")),
            hours=_hours(found.get("uur", "")),
            weekdays=tuple(sorted({int(d) for d in found.get("dag", "").split(",") if d in list("0123456")})),
            light=LIGHTS.get(found.get("licht", ""), ""),
            school=SCHOOLS.get(found.get("school", ""), ""),
            categories=tuple(c for c in found.get("soort", "").split(",") if c),
            area=found.get("gebied", ""),
            eps_m=_within(found.get("eps"), 10, 500),
            min_samples=int(n) if (n := _within(found.get("min"), 2, 1000)) is not None else None,
            shade=shade_of(found.get("kleur")),
            picture=PICTURES.get(found.get("beeld", ""), AREAS),
        )


def shade_of(text: Any) -> Shade:
    """The shading a text asks for, the count when it asks for none there can be. A weight is "weight:" and its name."""
    return text if isinstance(text, str) and (text in SHADES or _WEIGHT.fullmatch(text)) else COUNT


def _word(words: Mapping[str, str], meant: str) -> str:
    return next((word for word, meaning in words.items() if meaning == meant), "")


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _hours(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    if first.isdigit() and last.isdigit() and int(first) <= 23 and int(last) <= 23:
        return int(first), int(last)
    return 0, 23


def _within(text: str | None, low: float, high: float) -> float | None:
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    return value if value is not None and low <= value <= high else None

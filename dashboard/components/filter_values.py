"""FilterState ↔ the values of the filter controls. Both ways are pure; the address bar holds the state."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from dashboard.services.types import Choices
from dashboard.state import AREAS, COUNT, LIGHTS, PICTURES, SCHOOLS, FilterState, shade_of

ALL = "all"
CUSTOM = "custom"
ANY = "any"
SCHOOL_MONTH = 8  # a school year begins on the first of August
Period = tuple[date | None, date | None]
MOST_YEARS = 3
MOST_QUARTERS = 5
WHOLE_DAY = (0, 23)
PARTS: Final = {"night": (0, 5), "morning": (6, 11), "afternoon": (12, 17), "evening": (18, 23)}  # as geo.ledger's


def presets(choices: Choices) -> dict[str, Period]:
    """Period presets by key, each period once.

    Everything, the last 12 and 3 months of the reports; then newest first the quarters ("2025-Q3"), school years
    ("2025/2026", from August) and calendar years that hold reports.
    """
    found: dict[str, Period] = {ALL: (None, None)}
    if choices.first is None or choices.last is None:
        return found
    found["12m"] = (months_before(choices.last, 12), choices.last)
    found["3m"] = (months_before(choices.last, 3), choices.last)
    first, last = choices.first, choices.last
    newest = last.year * 4 + (last.month - 1) // 3
    for index in range(newest, max(newest - MOST_QUARTERS, first.year * 4 + (first.month - 1) // 3 - 1), -1):
        year, quarter = divmod(index, 4)
        start = date(year, 3 * quarter + 1, 1)
        _add(found, f"{year}-Q{quarter + 1}", start, months_after(start, 3))
    school, oldest = (day.year - (day.month < SCHOOL_MONTH) for day in (last, first))
    for year in range(school, max(oldest, school - MOST_YEARS + 1) - 1, -1):
        _add(
            found, f"{year}/{year + 1}", date(year, SCHOOL_MONTH, 1), date(year + 1, SCHOOL_MONTH, 1) - date.resolution
        )
    for year in range(last.year, max(first.year, last.year - MOST_YEARS + 1) - 1, -1):
        _add(found, str(year), date(year, 1, 1), date(year, 12, 31))
    return found


def _add(found: dict[str, Period], key: str, start: date, end: date) -> None:
    if (start, end) not in found.values():
        found[key] = (start, end)


def preset_of(state: FilterState, choices: Choices) -> str:
    """The preset a state's period is, or CUSTOM."""
    for key, period in presets(choices).items():
        if period == (state.start, state.end):
            return key
    return CUSTOM


def to_values(state: FilterState, choices: Choices) -> dict[str, Any]:
    """What every control must show for a state."""
    bounds, wrap = slider(state.hours)
    return {
        "preset": preset_of(state, choices),
        "dates": shown_dates(state),
        "hours": bounds,
        "wrap": wrap,
        "part": part_of(state.hours),
        "light": state.light or ANY,
        "school": state.school or ANY,
        "weekdays": [str(d) for d in state.weekdays],
        "categories": list(state.categories),
        "area": state.area or None,
        "shade": state.shade if state.shade in choices.shades else COUNT,
        "picture": state.picture,
        "eps": "" if state.eps_m is None else state.eps_m,
        "min": "" if state.min_samples is None else state.min_samples,
    }


def shown_dates(state: FilterState) -> list[str | None]:
    """The date picker's value; both None stands for the whole period."""
    return [day.isoformat() if day else None for day in (state.start, state.end)]


def to_state(values: Mapping[str, Any]) -> FilterState:
    """The state the controls hold. The query's own rules decide what is readable, so page and link cannot differ."""
    start, end = (*(values.get("dates") or ()), None, None)[:2]
    state = FilterState(
        start=_day(start),
        end=_day(end),
        hours=hours_of(values.get("hours") or [0, 24], wrap=bool(values.get("wrap"))),
        weekdays=tuple(sorted(int(d) for d in values.get("weekdays") or ())),
        light=next((light for light in LIGHTS.values() if light == values.get("light")), ""),
        school=next((school for school in SCHOOLS.values() if school == values.get("school")), ""),
        categories=tuple(values.get("categories") or ()),
        area=values.get("area") or "",
        eps_m=_number(values.get("eps")),
        min_samples=None if (least := _number(values.get("min"))) is None else int(least),
        shade=shade_of(values.get("shade")),
        picture=next((p for p in PICTURES.values() if p == values.get("picture")), AREAS),
    )
    return FilterState.from_query(state.to_query())


def incomplete(values: Mapping[str, Any]) -> bool:
    """Whether a period is half picked: one day chosen, the other still to come."""
    picked = values.get("dates") or [None, None]
    return (picked[0] is None) != (picked[-1] is None) and len(picked) == 2


def part_of(hours: tuple[int, int]) -> str | None:
    """The part of the day (PARTS) that hours are exactly; None for any other."""
    return next((key for key, part in PARTS.items() if part == hours), None)


def hours_of_part(part: str | None) -> tuple[int, int]:
    """Its hours, the whole day for none."""
    return PARTS.get(part or "", WHOLE_DAY)


def slider(hours: tuple[int, int]) -> tuple[list[int], bool]:
    """Slider bounds 0..24 and whether the part outside them is meant (hours past midnight)."""
    first, last = hours
    return ([first, last + 1], False) if first <= last else ([last + 1, first], True)


def hours_of(bounds: list[int], *, wrap: bool) -> tuple[int, int]:
    """First and last hour, inclusive, of slider bounds 0..24; with ``wrap`` the part outside them."""
    low, high = int(bounds[0]), int(bounds[1])
    if wrap:
        low, high = high % 24, low or 24
    if low == high % 24 or low >= 24:
        return 0, 23
    return low, (high - 1) % 24


def months_before(day: date, months: int) -> date:
    """The day after the same day so many months earlier: 31 Dec minus 12 months is 1 Jan."""
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    last = (date(year + month // 11, (month + 1) % 12 + 1, 1) - date.resolution).day
    return date(year, month + 1, min(day.day, last)) + date.resolution


def months_after(day: date, months: int) -> date:
    """The last day of so many months that begin on the first of a month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, 1) - date.resolution


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _number(value: Any) -> float | None:
    try:
        return float(value) if value not in (None, "") else None
    except (TypeError, ValueError):
        return None

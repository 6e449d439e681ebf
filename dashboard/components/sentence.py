"""One line that says in words what is filtered."""

from dataclasses import replace

from dashboard.components.filters import hours_text
from dashboard.i18n import _, _n, day, weekday_names
from dashboard.messages import short_name
from dashboard.services.types import Choices, Overview
from dashboard.state import AREAS, COUNT, FilterState


def sentence(overview: Overview, choices: Choices, *, municipality: str) -> str:
    """What is counted: period, and only those filters that are set."""
    state = overview.state
    first, last = overview.period
    parts = [_n("{n} melding", "{n} meldingen", overview.n_reports)]
    if first and last:
        parts[0] += " " + _("van {first} t/m {last}", first=day(first), last=day(last))
    parts[0] += " " + _("in {place}", place=area_name(state.area, choices) or municipality)
    if state.hours != (0, 23):
        parts.append(_("tussen {hours} uur", hours=hours_text(*state.hours)))
    if state.light:
        parts.append(_("in het donker") if state.light == "dark" else _("bij daglicht"))
    if state.school:
        parts.append(school_words(state.school))
    if state.weekdays:
        names = weekday_names()
        parts.append(_("op {days}", days=", ".join(names[d] for d in state.weekdays)))
    if state.categories:
        parts.append(_("soort: {names}", names=", ".join(_(name) for name in state.categories)))
    return ", ".join(parts) + "."


def area_name(key: str, choices: Choices) -> str:
    """The name of a chosen wijk, buurt or focus area; "" for none."""
    return short_name(dict((*choices.wijken, *choices.buurten)).get(key, key))


def is_filtered(state: FilterState) -> bool:
    """Whether anything that leaves reports out is set."""
    return replace(state, eps_m=None, min_samples=None, shade=COUNT, picture=AREAS) != FilterState()


def school_words(school: str) -> str:
    """When round school, in words."""
    words = {"before": _("vóór school"), "after": _("na school"), "around": _("vóór en na school")}
    return words[school]

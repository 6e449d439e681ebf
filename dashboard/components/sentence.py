"""One line that says in words what is filtered, each part of which can be taken away."""

from dataclasses import dataclass, replace
from typing import Any

from dash import html

from dashboard.components.aria import aria, data
from dashboard.components.filters import hours_text
from dashboard.i18n import _, _n, day, weekday_names
from dashboard.messages import short_name
from dashboard.services.types import Choices, Overview
from dashboard.state import AREAS, COUNT, FilterState


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One filter that is set. words: in the sentence. without: the state without it."""

    words: str
    without: FilterState


def sentence(overview: Overview, choices: Choices, *, municipality: str) -> str:
    """What is counted: period, and only those filters that are set."""
    head = [counted(overview), period_words(overview), place_words(overview.state, choices, municipality=municipality)]
    others = [part.words for part in narrower(overview.state)]
    return ", ".join([" ".join(part for part in head if part), *others]) + "."


def line(overview: Overview, choices: Choices, *, municipality: str) -> list[Any]:
    """The sentence in parts; a part that was chosen is a chip, and choosing the chip takes it away."""
    state = overview.state
    period, place = period_words(overview), place_words(state, choices, municipality=municipality)
    spoken: list[Any] = [html.B(counted(overview))]
    if state.start or state.end:
        spoken.append(chip(Part(words=period, without=replace(state, start=None, end=None))))
    elif period:
        spoken.append(html.Span(period))
    spoken.append(chip(Part(words=place, without=replace(state, area=""))) if state.area else html.Span(place))
    spoken += [chip(part) for part in narrower(state)]
    return [piece for one in spoken for piece in (one, " ")]


def chip(part: Part) -> Any:
    """A filter as a link to the view without it; assets/kaart.js keeps what is looked at."""
    query = part.without.to_query()
    return html.A(
        part.words,
        href=f"/?{query}" if query else "/",
        className="hk-chip",
        **aria(label=_("Filter weghalen: {words}", words=part.words)),
        **data(query=query),
    )


def narrower(state: FilterState) -> list[Part]:
    """The filters within a period and an area, as they are said."""
    found: list[Part] = []
    if state.hours != (0, 23):
        words = _("tussen {hours} uur", hours=hours_text(*state.hours))
        found.append(Part(words=words, without=replace(state, hours=(0, 23))))
    if state.light:
        words = _("in het donker") if state.light == "dark" else _("bij daglicht")
        found.append(Part(words=words, without=replace(state, light="")))
    if state.school:
        found.append(Part(words=school_words(state.school), without=replace(state, school="")))
    if state.weekdays:
        names = weekday_names()
        words = _("op {days}", days=", ".join(names[d] for d in state.weekdays))
        found.append(Part(words=words, without=replace(state, weekdays=())))
    if state.categories:
        words = _("soort: {names}", names=", ".join(_(name) for name in state.categories))
        found.append(Part(words=words, without=replace(state, categories=())))
    return found


def every_part(state: FilterState, choices: Choices) -> list[Part]:
    """All filters that are set, period and area first."""
    found: list[Part] = []
    if state.start or state.end:
        found.append(Part(words=_("de periode"), without=replace(state, start=None, end=None)))
    if state.area:
        words = place_words(state, choices, municipality="")
        found.append(Part(words=words, without=replace(state, area="")))
    return [*found, *narrower(state)]


def counted(overview: Overview) -> str:
    """How many reports the view counts."""
    return _n("{n} melding", "{n} meldingen", overview.n_reports)


def period_words(overview: Overview) -> str:
    """The days of the view; "" when there are none."""
    first, last = overview.period
    return _("van {first} t/m {last}", first=day(first), last=day(last)) if first and last else ""


def place_words(state: FilterState, choices: Choices, *, municipality: str) -> str:
    """Where the view looks."""
    return _("in {place}", place=area_name(state.area, choices) or municipality)


def school_words(school: str) -> str:
    """When round school, in words."""
    words = {"before": _("vóór school"), "after": _("na school"), "around": _("vóór en na school")}
    return words[school]


def area_name(key: str, choices: Choices) -> str:
    """The name of a chosen wijk, buurt or focus area; "" for none."""
    return short_name(dict((*choices.wijken, *choices.buurten)).get(key, key))


def is_filtered(state: FilterState) -> bool:
    """Whether anything that leaves reports out is set."""
    return replace(state, eps_m=None, min_samples=None, shade=COUNT, picture=AREAS) != FilterState()

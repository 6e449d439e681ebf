"""Beside each other: what part of the reports is in the dark, in school time, at night, here, in the city and of the time."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from dash import html

from dashboard.components.aria import aria
from dashboard.context_words import near_line
from dashboard.i18n import _, number, percent
from geo.context import CityContext, HotspotContext, TimeShare
from geo.darkness import DarkShare
from geo.hotspots import Hotspot
from geo.near import Nearby

Share = DarkShare | TimeShare


def time_shares(here: HotspotContext, city: CityContext) -> Any:
    """Dark, school time and night as a table; nothing where no time is known."""
    found = [
        (_("In het donker"), here.dark, city.dark),
        (_("Rond schooltijd"), here.school, city.school),
        (_("In de nacht"), here.night, city.night),
    ]
    rows = [_row(name, mine, all_) for name, mine, all_ in found if mine is not None]
    if not rows:
        return None
    heads = [("", ""), (_("hier"), "hk-num"), (_("stad"), "hk-num"), (_("van de tijd"), "hk-num")]
    parts: list[Any] = [
        html.H3(_("Deel van de meldingen"), className="hk-h3", id="shares-title"),
        html.Table(
            [
                html.Thead(
                    html.Tr(
                        [
                            html.Th(text, scope="col", className=kind) if text else html.Td()
                            for text, kind in heads
                        ]
                    )
                ),
                html.Tbody(rows),
            ],
            className="hk-figures-table",
            **aria(labelledby="shares-title"),
        ),
    ]  # fmt: skip
    if here.school is not None and not city.holidays_known:
        parts.append(
            html.P(
                _("De vakanties staan niet in de kalender: elke werkdag telt als schooldag."),
                className="hk-soft hk-small",
            )
        )
    return html.Div(parts, className="hk-chart")


def near(hotspot: Hotspot, city: CityContext) -> Any:
    """The nearest school and stop, each beside how much of the city, and of the reports, lies as near."""
    both = [
        (_("School"), hotspot.nearest_school, city.near_schools, True),
        (_("Halte"), hotspot.nearest_stop, city.near_stops, False),
    ]
    lines = [
        html.Li(near_line(one, rows, base=city.near_base, school=school) or _distance(what, one))
        for what, one, rows, school in both
        if one is not None
    ]
    title = html.H3(_("Dichtbij"), className="hk-h3")
    if not lines:
        return html.Div(
            [title, html.P(_("Er zijn geen scholen of haltes ingelezen."), className="hk-soft")], className="hk-chart"
        )
    return html.Div([title, html.Ul(lines, className="hk-near-list")], className="hk-chart")


def categories(counted: Sequence[tuple[str, int]], *, n: int) -> Any:
    """The kinds most often named, each as a bar with its number. n: reports in all."""
    if not counted:
        return None
    title = html.H3(_("Soort"), className="hk-h3")
    rows = [
        part
        for name, count in counted
        for part in (
            html.Dt(_(name)),
            html.Dd(
                [html.I(style={"width": f"{100 * count / n:.0f}%"}, **aria(hidden="true")), html.Span(number(count))]
            ),
        )
    ]
    return html.Div([title, html.Dl(rows, className="hk-kinds")], className="hk-chart")


def _row(name: str, here: Share, city: Share | None) -> Any:
    base = here.hours_share if isinstance(here, DarkShare) else here.base_share
    interval = _("95%: {low}–{high}", low=percent(here.low), high=percent(here.high)) if isfinite(here.low) else ""
    return html.Tr(
        [
            html.Th(name, scope="row"),
            html.Td(
                [html.Strong(_share(here.share)), html.Small(interval)] if interval else _share(here.share),
                className="hk-num",
            ),
            html.Td(_share(city.share) if city else "–", className="hk-num"),
            html.Td(_share(base), className="hk-num"),
        ]
    )


def _share(value: float) -> str:
    return percent(value) if isfinite(value) else "–"


def _distance(what: str, one: Nearby) -> str:
    return _("{what} {name} op {m} meter van het midden", what=what, name=one.name, m=number(one.metres)) + "."

"""Reports per quarter as bars, the share of the city's total below them, campaigns and laws marked and named."""

from collections.abc import Sequence
from datetime import date, timedelta
from math import isfinite
from typing import Any

from dash import html

from dashboard.components.aria import aria
from dashboard.components.charts import MIN_BAR, bar
from dashboard.context_words import mark_words, quarter
from dashboard.i18n import _, _n, number, percent
from geo.calendar import REPORTING, Mark
from geo.context import Quarters

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def quarter_chart(quarters: Quarters, marks: Sequence[Mark], *, here: bool = True) -> Any:
    """Counts per quarter over the share of the city's total. here: of a place; else of the city, without shares."""
    title = html.H3(_("Per kwartaal"), className="hk-h3")
    if not quarters.starts:
        return html.Div([title, html.P(_("Er is nog geen heel kwartaal."), className="hk-soft")], className="hk-chart")
    shown = _lettered(quarters, marks)
    top = max(*quarters.counts, 1)
    parts = [
        html.Div(
            [title, html.Span(_("hoogste: {n}", n=number(top)), className="hk-soft hk-small")],
            className="hk-row hk-between",
        ),
        _flags(quarters, shown),
        html.Div(_counts(quarters, top, here=here), className="hk-bars hk-quarter-bars", role="img", **aria(label=said(quarters))),
        _axis(quarters),
    ]  # fmt: skip
    if here:
        parts += _shares(quarters)
    if here and not all(quarters.present):
        parts.append(
            html.P(
                [html.I(className="hk-swatch hk-swatch-absent"), _("In een lichte balk was dit geen hotspot.")],
                className="hk-soft hk-small hk-row",
            )
        )
    if shown:
        parts.append(html.Ul([_named(letter, mark) for letter, mark in shown], className="hk-marks"))
    return html.Div(parts, className="hk-chart")


def said(quarters: Quarters) -> str:
    """All figures in one sentence, for who does not see the bars."""
    parts = []
    for start, n, share in zip(quarters.starts, quarters.counts, quarters.shares, strict=True):
        text = f"{quarter(start)}: " + _n("{n} melding", "{n} meldingen", n)
        parts.append(text + (" " + _("({share} van de stad)", share=percent(share)) if isfinite(share) else ""))
    return _("Meldingen per kwartaal. {all}.", all="; ".join(parts))


def _counts(quarters: Quarters, top: int, *, here: bool) -> list[Any]:
    return [
        bar(
            max(100 * n / top, MIN_BAR if n else 0),
            f"{quarter(start)}: " + _n("{n} melding", "{n} meldingen", n),
            kind="" if there or not here else "hk-bar-absent",
        )
        for start, n, there in zip(quarters.starts, quarters.counts, quarters.present, strict=True)
    ]


def _shares(quarters: Quarters) -> list[Any]:
    known = [share for share in quarters.shares if isfinite(share)]
    if not known:
        return []
    top = max(*known, 1e-9)
    bars = [
        bar(
            100 * share / top if isfinite(share) else 0,
            f"{quarter(start)}: "
            + (_("{share} van de stad", share=percent(share)) if isfinite(share) else _("in de stad geen meldingen")),
            kind="hk-bar-quiet",
        )
        for start, share in zip(quarters.starts, quarters.shares, strict=True)
    ]
    return [
        html.Div(
            [
                html.Span(_("Deel van alle meldingen in de stad")),
                html.Span(_("hoogste: {share}", share=percent(top))),
            ],
            className="hk-row hk-between hk-soft hk-small",
        ),
        html.Div(bars, className="hk-bars hk-share-bars", **aria(hidden="true")),
    ]


def _axis(quarters: Quarters) -> Any:
    labels = []
    for i, start in enumerate(quarters.starts):
        n = (start.month + 2) // 3
        year = i == 0 or n == 1
        labels.append(html.Span([_("K{n}", n=n), html.Small(str(start.year)) if year else None]))
    return html.Div(labels, className="hk-axis hk-axis-quarters", **aria(hidden="true"))


def _lettered(quarters: Quarters, marks: Sequence[Mark]) -> list[tuple[str, Mark]]:
    """What changes reporting and touches these quarters, by start, each with its letter."""
    first, last = quarters.starts[0], _last_day(quarters.starts[-1])
    touching = [mark for mark in marks if mark.kind in REPORTING and mark.touches(first, last)]
    return list(zip(LETTERS, sorted(touching, key=lambda mark: (mark.start, mark.name)), strict=False))


def _flags(quarters: Quarters, shown: Sequence[tuple[str, Mark]]) -> Any:
    """The letters over the quarters they touch; what lasts only over the quarter in which it began."""
    if not shown:
        return None
    slots = []
    for start in quarters.starts:
        end = _last_day(start)
        here = [
            letter
            for letter, mark in shown
            if (mark.touches(start, end) if mark.end is not None else start <= mark.start <= end)
        ]
        slots.append(html.Span([html.B(letter) for letter in here]))
    return html.Div(slots, className="hk-flags", **aria(hidden="true"))


def _named(letter: str, mark: Mark) -> Any:
    return html.Li([html.B(letter), html.Span(mark_words(mark))])


def _last_day(start: date) -> date:
    return (start.replace(day=1) + timedelta(days=95)).replace(day=1) - timedelta(days=1)

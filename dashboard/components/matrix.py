"""Weekday × hour as a heat table: one tab stop, arrow keys move in it (assets/panel.js), every cell holds its number."""

from typing import Any

import numpy as np
from dash import html

from dashboard.components.aria import aria, data
from dashboard.i18n import _, _n, number, weekday_names
from geo.clock import WeekMatrix

LEVELS = 5  # shades above none; assets/panel.css has a colour for each
TICKS = (0, 6, 12, 18)


def week_matrix(found: WeekMatrix) -> Any:
    """Reports by weekday and hour. The numbers are in the cells, for who listens and, on hover or focus, for who looks."""
    title = html.H3(_("Weekdag en uur"), className="hk-h3", id="matrix-title")
    if not found.n_known:
        return html.Div(
            [title, html.P(_("Van geen enkele melding is het uur bekend."), className="hk-soft")], className="hk-chart"
        )
    top = float(found.values.max())
    return html.Div(
        [
            html.Div([title, html.Span(_busiest(found), className="hk-soft hk-small")], className="hk-row hk-between"),
            html.Table(
                [html.Thead(_head()), html.Tbody(_rows(found, top))],
                className="hk-matrix",
                role="grid",
                **aria(labelledby="matrix-title", describedby="matrix-keys"),
            ),
            html.Div(
                [
                    html.Span(_("Wijs een vak aan voor het aantal."), className="hk-matrix-said"),
                    html.Span(
                        ["0", *(html.I(className=f"hk-m{level}") for level in range(LEVELS + 1)), _short(top)],
                        className="hk-matrix-key",
                        **aria(hidden="true"),
                    ),
                ],
                className="hk-row hk-between hk-soft hk-small",
            ),
            html.Span(_("Met de pijltjestoetsen loopt u door de vakken."), id="matrix-keys", className="hk-spoken"),
            _notes(found),
        ],
        className="hk-chart",
    )


def level(value: float, top: float) -> int:
    """0 for nothing, else 1 to LEVELS in equal steps up to the highest cell."""
    return 0 if value <= 0 else min(LEVELS, max(1, int(np.ceil(LEVELS * (value / top)))))


def _head() -> Any:
    hours = [
        html.Th(
            html.Span(f"{hour:02d}", className=None if hour in TICKS else "hk-spoken"),
            scope="col",
            **data(hours=f"{hour:02d}:00–{hour + 1:02d}:00"),
        )
        for hour in range(24)
    ]
    return html.Tr([html.Td(), *hours])


def _rows(found: WeekMatrix, top: float) -> list[Any]:
    first = (0, 0)
    names = zip(weekday_names(), weekday_names("wide"), strict=True)
    return [
        html.Tr(
            [
                html.Th(short, scope="row", title=full),
                *(
                    html.Td(
                        html.Span(_short(value), className="hk-spoken"),
                        className=f"hk-m{level(value, top)}",
                        tabIndex=0 if (day, hour) == first else -1,
                    )
                    for hour, value in enumerate(found.values[day].tolist())
                ),
            ]
        )
        for day, (short, full) in enumerate(names)
    ]


def _busiest(found: WeekMatrix) -> str:
    day, hour = divmod(int(found.values.argmax()), 24)
    return _("meeste: {day} {hours} uur", day=weekday_names()[day], hours=f"{hour:02d}–{hour + 1:02d}")


def _notes(found: WeekMatrix) -> Any:
    said = []
    if found.n_spread:
        said.append(
            _n(
                "{n} melding met een tijdvak is over haar uren verdeeld.",
                "{n} meldingen met een tijdvak zijn over hun uren verdeeld.",
                found.n_spread,
            )
        )
    if found.n_unknown:
        said.append(
            _n("{n} melding zonder tijd telt niet mee.", "{n} meldingen zonder tijd tellen niet mee.", found.n_unknown)
        )
    return html.P(" ".join(said), className="hk-soft hk-small") if said else None


def _short(value: float) -> str:
    return number(value, 0 if abs(value - round(value)) < 0.05 else 1)

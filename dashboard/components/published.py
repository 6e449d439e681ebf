"""The page with published figures: choices on the left, map, and on the right the same figures as a table."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import published_words as words
from dashboard.components import ids as page
from dashboard.components import published_ids as ids
from dashboard.components.aria import aria
from dashboard.i18n import _, number
from dashboard.messages import short_name
from dashboard.published_state import BREAKDOWNS, GEOGRAPHIES, WINDOWS, PublishedState, word
from dashboard.services.published import Breakdown, PublishedCell, PublishedOverview, Window, WindowChoice


def pane(windows: Sequence[WindowChoice]) -> Any:
    """The choices, showing the view without any; the address fills them in."""
    usual = PublishedState()
    return html.Aside(
        [
            html.Div(
                [
                    html.H2(_("Wat u ziet"), className="hk-h2"),
                    dcc.Link(_("Wissen"), href="/", className="hk-textbutton"),
                    html.Button(
                        "×", id=page.FILTER_CLOSE, className="hk-close hk-phone", **aria(label=_("Keuzes sluiten"))
                    ),
                ],
                className="hk-row hk-between",
            ),
            _choice(
                _("Lengte van de periode"),
                ids.WINDOW,
                {"kwartaal": _("Kwartaal"), "vier": _("Jaar"), "acht": _("Twee jaar")},
                word(WINDOWS, usual.window),
            ),
            dmc.Select(
                id=ids.START,
                label=_("Periode"),
                data=starts(windows, usual.window),
                value=newest(windows, usual.window),
                allowDeselect=False,
                size="sm",
                nothingFoundMessage=_("Nog geen vastgestelde periode"),
                placeholder=_("Nog geen vastgestelde periode"),
            ),
            _choice(
                _("Gebieden"),
                ids.GEOGRAPHY,
                {"wijk": _("Wijken"), "buurt": _("Buurten")},
                word(GEOGRAPHIES, usual.geography),
            ),
            _choice(
                _("Uitsplitsen naar"),
                ids.BREAKDOWN,
                {"geen": _("Niet"), "soort": _("Soort"), "dagdeel": _("Dagdeel")},
                word(BREAKDOWNS, usual.breakdown),
            ),
            html.P(id=ids.RULE, className="hk-hint"),
        ],
        id=page.FILTERS,
        className="hk-filters hk-published-pane",
        **aria(label=_("Keuzes")),
    )


def panel() -> Any:
    """The right side, empty: figures, the line in words, the table and the hotspots."""
    return html.Section(
        [
            html.Div(id=ids.FIGURES, className="hk-figures hk-figures-two"),
            html.P(id=ids.SENTENCE, className="hk-sentence", **aria(live="polite")),
            html.Div(id=ids.WHY, role="status"),
            html.Div(
                [html.Div(id=ids.TABLE), html.Div(id=ids.PLACES)],
                className="hk-published-scroll",
                tabIndex=0,
                role="region",
                **aria(label=_("Cijfers als tabel")),
            ),
        ],
        className="hk-inspector hk-published",
        **aria(label=_("Cijfers en hotspots")),
    )


def starts(windows: Sequence[WindowChoice], kind: Window) -> list[dict[str, str]]:
    """The windows of one length, newest first, as options."""
    return [
        {"value": w.start.isoformat(), "label": words.window(w.window, w.start)} for w in windows if w.window is kind
    ]


def newest(windows: Sequence[WindowChoice], kind: Window) -> str | None:
    """The newest window of one length."""
    return next((w.start.isoformat() for w in windows if w.window is kind), None)


def figures(view: PublishedOverview) -> list[Any]:
    """Two large figures."""
    return [
        _figure(
            _("Meldingen, afgerond"), number(view.total) if any_shown(view) else f"<{view.k}" if view.start else "–"
        ),
        _figure(_("Hotspots"), number(len(view.hotspots))),
    ]


def why(view: PublishedOverview) -> Any:
    """The sentence why something else is shown than was asked for."""
    sentence = words.why(view)
    return html.P(sentence, className="hk-warning hk-published-why") if sentence else None


def table(view: PublishedOverview) -> Any:
    """The figures of the map: one row per area, one column per part when there is a breakdown."""
    if not view.cells:
        return None
    parts = list(dict.fromkeys(cell.part for cell in view.cells))
    split = view.breakdown is not Breakdown.NONE
    heads = [words.part(part, view.breakdown) for part in parts] if split else [_("Meldingen")]
    by_area: dict[str, list[PublishedCell]] = {}
    for cell in view.cells:
        by_area.setdefault(cell.code, []).append(cell)
    areas = sorted(by_area.values(), key=lambda cells: (-sum(c.n or 0 for c in cells), cells[0].name))
    first = _("Wijk") if view.geography.value == "wijk" else _("Buurt")
    totals = [sum(cells[i].n or 0 for cells in areas) for i in range(len(parts))]
    shown = html.Table(
        [
            html.Thead(html.Tr([html.Th(first, scope="col"), *(html.Th(head, scope="col") for head in heads)])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(short_name(cells[0].name), scope="row"),
                            *(html.Td(_shown(cell.n, view.k), className="" if cell.n else "hk-few") for cell in cells),
                        ]
                    )
                    for cells in areas
                ]
            ),
            html.Tfoot(
                html.Tr(
                    [html.Th(_("Som van wat u ziet"), scope="row"), *(html.Td(number(n) if n else "–") for n in totals)]
                )
            ),
        ],
        className="hk-table-plain hk-table-split" if split else "hk-table-plain",
    )
    return [shown, html.P(words.meaning(view.breakdown), className="hk-soft hk-small")] if split else shown


def places(view: PublishedOverview) -> Any:
    """The hotspots, numbered as on the map."""
    if not view.hotspots:
        none = _(
            "Geen hotspot die getoond mag worden: daarvoor zijn {k} of meer meldingen op drie of meer dagen nodig.",
            k=view.k,
        )
        if view.window is not Window.FOUR:
            none = _("Hotspots worden per kalenderjaar vastgesteld. Kies als lengte „Jaar” om ze te zien.")
        return [html.H2(_("Hotspots"), className="hk-h2"), html.P(none, className="hk-hint")] if view.start else None
    rows = [
        html.Li(
            [
                html.Span(str(place.rank), className="hk-rank"),
                html.Div(
                    [html.Strong(words.where(place)), html.Div(words.parts_of(place), className="hk-soft hk-small")]
                ),
                html.Span(number(place.n), className="hk-published-n"),
            ]
        )
        for place in view.hotspots
    ]
    return [html.H2(_("Hotspots"), className="hk-h2"), html.Ul(rows, className="hk-published-places")]


def _shown(n: int | None, k: int) -> str:
    return f"<{k}" if n is None else number(n)


def any_shown(view: PublishedOverview) -> bool:
    """Whether there is any figure at all."""
    return any(cell.n is not None for cell in view.cells)


def _figure(label: str, value: str) -> Any:
    return html.Div([html.Div(label, className="hk-figure-label"), html.Div(value, className="hk-figure-value")])


def _choice(label: str, id: str, names: dict[str, str], value: str) -> Any:
    options = [{"value": key, "label": name} for key, name in names.items()]
    control = dmc.SegmentedControl(id=id, data=options, value=value, fullWidth=True, size="sm")
    return html.Div([html.Span(label, className="hk-label-text"), control], role="group", **aria(label=label))

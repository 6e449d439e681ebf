"""The page Gegevens: its parts as tabs, in the order of the work."""

from typing import Any, Final

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard.components import data_calendar, data_import, data_layers, data_quarantine
from dashboard.components import data_ids as ids
from dashboard.components.aria import aria
from dashboard.i18n import N_, _

FILE, QUARANTINE, REVIEW, LAYERS, CALENDAR = "bestand", "quarantaine", "nakijken", "lagen", "kalender"
TABS: Final = {
    FILE: N_("Bestand"),
    QUARANTINE: N_("Quarantaine"),
    REVIEW: N_("Nakijken"),
    LAYERS: N_("Kaartlagen"),
    CALENDAR: N_("Kalender"),
}


def page(*, title: str, max_mb: int) -> list[Any]:
    """Everything; the lists are filled in when their tab is looked at."""
    panels = {
        FILE: data_import.panel(max_mb=max_mb),
        QUARANTINE: [
            html.Div(id=ids.ROW_DONE, tabIndex=-1, **aria(live="polite")),
            html.Div(id=ids.QUARANTINE, className="hk-stack"),
            html.Div(id=ids.ROWS, className="hk-stack"),
        ],
        REVIEW: [html.Div(id=ids.REVIEW, className="hk-stack")],
        LAYERS: data_layers.panel(max_mb=max_mb),
        CALENDAR: data_calendar.panel(),
    }
    return [
        html.H1(title),
        dmc.Tabs(
            [
                dmc.TabsList([dmc.TabsTab(_(name), value=key) for key, name in TABS.items()]),
                *(dmc.TabsPanel(parts, value=key, className="hk-d-panel") for key, parts in panels.items()),
            ],
            id=ids.TABS,
            value=FILE,
        ),
    ]


def beside() -> tuple[Any, ...]:
    """The page's dialogs and stores."""
    return (
        dcc.Location(id=ids.URL, refresh=False),
        dcc.Store(id=ids.VERSION, data=0),
        data_quarantine.dialog(),
        data_calendar.dialog(),
    )

"""Ontwikkeling: two periods side by side, hotspots over time, the trend."""

from typing import Any

from dash import dcc, html

from dashboard import addresses
from dashboard.components import ids, saved
from dashboard.components.development_controls import controls, to_values
from dashboard.components.development_time import wijk_select
from dashboard.development_state import DevelopmentState
from dashboard.i18n import N_, _
from dashboard.pages.page import Page, Shown
from dashboard.services import Services
from data.viewer import Right, Viewer

TITLE = N_("Ontwikkeling")


def build(services: Services, viewer: Viewer, query: str) -> Shown:
    """The controls with what the address asks, and empty places that it fills. Raises Denied."""
    viewer.require(Right.CUSTOM)
    choices = services.map.choices(viewer)
    values = to_values(DevelopmentState.from_query(query), choices)
    return Shown(
        main=html.Div(
            [
                html.Div(
                    [
                        html.H1(_(TITLE)),
                        html.P(
                            _("Wat veranderde er tussen twee periodes, welke hotspots blijven, en stijgt of daalt het?"),
                            className="hk-soft",
                        ),
                    ]
                ),
                controls(values, choices),
                _waiting(html.Div(id=ids.DEVELOPMENT_BODY, className="hk-dev-body"), _("De periodes worden vergeleken…")),
                html.Section(
                    [
                        html.H2(_("Hotspots per kwartaal"), className="hk-h2"),
                        _waiting(html.Div(id=ids.DEVELOPMENT_LIVES, className="hk-stack"), _("De kwartalen worden bekeken…")),
                    ],
                    className="hk-dev-section",
                ),
                html.Section(
                    [
                        html.Div([html.H2(_("Trend"), className="hk-h2"), wijk_select(choices, values["wijk"])], className="hk-dev-head"),
                        _waiting(html.Div(id=ids.DEVELOPMENT_COURSE, className="hk-stack"), _("De trend wordt berekend…")),
                    ],
                    className="hk-dev-section",
                ),
                saved.section(services.saved.runs(viewer), first=values["first"], second=values["second"]),
            ],
            className="hk-dev",
        ),
        beside=(dcc.Location(id=ids.DEVELOPMENT_URL, refresh=False),),
    )  # fmt: skip


def _waiting(place: Any, sentence: str) -> Any:
    """A place that says what is being made until it is there (assets/development.css)."""
    return html.Div([place, html.P(sentence, className="hk-dev-busy hk-soft", role="status")])


PAGE = Page(path=addresses.DEVELOPMENT, title=TITLE, rights=(Right.CUSTOM,), build=build)

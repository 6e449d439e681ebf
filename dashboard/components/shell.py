"""The page as a whole: header, filters | map | inspector, and the modals."""

from collections.abc import Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import theme
from dashboard.components import advanced, exports, filters, ids, review, uploads
from dashboard.components.aria import aria
from dashboard.components.inspector import inspector
from dashboard.components.map import map_box
from dashboard.i18n import LANGUAGES, _, _n, language
from dashboard.services.types import Choices, Overview
from data.settings import Settings
from layers.spec import LayerSpec


def page(
    choices: Choices,
    overview: Overview,
    *,
    specs: Sequence[LayerSpec],
    attribution: str,
    settings: Settings,
    who: Any = None,
) -> Any:
    """Everything, showing the view without filters; the address then fills in the rest."""
    return dmc.MantineProvider(
        dmc.DatesProvider(
            html.Div(
                [
                    dcc.Location(id=ids.URL, refresh=False),
                    dcc.Store(id=ids.VERSION, data=0),
                    dcc.Store(id=ids.CHOSEN, data=""),
                    dcc.Store(id=ids.LOOK),
                    header(choices, settings=settings, who=who),
                    html.Div(id=ids.ALARM),
                    html.Main(
                        [
                            filters.pane(choices, settings=settings, specs=specs),
                            map_box(
                                specs,
                                bounds=overview.bounds,
                                attribution=attribution,
                                tiles=settings.tiles,
                                custom=choices.custom,
                            ),
                            inspector(),
                        ],
                        className="hk-main",
                    ),
                    uploads.modal(max_mb=settings.max_upload_mb),
                    exports.modal(),
                    advanced.modal(),
                    review.modal(),
                    html.Div(_("Laat los om dit bestand toe te voegen"), id="drop-hint", className="hk-drop-hint"),
                ],
                className="hk-page",
            ),
            settings={"locale": language(), "firstDayOfWeek": 1, "weekendDays": [0, 6]},
        ),
        theme=theme.THEME,
        forceColorScheme="light",
    )


def header(choices: Choices, *, settings: Settings, who: Any) -> Any:
    """Title, how many reports, whether they are synthetic, who looks, language, and the two things one can do."""
    return html.Header(
        [
            html.Div(
                [
                    html.Span(className="hk-mark", **aria(hidden="true")),
                    html.H1(_("Hotspotkaart {city}", city=settings.municipality)),
                    html.Span(id=ids.BADGE, className="hk-badge"),
                    demo_badge() if choices.is_demo else None,
                ],
                className="hk-title",
            ),
            html.Nav(
                [
                    who,
                    html.Button(_("Filters"), id=ids.FILTER_BUTTON, className="hk-button hk-phone"),
                    html.Div(
                        [_language_link(code) for code in LANGUAGES],
                        className="hk-languages",
                        role="group",
                        **aria(label=_("Taal")),
                    ),
                    dmc.Button(_("Bestand toevoegen"), id=ids.UPLOAD_OPEN, variant="default", className="hk-action"),
                    dmc.Button(_("Exporteren"), id=ids.EXPORT_OPEN, className="hk-action"),
                ],
                className="hk-actions",
                **aria(label=_("Acties")),
            ),
        ],
        className="hk-header",
    )


def demo_badge() -> Any:
    """Said wherever the demo's figures are shown."""
    return html.Span(
        [html.Strong(_("Synthetische demogegevens")), html.Span(" – " + _("geen echte meldingen"))], className="hk-demo"
    )


def badge(choices: Choices, n: int) -> str:
    """How many reports the view counts."""
    return _n("{n} melding", "{n} meldingen", n) if choices.first else _("geen meldingen")


def _language_link(code: str) -> Any:
    """Keeps the view: assets/page.js adds the present address to the link."""
    return html.A(
        code.upper(),
        href=f"?taal={code}",
        className="hk-language",
        hrefLang=code,
        **aria(current="true" if code == language() else "false"),
    )

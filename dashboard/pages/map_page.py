"""Kaart: who may ask freely explores; who may not sees what is published."""

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import addresses
from dashboard.components import advanced, exports, filters, ids, review, uploads
from dashboard.components.inspector import inspector
from dashboard.components.map import map_box
from dashboard.components.specs import page_specs
from dashboard.i18n import N_, _
from dashboard.pages.page import Page, Shown
from dashboard.services import Services
from dashboard.state import FilterState
from data.viewer import Right, Viewer


def build(services: Services, viewer: Viewer) -> Shown:
    """The view without filters; the address then fills in the rest."""
    settings = services.settings
    choices, overview = services.map.choices(viewer), services.map.overview(viewer, FilterState())
    specs = page_specs(overview, services.map.features, source=settings.source_name, cell_m=settings.cell_screen_m)
    return Shown(
        main=[
            filters.pane(choices, settings=settings, specs=specs),
            map_box(
                specs,
                bounds=overview.bounds,
                attribution=services.map.attribution(rates=True),
                tiles=settings.tiles,
                custom=choices.custom,
            ),
            inspector(),
        ],
        class_name="hk-main",
        actions=(
            html.Button(_("Filters"), id=ids.FILTER_BUTTON, className="hk-button hk-phone"),
            dmc.Button(_("Bestand toevoegen"), id=ids.UPLOAD_OPEN, variant="default", className="hk-action"),
            dmc.Button(_("Exporteren"), id=ids.EXPORT_OPEN, className="hk-action"),
        ),
        beside=(
            dcc.Location(id=ids.URL, refresh=False),  # the map's own, so that its callbacks sleep on other pages
            dcc.Store(id=ids.VERSION, data=0),
            dcc.Store(id=ids.CHOSEN, data=""),
            dcc.Store(id=ids.LOOK),
            uploads.modal(max_mb=settings.max_upload_mb),
            exports.modal(),
            advanced.modal(),
            review.modal(),
            html.Div(_("Laat los om dit bestand toe te voegen"), id="drop-hint", className="hk-drop-hint"),
        ),
    )


PAGE = Page(path=addresses.MAP, title=N_("Kaart"), rights=(Right.PUBLISHED,), build=build)

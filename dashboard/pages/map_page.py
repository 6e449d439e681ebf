"""Kaart: who may ask freely explores; who may not sees what is published."""

from dataclasses import replace

import dash_mantine_components as dmc
from dash import dcc, html

from dashboard import addresses
from dashboard.components import (
    advanced,
    exports,
    filters,
    ids,
    map_ids,
    published,
    published_export,
    published_ids,
    published_map,
    review,
    uploads,
)
from dashboard.components.inspector import inspector
from dashboard.components.map import map_box
from dashboard.components.specs import page_specs
from dashboard.i18n import N_, _
from dashboard.look import filters_of
from dashboard.pages.page import Page, Shown
from dashboard.published_state import PublishedState
from dashboard.services import Services
from dashboard.state import FilterState
from dashboard.view import parts_of
from data.viewer import Right, Role, Viewer
from geo import report


def build(services: Services, viewer: Viewer, query: str) -> Shown:
    """For who may ask freely the view of the address; for others what is published, which the address then chooses from."""
    return explore(services, viewer, query) if viewer.may(Right.CUSTOM) else published_view(services, viewer)


def explore(services: Services, viewer: Viewer, query: str) -> Shown:
    """Everything over any reports, as the address asks."""
    with services.map.held():
        return _explored(services, viewer, query)


def _explored(services: Services, viewer: Viewer, query: str) -> Shown:
    settings, state = services.settings, FilterState.from_query(query)
    choices, overview = services.map.choices(viewer), services.map.overview(viewer, state)
    borders = services.map.city().borders
    specs = page_specs(overview, services.map.features, source=settings.source_name, cell_m=settings.cell_screen_m)
    return Shown(
        main=[
            filters.pane(choices, state, settings=settings, specs=specs),
            map_box(
                specs,
                bounds=overview.bounds,
                attribution=services.map.attribution(rates=True),
                tiles=settings.tiles,
                custom=choices.custom,
                picture=state.picture,
            ),
            inspector(),
        ],
        class_name="hk-main",
        parts=parts_of(services, viewer, state),
        actions=(
            html.Button(_("Filters"), id=ids.FILTER_BUTTON, className="hk-button hk-phone"),
            dmc.Button(_("Bestand toevoegen"), id=ids.UPLOAD_OPEN, variant="default", className="hk-action"),
            dmc.Button(_("Exporteren"), id=ids.EXPORT_OPEN, className="hk-action"),
        ),
        beside=(
            dcc.Location(id=ids.URL, refresh=False),  # the map's own, so that its callbacks sleep on other pages
            dcc.Store(id=map_ids.ASKED, data=filters_of(query)),
            dcc.Store(id=ids.VERSION, data=0),
            dcc.Store(id=ids.CHOSEN, data=""),
            dcc.Store(id=ids.LOOK),
            dcc.Store(id=map_ids.BORDERS, data=borders),
            uploads.modal(max_mb=settings.max_upload_mb),
            exports.modal(),
            advanced.modal(),
            review.modal(),
            html.Div(_("Laat los om dit bestand toe te voegen"), id="drop-hint", className="hk-drop-hint"),
        ),
    )


def published_view(services: Services, viewer: Viewer) -> Shown:
    """What was published, for the wijken of the viewer."""
    settings, usual = services.settings, PublishedState()
    view = services.published.overview(viewer, usual.window, usual.geography, usual.breakdown)
    if viewer.role is not Role.DISTRICT_MANAGER:  # who may see all wijken looks at where people live
        view = replace(view, bounds=services.map.bounds(FilterState(), report.empty()))
    attribution = services.map.attribution()
    layers = published_map.specs(
        view, services.map.features, source=settings.source_name, borders=attribution.split(" · ", maxsplit=1)[0]
    )
    choices, hands_out = services.published.choices(viewer), viewer.may(Right.EXPORT)
    return Shown(
        main=[
            published.pane(choices.windows),
            published_map.box(layers, view=view, attribution=attribution, tiles=settings.tiles),
            published.panel(),
        ],
        class_name="hk-main",
        actions=(
            html.Button(_("Keuzes"), id=ids.FILTER_BUTTON, className="hk-button hk-phone"),
            *([dmc.Button(_("Exporteren"), id=published_ids.EXPORT_OPEN, className="hk-action")] if hands_out else []),
        ),
        beside=(
            dcc.Location(id=published_ids.URL, refresh=False),
            dcc.Store(id=published_ids.OPENED, data=0),
            *([published_export.modal(choices)] if hands_out else []),
        ),
    )


PAGE = Page(path=addresses.MAP, title=N_("Kaart"), rights=(Right.PUBLISHED,), build=build)

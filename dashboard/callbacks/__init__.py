"""Callbacks: decode the FilterState, ask one service, build components. Each module has ``register(app, services)``."""

from dash import Dash

from dashboard.callbacks import (
    advanced,
    audit,
    choose,
    data_calendar,
    data_import,
    data_layers,
    data_page,
    data_quarantine,
    development,
    exports,
    filters,
    manage,
    published,
    published_export,
    questions,
    review,
    saved,
    uploads,
    view,
)
from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """All callbacks of the page."""
    for module in (
        filters,
        view,
        choose,
        uploads,
        data_page,
        data_import,
        data_quarantine,
        data_layers,
        data_calendar,
        exports,
        review,
        advanced,
        questions,
        development,
        saved,
        published,
        published_export,
        audit,
        manage,
    ):
        module.register(app, services)

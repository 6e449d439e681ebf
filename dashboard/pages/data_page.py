"""Gegevens: files, what came of them, layers and the calendar."""

from dashboard import addresses
from dashboard.components import data_page
from dashboard.i18n import N_, _
from dashboard.pages.page import Page, Shown
from dashboard.services import Services
from data.viewer import Right, Viewer

TITLE = N_("Gegevens")


def build(services: Services, viewer: Viewer, _query: str) -> Shown:
    """The page as it opens."""
    return Shown(main=data_page.page(title=_(TITLE), max_mb=services.settings.max_upload_mb), beside=data_page.beside())


PAGE = Page(path=addresses.DATA, title=TITLE, rights=(Right.IMPORT,), build=build)

"""Beheer: users, thresholds, retention and what is published."""

from dash import html

from dashboard import addresses
from dashboard.i18n import N_, _
from dashboard.pages.page import Page, Shown
from dashboard.services import Services
from data.viewer import Right, Viewer

TITLE = N_("Beheer")


def build(services: Services, viewer: Viewer) -> Shown:
    """The page as it opens."""
    return Shown(main=html.H1(_(TITLE)))


PAGE = Page(path=addresses.MANAGE, title=TITLE, rights=(Right.MANAGE_READ,), build=build)

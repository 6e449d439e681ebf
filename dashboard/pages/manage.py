"""Beheer: users, thresholds and retention, and how far publication is. Never a figure about reports."""

from dashboard import addresses
from dashboard.callbacks.manage import table, wijken_of
from dashboard.components import manage
from dashboard.i18n import N_, _
from dashboard.pages.page import Page, Shown
from dashboard.services import Services
from data.viewer import Right, Viewer

TITLE = N_("Beheer")


def build(services: Services, viewer: Viewer, _query: str) -> Shown:
    """The page as it opens."""
    return Shown(
        main=manage.page(
            title=_(TITLE),
            may_write=viewer.may(Right.MANAGE_WRITE),
            table=table(services, viewer),
            in_force=services.manage.in_force(viewer),
            published=services.manage.publication(viewer),
            wijken=wijken_of(services),
        )
    )


PAGE = Page(path=addresses.MANAGE, title=TITLE, rights=(Right.MANAGE_READ,), build=build)

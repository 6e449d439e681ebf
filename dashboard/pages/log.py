"""Logboek: who did what, and whether the log is whole. Who is not the auditor sees their own lines."""

from dash import dcc

from dashboard import addresses
from dashboard.components import audit
from dashboard.i18n import N_, _
from dashboard.pages.page import Page, Shown
from dashboard.services import Services
from data.viewer import Right, Viewer

TITLE = N_("Logboek")


def build(services: Services, viewer: Viewer, _query: str) -> Shown:
    """The page as it opens."""
    everything = viewer.may(Right.AUDIT)
    actors = services.audit.actors(viewer) if everything else ()
    return Shown(
        main=audit.page(title=_(TITLE), everything=everything, actors=actors),
        beside=(dcc.Location(id=audit.URL, refresh=False), dcc.Store(id=audit.OPENED, data=int(everything))),
    )


PAGE = Page(path=addresses.LOG, title=TITLE, rights=(Right.AUDIT, Right.AUDIT_OWN), build=build)

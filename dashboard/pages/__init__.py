"""The pages, in the order of the navigation. One module each, with a ``PAGE``; callbacks stand in dashboard.callbacks."""

from typing import Final

from dashboard.addresses import plain
from dashboard.pages import data_page, development, log, manage, map_page
from dashboard.pages.page import Page
from data.viewer import Viewer

PAGES: Final[tuple[Page, ...]] = (map_page.PAGE, development.PAGE, data_page.PAGE, manage.PAGE, log.PAGE)


def page_at(path: str) -> Page | None:
    """The page of an address, None when there is none."""
    return next((page for page in PAGES if page.path == plain(path)), None)


def pages_for(viewer: Viewer) -> tuple[Page, ...]:
    """The pages a viewer may open."""
    return tuple(page for page in PAGES if page.may(viewer))


def home(viewer: Viewer) -> str:
    """The address a viewer starts at: the first page they may open; the map when there is none, which then says so."""
    return next((page.path for page in pages_for(viewer)), PAGES[0].path)

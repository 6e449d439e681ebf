"""The addresses of the pages. What stands after the question mark is each page's own."""

from typing import Final
from urllib.parse import parse_qsl, urlencode

MAP: Final = "/"
DEVELOPMENT: Final = "/ontwikkeling"
DATA: Final = "/gegevens"
MANAGE: Final = "/beheer"
LOG: Final = "/logboek"
ALL: Final = (MAP, DEVELOPMENT, DATA, MANAGE, LOG)
PAGE: Final = "pagina"  # in the query of the sign-in page: which page to go on to


def is_page(path: str) -> bool:
    """Whether a path is a page's; a slash at its end does not matter."""
    return plain(path) in ALL


def plain(path: str) -> str:
    """A path without the slash at its end."""
    return path.rstrip("/") or "/"


def onward(path: str, query: str) -> str:
    """A query that holds a page and its own query, for going there later."""
    page = urlencode({PAGE: plain(path)}) if plain(path) != MAP else ""
    return "&".join(part for part in (page, query) if part)


def back(query: str) -> str:
    """The address ``onward`` was made of. A page there is none of is the map: it never leads elsewhere."""
    pairs = parse_qsl(query)
    page = next((value for key, value in pairs if key == PAGE and value in ALL), MAP)
    rest = urlencode([(key, value) for key, value in pairs if key != PAGE])
    return page + (f"?{rest}" if rest else "")

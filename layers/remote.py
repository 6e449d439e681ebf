"""The last look at a page that must open offline: nothing in it may point outside the file."""

import re
from html.parser import HTMLParser

ADDRESS = frozenset(
    {"src", "href", "xlink:href", "srcset", "action", "formaction", "poster", "data", "background", "ping"}
)
IN_STYLE = re.compile(r"@import|url\(\s*[\"']?(?!data:|#)", re.IGNORECASE)


class RemoteReference(ValueError):
    """A page that should stand alone refers to something outside itself."""


def refuse_remote(html: str) -> None:
    """Raise RemoteReference when a tag, style or linked script of the page refers outside the page (or is a link)."""
    _Reader().feed(html)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_style = tag == "style"
        if tag in ("link", "iframe", "object", "embed", "base"):
            raise RemoteReference(f"<{tag}> does not belong in a page that stands alone")
        for name, value in attrs:
            text = value or ""
            if name in ADDRESS and not text.startswith(("data:", "#")):
                raise RemoteReference(f"<{tag} {name}={text[:80]!r}> refers outside the page")
            if name == "style" and IN_STYLE.search(text):
                raise RemoteReference(f"the style of <{tag}> refers outside the page: {text[:80]!r}")

    def handle_endtag(self, tag: str) -> None:
        self._in_style = self._in_style and tag != "style"

    def handle_data(self, data: str) -> None:
        if self._in_style and (found := IN_STYLE.search(data)):
            raise RemoteReference(f"a style sheet refers outside the page: {data[found.start() :][:80]!r}")

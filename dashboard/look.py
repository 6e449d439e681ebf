"""Look: what is looked at within a view (a hotspot, a place, a drawn shape), and its form in the page's address.

It stands beside FilterState in the address, never in it: looking elsewhere asks no other reports.
"""

from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import parse_qsl, urlencode

WORDS: Final = {"hotspot": "hotspot", "place": "plek", "shape": "vorm"}  # by field; assets/kaart.js has them too
LONGEST: Final = 1_000  # characters


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What is looked at, "" for nothing. hotspot: its id. place: a Place's key (dashboard.services.places). shape: see dashboard.shape."""

    hotspot: str = ""
    place: str = ""
    shape: str = ""

    def to_query(self) -> str:
        """A query string with only what is looked at."""
        pairs = {WORDS[field.name]: getattr(self, field.name) for field in fields(self)}
        return urlencode({word: value for word, value in pairs.items() if value})

    @classmethod
    def from_query(cls, query: str) -> "Look":
        """What an address looks at; what is too long is nothing."""
        found = dict(parse_qsl(query.lstrip("?")))
        texts = {name: found.get(word, "") for name, word in WORDS.items()}
        return cls(**{name: text if len(text) <= LONGEST else "" for name, text in texts.items()})


def filters_of(query: str) -> str:
    """The rest of an address: what is asked, not what is looked at or in which language. As ``parts`` of assets/kaart.js."""
    pairs = parse_qsl(query.lstrip("?"), keep_blank_values=True)
    return urlencode([(word, value) for word, value in pairs if word not in {*WORDS.values(), "taal"}])


def address(filters: str, look: Look) -> str:
    """A Location's ``search`` for a view's query and what is looked at; "" for neither."""
    parts = [part for part in (filters, look.to_query()) if part]
    return "?" + "&".join(parts) if parts else ""

"""The kinds of harassment a report can name: eleven canonical labels and the spellings that mean them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from geo import report

CATEGORIES: Final = (
    "nastaren",
    "naroepen",
    "nafluiten",
    "nasissen",
    "seksuele opmerkingen",
    "achtervolgen",
    "in het nauw drijven",
    "aanraken",
    "uitschelden",
    "bedreigen",
    "anders",
)

# Spellings seen in questionnaires and report forms. Only true synonyms: what is broader or vaguer stays unknown.
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "nastaren": ("staren", "aanstaren", "nakijken", "gluren"),
    "naroepen": ("roepen", "nageroepen", "catcalling"),
    "nafluiten": ("fluiten", "nagefloten", "fluiten naar"),
    "nasissen": ("sissen", "nagesist"),
    "seksuele opmerkingen": (
        "seksuele opmerking",
        "seksueel getinte opmerkingen",
        "seksueel getinte opmerking",
        "seksistische opmerkingen",
        "seksistische opmerking",
    ),
    "achtervolgen": ("achtervolging", "achternalopen", "achterna lopen", "volgen", "achtervolgd"),
    "in het nauw drijven": ("in het nauw gedreven", "insluiten", "ingesloten", "klemzetten", "de weg versperren"),
    "aanraken": ("aanraking", "betasten", "aangeraakt", "ongewenst aanraken", "handtastelijkheden"),
    "uitschelden": ("schelden", "uitgescholden", "belediging", "beledigen"),
    "bedreigen": ("bedreiging", "bedreigd", "dreigen"),
    "anders": ("overig", "overige", "anders namelijk"),
}

_SPLIT = re.compile(r"[;|/,\n]")


def plain(name: str) -> str:
    """A name without case, accents and everything that is no letter or digit: "X-Coördinaat" → "xcoordinaat"."""
    decomposed = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in decomposed if c.isalnum() and not unicodedata.combining(c))


_KNOWN: Final[dict[str, tuple[str, ...]]] = {
    plain(spelling): (ours,) for ours in CATEGORIES for spelling in (ours, *_ALIASES[ours])
}


@dataclass(frozen=True, kw_only=True)
class Labels:
    """cells: canonical labels joined by SEPARATOR in canonical order (str). unknown: the first part not understood."""

    cells: list[str]
    unknown: list[str]  # "" where all was understood
    respelled: bool


def read(texts: list[str], *, extra: Mapping[str, tuple[str, ...]] | None = None) -> Labels:
    """Canonical labels of distinct, stripped texts; several labels in one cell part at ; | / , or a new line.

    extra: spellings (as ``plain`` gives them) a mapping file adds; they win from the built-in ones.
    """
    known = _KNOWN | dict(extra or {})
    parsed = [_parse(text, known) for text in texts]
    labels = [report.join_cell(found) for found, _ in parsed]
    respelled = any(text != label for text, label in zip(texts, labels, strict=True) if text)
    return Labels(cells=labels, unknown=[missing for _, missing in parsed], respelled=respelled)


def _parse(text: str, known: Mapping[str, tuple[str, ...]]) -> tuple[list[str], str]:
    if whole := known.get(plain(text)):
        return sorted(whole, key=CATEGORIES.index), ""
    found: set[str] = set()
    unknown = ""
    for part in filter(None, (p.strip() for p in _SPLIT.split(text))):
        labels = known.get(plain(part))
        if labels is None:
            unknown = unknown or part
        else:
            found.update(labels)
    return sorted(found, key=CATEGORIES.index), unknown

"""The kinds of harassment a report can name: eleven canonical labels and the spellings that mean them."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

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

    cells: NDArray[np.object_]
    unknown: NDArray[np.object_]  # "" where all was understood
    respelled: bool


def read(cells: pd.Series, *, extra: Mapping[str, tuple[str, ...]] | None = None) -> Labels:
    """Canonical labels of a column of stripped text; several labels in one cell part at ; | / , or a new line.

    extra: spellings (as ``plain`` gives them) a mapping file adds; they win from the built-in ones.
    """
    known = _KNOWN | dict(extra or {})
    codes, uniques = pd.factorize(cells)
    parsed = [_parse(str(text), known) for text in uniques]
    labels = np.array([report.join_cell(found) for found, _ in parsed], dtype=object)
    unknown = np.array([missing for _, missing in parsed], dtype=object)
    respelled = any(str(text) != label for text, label in zip(uniques, labels, strict=True) if text)
    if len(uniques) == 0:
        empty = np.full(len(cells), "", dtype=object)
        return Labels(cells=empty, unknown=empty.copy(), respelled=False)
    return Labels(cells=labels[codes], unknown=unknown[codes], respelled=respelled)


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

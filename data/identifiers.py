"""People in free text are masked before anybody reads it (PRIVACY, "Free text and people")."""

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.identifier_patterns import mask_patterns, normal_signs
from data.personal_names import is_listed_first_name, mask_names

# A cheap look: has the text anything at all that the detailed work could find?
_STRUCTURED = re.compile(
    r"[@_0-9]|\.(?:com|nl|be|me)/|\bO6|apenstaart|\bnul\b|\b(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)[\s,-]+"
    r"(?:een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|nul)|insta|snap|tik ?tok|facebook|account|twitter|telegram"
    r"|[(\[]at[)\]]|nul(?:zes|een|acht|zeven)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]{2,}")
_CAPITAL_INSIDE = re.compile(r"[^\W\d_,;'’)\]][,;:]?\s+['\"“„(]?[A-ZÀ-ÞĀ-Ž]|[.]\s?[A-Z]\.|\b[A-Z]\.\s?[A-Z]")
_TITLED = re.compile(
    r"\b(?:meneer|mijnheer|mevrouw|juf|meester|dhr|mevr|mw|heet|naam|genaamd|familie|fam)\b", re.IGNORECASE
)
MAX_CHARACTERS: Final = 20_000


def mask(texts: pd.Series, *, names: bool = True) -> tuple[pd.Series, NDArray[np.bool_]]:
    """A column of text with people masked, on the same index; and per row whether a person must look at it.

    Masks e-mail, telephone, numbers of 8 digits and more, bank accounts, licence plates, social accounts and, unless
    ``names`` is false, names. Every distinct text is looked at once.
    """
    codes, uniques = pd.factorize(texts)
    masked = np.asarray(uniques, dtype=object).copy()
    doubtful = np.zeros(len(masked), dtype=bool)
    for i, text in enumerate(masked):
        new, doubt = mask_text(text, names=names)
        if doubt or new is not text:
            masked[i], doubtful[i] = new, doubt
    if len(masked) == 0:
        return texts.copy(), np.zeros(len(texts), dtype=bool)
    return pd.Series(masked[codes], index=texts.index, dtype="str"), doubtful[codes]


def mask_text(text: str, *, names: bool = True) -> tuple[str, bool]:
    """One text with people masked, and whether the result is doubtful."""
    if len(text) > MAX_CHARACTERS:
        text = text[:MAX_CHARACTERS]
    plain = text if text.isascii() else normal_signs(text)
    if _STRUCTURED.search(plain):
        text = plain = mask_patterns(plain)
    if names and _may_name(text):
        return mask_names(text)
    return text, False


def _may_name(text: str) -> bool:
    if _CAPITAL_INSIDE.search(text) or _TITLED.search(text):
        return True
    return any(is_listed_first_name(word) for word in _WORDS.findall(text))

"""People in free text are masked before anybody reads it (PRIVACY, "Free text and people")."""

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.identifier_patterns import mask_patterns
from data.name_words import may_name
from data.personal_names import mask_names
from data.suspects import CLEAN, STRANGE, suspects

_MANY: Final = 2_000  # texts from which a quick look first pays
_WORDS: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

_LOCAL_NUMBER: Final = re.compile(r"(?<![0-9])[0-9]{7}(?![0-9])")  # perhaps a telephone number without its area


def mask(texts: pd.Series, *, names: bool = True) -> tuple[pd.Series, NDArray[np.bool_]]:
    """A column of text with people masked, on the same index; and per row whether a person must look at it.

    Masks e-mail, telephone, numbers of 8 digits and more, bank accounts, licence plates, social accounts and, unless
    ``names`` is false, names. Every distinct text is looked at once.
    """
    codes, uniques = pd.factorize(texts)
    masked = np.asarray(uniques, dtype=object).copy()
    doubtful = np.zeros(len(masked), dtype=bool)
    suspect = suspects(masked.tolist()) if len(masked) >= _MANY else np.full(len(masked), STRANGE)
    for i in np.flatnonzero(suspect != CLEAN).tolist():
        if suspect[i] == STRANGE:
            masked[i], doubtful[i] = mask_text(masked[i], names=names)
        elif names:
            masked[i], doubtful[i] = mask_names(masked[i])
    if len(masked) == 0:
        return texts.copy(), np.zeros(len(texts), dtype=bool)
    return pd.Series(masked[codes], index=texts.index, dtype="str"), doubtful[codes]


def mask_text(text: str, *, names: bool = True) -> tuple[str, bool]:
    """One text with people masked, and whether the result is doubtful."""
    text = mask_patterns(text)
    doubtful = _LOCAL_NUMBER.search(text) is not None
    if names and may_name(_WORDS.findall(text)):
        text, unsure = mask_names(text)
        return text, doubtful or unsure
    return text, doubtful

"""Free text and its neighbours (street, postcode, status): what is refused, flagged, masked and left out."""

import re
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data import import_reasons as why
from data.findings import Findings
from data.identifiers import mask

Bools = NDArray[np.bool_]

MAX_CHARACTERS: Final = 10_000
_STATUS_CHARACTERS: Final = 80
_WITHDRAWN: Final = frozenset({"ingetrokken", "geannuleerd", "withdrawn", "verwijderd"})
_YES: Final = frozenset({"ja", "j", "yes", "y", "true", "waar", "1", "x"})

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WORDED = re.compile(r"[^\W\d_]{4,}|@|(?<![0-9])0\s?6|[0-9]{9}")  # "maandag", a telephone number: no figure
_TEST = re.compile(
    r"(?:dit is (?:maar )?een )?(?:(?:test(?:je|ing|melding|bericht)?|asdf\w*|qwert\w*|(?:foo|bar)+)[\W\d_]*)+|(?:lorem ipsum.*)",
    re.IGNORECASE,
)
# UTF-8 read as Windows-1252: a lead byte (Â Ã â ð …) followed by signs that stand for continuation bytes.
_CONTINUED = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽ"
_GARBLED = re.compile(
    rf"[\u00c2-\u00df][{_CONTINUED}]|[\u00e0-\u00ef][{_CONTINUED}]{{2}}|[\u00f0-\u00f4][{_CONTINUED}]{{3}}"
)
_HOUSE_NUMBER = re.compile(r"\s+[0-9]{1,5}(?:\s?[-/]?\s?(?:[0-9]{1,4}|[a-zA-Z]{1,3}))?$")
_YEAR_NAME = re.compile(r"\b1[89][0-9]{2}(?:\s?-\s?(?:1[89])?[0-9]{2})?$")
_POSTCODE = re.compile(r"[1-9][0-9]{3}(?:[A-Z]{2})?")


def is_withdrawn(status: pd.Series) -> Bools:
    """Whether a status says that the report was withdrawn."""
    return status.str.casefold().isin(_WITHDRAWN).to_numpy(dtype=bool)


def is_yes(cells: pd.Series) -> Bools:
    """Whether a cell of a column that asks yes or no says yes."""
    return cells.str.casefold().isin(_YES).to_numpy(dtype=bool)


def is_storable(cells: pd.Series) -> Bools:
    """Whether text can be stored: no NUL and no half characters."""
    return ~cells.str.contains(_UNSTORABLE).to_numpy(bool)


def refuse_unstorable(cells: pd.Series, column: str, *, found: Findings) -> None:
    """NUL characters and halves of characters cannot be stored as text."""
    found.add(why.NUL_CHARACTER, ~is_storable(cells), column=column, values=cells, show=seen)


def seen(values: pd.Series) -> list[str]:
    """Free text as it may stand in an import report: masked, without characters that cannot be written."""
    shortened = values.str.slice(0, 400).str.replace(_UNSTORABLE, "␀", regex=True)
    return mask(shortened)[0].tolist()


def seen_figure(values: pd.Series) -> list[str]:
    """A cell that should have been a number or a date: as it is, unless it has words in it."""
    worded = values.str.contains(_WORDED).to_numpy(bool)
    shown = values.str.replace(_UNSTORABLE, "␀", regex=True).to_numpy(object).copy()
    if worded.any():
        shown[worded] = seen(values[worded])
    return [str(value) for value in shown]


def read_text(cells: pd.Series, column: str, *, found: Findings, skip: Bools) -> tuple[pd.Series, dict[str, Bools]]:
    """Masked text; and masks for the flags mojibake, test_text and review_text. ``skip``: rows not to look at."""
    length = cells.str.len().to_numpy()
    too_long = (length > MAX_CHARACTERS) & ~skip
    found.add(why.TEXT_TOO_LONG, too_long, column=column, values=cells, show=seen)
    wanted = cells.where(~(too_long | skip), "")
    masked, review = mask(wanted)
    found.note(why.PEOPLE_MASKED, bool((masked != wanted).any()))
    flags = {
        "mojibake": garbled(wanted),
        "test_text": ((length <= 60) & (length > 0)) & wanted.str.fullmatch(_TEST).to_numpy(bool),
        "review_text": review,
    }
    for reason, name in ((why.MOJIBAKE, "mojibake"), (why.TEST_TEXT, "test_text"), (why.REVIEW_TEXT, "review_text")):
        found.add(reason, flags[name], column=column, values=masked)
    return masked, flags


def garbled(texts: pd.Series) -> Bools:
    """Whether a text was written as UTF-8 and read as Windows-1252 before it came here ("GeÃ¯ntimideerd")."""
    return texts.str.contains(_GARBLED).to_numpy(bool)


def read_street(cells: pd.Series, *, found: Findings) -> pd.Series:
    """Street names without house numbers; identifiers of a fixed form masked."""
    codes, uniques = pd.factorize(cells)
    streets = [u if _YEAR_NAME.search(u) else _HOUSE_NUMBER.sub("", u) for u in map(str, uniques)]
    if not streets:
        return cells
    found.note(why.HOUSE_NUMBER, any(a != b for a, b in zip(streets, uniques, strict=True)))
    masked = mask(pd.Series(streets, dtype="str").str.slice(0, 200), names=False)[0]
    return pd.Series(masked.to_numpy(object)[codes], index=cells.index, dtype="str")


def read_postcode(cells: pd.Series) -> pd.Series:
    """Dutch postcodes as 3311 or 3311AA; anything else is left empty."""
    plain = cells.str.upper().str.replace(" ", "", regex=False)
    return plain.where(plain.str.fullmatch(_POSTCODE), "")


def read_status(cells: pd.Series) -> pd.Series:
    """The supplier's status, shortened, identifiers of a fixed form masked."""
    return mask(cells.str.slice(0, _STATUS_CHARACTERS), names=False)[0]

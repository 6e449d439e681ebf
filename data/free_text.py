"""Free text and its neighbours (street, postcode, status): what is refused, flagged, masked and left out."""

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data import import_reasons as why
from data.findings import Findings
from data.identifiers import mask
from data.texts import Texts

Bools = NDArray[np.bool_]

MAX_CHARACTERS: Final = 10_000
_STATUS_CHARACTERS: Final = 80
_WITHDRAWN: Final = frozenset({"ingetrokken", "geannuleerd", "withdrawn", "verwijderd"})
_YES: Final = frozenset({"ja", "j", "yes", "y", "true", "waar", "1", "x"})

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_WORDED = re.compile(r"[^\W\d_]{4,}|@|(?<![0-9])0\s?6|[0-9]{9}")  # "maandag", a telephone number: no figure
LONGEST_TEST: Final = 60  # a longer text tells something
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
    return ~_found(_UNSTORABLE, cells, plain=lambda text: "\0" not in text)


def _found(pattern: re.Pattern[str], cells: pd.Series, *, plain: Callable[[str], bool]) -> Bools:
    """Where a pattern is found. plain: whether an ASCII text is without it, for sure; asked of all of them together."""
    texts = cells.tolist()
    together = "\n".join(texts)
    if together.isascii() and plain(together):
        return np.zeros(len(texts), dtype=bool)
    held = [not (text.isascii() and plain(text)) and pattern.search(text) is not None for text in texts]
    return np.array(held, dtype=bool)


def refuse_unstorable(cells: Texts, column: str, *, found: Findings) -> None:
    """NUL characters and halves of characters cannot be stored as text."""
    bad = cells.where(lambda texts: ~is_storable(texts))
    found.add(why.NUL_CHARACTER, bad, column=column, values=cells, show=seen)


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


def read_text(cells: Texts, column: str, *, found: Findings, skip: Bools) -> tuple[pd.Series, dict[str, Bools]]:
    """Masked text; and masks for the flags mojibake, test_text and review_text. ``skip``: rows not to look at."""
    too_long = cells.where(is_too_long) & ~skip
    found.add(why.TEXT_TOO_LONG, too_long, column=column, values=cells, show=seen)
    out = too_long | skip
    wanted = cells.only(~out)
    masked, review = mask(wanted.distinct)
    found.note(why.PEOPLE_MASKED, masked.tolist() != wanted.distinct.tolist())
    flags = {
        "mojibake": wanted.where(garbled),
        "test_text": wanted.where(is_test),
        "review_text": wanted.where(lambda texts: review),
    }
    shown = Texts(codes=wanted.codes, distinct=masked)
    for reason, name in ((why.MOJIBAKE, "mojibake"), (why.TEST_TEXT, "test_text"), (why.REVIEW_TEXT, "review_text")):
        found.add(reason, flags[name], column=column, values=shown)
    return wanted.rows(masked), flags


def is_too_long(texts: pd.Series) -> Bools:
    """Whether a text is longer than a person writes."""
    return np.array([len(text) > MAX_CHARACTERS for text in texts.tolist()], dtype=bool)


def is_test(texts: pd.Series) -> Bools:
    """Whether a text is one that somebody types to try a form."""
    return np.array(
        [0 < len(text) <= LONGEST_TEST and _TEST.fullmatch(text) is not None for text in texts.tolist()], dtype=bool
    )


def garbled(texts: pd.Series) -> Bools:
    """Whether a text was written as UTF-8 and read as Windows-1252 before it came here ("GeÃ¯ntimideerd")."""
    return _found(_GARBLED, texts, plain=lambda text: True)


def read_street(cells: Texts, *, found: Findings) -> pd.Series:
    """Street names without house numbers; identifiers of a fixed form masked."""
    given = cells.distinct.tolist()
    streets = [text if _YEAR_NAME.search(text) else _HOUSE_NUMBER.sub("", text) for text in given]
    found.note(why.HOUSE_NUMBER, streets != given)
    return cells.rows(mask(pd.Series(streets, dtype="str").str.slice(0, 200), names=False)[0])


def read_postcode(cells: Texts) -> pd.Series:
    """Dutch postcodes as 3311 or 3311AA; anything else is left empty."""
    plain = [text.upper().replace(" ", "") for text in cells.distinct.tolist()]
    return cells.rows([text if _POSTCODE.fullmatch(text) else "" for text in plain])


def read_status(cells: Texts) -> pd.Series:
    """The supplier's status, shortened, identifiers of a fixed form masked."""
    return cells.rows(mask(cells.distinct.str.slice(0, _STATUS_CHARACTERS), names=False)[0])

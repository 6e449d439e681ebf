"""What a spreadsheet cell says, as text: dates by their number format, numbers in full, everything else as it stands."""

import re
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

ERRORS: Final = frozenset(
    """
    #N/A #N/B #REF! #VERW! #VALUE! #WAARDE! #DIV/0! #DEEL/0! #NAME? #NAAM? #NUM! #GETAL! #NULL! #LEEG! #SPILL!
    #OVERLOOP! #CALC! #BEREKENEN! #GETTING_DATA #FIELD! #VELD! #BLOCKED! #CONNECT! #UNKNOWN! #BUSY!
    """.split()  # noqa: SIM905 a list of words reads better so
)
_LAST_DAY: Final = 2_958_466  # 1 January 10000, beyond what Excel shows
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_LITERALS: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
# The formats without a code in the file that say something about time (ECMA-376, 18.8.30); the others are plain numbers.
# Written out here, because whoever opens a workbook does so with nothing but the standard library (data.sources.sandbox).
_BUILTIN_FORMATS: Final = {
    14: "mm-dd-yy",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "m/d/yy h:mm",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mmss.0",
}
_BUILTIN_DATES: Final = frozenset([*range(27, 37), *range(50, 59)])  # dates in East Asian versions, without a code


class Kind(Enum):
    """What a number format makes of a number."""

    NUMBER = "number"
    MOMENT = "moment"
    CLOCK = "clock"  # hours and minutes, no day
    ELAPSED = "elapsed"  # hours beyond 24 too


Format = tuple[Kind, int]  # kind, digits to pad a whole number with zeros to


def number_format(code: str) -> Format:
    """The kind of a number format code such as ``dd-mm-yyyy``, ``[h]:mm`` or ``00000``."""
    first = code.split(";", maxsplit=1)[0]
    if re.fullmatch("0{2,20}", first):
        return Kind.NUMBER, len(first)
    elapsed = re.search(r"\[[hms]+\]", first, re.IGNORECASE) is not None
    letters = set(_LITERALS.sub("", first).casefold())
    if elapsed:
        return Kind.ELAPSED, 0
    if "general" in first.casefold() or not letters & set("dmyhs"):
        return Kind.NUMBER, 0
    if letters & set("dy") or not letters & set("hs"):
        return Kind.MOMENT, 0
    return Kind.CLOCK, 0


def format_by_id(number: int, codes: dict[int, str]) -> Format:
    """The kind of a format by its number: the workbook's own codes, then Excel's built-in ones."""
    if number in codes:
        return number_format(codes[number])
    if number in _BUILTIN_DATES:
        return Kind.MOMENT, 0
    return number_format(_BUILTIN_FORMATS.get(number, "General"))


def number_text(text: str, kind: Format, *, epoch_1904: bool) -> str:
    """A number cell as text: "5", "51.8133", "2025-04-03T22:30:00", "22:30:00", or as it stands when it is none."""
    if not _NUMBER.fullmatch(text):
        return text
    value = float(text)
    if kind[0] is not Kind.NUMBER and 0 <= value < _LAST_DAY:
        return _moment(value, kind[0], epoch_1904=epoch_1904)
    if abs(value) >= 1e15:  # ids longer than a float is exact stay as they were written
        return text
    plain = repr(int(value)) if value == int(value) else repr(value)
    return plain.zfill(kind[1]) if kind[1] and plain.isdigit() else plain


def _moment(value: float, kind: Kind, *, epoch_1904: bool) -> str:
    seconds = round(value * 86_400)
    if kind is Kind.ELAPSED or (kind is Kind.CLOCK and value < 1):
        return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    epoch = datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30)  # local, without a zone
    if not epoch_1904 and 1 <= value < 60:
        epoch += timedelta(days=1)  # Excel believes in 29 February 1900
    return (epoch + timedelta(seconds=seconds)).isoformat()


def iso_text(text: str) -> str:
    """A cell that holds an ISO date itself, with its seconds."""
    try:
        return datetime.fromisoformat(text).isoformat(timespec="seconds")
    except ValueError:
        return text


def unescape(text: str) -> str:
    """Text with ``_x000D_``-style escapes put back."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text

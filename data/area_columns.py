"""Which column of a boundaries file plays which part, by the names CBS and Kadaster use now and used before."""

import re
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import pandas as pd

from data.archive import shown
from data.reasons import FileRefused
from data.vector import texts

Level = Literal["buurt", "wijk", "gemeente"]
PREFIX: Final[dict[Level, str]] = {"buurt": "BU", "wijk": "WK", "gemeente": "GM"}
DIGITS: Final[dict[Level, int]] = {"buurt": 8, "wijk": 6, "gemeente": 4}

# Compared without case, underscores and spaces: BU_CODE (to 2022), buurtcode (PDOK), statcode (cartographic sets).
_CODE: Final[dict[Level, tuple[str, ...]]] = {
    "buurt": ("buurtcode", "bucode", "statcode"),
    "wijk": ("wijkcode", "wkcode", "statcode"),
    "gemeente": ("gemeentecode", "gmcode", "statcode", "identificatie", "code"),
}
_NAME: Final[dict[Level, tuple[str, ...]]] = {
    "buurt": ("buurtnaam", "bunaam", "statnaam"),
    "wijk": ("wijknaam", "wknaam", "statnaam"),
    "gemeente": ("gemeentenaam", "gmnaam", "statnaam", "naam"),
}
_INHABITANTS: Final = ("aantalinwoners", "aantinw", "inwoners", "inhabitants", "population")
_WATER: Final = ("water", "h2o")
_YEAR: Final = ("jaar",)
_YES: Final = frozenset({"ja", "j", "true", "1", "yes"})


def find_columns(
    present: Sequence[str], level: Level, *, code: str | None, name: str | None, label: str
) -> dict[str, str]:
    """Part -> the file's own column, for the parts that are there.

    Parts: code, name, wijk_code, wijk_name, gemeente_code, gemeente_name, inhabitants, water, year. Always holds
    ``code``; raises FileRefused ``no_code_column`` otherwise, ``no_such_column`` for a named column that is not there.
    """
    by_key = {_key(column): column for column in reversed(present)}
    parts: dict[str, str] = {}
    for part, names in (
        ("code", _CODE[level]),
        ("name", _NAME[level] if code is None else (*_NAME[level], "naam", "name")),
        ("wijk_code", _CODE["wijk"][:2]),
        ("wijk_name", _NAME["wijk"][:2]),
        ("gemeente_code", _CODE["gemeente"][:2]),
        ("gemeente_name", _NAME["gemeente"][:2]),
        ("inhabitants", _INHABITANTS),
        ("water", _WATER),
        ("year", _YEAR),
    ):
        if found := next((by_key[n] for n in names if n in by_key), None):
            parts[part] = found
    for part, wanted in (("code", code), ("name", name)):
        if wanted is not None:
            parts[part] = _named(present, wanted, label)
    if "code" not in parts:
        raise FileRefused(
            "no_code_column",
            "{file}: geen kolom met de code van elke {level}. Gezocht: {missing}. Aanwezig: {present}. Noem de kolommen "
            "zelf: --code KOLOM --name KOLOM.",
            file=label,
            level=level,
            missing=", ".join((f"{level}code", f"{PREFIX[level]}_CODE")),
            present=_listed(present),
        )
    return parts


def _key(column: str) -> str:
    return re.sub(r"[^a-z0-9]", "", column.lower())


def _named(present: Sequence[str], wanted: str, label: str) -> str:
    if wanted in present:
        return wanted
    if len(same := [c for c in present if c.casefold() == wanted.casefold()]) == 1:
        return same[0]
    raise FileRefused(
        "no_such_column",
        "{file}: er is geen kolom ‘{column}’. Aanwezig: {present}.",
        file=label,
        column=shown(wanted),
        present=_listed(present),
    )


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(shown(c, length=40) for c in columns[:40]) or "–"


def codes(column: pd.Series, level: Level, *, own_scheme: bool = False) -> pd.Series:
    """Codes as text. CBS codes get their prefix and leading zeros back (5050100 -> BU05050100)."""
    text = texts(column)
    if own_scheme:
        return text
    bare = text.str.fullmatch(r"\d{1," + str(DIGITS[level]) + "}").astype(bool)
    return text.str.upper().where(~bare, PREFIX[level] + text.str.zfill(DIGITS[level]))


def is_cbs(code: pd.Series, level: Level) -> pd.Series:
    """Which codes follow the CBS scheme of their level (bool, same index)."""
    return code.str.fullmatch(PREFIX[level] + r"\d{" + str(DIGITS[level]) + "}").astype(bool)


def inhabitants(column: pd.Series) -> tuple[pd.Series, list[str]]:
    """Whole numbers as float64 (NaN: unknown), also from text; and the cells that hold something else.

    CBS writes -99999999, -99997, -99995 and the like for unknown, secret or not applicable: no area has fewer than 0.
    """
    text = texts(column)
    number = pd.to_numeric(text.str.replace(r"[.,]0*$", "", regex=True), errors="coerce").astype("float64")
    strange = text[(text != "") & ~((number % 1 == 0) & np.isfinite(number))]
    return number.where((number >= 0) & ~number.index.isin(strange.index)), strange.unique().tolist()


def water(column: pd.Series) -> pd.Series:
    """True where the column says JA (also true, 1, as text or number)."""
    return texts(column).str.lower().isin(_YES)

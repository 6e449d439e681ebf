"""How many people board at each stop, when a file of stops says so: a column whose name tells what was counted."""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.archive import shown
from data.feature_table import find, numbers, unclear_thousands
from data.reasons import FileRefused
from data.vector import texts

# Column names by what they count, all per day; the unit stands beside every rate that is divided by it.
_NAMES: Final = {
    "instappers": "boardings boardings_per_day instappers instappers_per_dag instappers_dag",
    "in- en uitstappers": "in_uitstappers in_en_uitstappers in_uitstappers_per_dag in_en_uitstappers_per_dag",
    "reizigers": "reizigers reizigers_per_dag",
}
_UNKNOWN: Final = frozenset({"", "-", "–", "?", "nb", "n.b.", "onbekend", "nan"})


class Boardings(NamedTuple):
    """per_day: (rows,), NaN unknown. unit: what was counted."""

    per_day: NDArray[np.float64]
    unit: str


def boardings(table: pd.DataFrame, *, label: str) -> Boardings | None:
    """The boardings among a table's columns; None when no column is one. Raises FileRefused for what is no number."""
    for unit, names in _NAMES.items():
        column = find([str(c) for c in table.columns], names.split())
        if column is None:
            continue
        cells = table[column]
        if pd.api.types.is_numeric_dtype(cells):
            return Boardings(_checked(cells.to_numpy(float), cells, column, label), unit)
        text = texts(cells)
        filled = text.where(~text.str.casefold().isin(_UNKNOWN), "")
        unclear = unclear_thousands(filled)
        if unclear.any():
            raise FileRefused(
                "unclear_number",
                "{file}: {value} in kolom ‘{column}’ kan op twee manieren gelezen worden. Schrijf getallen zonder punt of "
                "komma tussen de duizendtallen.",
                file=label,
                value=shown(str(text[unclear].iloc[0])),
                column=shown(column),
            )
        per_day = numbers(filled)
        return Boardings(_checked(np.where(filled == "", np.nan, per_day), filled, column, label), unit)
    return None


def _checked(per_day: NDArray[np.float64], cells: pd.Series, column: str, label: str) -> NDArray[np.float64]:
    stated = cells.notna().to_numpy() & (cells.astype("str") != "").to_numpy()
    bad = (stated & ~np.isfinite(per_day)) | (per_day < 0)
    if bad.any():
        raise FileRefused(
            "no_number",
            "{file}: {value} in kolom ‘{column}’ is geen aantal. Laat de cel leeg als het niet bekend is.",
            file=label,
            value=shown(str(cells[bad].iloc[0])),
            column=shown(column),
        )
    return per_day

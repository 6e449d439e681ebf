"""RawTable: a report file after reading and before checking, every cell still text."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.reasons import Reason
from data.sources.figures import Figures

GEOMETRY_X = "__x"  # columns a reader adds for a point geometry, in the file's own CRS
GEOMETRY_Y = "__y"


@dataclass(frozen=True, kw_only=True, slots=True)
class RowProblem:
    """One row, or one cell of it, that was not taken as it stood. ``value`` is masked where it is free text."""

    row: int  # as the user counts it in the file or sheet: the header of a plain CSV is row 1
    column: str  # the file's own column name; "" when the whole row is meant
    value: str
    reason: Reason


@dataclass(frozen=True, kw_only=True)
class RawTable:
    """Records as text.

    frame: one row per readable record, columns named as in the file (stripped, unique), cells str, "" when empty.
    Spreadsheet cells arrive as text a checker can read: dates as ISO "2025-04-03T22:30:00", numbers in full precision
    with a point. rows: int64, the row number of each record. problems: records that could not be read (quarantined),
    with their row numbers. n_read: readable and unreadable records together; not headers, title, total or blank rows.
    normalised: reasons with outcome N that hold for the whole file (encoding, separator, title row…).
    epoch_1904: numbers in date columns count from 1904. crs: what the file states, e.g. "EPSG:4326"; None: nothing.

    Large files come packed: a column of the frame in which texts repeat is a category of str, and one of plain numbers
    holds floats, its cells being in figures.
    """

    frame: pd.DataFrame
    rows: NDArray[np.int64]
    problems: tuple[RowProblem, ...]
    n_read: int
    normalised: tuple[Reason, ...] = ()
    epoch_1904: bool = False
    crs: str | None = None
    figures: dict[str, Figures] = field(default_factory=dict)

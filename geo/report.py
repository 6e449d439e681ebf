"""The report table every room shares: column names, dtypes, unit, CRS; and the flags a report can bear.

One row is one report. The index is the store's key (int64) or, without a store, the row's position.
"""

from collections.abc import Iterable
from typing import Final

import pandas as pd

SEPARATOR: Final = "|"  # between several categories, or several flags, in one cell

COLUMNS: Final[dict[str, str]] = {
    "source": "str",  # supplier, e.g. "app" (the --source option, else the file's adapter)
    "source_id": "str",  # the supplier's id, kept to the letter: "00123" keeps its zeros
    "x": "float64",  # metres, RD New (EPSG:28992)
    "y": "float64",  # metres, RD New
    "uncertainty_m": "float64",  # radius of the place's uncertainty in metres; NaN: not stated
    "event_date": "datetime64[s]",  # the local day of the event, at midnight; NaT only in files without dates
    "event_minute": "float64",  # local minute of the day 0..1439, Europe/Amsterdam; NaN: time unknown
    "event_until": "datetime64[s]",  # local end of a moment known by from–to, after its start; NaT: known by one moment
    "reported_at": "datetime64[s]",  # local moment of reporting; NaT: not stated
    "categories": "str",  # canonical names joined by SEPARATOR
    "text": "str",  # free text with people masked; "" for whoever may not read it
    "street": "str",
    "postcode": "str",
    "status": "str",
    "flags": "str",  # FLAGS joined by SEPARATOR
}

# Flags set by the importer and kept with the report (BAD_INPUT, outcome F).
PROBABLE_DUPLICATE: Final = "probable_duplicate"  # counted once: left out of counts and clustering, reversible
COARSE_PLACE: Final = "coarse_place"  # few decimals or a stated radius; honoured through uncertainty_m
NEAR_BORDER: Final = "near_border"  # outside the municipality by no more than the tolerance
AMBIGUOUS_TIME: Final = "ambiguous_time"  # in the hour that happens twice
MOJIBAKE: Final = "mojibake"  # text was garbled before it reached us; original kept
TEST_TEXT: Final = "test_text"  # "test", "asdf": probably nobody's report
FLOOD: Final = "flood"  # very many reports of one source in one hour
REVIEW_TEXT: Final = "review_text"  # masking is doubtful: a person must look
SNAPPED: Final = "snapped"  # past its time: text wiped, point moved to the middle of its cell (data.retention)
# Derived from all reports together, by geo.exclusions, never stored:
DEFAULT_POINT: Final = "default_point"  # on a pile at one default coordinate
LATTICE: Final = "lattice"  # on its source's lattice of rounded coordinates, too wide for eps; no flag, a reason

FLAGS: Final = (
    PROBABLE_DUPLICATE,
    COARSE_PLACE,
    NEAR_BORDER,
    AMBIGUOUS_TIME,
    MOJIBAKE,
    TEST_TEXT,
    FLOOD,
    REVIEW_TEXT,
    DEFAULT_POINT,
    SNAPPED,
)


def empty() -> pd.DataFrame:
    """A report table without rows, with every column and its dtype."""
    return pd.DataFrame({name: pd.Series(dtype=dtype) for name, dtype in COLUMNS.items()})


def join_cell(values: Iterable[str]) -> str:
    """Several labels as one cell, each once, in the order given."""
    return SEPARATOR.join(dict.fromkeys(v for v in values if v))


def holds(cell: str, value: str) -> bool:
    """Whether a cell of joined labels holds ``value``."""
    return value in cell.split(SEPARATOR)


def has(cells: pd.Series, value: str) -> pd.Series:
    """Whether each cell of joined labels holds ``value`` (bool, on the same index)."""
    # By the few different cells there are: a city's reports hold the same labels again and again
    holding = [cell for cell in cells.unique() if holds(str(cell), value)]
    return cells.isin(holding) if holding else pd.Series(False, index=cells.index)

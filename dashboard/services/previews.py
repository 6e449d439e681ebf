"""What a dropped file seems to say, before anything is stored: its columns, its first rows, and how they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd
import shapely

from data import free_text
from data.columns import NAMES, is_personal, likely
from data.columns import Mapping as ColumnMapping
from data.compare import Checked
from data.importing import ImportOptions, check_table
from data.reasons import FileRefused, Outcome, Reason
from data.settings import Settings
from data.sources.table import GEOMETRY_X, GEOMETRY_Y, RawTable, RowProblem

TRIED: Final = 200  # rows read and checked for a preview
SHOWN: Final = 8
MOST_COLUMNS: Final = 60  # of which one can say what they are
CHARACTERS: Final = 60
_TEXT: Final = ("omschrijving", "categorie", "straat", "status", "")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """The first rows of a file. n_read: of the whole file."""

    name: str
    table: RawTable
    n_read: int
    roles: Mapping[str, str]  # column → part, as its name says; "" none
    withheld: tuple[str, ...]  # columns about persons
    geometry: bool  # its rows are points already


@dataclass(frozen=True, kw_only=True)
class ReadRow:
    """One row and how it is read. cells: in the order of the columns, people masked. day: None not readable.

    minute: of the day, None unknown. x, y: RD metres, None not readable. problem: the first thing against it.
    """

    row: int
    cells: tuple[str, ...]
    day: date | None = None
    minute: int | None = None
    x: float | None = None
    y: float | None = None
    problem: RowProblem | None = None


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a choice of columns comes to. refused: why the file as a whole could not be taken so; n_good of n_tried rows pass."""

    sample: Sample
    roles: Mapping[str, str]
    swap_xy: bool
    rows: tuple[ReadRow, ...]
    refused: FileRefused | None
    n_tried: int
    n_good: int
    notes: tuple[Reason, ...] = ()


def sample_of(table: RawTable, *, name: str) -> Sample:
    """The first rows of a table, with what its columns' names say."""
    n = min(TRIED, len(table.rows))
    part = RawTable(
        frame=table.frame.iloc[:n].reset_index(drop=True),
        rows=table.rows[:n],
        problems=(),
        n_read=n,
        normalised=table.normalised,
        epoch_1904=table.epoch_1904,
        crs=table.crs,
        figures={column: figures.take(np.arange(n)) for column, figures in table.figures.items()},
    )
    names = [str(column) for column in table.frame.columns]
    geometry = GEOMETRY_X in names and GEOMETRY_Y in names
    roles = likely(names)
    if geometry:  # the geometry says where, unless somebody says otherwise
        roles = {column: "" if role in ("lat", "lon", "x", "y") else role for column, role in roles.items()}
    withheld = tuple(column for column, role in roles.items() if not role and is_personal(column))
    return Sample(name=name, table=part, n_read=table.n_read, roles=roles, withheld=withheld, geometry=geometry)


def chosen(sample: Sample, roles: Sequence[str]) -> dict[str, str]:
    """Column → part, from a part for each of the first columns in their order; anything that is no part is none."""
    given = [role if role in NAMES else "" for role in roles]
    return dict(zip(sample.roles, [*given, *[""] * len(sample.roles)], strict=False))


def mapping_of(sample: Sample, roles: Mapping[str, str], *, swap_xy: bool) -> ColumnMapping:
    """The mapping that a choice of a part for each column comes to. Raises FileRefused when two play the same part."""
    columns: dict[str, str] = {}
    for column, role in roles.items():
        if not role or column not in sample.roles or column in sample.withheld:
            continue
        if role in columns:
            raise FileRefused(
                "same_role",
                "Twee kolommen zijn allebei ‘{role}’: {first} en {second}. Laat er een weg.",
                role=role,
                first=columns[role],
                second=column,
            )
        columns[role] = column
    ignored = tuple(column for column in sample.roles if column not in columns.values())
    return ColumnMapping(columns=columns, swap_xy=swap_xy, ignored=ignored)


def preview(
    sample: Sample,
    settings: Settings,
    *,
    roles: Mapping[str, str] | None = None,
    swap_xy: bool = False,
    municipality: shapely.Geometry | None = None,
) -> Preview:
    """Read and check the sample under a choice of columns (None: as their names say); nothing is stored.

    municipality: outline in RD, None: no test.
    """
    wanted = dict(sample.roles if roles is None else roles)
    refused: FileRefused | None = None
    checked: Checked | None = None
    try:
        mapping = mapping_of(sample, wanted, swap_xy=swap_xy)
        options = ImportOptions(mapping=mapping)
        checked = check_table(sample.table, settings=settings, options=options, municipality=municipality)
    except FileRefused as error:
        refused = error
    return Preview(
        sample=sample,
        roles=wanted,
        swap_xy=swap_xy,
        rows=_rows(sample, wanted, checked),
        refused=refused,
        n_tried=len(sample.table.rows),
        n_good=len(checked.reports) if checked else 0,
        notes=checked.normalised if checked else sample.table.normalised,
    )


def _rows(sample: Sample, roles: Mapping[str, str], checked: Checked | None) -> tuple[ReadRow, ...]:
    numbers = sample.table.rows[:SHOWN].tolist()
    shown = [_shown(sample, column, roles.get(column, "")) for column in list(sample.roles)[:MOST_COLUMNS]]
    cells = list(zip(*shown, strict=True)) if shown else [()] * len(numbers)
    read = checked.reports.set_index("row") if checked else pd.DataFrame()
    problems: dict[int, RowProblem] = {}
    for problem in checked.problems if checked else ():
        if problem.reason.outcome is not Outcome.NORMALISE:
            problems.setdefault(problem.row, problem)
    return tuple(
        _read(row, told, read.loc[row] if row in read.index else None, problems.get(row))
        for row, told in zip(numbers, cells, strict=True)
    )


def _read(row: int, cells: Sequence[str], found: pd.Series | None, problem: RowProblem | None) -> ReadRow:
    if found is None:
        return ReadRow(row=row, cells=tuple(cells), problem=problem)
    return ReadRow(
        row=row,
        cells=tuple(cells),
        day=None if pd.isna(found["event_date"]) else found["event_date"].date(),
        minute=None if pd.isna(found["event_minute"]) else int(found["event_minute"]),
        x=float(found["x"]),
        y=float(found["y"]),
        problem=problem,
    )


def _shown(sample: Sample, column: str, role: str) -> list[str]:
    """The first cells of a column as they may be seen before a file is taken."""
    if column in sample.withheld:
        return [""] * min(SHOWN, len(sample.table.rows))
    figures = sample.table.figures.get(column)
    at = np.arange(min(SHOWN, len(sample.table.rows)))
    cells = (figures.at(at) if figures is not None else sample.table.frame[column].iloc[at]).astype("str").fillna("")
    told = free_text.seen(cells) if role in _TEXT else list(cells) if role == "id" else free_text.seen_figure(cells)
    return [text if len(text) <= CHARACTERS else text[: CHARACTERS - 1] + "…" for text in map(str, told)]

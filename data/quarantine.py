"""Quarantined rows as they are kept to be corrected: the columns that are ours, people masked, and how to read them."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data import free_text, import_reasons
from data.check import Draft
from data.columns import GEOMETRY, NAMES, known_crs
from data.columns import Mapping as ColumnMapping
from data.findings import Findings
from data.identifiers import mask
from data.reasons import Outcome, Reason, UserError
from data.sources import reasons as reading
from data.sources.table import RawTable
from data.texts import Texts

MOST_KEPT: Final = (
    5_000  # rows of one file that a person may correct by hand; a file with more is put right at its source
)
MOST_CHARACTERS: Final = 400  # of a cell that is no free text
_PLACE: Final = ("lat", "lon", "x", "y")
_FIGURES: Final = (
    *_PLACE,
    "datum",
    "tijd",
    "datum_tijd",
    "tot",
    "datum_tot",
    "gemeld_op",
    "nauwkeurigheid",
    "ingetrokken",
)
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")

REASONS: Final[dict[str, Reason]] = {
    reason.code: reason
    for module in (reading, import_reasons)
    for reason in vars(module).values()
    if isinstance(reason, Reason) and reason.outcome is Outcome.QUARANTINE
}
"""Code → reason, of every reason for which a row is not taken."""


class RowState(StrEnum):
    """What became of a quarantined row."""

    OPEN = "open"
    CORRECTED = "corrected"  # offered again and taken
    DISCARDED = "discarded"
    WITHDRAWN = "withdrawn"  # its report was withdrawn: nothing of it is left
    EXPIRED = "expired"  # past its time: nothing of it is left


@dataclass(frozen=True, kw_only=True, slots=True)
class How:
    """How a row's file is read: the system of its coordinates ("" not stated), dates from 1904, the mapping's categories."""

    crs: str = ""
    epoch_1904: bool = False
    categories: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class QuarantinedRow:
    """One row that was not taken. cells: role (data.columns.NAMES) → text, people masked; {} when nothing is left.

    why: (column, value, reason code) of everything that is wrong with it. known: a report of this id was taken since.
    became: the import that took it, 0 for none.
    """

    import_id: int
    file_name: str
    source: str
    row: int
    source_id: str
    state: RowState
    cells: Mapping[str, str]
    how: How
    why: tuple[tuple[str, str, str], ...]
    note: str = ""
    settled_by: str = ""
    settled_at: datetime | None = None
    became: int = 0
    known: bool = False


class QuarantineRefused(UserError):
    """A row that cannot be corrected or discarded; nothing was changed."""


REFUSALS: Final[dict[str, str]] = {
    "unknown_row": "Rij {row} van import {import_id} staat niet in quarantaine. Ververs de lijst.",
    "settled_row": "Rij {row} is al afgehandeld. Ververs de lijst.",
    "unknown_cell": "‘{role}’ is geen kolom van deze rij.",
    "too_long": "De cel ‘{role}’ telt {n} tekens; er passen er {most}. Maak haar korter.",
    "already_there": "Deze melding was al ingelezen. Verwijder de rij uit de quarantaine.",
    "was_withdrawn": "De melding met dit kenmerk is ingetrokken en wordt niet opgenomen. Verwijder de rij uit de quarantaine.",
}


def refused(code: str, **fields: object) -> QuarantineRefused:
    """The refusal with this code; ``fields`` must hold what its sentence names."""
    return QuarantineRefused(code, REFUSALS[code], **fields)


def kept_rows(table: RawTable, draft: Draft, found: Findings, *, mapping: ColumnMapping, swap_xy: bool) -> pd.DataFrame:
    """The rows that were not taken: row (int64), source_id and cells (str, JSON), each row once.

    found: what is left of a check after ids were compared. Of rows beyond MOST_KEPT only the id is kept.
    """
    at = np.flatnonzero(found.rows(Outcome.QUARANTINE))
    unread = sorted({problem.row for problem in table.problems} - set(table.rows[at].tolist()))
    if len(at) == 0 and not unread:
        return nothing_kept()
    columns = _columns(table, draft, at[:MOST_KEPT], swap_xy=swap_xy)
    how = _how(table, draft, mapping)
    empty = _packed(dict.fromkeys(columns, ""), how)
    cells = [_packed(dict(zip(columns, values, strict=True)), how) for values in zip(*columns.values(), strict=True)]
    return pd.DataFrame(
        {
            "row": np.array([*table.rows[at].tolist(), *unread], dtype=np.int64),
            "source_id": pd.Series([*draft.frame["source_id"].iloc[at].tolist(), *[""] * len(unread)], dtype="str"),
            "cells": pd.Series([*cells, *[""] * (len(at) - len(cells)), *[empty] * len(unread)], dtype="str"),
        }
    ).drop_duplicates("row", ignore_index=True)


def nothing_kept() -> pd.DataFrame:
    """``kept_rows`` of a file of which every row was taken."""
    frame = pd.DataFrame({"row": pd.Series(dtype="int64")})
    return frame.assign(source_id=pd.Series(dtype="str"), cells=pd.Series(dtype="str"))


def unpacked(cells: str) -> tuple[dict[str, str], How]:
    """Cells by role, and how to read them, out of the text they are stored as."""
    if not cells:
        return {}, How()
    told = json.loads(cells)
    categories = {theirs: tuple(ours) for theirs, ours in told["categories"].items()}
    return told["cells"], How(crs=told["crs"], epoch_1904=told["epoch_1904"], categories=categories)


def edited(row: QuarantinedRow, cells: Mapping[str, str]) -> dict[str, str]:
    """The row's cells with these in the place of what stood there. Raises QuarantineRefused."""
    wanted = dict(row.cells)
    for role, text in cells.items():
        if role not in wanted:
            raise refused("unknown_cell", role=role)
        most = free_text.MAX_CHARACTERS + 1 if role == "omschrijving" else MOST_CHARACTERS  # one more: the check tells
        if len(text) > most:
            raise refused("too_long", role=role, n=len(text), most=most)
        wanted[role] = text
    return wanted


def as_table(row: QuarantinedRow, cells: Mapping[str, str]) -> RawTable:
    """One row as a file of its own, its columns named by the parts they play."""
    return RawTable(
        frame=pd.DataFrame({role: pd.Series([text], dtype="str") for role, text in cells.items()}),
        rows=np.array([row.row], dtype=np.int64),
        problems=(),
        n_read=1,
        epoch_1904=row.how.epoch_1904,
        crs=row.how.crs or None,
    )


def _columns(table: RawTable, draft: Draft, at: NDArray[np.intp], *, swap_xy: bool) -> dict[str, list[str]]:
    """Cells of some rows by role, in the order of NAMES, fit to be kept."""
    place, geographic = draft.columns.place, _is_geographic(table, draft)
    east, north = ("lon", "lat") if geographic else ("x", "y")
    names = {role: name for role, name in draft.columns.by_role.items() if role not in _PLACE}
    names |= dict(zip((east, north), place[::-1] if swap_xy else place, strict=True))
    return {role: _kept(role, _cells(table, names[role], at)) for role in NAMES if role in names}


def _cells(table: RawTable, name: str, at: NDArray[np.intp]) -> pd.Series:
    given = table.figures.get(name)
    cells = given.at(at) if given is not None else table.frame[name].iloc[at]
    return cells.astype("str").fillna("").reset_index(drop=True).str.strip()


def _kept(role: str, cells: pd.Series) -> list[str]:
    """Cells of one column as they may be stored: masked as an import masks them, shortened, storable."""
    plain = cells.str.replace(_UNSTORABLE, "␀", regex=True)
    if role == "omschrijving":
        return list(mask(plain.str.slice(0, free_text.MAX_CHARACTERS))[0].tolist())
    short = plain.str.slice(0, MOST_CHARACTERS)
    if role == "straat":
        return list(free_text.read_street(Texts.of(short), found=Findings(len(short))).tolist())
    if role == "id":
        return list(short.tolist())
    return free_text.seen_figure(short) if role in _FIGURES else free_text.seen(short)


def _is_geographic(table: RawTable, draft: Draft) -> bool:
    if draft.columns.kind != GEOMETRY:
        return draft.columns.kind == "degrees"
    return table.crs is None or known_crs(table.crs).is_geographic


def _how(table: RawTable, draft: Draft, mapping: ColumnMapping) -> How:
    return How(crs=mapping.crs or table.crs or "", epoch_1904=table.epoch_1904, categories=mapping.categories)


def _packed(cells: Mapping[str, Any], how: How) -> str:
    told = {"cells": cells, "crs": how.crs, "epoch_1904": how.epoch_1904, "categories": how.categories}
    return json.dumps(told, ensure_ascii=False)

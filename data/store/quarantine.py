"""Quarantined rows in the store: kept with what they need to be corrected, settled by a person, wiped when they must go."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, and_, case, exists, func, select, update

from data.quarantine import QuarantinedRow, RowState, refused, unpacked
from data.store import bulk
from data.store.tables import imports, quarantine, quarantine_rows, reports

WIPED: Final = "–"  # stands where a quarantined value stood
_AT_ONCE: Final = 500  # ids asked for together


def keep(connection: Connection, rows: pd.DataFrame, import_id: int) -> None:
    """Keep the rows of one import (data.quarantine.kept_rows), all open."""
    n = len(rows)
    if not n:
        return
    columns = {
        "import_id": [import_id] * n,
        "row_number": bulk.cells(rows["row"], "int"),
        "source_id": bulk.cells(rows["source_id"], "str"),
        "cells": bulk.cells(rows["cells"], "str"),
        "state": [RowState.OPEN.value] * n,
        "note": [""] * n,
        "settled_by": [""] * n,
    }
    columns["source_id"] = [
        text.encode("utf-8", "replace").decode().replace("\0", "␀") for text in columns["source_id"]
    ]
    bulk.insert(connection, quarantine_rows, columns)


def read(
    connection: Connection, import_id: int, *, row: int | None = None, most: int | None = None
) -> list[QuarantinedRow]:
    """The rows one import did not take, open ones first, by row number; one when ``row`` is given, at most ``most``."""
    known = exists().where(reports.c.source == imports.c.source, reports.c.source_id == quarantine_rows.c.source_id)
    query = (
        select(quarantine_rows, imports.c.file_name, imports.c.source, known.label("known"))
        .join(imports, imports.c.id == quarantine_rows.c.import_id)
        .where(quarantine_rows.c.import_id == import_id)
        .order_by(case((quarantine_rows.c.state == RowState.OPEN.value, 0), else_=1), quarantine_rows.c.row_number)
        .limit(most)
    )
    reasons = select(quarantine).where(quarantine.c.import_id == import_id).order_by(quarantine.c.position)
    if row is not None:
        query = query.where(quarantine_rows.c.row_number == row)
        reasons = reasons.where(quarantine.c.row_number == row)
    found = connection.execute(query).all()
    if most is not None and found:
        reasons = reasons.where(quarantine.c.row_number <= max(line.row_number for line in found))
    why: dict[int, list[tuple[str, str, str]]] = {}
    for told in connection.execute(reasons):
        why.setdefault(int(told.row_number), []).append((told.column_name, told.value, told.reason))
    return [_row(line, tuple(why.get(int(line.row_number), ()))) for line in found]


def one(connection: Connection, import_id: int, row: int) -> QuarantinedRow:
    """One row that is still open. Raises QuarantineRefused for one that is not there or settled."""
    found = read(connection, import_id, row=row)
    if not found:
        raise refused("unknown_row", row=row, import_id=import_id)
    if found[0].state is not RowState.OPEN:
        raise refused("settled_row", row=row)
    return found[0]


def counts(connection: Connection) -> dict[int, int]:
    """How many rows are still open, by import, newest first; none that has no open row."""
    table = quarantine_rows.c
    query = (
        select(table.import_id, func.count())
        .where(table.state == RowState.OPEN.value)
        .group_by(table.import_id)
        .order_by(table.import_id.desc())
    )
    return {int(import_id): int(n) for import_id, n in connection.execute(query)}


def settle(
    connection: Connection,
    row: QuarantinedRow,
    state: RowState,
    *,
    note: str,
    by: str,
    source_id: str = "",
    became: int = 0,
) -> None:
    """Close a row; its cells go. source_id: what its report is called now, for a withdrawal to find it."""
    done = {
        "state": state.value,
        "cells": "",
        "note": note,
        "settled_by": by,
        "settled_at": datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        "became": became or None,
        "source_id": source_id or row.source_id,
    }
    connection.execute(update(quarantine_rows).where(*_is(row)).values(**done))


def wipe(connection: Connection, ids: Iterable[tuple[str, str]]) -> None:
    """Wipe everything these reports (source, source_id) left in quarantine."""
    wanted = [pair for pair in dict.fromkeys(ids) if pair[1]]
    query = (
        select(imports.c.source, quarantine_rows.c.source_id, quarantine_rows.c.import_id, quarantine_rows.c.row_number)
        .join(imports, imports.c.id == quarantine_rows.c.import_id)
        .where(quarantine_rows.c.source_id != "")
    )
    here: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = [source_id for _, source_id in wanted[start : start + _AT_ONCE]]
        for source, source_id, import_id, row in connection.execute(query.where(quarantine_rows.c.source_id.in_(some))):
            here.setdefault((source, source_id), []).append((int(import_id), int(row)))
    rows = [row for pair in wanted for row in here.get(pair, ())]
    if not rows:
        return
    which = "WHERE import_id = ? AND row_number = ?"
    values = f"UPDATE quarantine SET value = '{WIPED}' {which}"  # noqa: S608  # nosec B608  # constants
    cells = (
        "UPDATE quarantine_rows SET cells = '', note = '', state = CASE state"  # noqa: S608  # nosec B608  # constants
        f" WHEN '{RowState.OPEN}' THEN '{RowState.WITHDRAWN}' ELSE state END {which}"
    )
    bulk.run(connection, values, rows)
    bulk.run(connection, cells, rows)


def expire(connection: Connection, old: Select[Any]) -> None:
    """Wipe what is kept of the rows of old imports (a query for their ids)."""
    mine = quarantine_rows.c.import_id.in_(old)
    still_open = and_(mine, quarantine_rows.c.state == RowState.OPEN.value)
    connection.execute(update(quarantine_rows).where(still_open).values(state=RowState.EXPIRED.value))
    connection.execute(update(quarantine_rows).where(mine).values(cells="", note=""))


def _row(line: Any, why: tuple[tuple[str, str, str], ...]) -> QuarantinedRow:
    cells, how = unpacked(line.cells)
    return QuarantinedRow(
        import_id=int(line.import_id),
        file_name=line.file_name,
        source=line.source,
        row=int(line.row_number),
        source_id=line.source_id,
        state=RowState(line.state),
        cells=cells,
        how=how,
        why=why,
        note=line.note,
        settled_by=line.settled_by,
        settled_at=line.settled_at,
        became=int(line.became or 0),
        known=bool(line.known),
    )


def _is(row: QuarantinedRow) -> tuple[ColumnElement[bool], ...]:
    return quarantine_rows.c.import_id == row.import_id, quarantine_rows.c.row_number == row.row

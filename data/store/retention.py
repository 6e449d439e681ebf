"""Retention in the store: what is past its time, and letting go of it, in one transaction."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Select, func, insert, or_, select, update

from data.decisions import Verdict
from data.store import areas, bulk, decisions, state, tables
from data.store import quarantine as kept_rows
from data.store.imports import tool_version
from data.store.quarantine import WIPED
from data.store.tables import imports, quarantine, reports
from geo import exclusions, lattice, report

RETENTION = "retention"  # the reason on the tombstone


@dataclass(frozen=True, kw_only=True, slots=True)
class Cut:
    """Everything from before these days is past its time. cell_m: side of the cell a point is moved to the middle of."""

    record: date
    detail: date
    quarantine: date
    cell_m: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """How many records, details and quarantined values were past their time."""

    records: int
    details: int
    quarantined: int

    @property
    def anything(self) -> bool:
        """Whether there was something to let go of."""
        return bool(self.records or self.details or self.quarantined)


def past(connection: Connection, cut: Cut) -> Kept:
    """Count what is past its time; change nothing."""
    return Kept(
        records=_count(connection, _records(cut)),
        details=_count(connection, _details(cut)),
        quarantined=_count(connection, _values(cut)),
    )


def let_go(connection: Connection, cut: Cut) -> Kept:
    """Delete records, wipe and move details, wipe quarantined values. Doing it again does nothing."""
    kept = Kept(
        records=_delete_records(connection, cut),
        details=_snap(connection, cut),
        quarantined=_wipe_values(connection, cut),
    )
    if kept.records or kept.details:
        decisions.forget_gone(connection)
        state.changed(connection)
    return kept


def lay_tombstones(connection: Connection, withdrawn: pd.DataFrame) -> int:
    """Remove reports by source and source_id, and leave a tombstone with reason and day; how many were there.

    One line of the import log stands for it, without a file.
    """
    ids = list(zip(withdrawn["source"].tolist(), withdrawn["source_id"].tolist(), strict=True))
    before = _count(connection, select(reports.c.key))
    log = insert(imports).values(
        file_name="",
        sha256="",
        source="",
        imported_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        tool_version=tool_version(),
        **dict.fromkeys((*tables.COUNTS, "n_new", "n_changed", "n_removed"), 0),
    )
    key = connection.execute(log).inserted_primary_key
    bulk.run(
        connection,
        "INSERT INTO withdrawals (source, source_id, reason, import_id, withdrawn_on) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (source, source_id) DO NOTHING",
        [
            (source, source_id, reason, int(key[0]) if key else 0, day.isoformat())
            for (source, source_id), reason, day in zip(
                ids, withdrawn["reason"], withdrawn["withdrawn_on"], strict=True
            )
        ],
    )
    mine = "SELECT key FROM reports WHERE source = ? AND source_id = ?"
    bulk.run(connection, f"DELETE FROM report_history WHERE key IN ({mine})", ids)  # noqa: S608  # nosec B608  # a constant
    bulk.run(connection, "DELETE FROM reports WHERE source = ? AND source_id = ?", ids)
    kept_rows.wipe(connection, ids)
    n_removed = before - _count(connection, select(reports.c.key))
    if key:
        connection.execute(update(imports).where(imports.c.id == key[0]).values(n_removed=n_removed))
    decisions.forget_gone(connection)
    state.changed(connection)
    return n_removed


def _seen(connection: Connection, leaving: pd.DataFrame) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Of reports that leave their coordinate: whether it is a default point, and how far off (m) their source rounds.

    Seen beside all that still have theirs, and written down with them: in the middle of a cell nobody sees it any more,
    and what piled up there would be a hotspot.
    """
    exact = select(reports.c.key, reports.c.x, reports.c.y, reports.c.source).where(
        ~reports.c.flags.contains(report.SNAPPED), reports.c.x.is_not(None), reports.c.y.is_not(None)
    )
    whole = pd.DataFrame(connection.execute(exact).all(), columns=["key", "x", "y", "source"])
    before = select(reports.c.x, reports.c.y, reports.c.uncertainty_m).where(
        reports.c.flags.contains(report.SNAPPED), reports.c.flags.contains(report.DEFAULT_POINT)
    )
    moved = np.array([tuple(row) for row in connection.execute(before)], dtype=float).reshape(-1, 3)
    nobody = decisions.points(connection, Verdict.DEFAULT_POINT)
    middles = exclusions.centres(areas.read(connection, level) for level in ("buurt", "wijk", "gemeente"))
    whole["piled"] = exclusions.default_points(
        whole["x"].to_numpy(float),
        whole["y"].to_numpy(float),
        known=np.vstack([middles, nobody]),
        accepted=decisions.points(connection, Verdict.REAL_PLACE),
        moved=moved,
    )
    whole["rounded_m"] = lattice.radius(whole, accepted=decisions.accepted_sources(connection))
    seen = whole.set_index("key").reindex(leaving["key"])
    return seen["piled"].eq(True).to_numpy(), seen["rounded_m"].fillna(0.0).to_numpy(float)


def _delete_records(connection: Connection, cut: Cut) -> int:
    rows = pd.DataFrame(connection.execute(_records(cut)).all(), columns=["key", "source", "source_id"])
    if rows.empty:
        return 0
    return lay_tombstones(connection, rows.assign(reason=RETENTION, withdrawn_on=datetime.now(UTC).date()))


def _snap(connection: Connection, cut: Cut) -> int:
    found = pd.DataFrame(
        connection.execute(_details(cut)).all(), columns=["key", "x", "y", "uncertainty_m", "postcode", "flags"]
    )
    if found.empty:
        return 0
    half = cut.cell_m / 2
    place = found[["x", "y"]].astype(float).floordiv(cut.cell_m) * cut.cell_m + half
    default, rounded_m = _seen(connection, found)
    radius = found["uncertainty_m"].astype(float).fillna(0.0).clip(lower=np.maximum(rounded_m, half * np.sqrt(2)))
    flags = [
        report.join_cell(
            [f for f in cell.split(report.SEPARATOR) if f != report.REVIEW_TEXT]
            + [report.SNAPPED, report.DEFAULT_POINT if piled else ""]
        )
        for cell, piled in zip(found["flags"], default, strict=True)
    ]
    cells = [
        bulk.cells(place["x"], "float"),
        bulk.cells(place["y"], "float"),
        bulk.cells(radius.where(place["x"].notna()), "float"),
        [code[:4] for code in found["postcode"]],
        flags,
        found["key"].tolist(),
    ]
    bulk.run(connection, "DELETE FROM report_history WHERE key = ?", [(key,) for key in found["key"].tolist()])
    bulk.run(
        connection,
        "UPDATE reports SET text = '', x = ?, y = ?, uncertainty_m = ?, postcode = ?, flags = ? WHERE key = ?",
        zip(*cells, strict=True),
    )
    return len(found)


def _wipe_values(connection: Connection, cut: Cut) -> int:
    n = _count(connection, _values(cut))
    if n:
        old = select(imports.c.id).where(imports.c.imported_at < cut.quarantine)
        wipe = update(quarantine).where(quarantine.c.import_id.in_(old), quarantine.c.value != WIPED)
        connection.execute(wipe.values(value=WIPED))
        kept_rows.expire(connection, old)
    return n


def _happened(cut: date) -> ColumnElement[bool]:
    """Whether a report is from before a day: its event, else its reporting, else its import."""
    return or_(
        reports.c.event_date < cut,
        (reports.c.event_date.is_(None)) & (reports.c.reported_at < cut),
        (reports.c.event_date.is_(None)) & (reports.c.reported_at.is_(None)) & (imports.c.imported_at < cut),
    )


def _records(cut: Cut) -> Select[Any]:
    query = select(reports.c.key, reports.c.source, reports.c.source_id)
    return query.join(imports, imports.c.id == reports.c.import_id).where(_happened(cut.record))


def _details(cut: Cut) -> Select[Any]:
    query = select(
        reports.c.key, reports.c.x, reports.c.y, reports.c.uncertainty_m, reports.c.postcode, reports.c.flags
    ).join(imports, imports.c.id == reports.c.import_id)
    whole = ~reports.c.flags.contains(report.SNAPPED)
    return query.where(_happened(cut.detail), whole).order_by(reports.c.key)


def _values(cut: Cut) -> Select[Any]:
    query = select(quarantine.c.import_id).join(imports, imports.c.id == quarantine.c.import_id)
    return query.where(imports.c.imported_at < cut.quarantine, quarantine.c.value != WIPED)


def _count(connection: Connection, query: Select[Any]) -> int:
    return int(connection.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0)

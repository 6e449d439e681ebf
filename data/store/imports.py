"""ImportTransaction: what an importer may ask of the store and write to it, all of it or nothing."""

from datetime import UTC, date, datetime
from functools import cache
from importlib import metadata as packages
from typing import Any, Final

import numpy as np
import pandas as pd
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Connection, func, insert, select, update

from data.batch import ImportBatch
from data.quarantine import QuarantinedRow, RowState
from data.store import areas, bulk, decisions, quarantine, reports, state, tables

_AT_ONCE: Final = 100_000  # reports that are made ready for the driver together, which bounds the memory it takes
WITHDRAWN: Final = "withdrawn"  # the one reason for a tombstone until retention adds its own

_STORED: Final = tuple(c.name for c in tables.report_history.columns if c.name not in ("key", "version", "replaced_by"))


class ImportTransaction:
    """One write transaction, made by ``ReportStore.importing()``; it sees its own writes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, pd.DataFrame] = {}
        self.removed_any = False

    def known(self, source: str) -> pd.DataFrame:
        """source_id and content_hash (str) of a source's current reports."""
        return self._stored(source)[["source_id", "content_hash"]]

    def withdrawn_ids(self, source: str) -> set[str]:
        """The ids of a source that were withdrawn, whether or not their report ever came."""
        return reports.withdrawn_ids(self._connection, source)

    def window(self, start: date, end: date) -> pd.DataFrame:
        """Current reports (geo.report.COLUMNS, by key) as decided, from start up to and including end."""
        return decisions.overlay(self._connection, reports.read(self._connection, start=start, end=end))

    def coordinates(self) -> pd.DataFrame:
        """x, y (RD metres) and n of every coordinate that two or more current reports bear."""
        return reports.shared_coordinates(self._connection)

    def municipality(self) -> BaseGeometry | None:
        """The municipality's outline in RD; None when the store holds no areas."""
        return areas.municipality(self._connection)

    def write(self, batch: ImportBatch) -> int:
        """Store one checked file and give its import id.

        A new id is inserted, a known id with another hash becomes a new version, with the same hash nothing happens.
        A report that this batch also withdraws is not stored. Raises ValueError for a batch no importer may make:
        an id twice, an id missing, or one that was withdrawn earlier.
        """
        rows = _without_withdrawn(batch)
        self._check(rows)
        match = self._match(rows)
        import_id = self._log(batch, n_new=int(match.new.sum()), n_changed=int(match.changed.sum()))
        self._insert(rows if match.new.all() else rows[match.new], import_id)
        self._replace(rows[match.changed], match.keys[match.changed], import_id)
        n_removed = self._withdraw(batch.withdrawn, import_id)
        _quarantine(self._connection, batch.quarantine, import_id)
        quarantine.keep(self._connection, batch.kept, import_id)
        if match.new.any() or match.changed.any() or n_removed:
            state.changed(self._connection)
        self._known.clear()
        return import_id

    def quarantined(self, import_id: int, row: int) -> QuarantinedRow:
        """A row that an earlier import did not take and nobody settled. Raises QuarantineRefused."""
        return quarantine.one(self._connection, import_id, row)

    def corrected(self, row: QuarantinedRow, *, source_id: str, became: int, by: str) -> None:
        """Close a quarantined row whose correction was taken by import ``became`` under this id."""
        quarantine.settle(self._connection, row, RowState.CORRECTED, note="", by=by, source_id=source_id, became=became)

    def _stored(self, source: str) -> pd.DataFrame:
        if source not in self._known:
            self._known[source] = reports.known(self._connection, source)
        return self._known[source]

    def _check(self, rows: pd.DataFrame) -> None:
        sources, every = rows["source"].to_numpy(object), rows["source_id"].to_numpy(object)
        if any(bool(pd.isna(given).any() or (given == "").any()) for given in (sources, every)):
            raise ValueError("a report without a source or an id")
        for source in pd.unique(sources):
            ids = pd.Index(every[sources == source], dtype=object)
            if not ids.is_unique:
                raise ValueError(f"id {ids[ids.duplicated()][0]!r} twice in one batch")
            withdrawn = self.withdrawn_ids(str(source))
            if withdrawn and (late := withdrawn.intersection(ids)):
                raise ValueError(f"id {min(late)!r} of {source!r} was withdrawn before")

    def _match(self, rows: pd.DataFrame) -> "_Match":
        keys = np.full(len(rows), -1, dtype="int64")
        differs = np.zeros(len(rows), dtype=bool)
        sources = rows["source"].to_numpy(object)
        for source in pd.unique(rows["source"]):
            stored = self._stored(str(source))
            if stored.empty:
                continue
            here = np.flatnonzero(sources == source)
            found = pd.Index(stored["source_id"]).get_indexer(pd.Index(rows["source_id"].iloc[here]))
            there, found = here[found >= 0], found[found >= 0]
            keys[there] = stored["key"].to_numpy()[found]
            old, new = stored["content_hash"].to_numpy(object)[found], rows["content_hash"].to_numpy(object)[there]
            differs[there] = old != new
        return _Match(keys, differs)

    def _log(self, batch: ImportBatch, *, n_new: int, n_changed: int) -> int:
        log = insert(tables.imports).values(
            file_name=batch.file_name,
            sha256=batch.sha256,
            source=batch.source,
            imported_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
            tool_version=tool_version(),
            n_new=n_new,
            n_changed=n_changed,
            n_removed=0,
            **{name: int(getattr(batch, name)) for name in tables.COUNTS},
        )
        key = self._connection.execute(log).inserted_primary_key
        assert key is not None
        return int(key[0])

    def _insert(self, rows: pd.DataFrame, import_id: int) -> None:
        if len(rows):
            with bulk.indexed_afterwards(self._connection, tables.reports, n_new=len(rows)):
                for start in range(0, len(rows), _AT_ONCE):
                    part = rows.iloc[start : start + _AT_ONCE]
                    cells = _cells(part, import_id) | {"version": [1] * len(part)}
                    bulk.insert(self._connection, tables.reports, cells)

    def _replace(self, rows: pd.DataFrame, keys: Any, import_id: int) -> None:
        if not len(rows):
            return
        rows = decisions.text_comes_again(self._connection, rows, keys)
        key_list = keys.tolist()
        kept = ", ".join(f'"{name}"' for name in ("key", "version", *_STORED))
        history = f"INSERT INTO report_history ({kept}, replaced_by) SELECT {kept}, ? FROM reports WHERE key = ?"  # noqa: S608  # nosec B608  # names come from tables.py
        bulk.run(self._connection, history, ((import_id, key) for key in key_list))
        cells = _cells(rows, import_id)
        assigned = ", ".join(f'"{name}" = ?' for name in cells)
        newer = f"UPDATE reports SET {assigned}, version = version + 1 WHERE key = ?"  # noqa: S608  # nosec B608  # names come from tables.py
        bulk.run(self._connection, newer, zip(*cells.values(), key_list, strict=True))

    def _withdraw(self, withdrawn: pd.DataFrame, import_id: int) -> int:
        ids = list(dict.fromkeys(zip(withdrawn["source"].tolist(), withdrawn["source_id"].tolist(), strict=True)))
        if not ids:
            return 0
        before = self._count()
        today = datetime.now(UTC).date().isoformat()
        bulk.run(
            self._connection,
            "INSERT INTO withdrawals (source, source_id, reason, import_id, withdrawn_on) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (source, source_id) DO NOTHING",
            ((source, source_id, WITHDRAWN, import_id, today) for source, source_id in ids),
        )
        bulk.run(
            self._connection,
            "DELETE FROM report_history WHERE key IN (SELECT key FROM reports WHERE source = ? AND source_id = ?)",
            ids,
        )
        bulk.run(self._connection, "DELETE FROM reports WHERE source = ? AND source_id = ?", ids)
        quarantine.wipe(self._connection, ids)
        n_removed = before - self._count()
        if n_removed:
            self.removed_any = True
            decisions.forget_gone(self._connection)
            log = update(tables.imports).where(tables.imports.c.id == import_id).values(n_removed=n_removed)
            self._connection.execute(log)
        return n_removed

    def _count(self) -> int:
        return int(self._connection.scalar(select(func.count()).select_from(tables.reports)) or 0)


class _Match:
    """Which rows are new, which change a stored report, and that report's key (-1: none)."""

    def __init__(self, keys: Any, differs: Any) -> None:
        self.keys = keys
        self.new = keys < 0
        self.changed = differs


def _without_withdrawn(batch: ImportBatch) -> pd.DataFrame:
    if not len(batch.withdrawn):
        return batch.reports
    gone = pd.MultiIndex.from_frame(batch.withdrawn[["source", "source_id"]])
    return batch.reports[~pd.MultiIndex.from_frame(batch.reports[["source", "source_id"]]).isin(gone)]


def _cells(rows: pd.DataFrame, import_id: int) -> dict[str, list[Any]]:
    columns = {name: bulk.cells(rows[name], dtype) for name, dtype in reports.CELL_TYPES.items()}
    columns["content_hash"] = bulk.cells(rows["content_hash"], "str")
    columns["row_number"] = bulk.cells(rows["row"], "int")
    columns["import_id"] = [import_id] * len(rows)
    return columns


def _quarantine(connection: Connection, rows: pd.DataFrame, import_id: int) -> None:
    if not len(rows):
        return
    columns = {
        "import_id": [import_id] * len(rows),
        "position": list(range(len(rows))),
        "row_number": bulk.cells(rows["row"], "int"),
        "column_name": _storable(rows["column"]),
        "value": _storable(rows["value"]),
        "reason": bulk.cells(rows["reason"], "str"),
    }
    bulk.insert(connection, tables.quarantine, columns)


def _storable(texts: pd.Series) -> list[str]:
    """Refused cells may hold exactly what no database takes: NUL becomes ␀, half characters their escape."""
    return [
        text.replace("\0", "␀").encode("utf-8", "backslashreplace").decode("utf-8") for text in bulk.cells(texts, "str")
    ]


def log(connection: Connection) -> pd.DataFrame:
    """Every import, newest first: id, file, source, counts, when (UTC, datetime64[s]) and by which version."""
    columns = bulk.fetch(connection, select(tables.imports).order_by(tables.imports.c.id.desc()))
    texts = ("file_name", "sha256", "source", "tool_version")
    dtypes = dict.fromkeys(columns, "int64") | dict.fromkeys(texts, "str") | {"imported_at": "datetime64[s]"}
    return pd.DataFrame({name: bulk.series(values, dtypes[name]) for name, values in columns.items()})


def quarantined(connection: Connection, import_id: int) -> pd.DataFrame:
    """The rows one import did not take: row (int64), column, value, reason (str), in the order written."""
    table = tables.quarantine
    query = (
        select(table.c.row_number, table.c.column_name, table.c.value, table.c.reason)
        .where(table.c.import_id == import_id)
        .order_by(table.c.position)
    )
    columns = bulk.fetch(connection, query)
    dtypes = {"row_number": "int64"} | dict.fromkeys(("column_name", "value", "reason"), "str")
    frame = pd.DataFrame({name: bulk.series(columns[name], dtype) for name, dtype in dtypes.items()})
    return frame.rename(columns={"row_number": "row", "column_name": "column"})


@cache
def tool_version() -> str:
    """The installed version of this program; "onbekend" when it runs without being installed."""
    try:
        return packages.version("hotspotkaart")
    except packages.PackageNotFoundError:
        return "onbekend"

"""ReportStore: the one door to stored reports, areas and features."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine

from data.calendar import Added, Entry
from data.decisions import Subject, Verdict, clean_note
from data.filter import ReportFilter
from data.quarantine import QuarantinedRow, RowState
from data.store import areas as area_table
from data.store import calendar as calendar_table
from data.store import datasets as dataset_table
from data.store import decisions, engine, imports, migrations, publications, reports, retention, state
from data.store import features as feature_table
from data.store import quarantine as quarantine_table
from data.store import weights as weight_table
from data.store.datasets import Dataset
from data.store.errors import store_error
from data.store.imports import ImportTransaction
from data.store.publications import Export, Published, Version
from data.store.retention import Cut, Kept
from data.viewer import Right, Viewer
from data.weights import Weight
from geo.calendar import Mark, holidays

EVERYTHING = ReportFilter()


class ReportStore:
    """A store in SQLite or PostgreSQL. Safe to share between threads; close it, or use it as a context manager.

    Every method raises StoreError for what its user can do something about: locked, full, unreachable, damaged.
    """

    def __init__(self, opened: Engine) -> None:
        self._engine = opened
        self._lock = threading.Lock()
        self._cached: tuple[str, pd.DataFrame] | None = None

    @classmethod
    def open(cls, url: str, *, timeout_s: float = 30.0, must_exist: bool = False) -> Self:
        """Open a store, make it when it is not there (unless it must be), upgrade it when it is older.

        url: a file's path, ``sqlite:///path`` or ``postgresql://user@host/database``. timeout_s: how long to wait for
        another writer. Raises StoreError for an unusable address, somebody else's file, or a newer store.
        """
        located = engine.locate(str(url))
        if engine.is_other(located):
            raise store_error("not_a_store", store=engine.shown(located))
        if must_exist and not engine.is_there(located):
            raise store_error("missing", store=engine.shown(located))
        opened = engine.create(located, timeout_s=timeout_s)
        try:
            migrations.prepare(opened, timeout_s=timeout_s)
        except BaseException:
            opened.dispose()
            raise
        return cls(opened)

    def close(self) -> None:
        """Let go of the database; SQLite folds its journal into the file."""
        self._cached = None
        self._engine.dispose()

    def __enter__(self) -> Self:
        """The store itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()

    def data_version(self) -> str:
        """Another text after every committed change of reports, areas or features; never the same in two stores."""
        with engine.reading(self._engine) as connection:
            return state.version(connection)

    def reports(self, viewer: Viewer, filter: ReportFilter = EVERYTHING) -> pd.DataFrame:
        """Current reports (geo.report.COLUMNS) that pass, indexed by the store's "key" (int64), by key.

        Whoever may not see single reports gets a table without rows. The frame is the caller's own to change.
        """
        if not viewer.may_see_reports:
            return reports.empty()
        everything = self._everything()
        if filter == EVERYTHING:
            return everything.copy(deep=False)
        off = holidays([entry.mark for entry in self.calendar()]) if filter.school else ()
        return everything[filter.mask(everything, holidays=off)]

    def _everything(self) -> pd.DataFrame:
        """All current reports as decided, read once per data version; pandas copies on write, so one serves all."""
        with self._lock, engine.reading(self._engine) as connection:
            version = state.version(connection)
            if self._cached is None or self._cached[0] != version:
                self._cached = None  # let go of the old frame before the new one is made
                self._cached = (version, decisions.overlay(connection, reports.read(connection)))
            return self._cached[1]

    @contextmanager
    def importing(self) -> Iterator[ImportTransaction]:
        """One write transaction for one file: committed when the block ends well, rolled back when it raises."""
        with engine.writing(self._engine) as connection:
            transaction = ImportTransaction(connection)
            yield transaction
        if transaction.removed_any:
            engine.forget_deleted(self._engine)

    def decide(self, viewer: Viewer, subjects: Sequence[Subject], verdict: Verdict, *, note: str) -> tuple[int, ...]:
        """Decide about what was left out, all or nothing; gives the decisions' ids.

        Raises Denied for whoever may not, DecisionRefused for what cannot be decided (data.decisions).
        """
        viewer.require(Right.DECIDE)
        with engine.writing(self._engine) as connection:
            made = decisions.add(connection, subjects, verdict, note=note, by=viewer.name)
            state.changed(connection)
        return made

    def undo(self, viewer: Viewer, ids: Sequence[int], *, note: str) -> None:
        """Undo decisions, all or nothing; they stay in the history. Raises Denied or DecisionRefused."""
        viewer.require(Right.DECIDE)
        with engine.writing(self._engine) as connection:
            decisions.undo(connection, ids, note=note, by=viewer.name)
            state.changed(connection)

    def mask_text(self, viewer: Viewer, source: str, source_id: str, *, words: Sequence[str], note: str) -> int:
        """Mask words in one report's text for good: a new version of the report, the old text wiped everywhere.

        Takes the report off the review queue and gives that decision's id. Raises Denied or DecisionRefused.
        """
        viewer.require(Right.DECIDE)
        with engine.writing(self._engine) as connection:
            made = decisions.mask_text(connection, source, source_id, tuple(words), note=note, by=viewer.name)
            state.changed(connection)
        engine.forget_deleted(self._engine)
        return made

    def decisions(self, viewer: Viewer) -> pd.DataFrame:
        """Every decision (data.store.decisions.COLUMNS), newest first; no rows for whoever may not decide."""
        with engine.reading(self._engine) as connection:
            found = decisions.read(connection)
        return found if viewer.may(Right.DECIDE) else found.iloc[:0]

    def decided_points(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Coordinates that are real places, and those that are nobody's: (m, 2) RD metres each, to the centimetre."""
        with engine.reading(self._engine) as connection:
            return tuple(decisions.points(connection, v) for v in (Verdict.REAL_PLACE, Verdict.DEFAULT_POINT))  # type: ignore[return-value]  # two by construction

    def decided_sources(self) -> frozenset[str]:
        """Sources whose lattice of coordinates was accepted."""
        with engine.reading(self._engine) as connection:
            return decisions.accepted_sources(connection)

    def answered_marks(self) -> frozenset[tuple[str, str]]:
        """(hotspot's id, mark) that an analyst found not to hold."""
        with engine.reading(self._engine) as connection:
            return decisions.answered_marks(connection)

    def imports(self) -> pd.DataFrame:
        """Every import, newest first: id, file_name, sha256, source, imported_at (UTC), tool_version and counts."""
        with engine.reading(self._engine) as connection:
            return imports.log(connection)

    def quarantine(self, viewer: Viewer, import_id: int) -> pd.DataFrame:
        """The rows one import did not take: row, column, value, reason. Raises Denied for who may not import."""
        viewer.require(Right.IMPORT)
        with engine.reading(self._engine) as connection:
            return imports.quarantined(connection, import_id)

    def quarantined_rows(self, viewer: Viewer, import_id: int, *, most: int | None = None) -> list[QuarantinedRow]:
        """The rows one import did not take, open ones first, by row number. Raises Denied for who may not."""
        viewer.require(Right.IMPORT)
        with engine.reading(self._engine) as connection:
            return quarantine_table.read(connection, import_id, most=most)

    def quarantined_row(self, viewer: Viewer, import_id: int, row: int) -> QuarantinedRow:
        """One row that nobody settled yet. Raises Denied or QuarantineRefused."""
        viewer.require(Right.IMPORT)
        with engine.reading(self._engine) as connection:
            return quarantine_table.one(connection, import_id, row)

    def open_quarantine(self, viewer: Viewer) -> dict[int, int]:
        """How many quarantined rows nobody settled yet, by import, newest first. Raises Denied for who may not."""
        viewer.require(Right.IMPORT)
        with engine.reading(self._engine) as connection:
            return quarantine_table.counts(connection)

    def discard_quarantined(self, viewer: Viewer, import_id: int, row: int, *, note: str) -> None:
        """Say that a quarantined row will not be taken, and why; its cells go. Raises Denied or QuarantineRefused."""
        viewer.require(Right.IMPORT)
        plain = clean_note(note)
        with engine.writing(self._engine) as connection:
            found = quarantine_table.one(connection, import_id, row)
            quarantine_table.settle(connection, found, RowState.DISCARDED, note=plain, by=viewer.name)
        engine.forget_deleted(self._engine)

    def lay_tombstones(self, withdrawn: pd.DataFrame) -> int:
        """Withdraw these (source, source_id, reason, withdrawn_on); how many stored reports that removed."""
        with engine.writing(self._engine) as connection:
            n_removed = retention.lay_tombstones(connection, withdrawn)
        engine.forget_deleted(self._engine)
        return n_removed

    def retain(self, cut: Cut, *, dry_run: bool = False) -> Kept:
        """Let go of what is past its time (data.retention), or only count it."""
        if dry_run:
            with engine.reading(self._engine) as connection:
                return retention.past(connection, cut)
        with engine.writing(self._engine) as connection:
            kept = retention.let_go(connection, cut)
        if kept.anything:
            engine.forget_deleted(self._engine)
        return kept

    def withdrawals(self) -> pd.DataFrame:
        """The tombstones: source, source_id, reason (str) and withdrawn_on (date) of everything that was taken out."""
        with engine.reading(self._engine) as connection:
            return reports.withdrawals_of(connection)

    def replace_areas(
        self,
        level: str | Mapping[str, gpd.GeoDataFrame],
        areas: gpd.GeoDataFrame | None = None,
        *,
        attribution: str,
    ) -> None:
        """Put areas in the place of all of their level; a mapping of level to areas replaces several at once.

        The frame follows CONTRIBUTING ("Tables"), RD. Raises ValueError when it does not; the store is then unchanged.
        """
        levels = {level: areas} if isinstance(level, str) else dict(level)
        with engine.writing(self._engine) as connection:
            for name, given in levels.items():
                if given is None:
                    raise ValueError(f"level {name!r}: no areas given")
                area_table.replace(connection, name, given, attribution=attribution)
            state.changed(connection)

    def areas(self, level: str) -> gpd.GeoDataFrame:
        """The areas of a level ("gemeente", "wijk", "buurt"), RD, in the order given; no rows when there are none."""
        with engine.reading(self._engine) as connection:
            return area_table.read(connection, level)

    def municipality(self) -> BaseGeometry | None:
        """The municipality's outline in RD, without waiting for a writer; None when the store holds no areas."""
        with engine.reading(self._engine) as connection:
            return area_table.municipality(connection)

    def replace_features(self, kind: str, features: gpd.GeoDataFrame, *, attribution: str) -> None:
        """Put features in the place of all of their kind (features.KINDS).

        The frame follows CONTRIBUTING ("Tables"), RD; stops may have a column ``boardings`` (a day, NaN unknown) whose
        unit is in ``attrs["boardings"]``. Raises ValueError when it does not; the store is then unchanged.
        """
        with engine.writing(self._engine) as connection:
            feature_table.replace(connection, kind, features, attribution=attribution)
            if kind == "stops":
                weight_table.replace_boardings(connection, features)
            state.changed(connection)

    def features(self, kind: str) -> gpd.GeoDataFrame:
        """The features of a kind, RD, in the order given; no rows when there are none."""
        with engine.reading(self._engine) as connection:
            return feature_table.read(connection, kind)

    def boardings(self) -> pd.Series:
        """Boardings a day by stop id, of the stops of which they are known; ``attrs["unit"]`` says what was counted."""
        with engine.reading(self._engine) as connection:
            return weight_table.boardings(connection)

    def replace_weight(self, weight: Weight) -> None:
        """Keep a figure per buurt, in the place of the weight of the same name."""
        with engine.writing(self._engine) as connection:
            weight_table.replace(connection, weight)
            state.changed(connection)

    def remove_weight(self, name: str) -> bool:
        """Forget a weight; whether there was one of that name."""
        with engine.writing(self._engine) as connection:
            gone = weight_table.remove(connection, name)
            if gone:
                state.changed(connection)
            return gone

    def weights(self) -> tuple[Weight, ...]:
        """Every weight, by name."""
        with engine.reading(self._engine) as connection:
            return weight_table.read(connection)

    def calendar(self) -> tuple[Entry, ...]:
        """Campaigns, laws, apps and holidays, by first day, kind and name."""
        with engine.reading(self._engine) as connection:
            return calendar_table.read(connection)

    def add_to_calendar(self, marks: Sequence[Mark]) -> Added:
        """Add lines to the calendar; one of the same kind, name and first day is replaced."""
        with engine.writing(self._engine) as connection:
            added = calendar_table.add(connection, marks)
            if added.new or added.changed:
                state.changed(connection)
        return added

    def change_in_calendar(self, id: int, mark: Mark) -> bool:
        """Put a line in the place of the one of this number; whether it is another. Raises CalendarRefused."""
        with engine.writing(self._engine) as connection:
            changed = calendar_table.change(connection, id, mark)
            if changed:
                state.changed(connection)
        return changed

    def datasets(self) -> tuple[Dataset, ...]:
        """What the map is made of and measured against, with source, number and when it came in; by name."""
        with engine.reading(self._engine) as connection:
            return dataset_table.read(connection)

    def remove_from_calendar(self, ids: Sequence[int]) -> None:
        """Remove lines by number, all or none. Raises CalendarRefused for a number that is not there."""
        with engine.writing(self._engine) as connection:
            calendar_table.remove(connection, ids)
            state.changed(connection)

    def published(self) -> Published:
        """What was published, with the exact counts it rests on: for data.publishing; others show only what it shows."""
        with engine.reading(self._engine) as connection:
            return publications.read(connection)

    def published_version(self) -> int:
        """The number of the last freeze; 0 when there was none."""
        with engine.reading(self._engine) as connection:
            return publications.latest(connection)

    def published_versions(self) -> list[Version]:
        """Every freeze, newest first."""
        with engine.reading(self._engine) as connection:
            return publications.versions(connection)

    def keep_published(self, made: Published, *, after: int) -> None:
        """Keep a new publication. Raises publications.Overtaken when version ``after`` is not the last any more."""
        with engine.writing(self._engine) as connection:
            publications.keep(connection, made, after=after)

    def arrivals(self) -> pd.Series:
        """When the present version of each report came in (datetime64, UTC), by key."""
        with engine.reading(self._engine) as connection:
            return publications.arrivals(connection)

    def add_export(self, made: Export) -> None:
        """Keep what a map that is handed out shows."""
        with engine.writing(self._engine) as connection:
            publications.add_export(connection, made)

    def exports(self) -> tuple[Export, ...]:
        """Every map that was handed out, oldest first."""
        with engine.reading(self._engine) as connection:
            return publications.read_exports(connection)

    def any_begins(self, prefix: str) -> bool:
        """Whether any current report's id begins so: invented ones do. It tells nothing else about them."""
        with engine.reading(self._engine) as connection:
            return reports.any_begins(connection, prefix)

    def meta(self, key: str) -> str | None:
        """A note kept with the store, such as "demo"; None when there is none."""
        with engine.reading(self._engine) as connection:
            return state.note(connection, key)

    def set_meta(self, key: str, value: str) -> None:
        """Keep a note with the store, over any older one. It does not change the data version."""
        with engine.writing(self._engine) as connection:
            state.set_note(connection, key, value)

"""Tombstones outside the store: which reports were withdrawn, so that no older backup brings them back.

They stand in the database beside the store (data.audit.log): the ids, the reason and the day, nothing else. A restore
replays them, also when the store itself was lost.
"""

from types import TracebackType
from typing import Self

import pandas as pd
from sqlalchemy import Column, Date, Engine, MetaData, Table, Text, insert, select

from data.audit.log import open_beside
from data.settings import Settings
from data.store import ReportStore, engine

metadata = MetaData()
table = Table(
    "tombstones",
    metadata,
    Column("source", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("withdrawn_on", Date, nullable=False),
)


class Tombstones:
    """The withdrawn ids of one store, kept beside it."""

    def __init__(self, opened: Engine) -> None:
        self._engine = opened

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Those of the store of these settings. Raises StoreError."""
        return cls(open_beside(settings, metadata))

    def __enter__(self) -> Self:
        """The tombstones themselves."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def all(self) -> pd.DataFrame:
        """source, source_id, reason (str) and withdrawn_on (date), by source and id."""
        query = select(table).order_by(table.c.source, table.c.source_id)
        with engine.reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return pd.DataFrame(rows, columns=list(table.columns.keys()))

    def keep(self, store: ReportStore) -> int:
        """Add what the store knows to be withdrawn and stands here not yet; how many that were."""
        withdrawn = store.withdrawals()
        if not len(withdrawn):
            return 0
        with engine.writing(self._engine) as connection:
            here = set(connection.execute(select(table.c.source, table.c.source_id)).all())
            names = [str(name) for name in withdrawn.columns]
            rows = (dict(zip(names, row, strict=True)) for row in withdrawn.itertuples(index=False, name=None))
            new = [row for row in rows if (row["source"], row["source_id"]) not in here]
            if new:
                connection.execute(insert(table), new)
        return len(new)


def replay(settings: Settings) -> int:
    """Withdraw from a restored store what was withdrawn since its backup was made; how many reports that removed.

    All tombstones are laid again, also of reports that the backup does not hold: they may still come in a file.
    """
    with Tombstones.open(settings) as stones, ReportStore.open(settings.store) as store:
        stones.keep(store)  # what the backup itself knew
        known = store.withdrawals()
        here = stones.all()
        missing = here[~_pairs(here).isin(_pairs(known))]
        return store.lay_tombstones(missing) if len(missing) else 0


def _pairs(frame: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(frame[["source", "source_id"]])

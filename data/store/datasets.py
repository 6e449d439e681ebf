"""What the store holds beside reports: each level of areas, kind of features and weight, how many, from where, since when."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from data.store.tables import areas, dataset_dates, datasets, features, weights


@dataclass(frozen=True, kw_only=True, slots=True)
class Dataset:
    """One of them. name: "areas:buurt", "features:schools" or "weight:" and its name. imported_at: UTC, None unknown."""

    name: str
    attribution: str
    n: int
    imported_at: datetime | None


def read(connection: Connection) -> tuple[Dataset, ...]:
    """Every dataset of which there is something, by name."""
    query = (
        select(datasets.c.name, datasets.c.attribution, dataset_dates.c.imported_at)
        .outerjoin(dataset_dates, dataset_dates.c.name == datasets.c.name)
        .order_by(datasets.c.name)
    )
    n = _counts(connection)
    return tuple(
        Dataset(name=row.name, attribution=row.attribution, n=n[row.name], imported_at=row.imported_at)
        for row in connection.execute(query)
        if n.get(row.name)
    )


def _counts(connection: Connection) -> dict[str, int]:
    counted: dict[str, int] = {}
    for prefix, column in (("areas", areas.c.level), ("features", features.c.kind), ("weight", weights.c.name)):
        query = select(column, func.count()).group_by(column)
        if column is weights.c.name:
            query = query.where(weights.c.subject == "buurt")
        counted |= {f"{prefix}:{name}": int(n) for name, n in connection.execute(query)}
    return counted

"""The calendar in the store: lines are added, replaced by one of the same kind, name and first day, and removed."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from data.calendar import Added, Entry, refused
from data.store.tables import calendar
from geo.calendar import Mark, MarkKind


def read(connection: Connection) -> tuple[Entry, ...]:
    """Every line, by first day, kind and name."""
    columns = calendar.c
    query = select(calendar).order_by(columns.first_day, columns.kind, columns.name)
    return tuple(
        Entry(
            id=int(row.id),
            mark=Mark(kind=MarkKind(row.kind), name=row.name, start=row.first_day, end=row.last_day, factor=row.factor),
        )
        for row in connection.execute(query)
    )


def add(connection: Connection, marks: Sequence[Mark]) -> Added:
    """Add lines; of lines alike the last one holds."""
    stored = {_key(entry.mark): entry for entry in read(connection)}
    wanted = {_key(mark): mark for mark in marks}
    new = [mark for key, mark in wanted.items() if key not in stored]
    changed = {stored[key].id: mark for key, mark in wanted.items() if key in stored and stored[key].mark != mark}
    if new:
        connection.execute(insert(calendar), [_values(mark) for mark in new])
    for number, mark in changed.items():
        connection.execute(update(calendar).where(calendar.c.id == number).values(**_values(mark)))
    return Added(new=len(new), changed=len(changed), known=len(wanted) - len(new) - len(changed))


def change(connection: Connection, number: int, mark: Mark) -> bool:
    """Put a line in the place of the one of this number; whether that changed anything.

    Raises CalendarRefused for a number that is not there, or when another line says the same of the same day.
    """
    stored = {entry.id: entry.mark for entry in read(connection)}
    if number not in stored:
        raise refused("unknown_entry", id=number)
    if any(_key(other) == _key(mark) for id_, other in stored.items() if id_ != number):
        raise refused("same_entry", name=mark.name)
    connection.execute(update(calendar).where(calendar.c.id == number).values(**_values(mark)))
    return stored[number] != mark


def remove(connection: Connection, ids: Sequence[int]) -> None:
    """Remove lines by number, all or none. Raises CalendarRefused for a number that is not there."""
    stored = set(connection.scalars(select(calendar.c.id)))
    for number in ids:
        if number not in stored:
            raise refused("unknown_entry", id=number)
    connection.execute(delete(calendar).where(calendar.c.id.in_(ids)))


def _key(mark: Mark) -> tuple[str, str, str]:
    return mark.kind.value, mark.name, mark.start.isoformat()


def _values(mark: Mark) -> dict[str, object]:
    return {
        "kind": mark.kind.value,
        "name": mark.name,
        "first_day": mark.start,
        "last_day": mark.end,
        "factor": mark.factor,
    }

"""The store's own small facts: which store it is, how often it changed, and the notes others keep in it."""

from sqlalchemy import Connection, delete, insert, select, update

from data.store.tables import meta, state


def version(connection: Connection) -> str:
    """Another text after every change of reports, areas or features, and never the same in two stores."""
    row = connection.execute(select(state.c.store_id, state.c.changes)).one()
    return f"{row.store_id}-{row.changes}"


def changed(connection: Connection) -> None:
    """Count one change, in the transaction that makes it."""
    connection.execute(update(state).values(changes=state.c.changes + 1))


def note(connection: Connection, name: str) -> str | None:
    """A note by its name; None when there is none."""
    value: str | None = connection.scalar(select(meta.c.value).where(meta.c.name == name))
    return value


def set_note(connection: Connection, name: str, value: str) -> None:
    """Write a note over any older one."""
    connection.execute(delete(meta).where(meta.c.name == name))
    connection.execute(insert(meta), {"name": name, "value": value})

"""SavedStore: runs that analysts keep, which of them is published with, and views under a name. For analysts only.

Figures of a run are counts per hotspot and the grid cells it touches, never a point or a text; they outlive the reports.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Self

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from data.reasons import UserError
from data.settings import RANGES, Settings
from data.store import engine
from data.store.publications import now
from data.store.tables import saved_runs, saved_views
from data.viewer import Right, Viewer

MAX_NAME: Final = 80
MAX_NOTE: Final = 500
MAX_ADDRESS: Final = 2000
MOST: Final = 500  # runs, and views: a list is to be read


class SavedRefused(UserError):
    """A run or view that cannot be kept, found or changed; nothing was."""


REFUSALS: Final[dict[str, str]] = {
    "saved_name": "Geef een naam van één regel, van hooguit {most} tekens.",
    "saved_note": "De toelichting is te lang: hooguit {most} tekens.",
    "saved_address": "Dit is geen adres van een pagina van dit programma.",
    "saved_full": "Er zijn al {most} bewaard. Verwijder eerst wat niet meer nodig is.",
    "saved_unknown": "Dit is niet (meer) bewaard. Ververs de pagina.",
    "saved_other": "‘{name}’ is van {by}; alleen wie iets bewaarde, kan het verwijderen.",
    "saved_chosen": "Met ‘{name}’ wordt gepubliceerd. Kies eerst een andere analyse, of geen, om mee te publiceren.",
    "saved_eps": "Met een afstand van {eps} meter kan niet worden gepubliceerd: hij moet tussen {low} en {high} meter liggen.",
}
# Wider than this one hotspot swallows a part of the city (METHODS, "DBSCAN"); cells of 50 m say nothing of less than 25
EPS_PUBLISHED: Final = (25.0, 150.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One kept run. view: the map's query. method, figures: as the service wrote them. chosen_at: None: not chosen."""

    id: int
    name: str
    note: str
    made_by: str
    made_at: datetime  # UTC
    data_version: str
    view: str
    method: dict[str, Any]
    figures: dict[str, Any]
    chosen_by: str = ""
    chosen_at: datetime | None = None

    @property
    def eps_m(self) -> float:
        """The distance it clustered with."""
        return float(self.method["eps_m"])


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """One address under a name."""

    id: int
    name: str
    address: str
    made_by: str
    made_at: datetime  # UTC


class SavedStore:
    """Kept runs and views of one store, which must be open already: ReportStore makes the tables.

    Every method raises Denied for whoever may not ask freely, SavedRefused for what cannot be, StoreError as the store.
    """

    def __init__(self, opened: Engine) -> None:
        self._engine = opened

    @classmethod
    def open(cls, settings: Settings, *, timeout_s: float = 30.0) -> Self:
        """The kept runs and views of the store of these settings; holds no connection."""
        return cls(engine.create(engine.locate(settings.store), timeout_s=timeout_s, pooled=False))

    def keep_run(
        self,
        viewer: Viewer,
        name: str,
        note: str,
        *,
        data_version: str,
        view: str,
        method: dict[str, Any],
        figures: dict[str, Any],
    ) -> int:
        """Keep a run; gives its number."""
        viewer.require(Right.CUSTOM)
        values = {
            "name": _named(name),
            "note": _noted(note),
            "made_by": viewer.name,
            "made_at": now(),
            "data_version": data_version,
            "view": view,
            "method": json.dumps(method),
            "figures": json.dumps(figures),
            "chosen_by": "",
        }
        with engine.writing(self._engine) as connection:
            _room(connection, saved_runs)
            return _added(connection, saved_runs, values)

    def runs(self, viewer: Viewer) -> tuple[Run, ...]:
        """Every run, newest first."""
        viewer.require(Right.CUSTOM)
        with engine.reading(self._engine) as connection:
            rows = connection.execute(select(saved_runs).order_by(saved_runs.c.id.desc())).all()
        return tuple(_run(row) for row in rows)

    def run(self, viewer: Viewer, id: int) -> Run:
        """One run."""
        viewer.require(Right.CUSTOM)
        with engine.reading(self._engine) as connection:
            return _found(connection, id)

    def delete_run(self, viewer: Viewer, id: int) -> Run:
        """Remove a run of one's own that is not published with; gives what it was."""
        viewer.require(Right.CUSTOM)
        with engine.writing(self._engine) as connection:
            run = _found(connection, id)
            if run.made_by != viewer.name:
                raise refused("saved_other", name=run.name, by=run.made_by)
            if run.chosen_at is not None:
                raise refused("saved_chosen", name=run.name)
            connection.execute(delete(saved_runs).where(saved_runs.c.id == id))
        return run

    def choose(self, viewer: Viewer, id: int | None) -> Run | None:
        """Publish with the distance of this run from the next freeze on; None: with the setting's again."""
        viewer.require(Right.CUSTOM)
        with engine.writing(self._engine) as connection:
            run = None if id is None else _found(connection, id)
            low, high = EPS_PUBLISHED
            if run is not None and not low <= run.eps_m <= high:
                raise refused("saved_eps", eps=f"{run.eps_m:g}", low=f"{low:g}", high=f"{high:g}")
            connection.execute(update(saved_runs).values(chosen_by="", chosen_at=None))
            if run is not None:
                chosen = {"chosen_by": viewer.name, "chosen_at": now()}
                connection.execute(update(saved_runs).where(saved_runs.c.id == id).values(**chosen))
        return run

    def publish_eps_m(self, *, usual: float) -> float:
        """The distance to publish hotspots with: of the chosen run, else the usual. Tells nothing of any report."""
        low, high = RANGES["eps_m"]
        with engine.reading(self._engine) as connection:
            row = connection.execute(select(saved_runs.c.method).where(saved_runs.c.chosen_at.is_not(None))).first()
        found = float(json.loads(row.method)["eps_m"]) if row else usual
        return found if low <= found <= high else usual

    def keep_view(self, viewer: Viewer, name: str, address: str) -> int:
        """Keep an address under a name; gives its number. The caller has seen that it is one of a page."""
        viewer.require(Right.CUSTOM)
        if not address.startswith("/") or address.startswith("//") or len(address) > MAX_ADDRESS:
            raise refused("saved_address")
        values = {"name": _named(name), "address": address, "made_by": viewer.name, "made_at": now()}
        with engine.writing(self._engine) as connection:
            _room(connection, saved_views)
            return _added(connection, saved_views, values)

    def views(self, viewer: Viewer) -> tuple[View, ...]:
        """Every view, by name."""
        viewer.require(Right.CUSTOM)
        with engine.reading(self._engine) as connection:
            rows = connection.execute(select(saved_views).order_by(saved_views.c.name, saved_views.c.id)).all()
        return tuple(View(**{**row._mapping, "made_at": row.made_at.replace(tzinfo=UTC)}) for row in rows)

    def delete_view(self, viewer: Viewer, id: int) -> None:
        """Remove a view of one's own."""
        viewer.require(Right.CUSTOM)
        with engine.writing(self._engine) as connection:
            row = connection.execute(select(saved_views).where(saved_views.c.id == id)).first()
            if row is None:
                raise refused("saved_unknown")
            if row.made_by != viewer.name:
                raise refused("saved_other", name=row.name, by=row.made_by)
            connection.execute(delete(saved_views).where(saved_views.c.id == id))


def refused(code: str, **fields: object) -> SavedRefused:
    """The refusal with this code; ``fields`` must hold what its sentence names."""
    return SavedRefused(code, REFUSALS[code], **fields)


def _named(text: str) -> str:
    name = text.strip()
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise refused("saved_name", most=MAX_NAME)
    return name


def _noted(text: str) -> str:
    note = text.strip().replace("\x00", "")
    if len(note) > MAX_NOTE:
        raise refused("saved_note", most=MAX_NOTE)
    return note


def _room(connection: Connection, table: Any) -> None:
    if len(connection.execute(select(table.c.id).limit(MOST)).all()) >= MOST:
        raise refused("saved_full", most=MOST)


def _added(connection: Connection, table: Any, values: dict[str, Any]) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    if key is None:
        raise RuntimeError("a row without a key")
    return int(key[0])


def _found(connection: Connection, id: int) -> Run:
    row = connection.execute(select(saved_runs).where(saved_runs.c.id == id)).first()
    if row is None:
        raise refused("saved_unknown")
    return _run(row)


def _run(row: Row[Any]) -> Run:
    values = dict(row._mapping)
    return Run(
        **{
            **values,
            "made_at": row.made_at.replace(tzinfo=UTC),
            "chosen_at": row.chosen_at and row.chosen_at.replace(tzinfo=UTC),
            "method": json.loads(row.method),
            "figures": json.loads(row.figures),
        }
    )

"""The schema, the same for SQLite and PostgreSQL.

Places are RD metres (EPSG:28992), shapes are WKB in RD, moments are naive local time except ``imported_at`` (UTC).
There is no column for contact details, and none may come: a test reads this module for it.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()

# SQLite numbers rows by itself only when the type is literally INTEGER.
_KEY = BigInteger().with_variant(Integer(), "sqlite")


def _report_columns() -> list[Column[object]]:
    """The columns a report and an older version of it share, after their keys."""
    return [
        Column("source", Text, nullable=False),
        Column("source_id", Text, nullable=False),
        Column("x", Double),
        Column("y", Double),
        Column("uncertainty_m", Double),
        Column("event_date", Date),
        Column("event_minute", SmallInteger),
        Column("event_until", DateTime),
        Column("reported_at", DateTime),
        Column("categories", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("street", Text, nullable=False),
        Column("postcode", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("flags", Text, nullable=False),
        Column("content_hash", Text, nullable=False),
        Column("row_number", BigInteger, nullable=False),
        Column("import_id", _KEY, ForeignKey("imports.id"), nullable=False),
    ]


schema_version = Table("schema_version", metadata, Column("version", Integer, primary_key=True, autoincrement=False))

# One row: which store this is, and how often its reports, areas or features changed.
state = Table(
    "state",
    metadata,
    Column("one", SmallInteger, CheckConstraint("one = 1"), primary_key=True, autoincrement=False),
    Column("store_id", Text, nullable=False),
    Column("changes", BigInteger, nullable=False),
)

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

COUNTS: Final = ("n_read", "n_accepted", "n_quarantined", "n_duplicates", "n_withdrawn", "n_flagged")

imports = Table(
    "imports",
    metadata,
    Column("id", _KEY, Identity(), primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("imported_at", DateTime, nullable=False),
    Column("tool_version", Text, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in COUNTS),
    Column("n_new", BigInteger, nullable=False),  # of the accepted: not stored before
    Column("n_changed", BigInteger, nullable=False),  # of the accepted: a new version of a stored report
    Column("n_removed", BigInteger, nullable=False),  # of the withdrawn: stored until now
    sqlite_autoincrement=True,
)

reports = Table(
    "reports",
    metadata,
    Column("key", _KEY, Identity(), primary_key=True),
    Column("version", Integer, nullable=False),
    *_report_columns(),
    UniqueConstraint("source", "source_id"),
    Index("reports_event_date", "event_date"),
    Index("reports_x_y", "x", "y"),
    sqlite_autoincrement=True,  # a key is never given out twice, not even after a withdrawal
)

report_history = Table(
    "report_history",
    metadata,
    Column("key", _KEY, primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    *_report_columns(),
    Column("replaced_by", _KEY, ForeignKey("imports.id"), nullable=False),  # the import that brought the next version
)

# Tombstones: an id that was withdrawn, whether or not its report ever came. Nothing else is kept of it.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("source", Text, primary_key=True),
    Column("source_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("import_id", _KEY, ForeignKey("imports.id"), nullable=False),
    Column("withdrawn_on", Date, nullable=False),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("import_id", _KEY, ForeignKey("imports.id"), primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("row_number", BigInteger, nullable=False),
    Column("column_name", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

# Quarantined rows as they can be corrected (data.quarantine): the columns that are ours, people masked. source_id is there
# for a withdrawal to find them; the cells go when a row is settled, withdrawn or past its time.
quarantine_rows = Table(
    "quarantine_rows",
    metadata,
    Column("import_id", _KEY, ForeignKey("imports.id"), primary_key=True),
    Column("row_number", BigInteger, primary_key=True, autoincrement=False),
    Column("source_id", Text, nullable=False),  # "" when it has none
    Column("cells", Text, nullable=False),  # JSON; "" when there is nothing (left) to correct
    Column("state", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("settled_by", Text, nullable=False),
    Column("settled_at", DateTime),  # UTC; NULL while open
    Column("became", _KEY, ForeignKey("imports.id")),  # the import that took the corrected row
    Index("quarantine_rows_source_id", "source_id"),
)

# When each dataset came in; what came before this table existed has no line.
dataset_dates = Table(
    "dataset_dates",
    metadata,
    Column("name", Text, primary_key=True),
    Column("imported_at", DateTime, nullable=False),  # UTC
)

# Where a level of areas or a kind of features comes from.
datasets = Table(
    "datasets", metadata, Column("name", Text, primary_key=True), Column("attribution", Text, nullable=False)
)

areas = Table(
    "areas",
    metadata,
    Column("level", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("wijk_code", Text, nullable=False),
    Column("gemeente_code", Text, nullable=False),
    Column("inhabitants", Double),
    Column("water", Boolean, nullable=False),
    Column("geometry", LargeBinary, nullable=False),
)

features = Table(
    "features",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("subtype", Text, nullable=False),
    Column("uncertainty_m", Double),
    Column("geometry", LargeBinary, nullable=False),
)

# Figures a user brings: per buurt (subject "buurt", by code) and per stop (subject "stops", by id).
weights = Table(
    "weights",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("value", Double, nullable=False),
)

# What analysts said about what was left out (data.decisions). Rows are added and undone, never removed; when the report
# a decision is about goes, its subject and notes are wiped.
decisions = Table(
    "decisions",
    metadata,
    Column("id", _KEY, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),  # "" for a point
    Column("source_id", Text, nullable=False),
    Column("flag", Text, nullable=False),
    Column("x_cm", BigInteger),  # RD New, whole centimetres; only of a point
    Column("y_cm", BigInteger),
    Column("verdict", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", DateTime, nullable=False),  # UTC
    Column("undone_note", Text, nullable=False),
    Column("undone_by", Text, nullable=False),
    Column("undone_at", DateTime),  # UTC; NULL while it holds
    Index("decisions_report", "source", "source_id"),
    sqlite_autoincrement=True,
)

# Campaigns, laws, apps and holidays (data.calendar).
calendar = Table(
    "calendar",
    metadata,
    Column("id", _KEY, Identity(), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date),  # NULL: it lasts
    Column("factor", Double),
    UniqueConstraint("kind", "name", "first_day"),
    sqlite_autoincrement=True,  # a number is never given out twice: "remove 3" always means the same line
)

# What was published (data.publishing). One row a freeze.
published_versions = Table(
    "published_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("frozen_at", DateTime, nullable=False),  # UTC
    Column("k", Integer, nullable=False),
    Column("areas", Text, nullable=False),  # hash of the boundaries that were counted in
    Column("n_shown", BigInteger, nullable=False),
    Column("n_new", BigInteger, nullable=False),
    Column("n_revised", BigInteger, nullable=False),
)

published_places = Table(
    "published_places",
    metadata,
    Column("place", Text, primary_key=True),  # wijk or buurt code
    Column("parent", Text, nullable=False),  # "" for a wijk
)

# The ledger (geo.ledger): exact counts of closed quarters as they were frozen. Never shown.
published_quarters = Table(
    "published_quarters",
    metadata,
    Column("quarter", Integer, primary_key=True, autoincrement=False),  # year · 4 + 0…3
    Column("version", Integer, ForeignKey("published_versions.version"), nullable=False),
)
published_counts = Table(
    "published_counts",
    metadata,
    Column("buurt", Text, primary_key=True),
    Column("quarter", Integer, primary_key=True, autoincrement=False),
    Column("category_group", Text, primary_key=True),
    Column("part_of_day", Text, primary_key=True),
    Column("n", BigInteger, nullable=False),
    Column("version", Integer, ForeignKey("published_versions.version"), nullable=False),
)

published_cells = Table(
    "published_cells",
    metadata,
    Column("place", Text, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),  # first quarter
    Column("quarters", Integer, primary_key=True, autoincrement=False),
    Column("part", Text, primary_key=True),
    Column("shown", BigInteger),  # rounded; NULL: hidden
    Column("why", Text, nullable=False),  # why hidden; "" when shown
    Column("version", Integer, ForeignKey("published_versions.version"), nullable=False),
)

# What earlier versions told of cells that were revised since (geo.publish_past): new figures are proven beside these.
published_past = Table(
    "published_past",
    metadata,
    Column("place", Text, primary_key=True),
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("quarters", Integer, primary_key=True, autoincrement=False),
    Column("part", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),  # the last one in which it stood so
    Column("shown", BigInteger),  # rounded; NULL: hidden
    Column("why", Text, nullable=False),  # why hidden; "" when shown
)

published_hotspots = Table(
    "published_hotspots",
    metadata,
    Column("start", Integer, primary_key=True, autoincrement=False),
    Column("quarters", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("shown", BigInteger, nullable=False),  # rounded
    Column("buurt", Text, nullable=False),
    Column("wijk", Text, nullable=False),
    Column("wijk_code", Text, nullable=False),
    Column("parts_of_day", Text, nullable=False),  # JSON; [] when the profile rests on too few
    Column("geometry", LargeBinary, nullable=False),  # union of grid cells
    Column("version", Integer, ForeignKey("published_versions.version"), nullable=False),
)

# Every map that was handed out: a new one is held against all of these.
exports = Table(
    "exports",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("made_on", Date, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("area", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("k", Integer, nullable=False),
    Column("figures", Text, nullable=False),  # JSON: what was shown and of which grid cells
)

PUBLICATION: Final = (
    published_versions,
    published_places,
    published_quarters,
    published_counts,
    published_cells,
    published_past,
    published_hotspots,
    exports,
)

# Runs that analysts kept, and views they gave a name (data.store.saved). Seen by analysts only.
saved_runs = Table(
    "saved_runs",
    metadata,
    Column("id", _KEY, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),  # UTC
    Column("data_version", Text, nullable=False),
    Column("view", Text, nullable=False),  # the map's query: its filters and settings
    Column("method", Text, nullable=False),  # JSON
    Column("figures", Text, nullable=False),  # JSON: the hotspots, by grid cells
    Column("chosen_by", Text, nullable=False),  # who made it the one to publish with; "" for the others
    Column("chosen_at", DateTime),  # UTC
    sqlite_autoincrement=True,
)
saved_views = Table(
    "saved_views",
    metadata,
    Column("id", _KEY, Identity(), primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text, nullable=False),  # a page of this program, with its query
    Column("made_by", Text, nullable=False),
    Column("made_at", DateTime, nullable=False),  # UTC
    sqlite_autoincrement=True,
)
SAVED: Final = (saved_runs, saved_views)

"""Every text column of the store, the audit log and the users, filled with payloads that say where they stand.

The columns are read from the tables themselves: a new one gets payloads, or a reason here why nobody can write in it.
"""

import contextlib
import json
import re
import sqlite3

import pandas as pd
from sqlalchemy import Text

from dashboard.services.types import SnapshotRequest
from dashboard.state import FilterState
from data.audit import log
from data.audit.chain import Action
from data.decisions import Subject, Verdict
from data.rights import Role
from data.store import tables, users
from data.users import User
from data.viewer import Viewer
from data.weights import Weight
from geo import report
from tests.harden.payloads import PAYLOADS

FEWEST = 10  # payloads in one text
SHORT = PAYLOADS[3]  # short enough to stand in an address as the name of a weight
PEOPLE = "zz-gebruiker"  # how the names of users begin that get payloads: the others must be able to come in
MARKED = re.compile(r"§([\w.]+):(\d+)§")
CODES = {  # why nobody can write in them -> columns
    "made by the program: a random name, a hash, its version, a moment": {
        "state.store_id", "imports.sha256", "imports.tool_version", "reports.content_hash", "report_history.content_hash",
        "published_versions.areas", "exports.id", "exports.sha256", "saved_runs.data_version", "audit_log.at", "audit_log.mac",
        "sign_in_users.password_hash", "sign_in_sessions.id_hash", "sign_in_attempts.name_hash",
    },
    "one of a fixed list of words, or JSON of such words and of figures": {
        "meta.name", "meta.value", "reports.flags", "report_history.flags", "withdrawals.reason", "quarantine.reason",
        "quarantine_rows.state", "areas.level", "features.kind", "weights.subject", "decisions.kind", "decisions.flag",
        "decisions.verdict", "calendar.kind", "published_counts.category_group", "published_counts.part_of_day",
        "published_cells.part", "published_cells.why", "published_past.part", "published_past.why", "published_hotspots.id", "published_hotspots.parts_of_day",
        "saved_runs.method", "audit_log.role", "audit_log.action", "sign_in_users.role",
    },
    "a Dutch postcode or nothing": {"reports.postcode", "report_history.postcode"},
}  # fmt: skip
SAME = {  # what has a name in several columns, and must keep one name in all of them
    "place": ["areas.code", "areas.wijk_code", "areas.gemeente_code", "published_places.place", "published_places.parent",
              "published_cells.place", "published_past.place", "published_counts.buurt", "published_hotspots.wijk_code", "weights.code"],
    "source": ["reports.source", "report_history.source", "imports.source", "withdrawals.source", "decisions.source"],
    "report": ["reports.source_id", "report_history.source_id", "withdrawals.source_id", "decisions.source_id",
               "quarantine_rows.source_id"],
    "user": ["sign_in_users.name", "sign_in_sessions.name"],
}  # fmt: skip
BY_PAGE = {"weights.name", "datasets.name", "dataset_dates.name", "audit_log.actor", "audit_log.subject",
           "audit_log.detail"}  # fmt: skip  # filled with payloads by ``furnish`` already
IN_JSON = {"quarantine_rows.cells": None, "exports.figures": {"buurt", "wijk", "near"}, "saved_runs.figures": {"buurt", "wijk"}}  # fmt: skip  # column -> the keys that hold a text of somebody; None: see ``texts_in``
WIJKEN = "sign_in_users.wijken"  # JSON of codes
LISTED = {
    "reports.categories",
    "reports.status",
}  # few different values, and only in every third row: filters list them
START = {
    "saved_views.address": "/ontwikkeling?wijk="
}  # else no link at all; the store keeps nothing but pages of the program


def free_columns():
    """(table, column) of every text that a person or a file can fill, by its name ``table.column``."""
    found = {}
    for metadata in (tables.metadata, log.metadata, users.metadata):
        for table in metadata.sorted_tables:
            for column in table.columns:
                if isinstance(column.type, Text):
                    found[f"{table.name}.{column.name}"] = (table.name, column.name)
    explained = set().union(*CODES.values())
    assert explained <= found.keys(), f"no longer there: {explained - found.keys()}"
    return {name: where for name, where in found.items() if name not in explained}


def text_of(name, nth, n):
    """The nth of n texts of a column: all hundred payloads stand in the n together, each with where it stands."""
    size = max(FEWEST, -(-len(PAYLOADS) // max(n, 1)))
    some = [(nth * size + i) % len(PAYLOADS) for i in range(min(size, len(PAYLOADS)))]
    return " ".join(f"§{name}:{i}§{PAYLOADS[i]}" for i in some)


def furnish(house):
    """A row at least in every table that holds a text of somebody, made as the page makes it where it can be."""
    services, store, anna = house.services, house.store, house.people["anna"]
    runs = [services.saved.keep_run(anna, FilterState(eps_m=eps), name=f"run {eps}", note="note") for eps in (60, 100)]
    services.saved.choose(anna, runs[0])
    wijken = frozenset(store.areas("wijk")["code"])
    for nth in range(FEWEST):
        services.saved.keep_view(anna, name=f"view {nth}", address=f"/ontwikkeling?wijk={nth}")
        user = User(name=f"{PEOPLE}-{nth}", role=Role.DISTRICT_MANAGER, wijken=wijken, external=True, subject=f"s{nth}")
        house.users.add(user)
        house.users.start_session(user.name)
    buurten = pd.Index(store.areas("buurt")["code"], dtype="str")
    for name in (SHORT, text_of("weights.name", 0, 2), text_of("weights.name", 1, 2)):
        store.replace_weight(Weight(name=name, unit="u", source="s", values=pd.Series(100.0, index=buurten)))
    decide(house)
    bad_rows(house)
    for area in ("", sorted(wijken)[0]):
        services.snapshots.snapshot(anna, SnapshotRequest(format="html", area=area, purpose="p", recipient="r"))
    for i, payload in enumerate(PAYLOADS):
        told = f"§audit_log.detail:{i}§{payload}"
        services.audit.record(
            Viewer(name=f"§audit_log.actor:{i}§{payload}", role=Role.ANALYST),
            list(Action)[i % len(Action)],
            f"§audit_log.subject:{i}§{payload}",
            **dict.fromkeys(("purpose", "what", "way", "name"), told),
        )


def decide(house):
    """Decisions of an analyst, the half of them undone."""
    services, anna = house.services, house.people["anna"]
    reports = house.store.reports(anna)
    some = [
        one for _source, mine in reports[reports["flags"] == ""].groupby("source") for one in mine.head(12).itertuples()
    ]
    made = house.store.decide(
        anna, [Subject.on_flag(r.source, r.source_id, report.TEST_TEXT) for r in some], Verdict.SO, note="n"
    )
    services.review.undo(anna, made[::2], note="undone")


def bad_rows(house):
    """A file of which no row is taken; a few of its rows discarded."""
    services, anna = house.services, house.people["anna"]
    rows = [f"F{i};31-02-2025;22:30;51.81;4.67;nafluiten;tekst {i};straat;bezig" for i in range(15)]
    content = "\n".join(["id;datum;tijd;lat;lon;categorie;omschrijving;straat;status", *rows]).encode()
    services.imports.upload(anna, name="fout.csv", content=content, source="formulier")
    number = services.quarantine.imports(anna)[0].id
    for row in services.quarantine.rows(anna, number)[:4]:
        services.quarantine.discard(anna, number, row.row, note="note")


def poison(path):
    """Payloads in every free column of the store at ``path`` and of the database beside it."""
    with contextlib.closing(opened(path)) as connection:
        # What an import of changed reports, and a freeze of revised figures, would leave
        connection.execute("INSERT INTO report_history SELECT *, import_id FROM reports WHERE key <= 20")
        past = "place, start, quarters, part, version, shown, why"
        connection.execute(f"INSERT OR IGNORE INTO published_past ({past}) SELECT {past} FROM published_cells")
        names = {group: rename(connection, group) for group in SAME}
        grouped = {column for members in SAME.values() for column in members}
        rename_wijken(connection, names["place"])
        for name in free_columns().keys() - grouped - BY_PAGE - IN_JSON.keys() - {WIJKEN}:
            one_by_one(connection, name)
        for name, keys in IN_JSON.items():
            in_json(connection, name, keys)
        connection.execute("UPDATE state SET changes = changes + 1")
        connection.commit()


def opened(path):
    """A store together with the database of the log and the users, which stands beside it."""
    connection = sqlite3.connect(path)
    connection.execute("ATTACH ? AS beside", (str(path.with_name(f"{path.stem}.audit.sqlite")),))
    return connection


def values_of(connection, name):
    """(key of the row, text) of a column, only those that say something if any does; of users only those to fill."""
    table, column = free_columns()[name]
    rows = connection.execute(f"SELECT rowid, {column} FROM {table} ORDER BY rowid").fetchall()
    if table.startswith("sign_in"):
        whose = dict(connection.execute(f"SELECT rowid, name FROM {table}").fetchall())
        rows = [row for row in rows if PEOPLE in whose[row[0]]]
    return [row for row in rows if row[1]] or rows


def change(connection, name, changed):
    """Write new texts into a column, by the row's key."""
    table, column = free_columns()[name]
    connection.executemany(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [(text, key) for key, text in changed])


def rename(connection, group):
    """Give everything of a group a new name, the same in all its columns; gives old name -> new."""
    found = {name: values_of(connection, name) for name in SAME[group]}
    names = {"": ""}
    for values in sorted(({text for _key, text in rows} - {""} for rows in found.values()), key=len):
        for nth, old in enumerate(sorted(values)):
            names.setdefault(old, f"{old} {text_of(group, nth, len(values))}")
    for name, rows in found.items():
        change(connection, name, [(key, names[old]) for key, old in rows])
    return names


def rename_wijken(connection, names):
    """The wijken of every user by their new names."""
    rows = connection.execute("SELECT rowid, wijken FROM sign_in_users").fetchall()
    change(connection, WIJKEN, [(key, json.dumps([names[code] for code in json.loads(told)])) for key, told in rows])


def one_by_one(connection, name):
    """Another text in every row of a column."""
    rows = values_of(connection, name)
    if name in LISTED:
        rows = rows[::3]
    begin = START.get(name, "")
    number = (lambda _nth: "P") if name in LISTED else (lambda nth: f"P{nth}")
    change(
        connection,
        name,
        [(key, f"{begin}{number(nth)} {text_of(name, nth, len(rows))}") for nth, (key, _) in enumerate(rows)],
    )


def in_json(connection, name, keys):
    """Another text in every place of a column's JSON that holds one of somebody."""
    rows = [(key, json.loads(text)) for key, text in values_of(connection, name) if text]
    there = [place for _key, told in rows for place in texts_in(told, keys)]
    for nth, (holder, key) in enumerate(there):
        holder[key] = text_of(name, nth, len(there))
    change(connection, name, [(key, json.dumps(told)) for key, told in rows])


def texts_in(told, keys):
    """(dict, key) of every text of somebody in a JSON value: those under these keys; None: the cells of a row."""
    if keys is None:
        yield from ((told["cells"], role) for role, text in told["cells"].items() if text)
    elif isinstance(told, dict):
        for key, value in told.items():
            if key in keys and isinstance(value, str) and value:
                yield told, key
            yield from texts_in(value, keys)
    elif isinstance(told, list):
        for value in told:
            yield from texts_in(value, keys)


def filled(path):
    """Column -> how many of the hundred payloads stand in it."""
    with contextlib.closing(opened(path)) as connection:
        found = {}
        for name, (table, column) in free_columns().items():
            text = "\n".join(str(v) for (v,) in connection.execute(f"SELECT {column} FROM {table}"))
            found[name] = sum(p in text or json.dumps(p)[1:-1] in text for p in PAYLOADS)
        return found

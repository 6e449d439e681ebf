"""What always holds, whatever stands in a file: the invariant, masked values, and no dependence on the order of rows."""

from datetime import date

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing import ImportOptions, check_table
from data.reasons import FileRefused
from data.settings import Settings
from data.sources.table import RawTable
from geo import report

ODD = [
    "",
    " ",
    "NaN",
    "0",
    "-1",
    "1e308",
    "\x00",
    "\ud800",
    "😀",
    "=1+1",
    "Ã¯",
    "' OR 1",
    "999999",
    "None",
    "٣",
    "1,2,3",
    "\u202e",
]
CELLS = {
    "id": st.sampled_from(["1", "2", "003", "a", *ODD]),
    "datum": st.sampled_from(["03-04-2025", "3 mei 2025", "2025-10-26 02:30", "45400.9375", "2025-07-01T22:30Z", "31-02-2025", *ODD]),
    "tijd": st.sampled_from(["22:30", "24:00", "ca. 23u", "02:30", "11 pm", *ODD]),
    "gemeld_op": st.sampled_from(["04-04-2025 10:00", *ODD]),
    "lat": st.sampled_from(["51.813312", "51,8133", "4.69", "425187", "51.8", *ODD]),
    "lon": st.sampled_from(["4.690187", "4,69", "51.81", "105123", "4.7", *ODD]),
    "categorie": st.sampled_from(["nafluiten", "naroepen; nasissen", "lawaai", *ODD]),
    "omschrijving": st.sampled_from(["Ik ben Jan", "test", "bel 0612345678", "x" * 10_001, *ODD]),
    "straat": st.sampled_from(["Voorstraat 12", *ODD]),
    "status": st.sampled_from(["", "ingetrokken", "open", "\x00"]),
    "nauwkeurigheid": st.sampled_from(["100 m", "straat", *ODD]),
}  # fmt: skip
REQUIRED = ("id", "datum", "lat", "lon")
OPTIONS = ImportOptions(source="app", today=date(2026, 1, 15))


def table_of(rows, names):
    frame = pd.DataFrame([[row[n] for n in names] for row in rows], columns=list(names), dtype="str")
    return RawTable(frame=frame, rows=np.arange(2, len(rows) + 2), problems=(), n_read=len(rows))


@st.composite
def rows(draw, *, unique=False):
    optional = draw(st.lists(st.sampled_from([n for n in CELLS if n not in REQUIRED]), unique=True))
    names = (*REQUIRED, *optional)
    cell = st.fixed_dictionaries(
        {n: st.one_of(CELLS[n], st.text(max_size=8)) if n != "status" else CELLS[n] for n in names}
    )
    found = draw(st.lists(cell, max_size=12))
    if unique:
        found = [row | {"id": f"{i}"} for i, row in enumerate(found)]
    return found, names


def judged(found, names, **options):
    try:
        return check_table(table_of(found, names), settings=Settings(), options=OPTIONS, **options)
    except FileRefused as refused:
        if refused.code != "swapped_axes":
            raise
        return None


@settings(max_examples=100, deadline=None)
@given(rows(), st.booleans())
def test_rows_read_are_accepted_quarantined_double_or_withdrawn_whatever_the_cells_hold(given_rows, place_only):
    found, names = given_rows
    checked = judged(found, names, place_only=place_only)
    if checked is None:
        return
    assert checked.balanced and checked.n_read == len(found)
    told = {p.row for p in checked.problems}
    assert set(range(2, len(found) + 2)) - set(checked.reports["row"]) <= told
    assert all(len(p.value) <= 80 and "\x00" not in p.value for p in checked.problems)


@settings(max_examples=50, deadline=None)
@given(rows())
def test_what_is_accepted_can_be_stored_and_clustered(given_rows):
    checked = judged(*given_rows)
    if checked is None:
        return
    table = checked.reports
    assert {name: str(table[name].dtype) for name in report.COLUMNS} == report.COLUMNS
    assert np.isfinite(table[["x", "y"]].to_numpy()).all() and table["event_date"].notna().all()
    assert table["source_id"].is_unique and (table["source_id"] != "").all()
    minutes = table["event_minute"].dropna()
    assert ((minutes >= 0) & (minutes < 1440) & (minutes % 1 == 0)).all()
    for flags in table["flags"]:
        assert set(flags.split("|")) - {""} <= set(report.FLAGS) - {report.DEFAULT_POINT}
    assert checked.n_flagged >= (table["flags"] != "").sum()
    for name in ("source_id", "categories", "text", "street", "postcode", "status"):
        table[name].str.encode("utf-8")  # raises on what no database takes
        assert not table[name].str.contains("\x00", regex=False).any()


@settings(max_examples=50, deadline=None)
@given(rows(unique=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing_about_what_is_accepted(given_rows, random):
    found, names = given_rows
    straight = judged(found, names)
    order = list(range(len(found)))
    random.shuffle(order)
    shuffled = judged([found[i] for i in order], names)
    if straight is None or shuffled is None:
        assert straight is shuffled
        return
    kept = [set(zip(c.reports["source_id"], c.reports["content_hash"], strict=True)) for c in (straight, shuffled)]
    assert kept[0] == kept[1]
    assert (straight.n_quarantined, straight.n_withdrawn) == (shuffled.n_quarantined, shuffled.n_withdrawn)


@settings(max_examples=30, deadline=None)
@given(rows())
def test_a_file_said_twice_over_gives_the_same_reports_once(given_rows):
    found, names = given_rows
    once, twice = judged(found, names), judged([*found, *found], names)
    if once is None or twice is None:
        assert once is twice
        return
    assert set(once.reports["source_id"]) == set(twice.reports["source_id"])
    assert twice.balanced and twice.n_quarantined == 2 * once.n_quarantined

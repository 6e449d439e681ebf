"""Large files are read packed: numbers as numbers, repeated texts once. Everything says what the text says, to the letter."""

from datetime import date
from pathlib import Path
from unittest import mock

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from data.importing import ImportOptions, check_table
from data.reasons import FileRefused
from data.settings import Settings
from data.sources import delimited, repeated
from data.sources.delimited import read_delimited
from data.sources.figures import ODD, Figures, plain
from data.texts import Texts

NUMBERS = st.one_of(
    st.decimals(-200, 700_000, places=6, allow_nan=False).map(str),
    st.floats(-200, 700_000).map(str),
    st.integers(-(10**12), 10**17).map(str),
    st.sampled_from(["51.8133", "4.60", "0.5", "-0", "-0.0", "00.5", ".5", "5.", "+5.1", "1,5", "1.2.3", "nan", "inf"]),
    st.sampled_from(["", "-", " 51.8 ", "1e5", "51.8N", "٣.٣", "1_0.5", '"51.8"', "999999999.999999", "51.813300"]),
)
CELLS = {
    "id": st.one_of(st.integers(1, 40).map(str), st.sampled_from(["", "a b", "007", " 7 "])),
    "datum": st.sampled_from(
        ["03-04-2025", "04-04-2025 22:30", " 05-04-2025", "31-02-2025", "", "onzin", "2099-01-01"]
    ),
    "tijd": st.sampled_from(["22:30", "24:00", "", "ca. 23u", "02:30", "25:99"]),
    "lat": st.one_of(st.floats(51.7, 51.9).map(lambda v: f"{v:.6f}"), NUMBERS),
    "lon": st.one_of(st.floats(4.6, 4.8).map(lambda v: f"{v:.6f}"), NUMBERS),
    "categorie": st.sampled_from(["nafluiten", "Nafluiten ", "naroepen; nasissen", "", "lawaai"]),
    "omschrijving": st.sampled_from(["test", "", "Ik ben Jan", "bel 0612345678", '"twee\nregels"', "GeÃ¯ntimideerd"]),
    "straat": st.sampled_from(["Voorstraat 12", "Voorstraat 14", "", "Plein 1940-1945"]),
    "status": st.sampled_from(["open", "open", "ingetrokken", ""]),
}


@st.composite
def files(draw):
    """A CSV with at least the columns an import asks for; now and then a blank line, a broken one, or a total."""
    optional = draw(st.lists(st.sampled_from(["tijd", "categorie", "omschrijving", "straat", "status"]), unique=True))
    names = ["id", "datum", "lat", "lon", *optional]
    decimal = draw(st.sampled_from([".", ","]))
    rows = draw(st.lists(st.fixed_dictionaries({n: CELLS[n] for n in names}), min_size=1, max_size=25))
    lines = [
        ";".join(row[n].replace(".", decimal) if n in ("lat", "lon") else row[n] for n in names).replace("\n", "\n")
        for row in rows
    ]
    odd = st.sampled_from(["", ";" * (len(names) - 1), "een;twee", '"open;x', ";".join(names)])
    for at in draw(st.lists(st.integers(0, len(lines)), max_size=3)):
        lines.insert(at, draw(odd))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return (end.join([";".join(names), *lines]) + draw(st.sampled_from(["", end]))).encode()


def read(content, *, packed):
    """The table, read packed or as text; blocks are so small that files have several."""
    settings_ = {"_PACKED": 0 if packed else 1 << 40, "_BLOCK": 200}
    with mock.patch.multiple(delimited, **settings_):
        try:
            return read_delimited(content, name="a.csv")
        except FileRefused as refused:
            return refused.code


def cells(table):
    """Every column as text."""
    return {
        name: table.figures[name].series().tolist() if name in table.figures else table.frame[name].astype(str).tolist()
        for name in table.frame.columns
    }


@settings(max_examples=60, deadline=None)
@given(files())
def test_a_file_read_packed_holds_the_same_cells_and_problems_as_read_as_text(content):
    packed, text = read(content, packed=True), read(content, packed=False)
    if isinstance(text, str):
        assert packed == text
        return
    assert cells(packed) == cells(text)
    assert packed.rows.tolist() == text.rows.tolist()
    assert (packed.problems, packed.n_read, packed.normalised) == (text.problems, text.n_read, text.normalised)


@settings(max_examples=60, deadline=None)
@given(files(), st.booleans())
def test_a_file_read_packed_is_judged_as_read_as_text(content, place_only):
    judged = []
    for packed in (True, False):
        table = read(content, packed=packed)
        if isinstance(table, str):
            return
        try:
            judged.append(
                check_table(
                    table,
                    settings=Settings(),
                    options=ImportOptions(today=date(2026, 1, 15)),
                    place_only=place_only,
                )
            )
        except FileRefused as refused:
            judged.append(refused.code)
    mine, theirs = judged
    if isinstance(mine, str) or isinstance(theirs, str):
        assert mine == theirs
        return
    pd.testing.assert_frame_equal(mine.reports, theirs.reports)
    assert mine.problems == theirs.problems
    assert [r.code for r in mine.normalised] == [r.code for r in theirs.normalised]
    assert mine.balanced and mine.n_flagged == theirs.n_flagged


def test_the_columns_of_an_ordinary_file_are_packed():
    lines = [f"m{i};0{1 + i % 9}-04-2025;51.8{i:04d};4.6{i:04d};nafluiten" for i in range(60)]
    table = read("\n".join(["id;datum;lat;lon;categorie", *lines]).encode(), packed=True)
    assert sorted(table.figures) == ["lat", "lon"]
    kinds = {name: isinstance(table.frame[name].dtype, pd.CategoricalDtype) for name in ("id", "datum", "categorie")}
    assert kinds == {"id": False, "datum": False, "categorie": True}


@settings(max_examples=150, deadline=None)
@given(st.lists(NUMBERS, min_size=1, max_size=20), st.sampled_from([".", ","]))
def test_a_cell_taken_for_a_number_is_that_number_and_can_be_written_back_to_the_letter(texts, mark):
    content = np.frombuffer("".join(f"{t};" for t in texts).encode(), dtype=np.uint8)
    ends = np.flatnonzero(content == ord(";"))
    begins = np.r_[0, ends[:-1] + 1]
    values, decimals = plain(content, begins, ends, mark)
    for text, value, d in zip(texts, values.tolist(), decimals.tolist(), strict=True):
        if d == ODD:
            assert np.isnan(value)
            continue
        assert value == float(text.replace(mark, "."))
        assert f"{value:.{d}f}".replace(".", mark) == text


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_figures_taken_in_another_order_keep_their_texts(data):
    texts = data.draw(st.lists(st.sampled_from(["51.5", "4.25", "", "x", "12"]), min_size=1, max_size=12))
    content = np.frombuffer("".join(f"{t};" for t in texts).encode(), dtype=np.uint8)
    ends = np.flatnonzero(content == ord(";"))
    values, decimals = plain(content, np.r_[0, ends[:-1] + 1], ends, ".")
    odd = np.flatnonzero(decimals == ODD)
    odd_texts = np.array([texts[i] for i in odd], dtype=object)
    figures = Figures(values=values, decimals=decimals, mark=".", odd=odd, odd_texts=odd_texts)
    chosen = data.draw(st.lists(st.sampled_from(range(len(texts))), unique=True))
    taken = figures.take(np.array(chosen, dtype=np.intp))
    assert taken.series().tolist() == [texts[i] for i in chosen]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["a", " a", "b", ""]), max_size=10), st.data())
def test_texts_say_of_every_row_what_they_would_say_one_by_one(given_texts, data):
    text = pd.Series(given_texts, dtype="str")
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=len(text), max_size=len(text))), dtype=bool)
    for cells_ in (text, text.astype("category")):
        texts = Texts.of(cells_).stripped()
        plain_texts = [t.strip() for t in given_texts]
        assert texts.rows(texts.distinct).tolist() == plain_texts
        assert texts.blank.tolist() == [t == "" for t in plain_texts]
        only = texts.only(kept)
        assert only.rows(only.distinct).tolist() == [t if k else "" for t, k in zip(plain_texts, kept, strict=True)]
        assert set(only.distinct) <= {"", *only.rows(only.distinct)}


def test_a_small_file_does_not_wait_for_the_compiler():
    assert delimited._PACKED >= 1 << 20
    assert "numba" not in Path(delimited.__file__).read_text(encoding="utf-8")


def test_texts_of_which_a_large_file_would_have_too_many_are_not_numbered_first(monkeypatch):
    monkeypatch.setattr(repeated, "_MOST", 50)
    rows = [f"{i};{'tekst ' + str(i) if i % 3 == 0 else ''};{i % 7}" for i in range(300)]
    table = read(("id;omschrijving;dag\n" + "\n".join(rows) + "\n").encode(), packed=True)
    kinds = {name: isinstance(table.frame[name].dtype, pd.CategoricalDtype) for name in table.frame}
    assert kinds == {"id": False, "omschrijving": False, "dag": True}
    assert cells(table)["omschrijving"] == [row.split(";")[1] for row in rows]

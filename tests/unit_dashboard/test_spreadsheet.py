"""What a spreadsheet program would run as a formula is inert in every table we hand out; anything else is as it was."""

import csv
import io
import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.spreadsheet import neutralise, to_csv

STARTS = ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"]
FORMULAS = [
    '=HYPERLINK("http://x.example";"klik")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "=",
    "-",
    "+31 6 12345678",
    "--1",
    "-1-1",
    "-inf",
    "-nan",
    "-1_000",
    "-１",
]
AS_THEY_ARE = [
    "",
    "nafluiten",
    "op de hoek = gevaarlijk",
    "a@b",
    "3-4-2025",
    "BU05050200",
    "00123",
    "'t Zand",
    " =1",
    "é-",
]
NUMBERS = ["-1", "-0.5", "+3", "-12.25", "-1e-05", "1e5", "0", "4.67"]


def lines(text):
    """The text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read(table):
    return list(csv.reader(io.StringIO(table, newline="")))


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_gets_an_apostrophe_and_keeps_its_text(text):
    assert neutralise(text) == "'" + text.replace("\r", "\n")


@given(st.sampled_from(STARTS), st.text(max_size=30))
def test_whatever_follows_such_a_start_it_is_a_number_or_no_formula(start, rest):
    made = neutralise(start + rest)
    if made.startswith("'"):
        assert made[1:] == lines(start + rest)
    else:
        assert start in "+-" and set(rest) <= set("0123456789.eE+-") and rest[0].isdigit()
        assert made == start + rest and float(made) == float(start + "1") * float(rest)


@pytest.mark.parametrize("text", AS_THEY_ARE + NUMBERS)
def test_ordinary_text_and_numbers_stay(text):
    assert neutralise(text) == text


@given(st.integers() | st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_stays_whatever_its_sign(value):
    assert neutralise(value) == str(value)


@given(st.text(max_size=30).filter(lambda text: not text.startswith(tuple(STARTS))))
def test_what_starts_otherwise_stays(text):
    assert neutralise(text) == lines(text)


def test_a_whole_table_is_neutralised_and_can_be_read_back():
    rows = [[text, 7, -1.5] for text in FORMULAS + AS_THEY_ARE]
    made = read(to_csv(["tekst", "n", "x"], rows))
    assert made[0] == ["tekst", "n", "x"]
    assert made[1:] == [["'" + lines(t), "7", "-1.5"] for t in FORMULAS] + [[t, "7", "-1.5"] for t in AS_THEY_ARE]


@given(st.lists(st.text(alphabet="=+-@\t\r\n＝,;\"' a1", max_size=12), min_size=1, max_size=6))
def test_no_cell_begins_another_row_or_cell_for_whoever_reads_the_table(texts):
    made = read(to_csv(["a", "b"], [[text, "x"] for text in texts]))
    assert [row[1:] for row in made[1:]] == [["x"]] * len(texts)
    assert not any(row[0].startswith(tuple("=@\t\r\n＝")) for row in made[1:])


def test_the_labels_of_hotspots_have_no_formula_in_ids_or_codes(command, tmp_path):
    ids = ["=1+1", '"a\r=1+1"', "@id", "-x", "+x", "＝x", "gewoon", "-7"]
    reports = tmp_path / "meldingen.csv"
    rows = [f"{id_},{105_000.25 + i},{425_000.75 + i}" for i, id_ in enumerate(ids)]
    reports.write_text("\n".join(["id,x,y", *rows]), encoding="utf-8")
    square = [[104_000, 424_000], [106_000, 424_000], [106_000, 426_000], [104_000, 426_000], [104_000, 424_000]]
    areas = tmp_path / "buurten.geojson"
    collection = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"buurtcode": "=2+2", "buurtnaam": "Kade", "wijkcode": "@WK"},
                "geometry": {"type": "Polygon", "coordinates": [square]},
            }
        ],
    }
    areas.write_text(json.dumps(collection), encoding="utf-8")
    labels = tmp_path / "labels.csv"
    ask = ("hotspots", reports, "--areas", areas, "--eps", 50, "--min-samples", 3, "--labels", labels)
    code, _, err = command(*ask)
    assert code == 0, err
    table = pd.read_csv(labels, dtype=str)
    assert table["id"].tolist() == ["'=1+1", "a\n=1+1", "'@id", "'-x", "'+x", "'＝x", "gewoon", "-7"]
    assert set(table["buurtcode"]) == {"'=2+2"} and set(table["wijkcode"]) == {"'@WK"}
    assert set(table["kind"]) == {"core"} and set(table["label"]) == {"0"}

"""Whatever the bytes: a table whose counts add up, or a refusal in words; never anything else."""

import io
import json

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reasons import FileRefused, Outcome
from data.sources.read import read_table

CSV = (
    "\ufeffMeldingen 2025;;;\nid;datum;lat;omschrijving\n"
    + "".join(f'{i:03d};03-04-2025;51,8;"zei ""hé"";\ntoen; {i}"\n' for i in range(30))
    + "Totaal;30;;\n"
).encode()
GEOJSON = json.dumps(
    {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "EPSG:28992"}},
        "features": [
            {
                "type": "Feature",
                "properties": {"id": str(i), "soort": ["a", "b"], "t": "café"},
                "geometry": {"type": "Point", "coordinates": [105_000 + i, 425_000.5]},
            }
            for i in range(8)
        ],
    },
    ensure_ascii=False,
).encode()


def _workbook():
    book = openpyxl.Workbook()
    for record in [["id", "datum", "lat"], *[[f"{i:03d}", "=TODAY()" if i == 3 else "a", 51.8 + i] for i in range(9)]]:
        book.active.append(record)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FILES = {
    "utf8.csv": CSV,
    "cp1252.csv": CSV.decode("utf-8-sig").encode("cp1252"),
    "utf16.csv": CSV.decode("utf-8-sig").encode("utf-16"),
    "plain.csv": b"id,lat,lon\n" + b"".join(b"%d,51.8,4.6\n" % i for i in range(40)),
    "a.xlsx": _workbook(),
    "a.geojson": GEOJSON,
}


def check(path, content):
    """Read it and hold the counts together; the code of the refusal, or "taken"."""
    path.write_bytes(content)
    try:
        table = read_table(path)
    except FileRefused as refusal:
        return refusal.code
    frame, rows = table.frame, table.rows
    bad = {p.row for p in table.problems}
    assert table.n_read == len(frame) + len(bad)
    assert len(rows) == len(frame) == len(set(rows.tolist()))
    assert not bad & set(rows.tolist())
    assert (rows[1:] > rows[:-1]).all() and (rows > 0).all()
    assert frame.columns.is_unique and all(name.strip() == name and name for name in frame.columns)
    assert all(p.reason.outcome is Outcome.QUARANTINE for p in table.problems)
    assert all(reason.outcome is Outcome.NORMALISE for reason in table.normalised)
    assert all(p.reason.sentence.format(value=p.value, column=p.column, row=p.row) for p in table.problems)
    text = "".join(frame.columns) + "".join("".join(row) for row in frame.to_numpy().tolist())
    assert "\0" not in text and "\ufffd" not in text
    text.encode()  # no half characters
    return "taken"


@pytest.mark.parametrize("name", FILES)
def test_the_files_that_are_damaged_below_are_fine_themselves(tmp_path, name):
    assert check(tmp_path / name, FILES[name]) == "taken"


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_off_anywhere_is_a_table_or_a_refusal(tmp_path, name):
    content = FILES[name]
    for end in range(0, len(content), max(1, len(content) // 60)):
        check(tmp_path / name, content[:end])


def damaged(content, data):
    out = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(out) - 1, 0)))
        how = data.draw(st.sampled_from(["flip", "cut", "insert", "drop", "swap"]))
        if how == "flip" and out:
            out[at] ^= 1 << data.draw(st.integers(0, 7))
        elif how == "cut":
            del out[at:]
        elif how == "insert":
            out[at:at] = data.draw(
                st.binary(max_size=8) | st.sampled_from([b'"', b";", b"\n", b"\0", b"\xe9", b"\xff\xfe"])
            )
        elif how == "drop":
            del out[at : at + data.draw(st.integers(1, 40))]
        else:
            other = data.draw(st.integers(0, max(len(out) - 1, 0)))
            out[at : at + 20], out[other : other + 20] = out[other : other + 20], out[at : at + 20]
    return bytes(out)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_damaged_file_is_a_table_or_a_refusal(tmp_path_factory, data):
    name = data.draw(st.sampled_from(sorted(FILES)))
    check(tmp_path_factory.getbasetemp() / name, damaged(FILES[name], data))


PARTS = st.sampled_from(
    [
        b"id;datum;soort\n",
        b"id,lat\n",
        b'"',
        b";",
        b",",
        b"\t",
        b"\n",
        b"\r",
        b"\r\n",
        b"a",
        b"1",
        b"\xe9",
        b"\xc3\xa9",
        b"\0",
    ]
    + [
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"sep=;\n",
        b"Totaal",
        b" ",
        b"{",
        b"}",
        b"[",
        b'"type":"FeatureCollection"',
        b"PK\x03\x04",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(PARTS, max_size=40).map(b"".join) | st.binary(max_size=200),
    st.sampled_from(["a.csv", "a.xlsx", "a.json", "a"]),
)
def test_any_bytes_are_a_table_or_a_refusal(tmp_path_factory, content, name):
    check(tmp_path_factory.getbasetemp() / name, content)

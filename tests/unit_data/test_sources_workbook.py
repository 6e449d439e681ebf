"""Workbooks, made with openpyxl or written by hand where openpyxl would not make such a thing."""

import io
import random
import struct
import tracemalloc
import zipfile
from datetime import date, datetime, time, timedelta

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reasons import FileRefused
from data.sources.read import read_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
WORKBOOK = f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets><sheet name="Blad1" sheetId="1" r:id="rId1"/></sheets></workbook>'
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{LINKS}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    f'<Relationship Id="rId3" Type="{LINKS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId4" Type="{LINKS}/externalLink" TargetMode="External" Target="https://example.org/x"/>'
    "</Relationships>"
)
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>datum</t></is></c></row>'
)


@pytest.fixture
def read(tmp_path):
    def read(content, name="meldingen.xlsx", **options):
        path = tmp_path / "upload.bin"
        path.write_bytes(content)
        return read_table(path, name=name, **options)

    return read


def workbook(*records, title="Blad1", change=None):
    """A workbook by openpyxl with these records in its first sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for record in records:
        sheet.append(record)
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def package(parts, compression=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def sheet(rows, before="", after=""):
    return f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def by_hand(rows, *, before="", types=TYPES, main=WORKBOOK, **parts):
    """A workbook of one sheet, written by hand; parts are added or replaced by name."""
    named = {name.replace("__", "/").replace("_xml", ".xml"): part for name, part in parts.items()}
    base = {
        "[Content_Types].xml": types,
        "xl/workbook.xml": main,
        "xl/_rels/workbook.xml.rels": RELS,
        "xl/worksheets/sheet1.xml": sheet(rows, before),
    }
    return package(base | named)


def cells(table):
    return table.frame.to_numpy().tolist()


def found(table):
    return [(p.row, p.column, p.reason.code) for p in table.problems]


def notes(table):
    return {reason.code for reason in table.normalised}


def dated(number_format, value):
    """A workbook with one typed cell."""

    def change(book):
        book.active["B2"].number_format = number_format

    return workbook(["id", "datum"], ["1", value], change=change)


TYPED = [
    ("a moment", "yyyy-mm-dd hh:mm", datetime(2025, 4, 3, 22, 30), "2025-04-03T22:30:00"),
    ("a day", "dd-mm-yyyy", date(2025, 4, 3), "2025-04-03T00:00:00"),
    ("a moment with seconds", "d-m-yyyy h:mm:ss", datetime(2025, 4, 3, 22, 30, 59), "2025-04-03T22:30:59"),
    ("a day in a Dutch format with a locale", "[$-413]d mmmm yyyy;@", date(2025, 4, 3), "2025-04-03T00:00:00"),
    ("a time of day", "h:mm", time(22, 30), "22:30:00"),
    ("a time of day with AM/PM", "h:mm AM/PM", time(23, 5), "23:05:00"),
    ("the end of the day", "[h]:mm", timedelta(hours=24), "24:00:00"),
    ("a serial number that is formatted as a day", "dd/mm/yy", 45400.9375, "2024-04-18T22:30:00"),
    ("a serial number that is not", "General", 45400.9375, "45400.9375"),
    ("a text in quotes with letters of dates is no date", '"dag "0', 45400, "45400"),
    ("a format in red with hours", "[Red]hh:mm", 0.5, "12:00:00"),
    ("a whole number", "General", 5.0, "5"),
    ("a coordinate in full precision", "0.00", 51.813299999999998, "51.8133"),
    ("an RD coordinate", "0", 105000.25, "105000.25"),
    ("a negative number", "General", -1, "-1"),
    ("a long number", "0", 123456789012, "123456789012"),
    ("a number that shows leading zeros", "00000", 123, "00123"),
    ("a number in a date format that is no date", "dd-mm-yyyy", -5, "-5"),
    ("a number far beyond the calendar", "dd-mm-yyyy", 99999999, "99999999"),
    ("text with leading zeros", "General", "00123", "00123"),
    ("text that looks like a date", "General", "03-04-2025", "03-04-2025"),
    ("the words NA and None", "General", "NA", "NA"),
    ("true", "General", True, "true"),
    ("false", "General", False, "false"),
    ("a text with a line end", "General", "een\ntwee", "een\ntwee"),
    ("an emoji", "General", "😀", "😀"),
]


@pytest.mark.parametrize(("number_format", "value", "expected"), [c[1:] for c in TYPED], ids=[c[0] for c in TYPED])
def test_a_typed_cell_arrives_as_text(read, number_format, value, expected):
    assert cells(read(dated(number_format, value))) == [["1", expected]]


def test_a_day_of_1904_is_the_day_that_excel_shows_and_the_epoch_is_passed_on(read):
    def change(book):
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        book.active["B2"].number_format = "dd-mm-yyyy"

    table = read(workbook(["id", "datum", "tijd"], ["1", datetime(2025, 4, 3), 45400], change=change))
    assert table.epoch_1904
    assert cells(table) == [["1", "2025-04-03T00:00:00", "45400"]]
    assert not read(workbook(["id", "datum"], ["1", "x"])).epoch_1904


def hidden(book):
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["B"].hidden = True
    book.active.auto_filter.ref = "A1:B4"


def merged(book):
    book.active.merge_cells("A2:B2")


def titled(book):
    book.active.insert_rows(1, 3)
    book.active["A1"] = "Overzicht meldingen 2025"
    book.active.merge_cells("A1:B1")


BOOKS = [
    (
        "hidden and filtered rows and columns are read",
        workbook(["id", "datum"], ["1", "a"], ["2", "b"], ["3", "c"], change=hidden),
        [["1", "a"], ["2", "b"], ["3", "c"]],
        [2, 3, 4],
        [],
        set(),
    ),
    (
        "a merged cell has its value in the first of its cells",
        workbook(["id", "datum"], ["1", None], ["2", "b"], change=merged),
        [["1", ""], ["2", "b"]],
        [2, 3],
        [],
        set(),
    ),
    (
        "title rows are skipped and rows counted as the sheet counts them",
        workbook(["id", "datum"], ["1", "a"], change=titled),
        [["1", "a"]],
        [5],
        [],
        {"title_rows"},
    ),
    (
        "blank rows and rows of white space are no records",
        workbook(["id", "datum"], [], ["1", "a"], ["  ", " "], [None, ""], ["2", "b"]),
        [["1", "a"], ["2", "b"]],
        [3, 6],
        [],
        set(),
    ),
    (
        "a total is no record",
        workbook(["id", "datum", "n"], ["1", "a", 1], [], ["Totaal", None, "=SUM(C2:C2)"]),
        [["1", "a", "1"]],
        [2],
        [],
        {"total_row"},
    ),
    (
        "a formula that was never worked out costs its row",
        workbook(["id", "datum"], ["1", "=TODAY()"], ["2", "b"]),
        [["2", "b"]],
        [3],
        [(2, "datum", "formula_without_value")],
        set(),
    ),
    (
        "cells with errors cost their rows, in Dutch and English",
        workbook(
            ["id", "datum", "tijd"],
            ["1", "#N/B", "a"],
            ["2", "b", "#VERW!"],
            ["3", "#REF!", "#WAARDE!"],
            ["4", "c", "d"],
        ),
        [["4", "c", "d"]],
        [5],
        [
            (2, "datum", "cell_error"),
            (3, "tijd", "cell_error"),
            (4, "datum", "cell_error"),
            (4, "tijd", "cell_error"),
        ],
        set(),
    ),
    (
        "a text that begins with a hash is text",
        workbook(["id", "soort"], ["1", "#metoo"], ["#2", "b"]),
        [["1", "#metoo"], ["#2", "b"]],
        [2, 3],
        [],
        set(),
    ),
    (
        "an error in a column without a name is in the column's place",
        workbook(["id", "datum", None], ["1", "a", "#N/B"], ["2", "b", "c"]),
        [["2", "b", "c"]],
        [3],
        [(2, "kolom_3", "cell_error")],
        {"unnamed_column"},
    ),
    (
        "a note beside the table is a column without a name",
        workbook(["id", "datum"], ["1", "a", None, None, "let op"], ["2", "b"]),
        [["1", "a", "let op"], ["2", "b", ""]],
        [2, 3],
        [],
        {"unnamed_column"},
    ),
    (
        "a table that does not begin in the first column",
        workbook([None, None, "id", "datum"], [None, None, "1", "a"]),
        [["1", "a"]],
        [2],
        [],
        set(),
    ),
    (
        "a cell of more than 100,000 characters costs its row",
        by_hand(
            HEADER
            + f'<row r="2"><c r="A2" t="str"><v>{"a" * 100_001}</v></c></row>'
            + f'<row r="3"><c r="A3" t="str"><v>{"b" * 100_000}</v></c></row>'
        ),
        [["b" * 100_000, ""]],
        [3],
        [(2, "id", "cell_too_large")],
        set(),
    ),
    (
        "a NUL that came in by an escape costs its row",
        by_hand(
            HEADER + '<row r="2"><c r="A2" t="str"><v>a_x0000_b</v></c></row><row r="3"><c r="A3"><v>3</v></c></row>'
        ),
        [["3", ""]],
        [3],
        [(2, "id", "nul_character")],
        set(),
    ),
    (
        "escaped line ends are put back",
        by_hand(HEADER + '<row r="2"><c r="A2" t="inlineStr"><is><t>a_x000D_b</t></is></c></row>'),
        [["a\rb", ""]],
        [2],
        [],
        set(),
    ),
    (
        "a dimension that says there is one cell is not believed",
        by_hand(
            HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>', before='<dimension ref="A1"/>'
        ),
        [["1", "2"]],
        [2],
        [],
        set(),
    ),
    (
        "a dimension that says there are a million rows is not believed",
        by_hand(HEADER + '<row r="2"><c r="A2"><v>1</v></c></row>', before='<dimension ref="A1:XFD1048576"/>'),
        [["1", ""]],
        [2],
        [],
        set(),
    ),
    (
        "rows and cells without references follow one another",
        by_hand(
            '<row><c t="str"><v>id</v></c><c t="str"><v>datum</v></c></row><row><c><v>1</v></c><c><v>2</v></c></row>'
        ),
        [["1", "2"]],
        [2],
        [],
        set(),
    ),
    (
        "names with a prefix are the same names",
        by_hand(
            "",
            xl__worksheets__sheet1_xml=f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row r="1"><x:c r="A1" t="str"><x:v>id'
            '</x:v></x:c><x:c r="B1" t="str"><x:v>datum</x:v></x:c></x:row><x:row r="2"><x:c r="A2"><x:v>1</x:v></x:c>'
            "</x:row></x:sheetData></x:worksheet>",
        ),
        [["1", ""]],
        [2],
        [],
        set(),
    ),
    (
        "a formula with its outcome is its outcome, an empty text included",
        by_hand(
            HEADER
            + '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c></row>'
            + '<row r="3"><c r="A3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        ),
        [["2", ""]],
        [2],
        [(3, "id", "cell_error")],
        set(),
    ),
    (
        "an ISO date cell is a date",
        by_hand(HEADER + '<row r="2"><c r="A2"><v>1</v></c><c r="B2" t="d"><v>2025-04-03T22:30</v></c></row>'),
        [["1", "2025-04-03T22:30:00"]],
        [2],
        [],
        set(),
    ),
    (
        "phonetic readings are no part of a shared text",
        by_hand(
            HEADER + '<row r="2"><c r="A2" t="s"><v>0</v></c></row>',
            xl__sharedStrings_xml=f'<sst xmlns="{MAIN}"><si><r><t>ca</t></r><r><t>fé</t></r><rPh><t>kafee</t></rPh></si></sst>',
        ),
        [["café", ""]],
        [2],
        [],
        set(),
    ),
    (
        "a cell in the very last corner of the sheet costs only its own row",
        by_hand(
            HEADER + '<row r="2"><c r="A2"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
        ),
        [["1", ""]],
        [2],
        [(1_048_576, "", "too_far_right")],
        set(),
    ),
]


@pytest.mark.parametrize(
    ("content", "records", "rows", "problems", "noted"), [c[1:] for c in BOOKS], ids=[c[0] for c in BOOKS]
)
def test_a_workbook_is_taken_as_it_should(read, *, content, records, rows, problems, noted):
    table = read(content)
    assert cells(table) == records
    assert table.rows.tolist() == rows
    assert found(table) == problems
    assert notes(table) == noted
    assert table.n_read == len(records) + len({row for row, _, _ in problems})


def second(*records, title="Meldingen", state="visible"):
    def change(book):
        extra = book.create_sheet(title)
        extra.sheet_state = state
        for record in records:
            extra.append(record)

    return change


def test_of_two_sheets_with_tables_the_first_is_read_and_that_is_said(read):
    table = read(workbook(["id", "datum"], ["1", "a"], change=second(["id", "datum"], ["9", "z"])))
    assert cells(table) == [["1", "a"]] and notes(table) == {"several_sheets"}


def test_a_sheet_with_an_explanation_is_no_table_of_reports(read):
    content = workbook(["Veld", "Uitleg"], ["id", "het nummer"], change=second(["id", "datum"], ["9", "z"]))
    assert cells(read(content)) == [["9", "z"]]


def test_a_visible_sheet_goes_before_a_hidden_one(read):
    def change(book):
        second(["id", "datum"], ["9", "z"])(book)
        book.active = 1
        book.worksheets[0].sheet_state = "hidden"

    assert cells(read(workbook(["id", "datum"], ["1", "a"], change=change))) == [["9", "z"]]


def test_a_chart_sheet_is_passed_over(read):
    def change(book):
        book.create_chartsheet("Grafiek", 0)

    assert cells(read(workbook(["id", "datum"], ["1", "a"], change=change))) == [["1", "a"]]


def test_a_long_sheet_is_read_whole(read):
    seen = []
    content = workbook(["id", "datum"], *[[f"{i:05d}", "a"] for i in range(5_000)])
    table = read(content, progress=seen.append)
    assert table.frame["id"].tolist() == [f"{i:05d}" for i in range(5_000)]
    assert table.rows.tolist() == [*range(2, 5_002)]
    assert seen == sorted(seen) and seen[-1] == 1.0


VALUES = st.one_of(
    st.text(
        alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="_#=\ufffe\uffff"),
        max_size=20,
    ),
    st.text(alphabet="0123456789-.,/: ", max_size=10),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=6))
def test_any_text_in_a_workbook_comes_back_cell_for_cell(tmp_path_factory, pairs):
    grid = [[f"{at:03d}", *pair] for at, pair in enumerate(pairs)]
    path = tmp_path_factory.getbasetemp() / "grid.xlsx"
    path.write_bytes(workbook(["id", "datum", "soort"], *grid))
    assert cells(read_table(path)) == grid


@settings(max_examples=60, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12))
def test_any_number_in_a_workbook_keeps_its_precision(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "number.xlsx"
    path.write_bytes(by_hand(HEADER + f'<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>{value!r}</v></c></row>'))
    assert float(read_table(path).frame["datum"][0]) == value


# Workbooks that must not be opened


def with_part(name, part):
    return package(
        {"[Content_Types].xml": TYPES, "xl/workbook.xml": WORKBOOK, "xl/_rels/workbook.xml.rels": RELS, name: part}
    )


BILLION = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="str"><v>&b;</v></c></row></sheetData></worksheet>'
)


def encrypted():
    content = bytearray(by_hand(HEADER))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := content.find(mark, place + 1)) >= 0:
            content[place + at] |= 1
    return bytes(content)


def many_members():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for i in range(30_000):
            archive.writestr(f"xl/{i}.xml", "")
    return out.getvalue()


def overlapping():
    """The list of members says that one part is 3 GB, as a bomb with overlapping members does."""
    content = bytearray(by_hand(HEADER))
    place = content.find(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 3_000_000_000)
    return bytes(content)


UNSAFE = [
    ("a zip bomb", with_part("xl/worksheets/sheet1.xml", b"<worksheet>" + b" " * 30_000_000), "unsafe_workbook"),
    ("more than 200 MB unpacked", with_part("xl/media/a.bin", b"\0" * 201_000_000), "unsafe_workbook"),
    ("a part that claims to be 3 GB", overlapping(), "unsafe_workbook"),
    ("thirty thousand parts", many_members(), "unsafe_workbook"),
    ("billion laughs", with_part("xl/worksheets/sheet1.xml", BILLION), "unsafe_workbook"),
    (
        "billion laughs after a long comment, in UTF-16",
        with_part("xl/worksheets/sheet1.xml", BILLION.replace("?>", "?><!--" + "x" * 9_000 + "-->").encode("utf-16")),
        "unsafe_workbook",
    ),
    (
        "a document type in the list of types",
        with_part("xl/theme/theme1.xml", "<!DOCTYPE a SYSTEM 'file:///x'><a/>"),
        "unsafe_workbook",
    ),
    ("a workbook in a workbook", with_part("xl/embeddings/a.bin", by_hand(HEADER)), "unsafe_workbook"),
    ("a path to outside", with_part("../../etc/passwd", "x"), "unsafe_workbook"),
    ("an absolute path", with_part("/etc/passwd", "x"), "unsafe_workbook"),
    ("a Windows path", with_part("..\\..\\x", "x"), "unsafe_workbook"),
    ("an encrypted zip", encrypted(), "old_or_protected_workbook"),
    (
        "an encrypted workbook or an .xls",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5_000,
        "old_or_protected_workbook",
    ),
    (
        "an .xlsm under another name",
        by_hand(HEADER, types=TYPES.replace("spreadsheetml.sheet.main", "spreadsheetml.sheet.macroEnabled.main")),
        "macro_workbook",
    ),
    (
        "an .xlsb under another name",
        by_hand(
            HEADER,
            types=TYPES.replace(
                "openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "ms-excel.sheet.binary.macroEnabled.main"
            ),
        ),
        "macro_workbook",
    ),
    (
        "a text document",
        by_hand(HEADER, types=TYPES.replace("spreadsheetml.sheet", "wordprocessingml.document")),
        "not_a_table",
    ),
    ("a zip of something else", package({"meldingen.csv": "id;datum\n1;2"}), "not_a_table"),
    ("a workbook packed with bzip2", package({"[Content_Types].xml": TYPES}, zipfile.ZIP_BZIP2), "unsafe_workbook"),
    ("a workbook cut off", workbook(["id", "datum"], ["1", "a"])[:-200], "broken_workbook"),
    ("the first bytes of a workbook", workbook(["id", "datum"], ["1", "a"])[:100], "broken_workbook"),
    ("a sheet that stops halfway", by_hand("", xl__worksheets__sheet1_xml=sheet(HEADER)[:-30]), "broken_workbook"),
    ("rows that go back", by_hand(HEADER + '<row r="3"/><row r="2"/>'), "broken_workbook"),
    ("a row beyond the last", by_hand(HEADER + '<row r="99999999"/>'), "broken_workbook"),
    ("a cell in no column", by_hand(HEADER + '<row r="2"><c r="ZZZZ2"><v>1</v></c></row>'), "broken_workbook"),
    (
        "a shared text that is not there",
        by_hand(HEADER + '<row r="2"><c r="A2" t="s"><v>7</v></c></row>'),
        "broken_workbook",
    ),
    ("elements in elements in elements", by_hand(HEADER + "<a>" * 5_000 + "</a>" * 5_000), "broken_workbook"),
    ("a hundred thousand names", by_hand(HEADER + "".join(f"<x{i}/>" for i in range(100_000))), "broken_workbook"),
    (
        "styles without end",
        with_part("xl/styles.xml", "<a>" + random.Random(1).randbytes(11_000_000).hex() + "</a>"),
        "broken_workbook",
    ),
    ("a header and nothing else", workbook(["id", "datum"]), "header_only"),
    ("an empty workbook", workbook(), "empty_file"),
    ("a sheet without column names", workbook([1, 2, 3], [4, 5, 6]), "no_header"),
    ("two columns of one name that differ", workbook(["id", "datum", "datum"], ["1", "a", "b"]), "duplicate_column"),
]


@pytest.mark.parametrize(("content", "code"), [c[1:] for c in UNSAFE], ids=[c[0] for c in UNSAFE])
def test_a_workbook_that_cannot_be_taken_is_refused_within_little_memory(read, content, code):
    tracemalloc.start()
    try:
        with pytest.raises(FileRefused) as refusal:
            read(content)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    assert refusal.value.code == code
    assert "meldingen.xlsx" in str(refusal.value)


def test_rows_with_a_cell_at_the_right_edge_take_little_memory(read):
    rows = "".join(
        f'<row r="{at}"><c r="A{at}"><v>1</v></c><c r="XFD{at}" t="str"><v>{at}</v></c></row>' for at in range(2, 5_000)
    )
    tracemalloc.start()
    try:
        table = read(by_hand(HEADER + rows))
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
    assert table.n_read == len({p.row for p in table.problems}) == 4_998


def test_a_text_file_named_xlsx_is_read_as_the_text_it_is(read):
    assert cells(read(b"id;datum\n1;a\n")) == [["1", "a"]]


def test_a_workbook_named_csv_is_read_as_the_workbook_it_is(read):
    assert cells(read(workbook(["id", "datum"], ["1", "a"]), name="meldingen.csv")) == [["1", "a"]]

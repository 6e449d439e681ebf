"""Delimited text, as bytes in and a table out; a sentence per file."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.reasons import FileRefused
from data.sources import delimited, reasons
from data.sources.read import read_table

HEAD = "id;datum;lat;lon;omschrijving"
ROW = "001;03-04-2025;51,8133;4,6601;Nageroepen bij de brug"


@pytest.fixture
def read(tmp_path):
    def read(content, name="meldingen.csv", **options):
        path = tmp_path / "upload.bin"
        path.write_bytes(content)
        return read_table(path, name=name, **options)

    return read


def cells(table):
    return table.frame.to_numpy().tolist()


def found(table):
    return [(p.row, p.column, p.reason.code) for p in table.problems]


def notes(table):
    return {reason.code for reason in table.normalised}


def text(*lines, end="\n"):
    return end.join(lines).encode()


# sentence, content, records as they should come back (first cells), rows, problems, notes that must be there
TAKEN = [
    (
        "a semicolon file with a byte order mark has a clean first header",
        b"\xef\xbb\xbf" + text(HEAD, ROW),
        [["001", "03-04-2025", "51,8133", "4,6601", "Nageroepen bij de brug"]],
        [2],
        [],
        {"byte_order_mark", "separator_semicolon"},
    ),
    ("commas separate", text("id,lat,lon", "1,51.8,4.6"), [["1", "51.8", "4.6"]], [2], [], set()),
    ("tabs separate", text("id\tlat\tlon", "1\t51,8\t4,6"), [["1", "51,8", "4,6"]], [2], [], {"separator_tab"}),
    ("pipes separate", text("id|lat|lon", "1|51.8|4.6"), [["1", "51.8", "4.6"]], [2], [], {"separator_pipe"}),
    (
        "decimal commas do not make a semicolon file a comma file",
        text("nummer_a;breedte_b;lengte_c", *[f"{i};51,81{i};4,66{i}" for i in range(5)]),
        [[str(i), f"51,81{i}", f"4,66{i}"] for i in range(5)],
        [2, 3, 4, 5, 6],
        [],
        {"separator_semicolon"},
    ),
    (
        "commas in the text do not make a semicolon file a comma file",
        text("id;omschrijving", "1;a, b, c", "2;d, e, f", "3;g, h, i"),
        [["1", "a, b, c"], ["2", "d, e, f"], ["3", "g, h, i"]],
        [2, 3, 4],
        [],
        {"separator_semicolon"},
    ),
    (
        "a separator inside quotes does not count",
        text("id,lat,omschrijving", '1,51.8,"a;b;c;d"', '2,51.8,"a;b;c;d"'),
        [["1", "51.8", "a;b;c;d"], ["2", "51.8", "a;b;c;d"]],
        [2, 3],
        [],
        set(),
    ),
    (
        "Excel's sep= line is honoured and counted",
        text("sep=|", "id|a,b", "1|2,3"),
        [["1", "2,3"]],
        [3],
        [],
        {"separator_stated"},
    ),
    (
        "Windows-1252 arrives exactly",
        "id;datum;omschrijving\n1;x;Geïntimideerd bij café, € 5 – “echt”".encode("cp1252"),
        [["1", "x", "Geïntimideerd bij café, € 5 – “echt”"]],
        [2],
        [],
        {"from_cp1252"},
    ),
    (
        "Unicode text from Excel is UTF-16 with tabs",
        "id\tdatum\tomschrijving\r\n1\tx\tcafé €\r\n".encode("utf-16"),
        [["1", "x", "café €"]],
        [2],
        [],
        {"from_utf16", "separator_tab"},
    ),
    (
        "UTF-16 the other way round",
        b"\xfe\xff" + "id;datum\n1;é".encode("utf-16-be"),
        [["1", "é"]],
        [2],
        [],
        {"from_utf16"},
    ),
    ("UTF-16 without a mark", "id;datum;tijd\n1;é;b\n".encode("utf-16-le"), [["1", "é", "b"]], [2], [], {"from_utf16"}),
    (
        "one cp1252 line in a UTF-8 file is set apart with the byte it goes wrong on",
        "id;omschrijving\n1;café\n".encode() + "2;café\n".encode("cp1252") + "3;thé\n".encode(),
        [["1", "café"], ["3", "thé"]],
        [2, 4],
        [(3, "omschrijving", "undecodable")],
        set(),
    ),
    (
        "a byte that Windows-1252 does not know costs its own row only",
        b"id;omschrijving\n1;caf\xe9\n2;\x81\n3;th\xe9\n",
        [["1", "café"], ["3", "thé"]],
        [2, 4],
        [(3, "omschrijving", "undecodable")],
        {"from_cp1252"},
    ),
    (
        "text garbled before it came here is left as it is",
        "id;omschrijving\n1;GeÃ¯ntimideerd\n".encode(),
        [["1", "GeÃ¯ntimideerd"]],
        [2],
        [],
        set(),
    ),
    (
        "one garbled line does not turn a Windows-1252 file into UTF-8",
        ("id;omschrijving\n" + "1;café\n" * 30 + "2;GeÃ¯nt\n").encode("cp1252"),
        [["1", "café"]] * 30 + [["2", "GeÃ¯nt"]],
        [*range(2, 33)],
        [],
        {"from_cp1252"},
    ),
    (
        "the words NA, None, null and nan are text, and ids keep their zeros",
        text("id;datum;tijd;soort;status", "00123;NA;None;null;nan"),
        [["00123", "NA", "None", "null", "nan"]],
        [2],
        [],
        set(),
    ),
    ("white space in cells is kept", text("id;soort", " 1;Nafluiten "), [[" 1", "Nafluiten "]], [2], [], set()),
    ("Windows line ends", text("id;soort", "1;a", "2;b", "", end="\r\n"), [["1", "a"], ["2", "b"]], [2, 3], [], set()),
    ("line ends of an old Mac", text("id;soort", "1;a", "2;b", end="\r"), [["1", "a"], ["2", "b"]], [2, 3], [], set()),
    (
        "line ends of several kinds in one file",
        b"id;soort\r\n1;a\n2;b\r3;c\r\n",
        [["1", "a"], ["2", "b"], ["3", "c"]],
        [2, 3, 4],
        [],
        set(),
    ),
    (
        "unusual white space ends no line",
        "id;soort\n1;a\u2028b\x0bc\x85d\n".encode(),
        [["1", "a\u2028b\x0bc\x85d"]],
        [2],
        [],
        set(),
    ),
    (
        "a line end inside quotes is text",
        text("id;soort", '1;"a\r\nb"', "2;c"),
        [["1", "a\r\nb"], ["2", "c"]],
        [2, 4],
        [],
        set(),
    ),
    (
        "a doubled quote is one quote",
        text("id;soort", '1;"zei ""hé"" tegen"'),
        [["1", 'zei "hé" tegen']],
        [2],
        [],
        set(),
    ),
    (
        "a quote within an unquoted cell is text",
        text("id;soort", '1;zei "hé" tegen'),
        [["1", 'zei "hé" tegen']],
        [2],
        [],
        set(),
    ),
    (
        "a quote that never closes costs its record, and the neighbours survive",
        text("id;soort;tekst", "1;a;b", '2;a;"open', "3;a;b", '4;a;"goed"', "5;a;b"),
        [["1", "a", "b"], ["3", "a", "b"], ["4", "a", "goed"], ["5", "a", "b"]],
        [2, 4, 5, 6],
        [(3, "", "broken_quote")],
        set(),
    ),
    (
        "two open quotes cost two records",
        text("id;soort;tekst", '1;a;"open', "2;a;b", '3;a;"open', "4;a;b"),
        [["2", "a", "b"], ["4", "a", "b"]],
        [3, 5],
        [(2, "", "broken_quote"), (4, "", "broken_quote")],
        set(),
    ),
    (
        "two open quotes right under one another cost two records",
        text("id;soort;tekst", '1;a;"open', '2;a;"open', "3;a;b"),
        [["3", "a", "b"]],
        [4],
        [(2, "", "broken_quote"), (3, "", "broken_quote")],
        set(),
    ),
    (
        "an open quote is not closed by a quote that would swallow the records between",
        text("id;soort;tekst", '1;"open;b', "2;a;b", '3;a";b', "4;a;b"),
        [["2", "a", "b"], ["3", 'a"', "b"], ["4", "a", "b"]],
        [3, 4, 5],
        [(2, "", "broken_quote")],
        set(),
    ),
    (
        "two stray quotes that would make one legal record of two reports do not",
        text("id;soort;tekst", '1;a;"open', '2;dicht";b', "3;a;b"),
        [["2", 'dicht"', "b"], ["3", "a", "b"]],
        [3, 4],
        [(2, "", "broken_quote")],
        set(),
    ),
    (
        "a quoted text of several lines may hold separators",
        text("id;soort;tekst", '1;"een; twee', 'en; drie; vier";b', '2;a;"x;', ";y", 'z"'),
        [["1", "een; twee\nen; drie; vier", "b"], ["2", "a", "x;\n;y\nz"]],
        [2, 4],
        [],
        set(),
    ),
    (
        "the lines of a broken text of several lines go with their record",
        text("id;soort;tekst", '1;a;"zei "nee"', "en nog een regel", 'en "nog" een"', "2;a;b"),
        [["2", "a", "b"]],
        [5],
        [(2, "", "broken_quote")],
        set(),
    ),
    (
        "an extra column costs its record",
        text("id;soort", "1;a", "2;a;b", "3;c"),
        [["1", "a"], ["3", "c"]],
        [2, 4],
        [(3, "", "too_many_fields")],
        set(),
    ),
    (
        "a missing field costs its record",
        text("id;soort;tekst", "1;a;b", "2;a", "3;c;d"),
        [["1", "a", "b"], ["3", "c", "d"]],
        [2, 4],
        [(3, "", "too_few_fields")],
        set(),
    ),
    (
        "empty fields beyond the last column are no fault",
        text("id;soort", "1;a;;", "2;b"),
        [["1", "a"], ["2", "b"]],
        [2, 3],
        [],
        {"trailing_separators"},
    ),
    (
        "a separator at the end of every line makes no column",
        text("id;soort;", "1;a;", "2;b;"),
        [["1", "a"], ["2", "b"]],
        [2, 3],
        [],
        set(),
    ),
    (
        "a file cut off in mid-row loses that row and says so",
        text("id;datum;tekst", "1;a;b", "2;a"),
        [["1", "a", "b"]],
        [2],
        [(3, "", "too_few_fields")],
        set(),
    ),
    (
        "a file cut off inside quotes loses that row and says so",
        text("id;datum;tekst", '1;a;"b"', '2;a;"afgeb'),
        [["1", "a", "b"]],
        [2],
        [(3, "", "broken_quote")],
        set(),
    ),
    (
        "a UTF-16 file cut off in mid-character",
        "id\tdatum\n1\tab\n2\tcd".encode("utf-16")[:-1],
        [["1", "ab"]],
        [2],
        [(3, "datum", "undecodable")],
        {"from_utf16"},
    ),
    (
        "title rows above the header are no records",
        text("Overzicht meldingen;;", "Periode: 2025;;", "", "id;datum;soort", "1;a;b"),
        [["1", "a", "b"]],
        [5],
        [],
        {"title_rows"},
    ),
    (
        "a title row without separators",
        text("Straatintimidatie in Dordrecht, 1e kwartaal", "id;datum;soort", "1;a;b"),
        [["1", "a", "b"]],
        [3],
        [],
        {"title_rows"},
    ),
    (
        "columns nobody knows are a header when they look like one",
        text("Export", "zus;zo;zulks", "1;2;3"),
        [["1", "2", "3"]],
        [3],
        [],
        {"title_rows"},
    ),
    (
        "a full row of figures above the header is not thrown away in silence",
        text("9;1-1-2025;a", "id;datum;soort", "1;a;b"),
        [["1", "a", "b"]],
        [3],
        [(1, "", "above_header")],
        set(),
    ),
    (
        "a total at the end is no record",
        text("id;datum;soort", "1;a;b", "Totaal;1;", "", ""),
        [["1", "a", "b"]],
        [2],
        [],
        {"total_row"},
    ),
    (
        "a total of fewer fields, with a subtotal above it",
        text("id;datum;soort", "1;a;b", "Subtotaal: 12", "Eindtotaal;12"),
        [["1", "a", "b"]],
        [2],
        [],
        {"total_row"},
    ),
    (
        "a total whose first cells are empty, in a file with a fault",
        text("id;datum;soort", "1;a;b", "2;c", ";;TOTAAL 2"),
        [["1", "a", "b"]],
        [2],
        [(3, "", "too_few_fields")],
        {"total_row"},
    ),
    (
        "a report about something total is a report",
        text("id;datum;soort", "1;a;b", "totaal onverwacht;a;b"),
        [["1", "a", "b"], ["totaal onverwacht", "a", "b"]],
        [2, 3],
        [],
        set(),
    ),
    (
        "a total in the middle is left to the checker",
        text("id;datum;soort", "Totaal;1;", "1;a;b"),
        [["Totaal", "1", ""], ["1", "a", "b"]],
        [2, 3],
        [],
        set(),
    ),
    (
        "blank rows are skipped and row numbers stay the file's",
        text("id;datum;soort", "", "1;a;b", ";;", "  ", " ;\t; ", "2;c;d"),
        [["1", "a", "b"], ["2", "c", "d"]],
        [3, 7],
        [],
        set(),
    ),
    (
        "a column without a name is called after its place",
        text("id;datum;;soort", "1;a;x;b", "2;c;;d"),
        [["1", "a", "x", "b"], ["2", "c", "", "d"]],
        [2, 3],
        [],
        {"unnamed_column"},
    ),
    ("an empty column without a name is no column", text("id;;soort", "1;;b"), [["1", "b"]], [2], [], set()),
    (
        "a column that is there twice with the same contents is read once",
        text("id;datum;datum", "1;a;a", "2;b;b"),
        [["1", "a"], ["2", "b"]],
        [2, 3],
        [],
        {"same_column_twice"},
    ),
    (
        "the empty one of two columns of one name is left out",
        text("id;datum;datum", "1;;a"),
        [["1", "a"]],
        [2],
        [],
        set(),
    ),
    (
        "files pasted together bear their header twice",
        text("id;datum", "1;a", "id;datum", "2;b"),
        [["1", "a"], ["2", "b"]],
        [2, 4],
        [],
        {"repeated_header"},
    ),
    (
        "columns in another order keep their order",
        text("lon;lat;id", "4.6;51.8;1"),
        [["4.6", "51.8", "1"]],
        [2],
        [],
        set(),
    ),
    ("a quoted header", text('"id";"datum ";"soort"', '"1";"a";"b"'), [["1", "a", "b"]], [2], [], set()),
    ("a header over two lines", text('id;"datum\nmelding"', "1;a"), [["1", "a"]], [3], [], set()),
    (
        "a NUL costs its row",
        text("id;soort", "1;a\0b", "2;c"),
        [["2", "c"]],
        [3],
        [(2, "soort", "nul_character")],
        set(),
    ),
    (
        "a cell of more than 100,000 characters costs its row",
        text("id;soort", "1;" + "a" * 100_001, "2;" + "b" * 100_000),
        [["2", "b" * 100_000]],
        [3],
        [(2, "soort", "cell_too_large")],
        set(),
    ),
    (
        "script, formulas, bidi marks and emoji are text",
        text("id;soort", "1;</script>`=HYPERLINK(1)＝\u202e😀", "2;javascript:x"),
        [["1", "</script>`=HYPERLINK(1)＝\u202e😀"], ["2", "javascript:x"]],
        [2, 3],
        [],
        set(),
    ),
    ("a spreadsheet's name on a text file does not matter", text("id;soort", "1;a"), [["1", "a"]], [2], [], set()),
]


@pytest.mark.parametrize(
    ("content", "records", "rows", "problems", "noted"), [c[1:] for c in TAKEN], ids=[c[0] for c in TAKEN]
)
@pytest.mark.parametrize("path", ["fast", "slow"])
def test_a_file_is_taken_as_it_should_on_both_paths(
    read, monkeypatch, *, path, content, records, rows, problems, noted
):
    if path == "slow":
        monkeypatch.setattr(delimited.regular, "check", lambda *_, **__: None)
    table = read(content)
    assert cells(table) == records
    assert table.rows.tolist() == rows
    assert found(table) == problems
    assert noted <= notes(table)
    assert table.n_read == len(records) + len({row for row, _, _ in problems})
    assert not table.frame.isna().any().any() and all(str(dtype) == "str" for dtype in table.frame.dtypes)


REFUSED = [
    ("nothing at all", b"", "empty_file"),
    ("a byte order mark and nothing else", b"\xef\xbb\xbf", "empty_file"),
    ("blank lines", b"\r\n\r\n  \r\n", "empty_file"),
    ("a header and nothing else", text(HEAD), "header_only"),
    ("a header and blank rows", text(HEAD, "", ";;;;", ""), "header_only"),
    ("a header and a total", text(HEAD, "Totaal;0;;;"), "header_only"),
    ("two columns of one name that differ", text("id;datum;datum", "1;a;b"), "duplicate_column"),
    ("figures without a header", text("1;2;3", "4;5;6"), "no_header"),
    ("a letter to the editor", b"Geachte redactie\n\nHierbij meld ik u dat het weer mis was\n", "no_header"),
    ("a NUL in a column name", b"id;da\0tum;soort\n1;2;3", "header_unreadable"),
    ("a web page", b"<!DOCTYPE html><html><table><tr><td>id</td></tr></table>", "not_a_table"),
    ("a PDF", b"%PDF-1.7 id;datum\n1;2", "not_a_table"),
    ("a GeoPackage", b"SQLite format 3\0id;datum", "not_a_table"),
    ("noise", bytes(range(256)) * 40, "not_a_table"),
]


@pytest.mark.parametrize(("content", "code"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_a_file_that_cannot_be_taken_is_refused_with_a_sentence(read, content, code):
    with pytest.raises(FileRefused) as refusal:
        read(content)
    assert refusal.value.code == code
    assert "meldingen.csv" in str(refusal.value)


def test_a_refusal_names_the_column_that_is_there_twice(read):
    with pytest.raises(FileRefused, match="‘Datum’"):
        read(text("id;Datum;Datum", "1;a;b"))


def test_a_refusal_names_what_was_found_instead_of_a_header(read):
    with pytest.raises(FileRefused, match=r"1, 51\.8, 4\.6"):
        read(text("1,51.8,4.6", "2,51.9,4.7"))


def test_names_of_columns_are_stripped_and_unnamed_ones_get_a_free_name(read):
    table = read(text("kolom_3 ; id;datum;;", "a;1;2;b;c"))
    assert list(table.frame.columns) == ["kolom_3", "id", "datum", "kolom_4", "kolom_5"]


def test_the_value_of_an_undecodable_cell_is_the_byte_in_the_file_itself(read):
    good = "1;café\n".encode()
    content = b"\xef\xbb\xbfid;soort\n" + good + b"2;caf\xe9\n" + good + b"3;\xe9\n"
    values = [p.value for p in read(content).problems]
    assert values == [f"byte {at}" for at, byte in enumerate(content) if byte == 0xE9]


def test_the_byte_of_an_undecodable_cell_is_right_in_windows_1252_too(read):
    content = b"id;soort\n1;caf\xe9\n2;\x81\n3;caf\xe9\n4;x\x9d\n"
    assert [p.value for p in read(content).problems] == [f"byte {content.index(0x81)}", f"byte {content.index(0x9D)}"]


def test_no_problem_repeats_what_a_person_wrote(read):
    secret = "bel me op 0612345678"
    content = text("id;soort;tekst", f'1;a;"{secret}', f"2;{secret}", f"3;a;b;{secret}", f"4;a;{secret}\0", "5;a;b")
    table = read(content)
    assert len(table.problems) == 4
    assert not any("0612345678" in p.value for p in table.problems)


def test_a_file_that_is_too_large_is_refused_before_it_is_read(read):
    with pytest.raises(FileRefused) as refusal:
        read(text(HEAD, ROW), max_bytes=20)
    assert refusal.value.code == "too_large"


@pytest.mark.parametrize("name", ["er-is-niets.csv", "/vsicurl/http:", "a\0b"])
def test_a_path_to_nothing_is_refused(tmp_path, name):
    with pytest.raises(FileRefused) as refusal:
        read_table(tmp_path / name)
    assert refusal.value.code == "unreadable"


def test_a_folder_and_a_device_are_no_files(tmp_path):
    for path in (tmp_path, type(tmp_path)("/dev/zero")):
        with pytest.raises(FileRefused):
            read_table(path)


def test_an_unnamed_column_gets_a_name_that_is_still_free(read):
    table = read(text("kolom_3;id;;datum", "a;1;b;c"))
    assert list(table.frame.columns) == ["kolom_3", "id", "kolom_3_", "datum"]


def test_progress_rises_from_nothing_to_everything(read):
    seen = []
    read(text(HEAD, *[ROW] * 100_000), progress=seen.append)
    assert seen == sorted(seen) and seen[0] == 0.0 and seen[-1] == 1.0 and len(seen) > 4


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_fault_in_a_long_file_leaves_all_other_blocks_alone(read, ending):
    lines = [f'{i};03-04-2025;51,8;4,6;"tekst; é {i}"' for i in range(60_000)]
    lines[30_000] = '30000;03-04-2025;51,8;4,6;"open'
    lines[45_000] = "45000;03-04-2025;51,8"
    lines[10] = f'10;03-04-2025;51,8;4,6;"twee{ending}regels"'
    table = read(text(HEAD, *lines, end=ending))
    assert [(row, code) for row, _, code in found(table)] == [(30_003, "broken_quote"), (45_003, "too_few_fields")]
    ids = table.frame["id"].astype(int)
    assert ids.tolist() == [i for i in range(60_000) if i not in (30_000, 45_000)]
    assert (table.rows == ids + 2 + (ids > 10)).all()
    assert table.n_read == 60_000


def test_hostile_quotes_do_not_make_reading_slow(read):
    lines = [f'{i};";"' for i in range(40_000)] + [f'{i};"open ""' for i in range(40_000)]
    table = read(text("id;soort", *lines))
    assert table.n_read == len(table.frame) + len({p.row for p in table.problems})


def test_a_quote_left_open_over_a_long_file_costs_one_record(read):
    lines = ['0;"open'] + [f"{i};tekst die lang genoeg is om ver te komen" for i in range(1, 50_000)]
    table = read(text("id;soort", *lines))
    assert found(table) == [(2, "", reasons.BROKEN_QUOTE.code)]
    assert len(table.frame) == 49_999


NAMES = ["id", "datum", "lat", "lon", "omschrijving", "straat"]
CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=12) | st.text(
    alphabet=';,\t|"\n aé1', max_size=8
)


def written(grid, separator, quoting, line_end, encoding):
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=line_end).writerows(grid)
    return out.getvalue().encode(encoding)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_grid_of_text_comes_back_cell_for_cell(tmp_path_factory, data):
    width = data.draw(st.integers(3, 6))
    grid = data.draw(st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8))
    for at, record in enumerate(grid):
        record[0] = f"{at:03d}"  # a record is not blank, a header or a total
    separator = data.draw(st.sampled_from(";,\t|"))
    quoting = data.draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    line_end = data.draw(st.sampled_from(["\n", "\r\n"]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    path = tmp_path_factory.getbasetemp() / "grid.csv"
    path.write_bytes(written([NAMES[:width], *grid], separator, quoting, line_end, encoding))
    table = read_table(path)
    assert cells(table) == grid
    assert list(table.frame.columns) == NAMES[:width]
    assert table.problems == ()


WESTERN = st.text(alphabet=st.characters(codec="cp1252", exclude_characters="\0\r\n"), max_size=12)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(WESTERN, WESTERN), min_size=1, max_size=8))
def test_any_windows_1252_text_comes_back_to_the_letter(tmp_path_factory, pairs):
    # é before a space is never UTF-8
    grid = [[str(at), "é " + first, second] for at, (first, second) in enumerate(pairs)]
    path = tmp_path_factory.getbasetemp() / "west.csv"
    path.write_bytes(written([NAMES[:3], *grid], ";", csv.QUOTE_MINIMAL, "\r\n", "cp1252"))
    table = read_table(path)
    assert cells(table) == grid


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "a;b;c",
                '"a";b;c',
                "a;b",
                "",
                ";;",
                'a;"b\nc";d',
                'a;"b',
                "é;b;c",
                "a;b;c;d",
                'a";b;c',
                'a;b;c"',
                "a;b;c;",
            ]
        ),
        max_size=12,
    )
)
def test_reading_at_once_and_record_by_record_is_the_same(tmp_path_factory, lines):
    path = tmp_path_factory.getbasetemp() / "both.csv"
    path.write_bytes(text("id;datum;soort", "1;2;3", *lines))
    fast = read_table(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited.regular, "check", lambda *_, **__: None)
        slow = read_table(path)
    assert cells(fast) == cells(slow)
    assert fast.rows.tolist() == slow.rows.tolist()
    assert found(fast) == found(slow)


@pytest.mark.parametrize("block", [64, 200, 1000])
def test_where_blocks_end_makes_no_difference(read, monkeypatch, block):
    lines = [f'{i};"a{i}{"x" * (i % 37)}";é' if i % 5 else f'{i};"a\nb;{i}";"c"' for i in range(400)]
    lines[200] = '200;"open;x'
    content = text("id;datum;soort", *lines)
    whole = read(content)
    monkeypatch.setattr(delimited, "_BLOCK", block)
    parts = read(content)
    assert cells(parts) == cells(whole)
    assert parts.rows.tolist() == whole.rows.tolist()
    assert found(parts) == found(whole) == [(242, "", "broken_quote")]

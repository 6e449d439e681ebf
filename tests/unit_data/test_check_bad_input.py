"""BAD_INPUT row by row: one odd row among good neighbours, what becomes of it, and that nothing disappears."""

import csv
import io
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from data.importing import ImportOptions, read_reports
from data.settings import Settings
from geo import report

TODAY = date(2026, 1, 15)
GOOD = {
    "id": "00100",
    "datum": "03-04-2025",
    "tijd": "22:30",
    "lat": "51.813312",
    "lon": "4.690187",
    "categorie": "nafluiten",
    "omschrijving": "",
    "straat": "",
    "nauwkeurigheid": "",
    "status": "",
}
NEIGHBOURS = [
    {"id": f"n{i}", "datum": f"0{i}-05-2025", "lat": f"51.81{i}713", "lon": f"4.67{i}391", "tijd": "12:00"}
    for i in range(1, 8)
]
RD_GOOD = {"x": "105123", "y": "425187"}


def read(tmp_path, rows, **options):
    """The rows (dicts on top of GOOD) through a file and the front door without a store."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, delimiter=";", restval="")
    writer.writeheader()
    writer.writerows(rows)
    path = tmp_path / "meldingen.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    municipality = options.pop("municipality", None)
    place_only = options.pop("place_only", False)
    given = ImportOptions(source="app", today=options.pop("today", TODAY), **options)
    return read_reports(path, settings=Settings(), options=given, municipality=municipality, place_only=place_only)


def with_neighbours(change):
    return [GOOD | n for n in NEIGHBOURS[:3]] + [GOOD | change] + [GOOD | n for n in NEIGHBOURS[3:]]


def rd_rows(change):
    place = {k: v for k, v in GOOD.items() if k not in ("lat", "lon")}
    others = [
        place | {"id": n["id"], "datum": n["datum"], "x": f"10{i}123", "y": f"42{i}321"}
        for i, n in enumerate(NEIGHBOURS)
    ]
    return [*others, place | RD_GOOD | change]


def codes(checked, row_id=None):
    """Reason codes by row; the row of interest stands fourth, in row 5 of the file."""
    return {p.reason.code for p in checked.problems if p.row == (row_id or 5)}


QUARANTINED = [
    (7, "thousands points in a coordinate", {"lat": "51.813.300"}, "unreadable_place"),
    (7, "thousands points in the other coordinate", {"lon": "4.690.187"}, "unreadable_place"),
    (7, "a thousands point and a comma", {"lat": "51.813,300"}, "unreadable_place"),
    (8, "one row with latitude and longitude swapped", {"lat": "4.690187", "lon": "51.813312"}, "swapped_place"),
    (8, "swapped with commas", {"lat": "4,690187", "lon": "51,813312"}, "swapped_place"),
    (8, "swapped and coarse", {"lat": "4.69", "lon": "51.81"}, "swapped_place"),
    (11, "null island", {"lat": "0", "lon": "0"}, "default_place"),
    (11, "null island in decimals", {"lat": "0.000000", "lon": "0,0"}, "default_place"),
    (11, "minus one", {"lat": "-1", "lon": "-1"}, "default_place"),
    (11, "one axis minus one", {"lat": "51.813312", "lon": "-1"}, "default_place"),
    (11, "999999", {"lat": "999999", "lon": "999999"}, "default_place"),
    (11, "the RD origin under degrees", {"lat": "463000", "lon": "155000"}, "default_place"),
    (11, "the RD origin in degrees", {"lat": "52.1551729", "lon": "5.3872035"}, "default_place"),
    (12, "in Paris", {"lat": "48.8566", "lon": "2.3522"}, "outside_netherlands"),
    (12, "in the North Sea", {"lat": "54.2", "lon": "3.1"}, "outside_netherlands"),
    (12, "on the other side of the world", {"lat": "-51.813312", "lon": "4.690187"}, "outside_netherlands"),
    (15, "NaN", {"lat": "NaN"}, "unreadable_place"),
    (15, "infinity", {"lon": "Inf"}, "unreadable_place"),
    (15, "1e308", {"lat": "1e308"}, "unreadable_place"),
    (15, "a letter behind it", {"lat": "51.8N"}, "unreadable_place"),
    (15, "degrees and minutes", {"lat": "51°48'47\""}, "unreadable_place"),
    (15, "a place left out", {"lat": "", "lon": ""}, "missing_place"),
    (15, "one axis left out", {"lon": ""}, "missing_place"),
    (19, "month before day", {"datum": "04/31/2025"}, "unreadable_date"),
    (19, "a word for a month that is none", {"datum": "3 foo 2025"}, "unreadable_date"),
    (19, "a day that does not exist", {"datum": "31-02-2025"}, "unreadable_date"),
    (19, "29 February of an ordinary year", {"datum": "29-02-2025"}, "unreadable_date"),
    (19, "no date", {"datum": ""}, "missing_date"),
    (19, "a week", {"datum": "2025-W14"}, "unreadable_date"),
    (19, "a time that does not exist", {"tijd": "25:00"}, "unreadable_time"),
    (19, "minutes beyond sixty", {"tijd": "22:75"}, "unreadable_time"),
    (19, "after midnight is the next day's", {"tijd": "24:30"}, "unreadable_time"),
    (21, "the hour that does not exist", {"datum": "30-03-2025", "tijd": "02:30"}, "nonexistent_time"),
    (21, "its first minute", {"datum": "30-03-2025", "tijd": "02:00"}, "nonexistent_time"),
    (21, "its last minute a year before", {"datum": "31-03-2024", "tijd": "02:59"}, "nonexistent_time"),
    (23, "tomorrow", {"datum": "16-01-2026"}, "future_date"),
    (23, "far in the future", {"datum": "03-04-2052"}, "future_date"),
    (23, "a typing error in the year", {"datum": "03-04-2205"}, "future_date"),
    (23, "Excel's day zero", {"datum": "30-12-1899"}, "default_date"),
    (23, "Unix's day zero", {"datum": "01-01-1970"}, "default_date"),
    (23, "Excel's first day", {"datum": "1900-01-01"}, "default_date"),
    (23, "one day older than may be kept", {"datum": "14-01-2021"}, "too_old"),
    (23, "last century", {"datum": "03-04-99"}, "too_old"),
    (23, "two digits that mean 1950", {"datum": "3-4-50"}, "too_old"),
    (31, "an unknown category", {"categorie": "iets raars"}, "unknown_category"),
    (31, "the literal text NA", {"categorie": "NA"}, "unknown_category"),
    (31, "one of two unknown", {"categorie": "nafluiten; toeteren"}, "unknown_category"),
    (31, "no id", {"id": ""}, "missing_id"),
    (38, "more than 10,000 characters", {"omschrijving": "a " * 5_001}, "text_too_long"),
    (38, "a megabyte's worth of one word", {"omschrijving": "x" * 90_000}, "text_too_long"),
    (38, "just one character too many", {"omschrijving": "é" * 10_001}, "text_too_long"),
    (38, "NUL in the text", {"omschrijving": "hoi\x00daar"}, "nul_character"),
    (38, "NUL in the id", {"id": "1\x002"}, "nul_character"),
    (38, "NUL in the category", {"categorie": "nafluiten\x00"}, "nul_character"),
]


@pytest.mark.parametrize(
    ("row", "sentence", "change", "code"), QUARANTINED, ids=[f"{q[0]}: {q[1]}" for q in QUARANTINED]
)
def test_a_row_that_cannot_be_trusted_is_set_apart_with_its_reason_and_its_neighbours_survive(
    tmp_path, row, sentence, change, code
):
    checked = read(tmp_path, with_neighbours(change))
    assert code in codes(checked)
    assert checked.n_quarantined == 1 and len(checked.reports) == 7 and checked.balanced
    assert all(len(p.value) <= 80 for p in checked.problems)


FLAGGED = [
    (5, "mojibake", {"omschrijving": "GeÃ¯ntimideerd"}, report.MOJIBAKE),
    (5, "a garbled euro sign", {"omschrijving": "boete van â‚¬ 95"}, report.MOJIBAKE),
    (5, "a garbled quote", {"omschrijving": "hij zei â€œhoiâ€\u009d"}, report.MOJIBAKE),
    (5, "a garbled street", {"straat": "SÃ©verijnstraat"}, report.MOJIBAKE),
    (14, "two decimals", {"lat": "51.81", "lon": "4.69"}, report.COARSE_PLACE),
    (14, "one decimal", {"lat": "51.8", "lon": "4.7"}, report.COARSE_PLACE),
    (14, "two decimals padded with zeros", {"lat": "51.810000", "lon": "4.690000"}, report.COARSE_PLACE),
    (14, "a stated radius", {"nauwkeurigheid": "250 m"}, report.COARSE_PLACE),
    (14, "a stated buurt", {"nauwkeurigheid": "Buurt"}, report.COARSE_PLACE),
    (14, "RD in kilometres", {"lat": "425000", "lon": "105000"}, report.COARSE_PLACE),
    (20, "the hour that happens twice", {"datum": "26-10-2025", "tijd": "02:30"}, report.AMBIGUOUS_TIME),
    (20, "its first minute", {"datum": "27-10-2024", "tijd": "2:00"}, report.AMBIGUOUS_TIME),
    (20, "its last minute", {"datum": "2023-10-29", "tijd": "02:59"}, report.AMBIGUOUS_TIME),
    (39, "an unknown name after a verb", {"omschrijving": "toen riep Xylander iets naar mij"}, report.REVIEW_TEXT),
    (39, "a number that may be a telephone", {"omschrijving": "bel 6312345 als je iets weet"}, report.REVIEW_TEXT),
    (39, "a shouted name", {"omschrijving": "DAT WAS WEER YOUSSEF OP DE BRUG"}, report.REVIEW_TEXT),
    (40, "test", {"omschrijving": "test"}, report.TEST_TEXT),
    (40, "asdf", {"omschrijving": "asdfasdf"}, report.TEST_TEXT),
    (40, "a test report", {"omschrijving": "Dit is een testmelding!"}, report.TEST_TEXT),
]


@pytest.mark.parametrize(("row", "sentence", "change", "flag"), FLAGGED, ids=[f"{f[0]}: {f[1]}" for f in FLAGGED])
def test_a_doubtful_row_is_kept_and_flagged(tmp_path, row, sentence, change, flag):
    checked = read(tmp_path, with_neighbours(change))
    kept = checked.reports.set_index("row")
    assert kept.loc[5, "flags"].split("|") == [flag]
    assert flag in codes(checked)
    assert len(checked.reports) == 8 and checked.n_flagged == 1 and checked.balanced
    assert (kept.drop(index=5)["flags"] == "").all()


KEPT = [
    (6, "decimal commas", {"lat": "51,813312", "lon": "4,690187"}, {"event_minute": 1350.0}),
    (6, "a decimal comma in one column", {"lat": "51,813312"}, {"uncertainty_m": 0.07}),
    (6, "a sign and spaces", {"lat": " +51.813312 "}, {"flags": ""}),
    (16, "day first", {"datum": "03-04-2025"}, {"event_date": pd.Timestamp("2025-04-03")}),
    (16, "day first with slashes", {"datum": "03/04/2025"}, {"event_date": pd.Timestamp("2025-04-03")}),
    (16, "day first with points", {"datum": "3.4.2025"}, {"event_date": pd.Timestamp("2025-04-03")}),
    (17, "a serial day with a comma", {"datum": "45400,9375", "tijd": ""}, {"event_date": pd.Timestamp("2024-04-18"), "event_minute": 1350.0}),
    (17, "a serial day with a point", {"datum": "45400.9375", "tijd": ""}, {"event_minute": 1350.0}),
    (17, "a bare serial day", {"datum": "45400"}, {"event_date": pd.Timestamp("2024-04-18"), "event_minute": 1350.0}),
    (19, "a short month", {"datum": "3 apr. 2025"}, {"event_date": pd.Timestamp("2025-04-03")}),
    (19, "a long month", {"datum": "3 april 2025"}, {"event_date": pd.Timestamp("2025-04-03")}),
    (19, "a short year", {"datum": "3-4-25"}, {"event_date": pd.Timestamp("2025-04-03")}),
    (19, "half past eleven at night", {"tijd": "11:30 PM"}, {"event_minute": 1410.0}),
    (19, "Dutch hours", {"tijd": "22u30"}, {"event_minute": 1350.0}),
    (19, "a whole hour in words", {"tijd": "22 uur"}, {"event_minute": 1320.0}),
    (24, "world time", {"datum": "2025-07-01T22:30Z", "tijd": ""}, {"event_date": pd.Timestamp("2025-07-02"), "event_minute": 30.0}),
    (24, "an offset", {"datum": "2025-07-01T22:30:00+02:00", "tijd": ""}, {"event_date": pd.Timestamp("2025-07-01"), "event_minute": 1350.0}),
    (24, "world time in winter", {"datum": "2025-01-01T23:30:00.000Z", "tijd": ""}, {"event_date": pd.Timestamp("2025-01-02"), "event_minute": 30.0}),
    (30, "two categories", {"categorie": "naroepen; nafluiten"}, {"categories": "naroepen|nafluiten"}),
    (30, "two categories in another order are the same", {"categorie": "nafluiten/naroepen"}, {"categories": "naroepen|nafluiten"}),
    (30, "three over several lines", {"categorie": "nasissen\nnastaren, bedreigen"}, {"categories": "nastaren|nasissen|bedreigen"}),
    (31, "a space behind", {"categorie": "Nafluiten "}, {"categories": "nafluiten"}),
    (31, "another word for it", {"categorie": "Achternalopen"}, {"categories": "achtervolgen"}),
    (31, "no category", {"categorie": ""}, {"categories": ""}),
    (31, "the text NA", {"omschrijving": "NA"}, {"text": "NA"}),
    (31, "the text None", {"omschrijving": "None"}, {"text": "None"}),
    (31, "zeros before a number", {"id": "00123"}, {"source_id": "00123"}),
    (38, "markup", {"omschrijving": "</script><img onerror=x>"}, {"text": "</script><img onerror=x>"}),
    (38, "a formula", {"omschrijving": '=HYPERLINK("http://a.test")'}, {"text": '=HYPERLINK("http://a.test")'}),
    (38, "a right-to-left mark and an emoji", {"omschrijving": "\u202eabc 🙈"}, {"text": "\u202eabc 🙈"}),
    (38, "10,000 characters exactly", {"omschrijving": "é" * 10_000}, {"text": "é" * 10_000}),
]  # fmt: skip


@pytest.mark.parametrize(("row", "sentence", "change", "expected"), KEPT, ids=[f"{k[0]}: {k[1]}" for k in KEPT])
def test_a_row_in_a_known_spelling_is_taken_as_it_is_meant(tmp_path, row, sentence, change, expected):
    checked = read(tmp_path, with_neighbours(change))
    kept = checked.reports.set_index("row").loc[5]
    assert {name: kept[name] for name in expected} == expected
    assert kept["flags"] == "" and len(checked.reports) == 8 and checked.n_quarantined == 0 and checked.balanced


UNKNOWN_TIMES = ["onbekend", "", "ca. 23u", "?", "'s avonds", "22:30?", "tussen 22 en 23 uur", "n.v.t."]


@pytest.mark.parametrize("text", UNKNOWN_TIMES)
def test_a_time_nobody_knows_keeps_the_day_and_is_never_midnight(tmp_path, text):
    checked = read(tmp_path, with_neighbours({"tijd": text}))
    kept = checked.reports.set_index("row").loc[5]
    assert np.isnan(kept["event_minute"]) and kept["event_date"] == pd.Timestamp("2025-04-03")
    assert codes(checked) == {"time_unknown"} and checked.n_flagged == 0 and checked.balanced


@pytest.mark.parametrize("text", ["24:00", "24.00", "24:00:00"])
def test_twenty_four_hours_is_midnight_of_the_next_day(tmp_path, text):
    checked = read(tmp_path, with_neighbours({"tijd": text}))
    kept = checked.reports.set_index("row").loc[5]
    assert (kept["event_date"], kept["event_minute"]) == (pd.Timestamp("2025-04-04"), 0.0)
    assert codes(checked) == {"next_day"}


@pytest.mark.parametrize(
    "change",
    [
        {"x": "425187", "y": "105123"},
        {"x": "425187,5", "y": "105123,5"},
        {"x": "425000", "y": "105000"},
    ],
)
def test_row_10_a_row_with_rd_axes_swapped_is_set_apart_with_the_hint(tmp_path, change):
    checked = read(tmp_path, rd_rows(change))
    assert codes(checked, 9) == {"swapped_place"}
    assert checked.n_quarantined == 1 and len(checked.reports) == 7 and checked.balanced


@pytest.mark.parametrize(
    "change", [{"x": "155000", "y": "463000"}, {"x": "155000,0", "y": "463000.0"}, {"x": "-1", "y": "-1"}]
)
def test_row_11_the_rd_origin_and_minus_one_are_nobodys_place(tmp_path, change):
    checked = read(tmp_path, rd_rows(change))
    assert codes(checked, 9) == {"default_place"} and checked.n_quarantined == 1 and checked.balanced


MUNICIPALITY = shapely.box(103_000, 424_000, 108_000, 428_000)


@pytest.mark.parametrize(("x", "outcome"), [
    (105_000.5, "inside"),
    (108_000.0, "inside"),
    (108_049.5, "near_border"),
    (108_050.0, "near_border"),
    (108_050.5, "outside_municipality"),
    (120_001.5, "outside_municipality"),
])  # fmt: skip
def test_row_12_outside_the_municipality_is_set_apart_but_a_hair_outside_is_kept_and_flagged(tmp_path, x, outcome):
    rows = rd_rows({"x": str(x), "y": "425187.5"})[-1:]
    checked = read(tmp_path, rows, municipality=MUNICIPALITY)
    assert checked.n_quarantined == (outcome == "outside_municipality") and checked.balanced
    assert codes(checked, 2) == (set() if outcome == "inside" else {outcome})
    if outcome != "outside_municipality":
        assert checked.reports["flags"].tolist() == ["near_border" if outcome == "near_border" else ""]


@pytest.mark.parametrize("n", [8, 20, 200])
def test_row_13_many_reports_on_one_point_are_told_but_the_flag_is_not_stored(tmp_path, n):
    rows = [GOOD | {"id": f"p{i}", "datum": f"{i % 28 + 1:02d}-{i // 28 % 12 + 1:02d}-2025"} for i in range(n)]
    spread = [GOOD | {"id": f"s{i}", "lat": f"51.8{i:04d}1", "lon": f"4.66{i:04d}7", "tijd": ""} for i in range(200)]
    checked = read(tmp_path, [*rows, *spread])
    told = [p.row for p in checked.problems if p.reason.code == "default_point"]
    assert told == list(range(2, n + 2)) and checked.n_flagged == n
    assert not report.has(checked.reports["flags"], "default_point").any()


def test_row_22_a_file_without_times_says_so_once_and_not_in_every_row(tmp_path):
    rows = [{k: v for k, v in (GOOD | n).items() if k != "tijd"} for n in NEIGHBOURS]
    checked = read(tmp_path, rows)
    assert checked.reports["event_minute"].isna().all() and checked.problems == ()
    assert "no_times" in {r.code for r in checked.normalised}


@pytest.mark.parametrize("form", ["2025-05-0{}T00:00:00", "0{}-05-2025 00:00:00", "0{}-05-2025 00:00"])
def test_row_22_dates_written_as_midnight_have_no_time(tmp_path, form):
    rows = [
        GOOD | {"id": n["id"], "lat": n["lat"], "datum": form.format(i + 1), "tijd": ""}
        for i, n in enumerate(NEIGHBOURS)
    ]
    checked = read(tmp_path, rows)
    assert checked.reports["event_minute"].isna().all()
    bare = [{k: v for k, v in row.items() if k != "tijd"} for row in rows]
    assert read(tmp_path, bare).reports["event_minute"].isna().all()


DUPLICATES = [
    ("the same place and time", {}, True),
    ("ten minutes later", {"tijd": "22:40"}, True),
    ("ten minutes earlier", {"tijd": "22:20"}, True),
    ("twenty metres north", {"lat": "51.813491"}, True),
    ("eleven minutes later", {"tijd": "22:41"}, False),
    ("thirty metres north", {"lat": "51.813582"}, False),
    ("another category", {"categorie": "naroepen"}, False),
    ("one category more", {"categorie": "nafluiten, naroepen"}, False),
    ("an unknown time", {"tijd": "onbekend"}, False),
    ("just after midnight, the other just before", {"datum": "04-04-2025", "tijd": "00:01"}, False),
]


@pytest.mark.parametrize(("sentence", "change", "expected"), DUPLICATES, ids=[d[0] for d in DUPLICATES])
def test_row_26_another_id_for_the_same_event_is_flagged_and_the_first_is_not(tmp_path, sentence, change, expected):
    checked = read(tmp_path, [GOOD, *(GOOD | n for n in NEIGHBOURS), GOOD | {"id": "other"} | change])
    flagged = checked.reports.loc[report.has(checked.reports["flags"], report.PROBABLE_DUPLICATE), "source_id"]
    assert flagged.tolist() == (["other"] if expected else [])
    assert len(checked.reports) == 9 and checked.balanced


def test_row_26_reports_on_both_sides_of_midnight_are_compared(tmp_path):
    late, early = {"tijd": "23:56"}, {"id": "other", "datum": "04-04-2025", "tijd": "00:04"}
    checked = read(tmp_path, [GOOD | late, GOOD | early])
    assert checked.reports["flags"].tolist() == ["", report.PROBABLE_DUPLICATE]


def test_row_26_a_pile_of_ten_thousand_at_one_place_and_moment_leaves_one_that_counts(tmp_path):
    rows = [GOOD | {"id": f"p{i}"} for i in range(10_000)]
    checked = read(tmp_path, rows)
    assert (~report.has(checked.reports["flags"], report.PROBABLE_DUPLICATE)).sum() == 1


def test_row_27_of_one_id_in_one_file_the_last_content_counts(tmp_path):
    first, last = GOOD | {"categorie": "naroepen"}, GOOD | {"categorie": "bedreigen"}
    checked = read(tmp_path, [first, last, *(GOOD | n for n in NEIGHBOURS)])
    assert checked.reports.set_index("source_id").loc["00100", "categories"] == "bedreigen"
    assert codes(checked, 2) == {"older_version"} and checked.n_duplicates == 1 and checked.balanced


def test_row_25_the_same_row_twice_in_one_file_is_one_report(tmp_path):
    checked = read(tmp_path, [GOOD, GOOD, GOOD, *(GOOD | n for n in NEIGHBOURS)])
    assert checked.n_duplicates == 2 and codes(checked, 3) == codes(checked, 4) == {"duplicate"} and checked.balanced


@pytest.mark.parametrize("status", ["ingetrokken", "Geannuleerd", "withdrawn", "verwijderd "])
def test_row_28_a_withdrawn_row_needs_only_its_id(tmp_path, status):
    checked = read(tmp_path, [dict.fromkeys(GOOD, "") | {"id": "00100", "status": status}, GOOD | NEIGHBOURS[0]])
    assert checked.withdrawn.to_dict("list") == {"source": ["app"], "source_id": ["00100"], "row": [2]}
    assert codes(checked, 2) == {"withdrawn"} and checked.n_withdrawn == 1 and checked.balanced


def test_row_29_in_one_file_a_withdrawal_holds_for_its_report_whatever_the_order(tmp_path):
    gone = GOOD | {"status": "ingetrokken"}
    for rows in ([GOOD, gone], [gone, GOOD], [GOOD | {"datum": "bedorven"}, gone]):
        checked = read(tmp_path, [*rows, GOOD | NEIGHBOURS[0]])
        assert checked.reports["source_id"].tolist() == ["n1"]
        assert checked.n_withdrawn == 2 and len(checked.withdrawn) == 1 and checked.balanced


@pytest.mark.parametrize(("n", "flagged"), [(499, 0), (500, 500), (700, 700)])
def test_row_40_very_many_reports_within_an_hour_are_flagged(tmp_path, n, flagged):
    rows = [
        GOOD | {"id": f"f{i}", "lat": f"51.8{i:05d}3", "gemeld_op": f"01-06-2025 10:{i % 60:02d}"} for i in range(n)
    ]
    rows += [
        GOOD | {"id": f"l{i}", "lat": f"51.79{i:04d}3", "gemeld_op": f"0{i % 9 + 1}-07-2025 10:00"} for i in range(90)
    ]
    checked = read(tmp_path, rows)
    assert report.has(checked.reports["flags"], report.FLOOD).sum() == flagged and checked.balanced


def test_a_flood_across_the_whole_hour_is_seen_too(tmp_path):
    rows = [
        GOOD
        | {
            "id": f"f{i}",
            "lat": f"51.8{i:05d}3",
            "gemeld_op": f"01-06-2025 {10 + (i % 50 >= 25)}:{(35 + i % 50) % 60:02d}",
        }
        for i in range(500)
    ]
    checked = read(tmp_path, rows)
    assert report.has(checked.reports["flags"], report.FLOOD).all()

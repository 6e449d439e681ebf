"""Which column is which, what a mapping file may say, and which columns are never kept."""

import json
from datetime import date, datetime, time

import numpy as np
import openpyxl
import pandas as pd
import pytest

from data.columns import mapping_from, read_mapping, recognise
from data.importing import ImportOptions, read_reports
from data.reasons import FileRefused
from data.settings import Settings

USUAL = ["id", "datum", "lat", "lon"]


def read(tmp_path, text, *, place_only=False, **options):
    path = tmp_path / "meldingen.csv"
    path.write_text(text, encoding="utf-8")
    given = ImportOptions(today=date(2026, 1, 15), **options)
    return read_reports(path, settings=Settings(), options=given, place_only=place_only)


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Meldingsnummer", "id"),
        ("ZAAKNUMMER", "id"),
        ("Kenmerk ", "id"),
        ("melding-id", "id"),
        ("datum_tijd", "datum_tijd"),
        ("Datum / Tijd", "datum_tijd"),
        ("Datum en tijd", "datum_tijd"),
        ("Incidentdatum", "datum"),
        ("tijdstip", "tijd"),
        ("Gemeld op", "gemeld_op"),
        ("datum_melding", "gemeld_op"),
        ("Categorieën", "categorie"),
        ("soort", "categorie"),
        ("Type melding", "categorie"),
        ("Toelichting", "omschrijving"),
        ("STRAATNAAM", "straat"),
        ("Postcode", "postcode"),
        ("Status", "status"),
        ("Nauwkeurigheid (m)", "nauwkeurigheid"),
    ],
)
def test_a_column_is_known_whatever_its_case_accents_and_signs(name, role):
    rest = [n for n in USUAL if n != role and not (role == "datum_tijd" and n == "datum")]
    assert recognise([*rest, name]).get(role) == name


@pytest.mark.parametrize(
    ("east", "north", "kind"),
    [
        ("lon", "lat", "degrees"),
        ("Lengtegraad", "Breedtegraad", "degrees"),
        ("lng", "latitude", "degrees"),
        ("lengte", "breedte", "degrees"),
        ("X", "Y", "metres"),
        ("RD_X", "RD_Y", "metres"),
        ("x-coördinaat", "y-coördinaat", "metres"),
        ("coordinaat x", "coordinaat y", "metres"),
    ],
)
def test_a_place_is_known_by_the_names_that_exports_use(east, north, kind):
    columns = recognise(["id", "datum", north, east])
    assert (columns.place, columns.kind) == ((east, north), kind)


def test_clock_times_without_a_day_are_told_once_with_the_way_out_and_not_for_every_row(tmp_path):
    rows = "".join(f"R{i};0{i}-03-2025;2{i}:15;51,81;4,67\n" for i in range(4))
    text = "Meldnr;Datum melding;Tijdstip;lat;lon\n" + rows
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, text)
    assert refused.value.code == "only_clock_times"
    assert all(word in str(refused.value) for word in ("„Tijdstip”", "pagina Gegevens", "--mapping"))
    mapping = mapping_from({"columns": {"datum": "Datum melding", "tijd": "Tijdstip"}})
    taken = read(tmp_path, text, mapping=mapping).reports
    assert len(taken) == 3  # the first row's day is the zeroth of March
    assert taken["event_minute"].tolist() == [21 * 60 + 15, 22 * 60 + 15, 23 * 60 + 15]


def test_a_moment_that_is_a_clock_time_in_one_row_is_that_rows_own_fault(tmp_path):
    text = "id;Tijdstip;lat;lon\n1;22:15;51,81;4,67\n2;03-03-2025 22:15;51,82;4,68\n"
    assert len(read(tmp_path, text).reports) == 1


def test_a_missing_column_names_what_is_missing_what_is_there_and_the_way_out():
    with pytest.raises(FileRefused) as refused:
        recognise(["wie", "wanneer", "lat", "opmerkingen"])
    told = str(refused.value)
    assert refused.value.code == "missing_columns"
    assert all(word in told for word in ("id", "datum", "lat en lon", "wie, wanneer, lat, opmerkingen", "--mapping"))


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        (["kenmerk"], "id, kenmerk"),
        (["soort", "type"], "soort, type"),
        (["datum_tijd"], "datum, datum_tijd"),
        (["omschrijving", "toelichting"], "omschrijving, toelichting"),
    ],
)
def test_two_columns_for_one_part_are_refused_by_name_unless_a_mapping_decides(extra, named):
    with pytest.raises(FileRefused) as refused:
        recognise([*USUAL, *extra])
    assert refused.value.code == "column_conflict" and named in str(refused.value)


def test_a_mapping_decides_between_two_columns_and_the_other_is_not_kept():
    columns = recognise([*USUAL, "soort", "type"], mapping=mapping_from({"columns": {"categorie": "type"}}))
    assert columns.get("categorie") == "type" and columns.ignored == ("soort",)


def test_a_mapping_that_names_an_absent_column_says_which_are_there():
    with pytest.raises(FileRefused) as refused:
        recognise(USUAL, mapping=mapping_from({"columns": {"straat": "weg"}}))
    assert refused.value.code == "mapping_column" and "id, datum, lat, lon" in str(refused.value)


@pytest.mark.parametrize(
    "name",
    [
        *("Etniciteit", "nationaliteit", "Herkomst", "afkomst dader", "Inkomen", "religie", "geloof", "Ras"),
        *("naam", "Naam melder", "e-mail", "E-mailadres", "telefoonnummer", "Adres", "huisnummer", "BSN", "voornaam"),
    ],
)
def test_columns_about_persons_are_never_kept_not_even_when_a_mapping_asks_for_them(name):
    assert recognise([*USUAL, name]).withheld == (name,)
    with pytest.raises(FileRefused) as refused:
        recognise([*USUAL, name], mapping=mapping_from({"columns": {"omschrijving": name}}))
    assert refused.value.code == "forbidden_column" and name in str(refused.value)


def test_what_stands_in_unknown_and_personal_columns_appears_nowhere_in_the_result(tmp_path):
    text = (
        "id,datum,lat,lon,naam,e-mail,herkomst,kleur\n"
        "1,03-04-2025,51.813312,4.690187,Geheim1,geheim2@example.org,Geheim3,Geheim4\n"
        "2,onzin,51.813312,4.690187,Geheim1,geheim2@example.org,Geheim3,Geheim4\n"
    )
    checked = read(tmp_path, text)
    assert checked.columns_ignored == ("kleur",) and checked.columns_withheld == ("naam", "e-mail", "herkomst")
    assert {"columns_ignored", "columns_withheld"} <= {r.code for r in checked.normalised}
    assert "geheim" not in (checked.reports.to_csv() + repr(checked.problems)).lower()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"colums": {}}, "columns, categories, options"),
        ({"columns": {"plaats": "x"}}, "straat"),
        ({"categories": {"toeteren": "lawaai"}}, "nafluiten"),
        ({"categories": {"toeteren": ["anders", "lawaai"]}}, "lawaai"),
        ({"options": {"date_order": "mdy"}}, "swap_xy, crs, source"),
        ({"options": {"swap_xy": "ja"}}, "true of false"),
        ({"options": {"crs": "EPSG:99999999"}}, "EPSG:28992"),
        ({"columns": "id"}, "tabel"),
    ],
)
def test_what_a_mapping_file_cannot_say_is_refused_with_what_it_can(content, told):
    with pytest.raises(FileRefused) as refused:
        mapping_from(content)
    assert told in str(refused.value)


@pytest.mark.parametrize("content", [b"[columns", b"\xff\xfe", b"id = = 3"])
def test_a_mapping_file_that_is_no_toml_is_refused_and_so_is_an_absent_one(tmp_path, content):
    path = tmp_path / "mapping.toml"
    path.write_bytes(content)
    with pytest.raises(FileRefused) as refused:
        read_mapping(path)
    assert refused.value.code == "mapping_unreadable"
    with pytest.raises(FileRefused):
        read_mapping(tmp_path / "absent.toml")


def test_a_mapping_file_names_columns_categories_and_options(tmp_path):
    path = tmp_path / "mapping.toml"
    path.write_text(
        '[columns]\nid = "Nr."\ndatum = "Wanneer"\nsoort = "Wat"\n[categories]\n"Toeteren, lang" = "anders"\n'
        'rotopmerking = ["naroepen", "uitschelden"]\n[options]\nsource = "app"\ncrs = "EPSG:28992"\n',
        encoding="utf-8",
    )
    text = (
        "Nr.,Wanneer,lat,lon,Wat\n"
        '7,03-04-2025,425187,105123,"toeteren, lang"\n8,03-04-2025,425321,105321,Rotopmerking\n'
    )
    checked = read(tmp_path, text, mapping=read_mapping(path))
    assert checked.source == "app"
    assert checked.reports["categories"].tolist() == ["anders", "naroepen|uitschelden"]
    assert checked.reports["x"].tolist() == [105123.0, 105321.0]


def test_two_pairs_of_coordinates_are_not_a_conflict_and_the_metres_are_used(tmp_path):
    checked = read(tmp_path, "id,datum,lat,lon,x,y\n1,03-04-2025,51.9,4.6,105123,425187\n")
    assert checked.reports[["x", "y"]].to_numpy().tolist() == [[105123.0, 425187.0]]
    assert "rd_preferred" in {r.code for r in checked.normalised}


def rows_of(pairs, names="lat,lon"):
    lines = [f"{i},03-0{i % 9 + 1}-2025,{a},{b}" for i, (a, b) in enumerate(pairs)]
    return f"id,datum,{names}\n" + "\n".join(lines) + "\n"


DEGREES = [(f"51.81{i}713", f"4.67{i}391") for i in range(6)]
METRES = [(f"10{i}123", f"42{i}321") for i in range(6)]


@pytest.mark.parametrize(("pairs", "names"), [(DEGREES, "lat,lon"), (METRES, "x,y"), (DEGREES * 3, "breedte,lengte")])
def test_row_8_a_whole_file_with_swapped_axes_is_refused_until_the_user_says_so(tmp_path, pairs, names):
    swapped = rows_of([(b, a) for a, b in pairs], names)
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, swapped)
    assert refused.value.code == "swapped_axes" and "--swap-xy" in str(refused.value)
    told = read(tmp_path, swapped, swap_xy=True)
    straight = read(tmp_path, rows_of(pairs, names))
    assert np.array_equal(told.reports[["x", "y"]], straight.reports[["x", "y"]])
    assert "axes_swapped" in {r.code for r in told.normalised}


def test_swapping_a_file_that_was_right_is_refused_as_well(tmp_path):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, rows_of(DEGREES), swap_xy=True)
    assert "laat --swap-xy" in str(refused.value)


@pytest.mark.parametrize("names", ["lat,lon", "lon,lat", "breedtegraad,lengtegraad"])
def test_row_9_rd_metres_under_degrees_are_recognised_by_their_range_and_noted(tmp_path, names):
    checked = read(tmp_path, rows_of(METRES, names))
    assert checked.reports["x"].tolist() == [float(x) for x, _ in METRES]
    assert "rd_under_degrees" in {r.code for r in checked.normalised} and checked.problems == ()


@pytest.mark.parametrize(
    "pairs", [DEGREES, [(b, a) for a, b in DEGREES], [(a.replace(".", ","), b) for a, b in DEGREES]]
)
def test_degrees_under_x_and_y_are_recognised_by_their_range_and_noted(tmp_path, pairs):
    names = "x;y"
    text = rows_of(pairs).replace(",", ";").replace("lat;lon", names) if "." in pairs[0][0] else None
    text = text or "id;datum;x;y\n" + "\n".join(f"{i};03-04-2025;{a};{b}" for i, (a, b) in enumerate(pairs))
    checked = read(tmp_path, text)
    straight = read(tmp_path, rows_of(DEGREES))
    assert np.array_equal(checked.reports[["x", "y"]], straight.reports[["x", "y"]])
    assert "degrees_under_rd" in {r.code for r in checked.normalised}


def test_a_stated_accuracy_widens_the_radius_but_never_narrows_it(tmp_path):
    stated = ["", "exact", "10", "100 m", "1,5 km", "straat", "postcode", "geen idee"]
    lines = [f'{i},0{i + 1}-04-2025,51.81,4.69,"{s}"' for i, s in enumerate(stated)]
    checked = read(tmp_path, "id,datum,lat,lon,nauwkeurigheid\n" + "\n".join(lines))
    decimals = checked.reports["uncertainty_m"].iloc[0]
    assert decimals == pytest.approx(654.2, abs=1)
    assert checked.reports["uncertainty_m"].tolist() == [decimals] * 4 + [1500.0] + [decimals] * 3
    assert "accuracy_unread" in {r.code for r in checked.normalised}


def test_a_place_is_enough_when_only_places_are_asked_for(tmp_path):
    text = (
        "lat,lon,datum,categorie\n51.813312,4.690187,onzin,lawaai\n51.813412,4.690287,31-12-2099,\n,4.7,03-04-2025,\n"
    )
    checked = read(tmp_path, text, place_only=True)
    assert checked.reports["source_id"].tolist() == ["2", "3"] and checked.n_quarantined == 1 and checked.balanced
    assert pd.isna(checked.reports["event_date"].iloc[0])


def test_with_places_only_a_test_is_seen_and_other_texts_are_not_kept(tmp_path):
    long = "test " + "hij liep achter mij aan " * 6
    texts = ["test", f"  {'test'}   ", long, "hij floot", ""]
    text = "lat,lon,omschrijving\n" + "".join(f"51.81{i}312,4.690187,{said}\n" for i, said in enumerate(texts))
    checked = read(tmp_path, text, place_only=True)
    assert checked.reports["flags"].tolist() == ["test_text", "test_text", "", "", ""]
    assert checked.reports["text"].tolist() == ["test", "test", "", "", ""]


def test_with_places_only_a_repeated_id_is_kept_and_flagged(tmp_path):
    text = "id,lat,lon\na,51.813312,4.690187\na,51.823312,4.690187\nb,51.813312,4.690187\n"
    checked = read(tmp_path, text, place_only=True)
    assert checked.reports["flags"].tolist() == ["", "probable_duplicate", ""] and checked.balanced


def test_house_numbers_leave_and_postcodes_are_written_one_way(tmp_path):
    text = (
        "id,datum,lat,lon,straat,postcode\n1,03-04-2025,51.813312,4.690187,Voorstraat 12-a,3311 aa\n"
        "2,03-05-2025,51.813312,4.690187,Plein 1940-1945,3311\n3,03-06-2025,51.813312,4.690187,Bleijenhoek 3,onbekend\n"
    )
    checked = read(tmp_path, text)
    assert checked.reports["street"].tolist() == ["Voorstraat", "Plein 1940-1945", "Bleijenhoek"]
    assert checked.reports["postcode"].tolist() == ["3311AA", "3311", ""]


def geojson(path, features, crs=None):
    content = {"type": "FeatureCollection", "features": features}
    if crs:
        content["crs"] = {"type": "name", "properties": {"name": crs}}
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_reports(path, settings=Settings(), options=ImportOptions(today=date(2026, 1, 15)))


@pytest.mark.parametrize(
    ("crs", "point", "noted"),
    [
        (None, [4.663900, 51.813075], set()),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", [4.663900, 51.813075], set()),
        ("EPSG:28992", [105123, 425187], set()),
        ("urn:ogc:def:crs:EPSG::28992", [105123, 425187], set()),
        ("EPSG:3857", [519183.0, 6766397.2], {"crs_converted"}),
        (None, [105123, 425187], {"rd_under_degrees"}),
    ],
)
def test_a_geojson_point_is_read_in_the_system_that_the_file_states(tmp_path, crs, point, noted):
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": point},
        "properties": {"id": "a", "datum": "2025-04-03", "tijd": "22:30"},
    }
    checked = geojson(tmp_path / "a.geojson", [feature], crs)
    assert checked.reports[["x", "y"]].to_numpy().tolist() == [
        [pytest.approx(105123, abs=1), pytest.approx(425187, abs=1)]
    ]
    codes = {r.code for r in checked.normalised}
    assert codes & {"crs_converted", "rd_under_degrees"} == noted


def test_a_workbook_gives_the_same_reports_as_the_csv(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "datum", "tijd", "lat", "lon", "categorie"])
    sheet.append(["00123", datetime(2025, 4, 3), time(22, 30), 51.813312, 4.690187, "nafluiten"])
    sheet.append(["00124", datetime(2025, 4, 4, 13, 5), None, 51.803312, 4.690187, "naroepen"])
    sheet.append(["00125", 45400.9375, None, 51.803512, 4.680187, None])
    book.save(tmp_path / "a.xlsx")
    workbook = read_reports(tmp_path / "a.xlsx", settings=Settings(), options=ImportOptions(today=date(2026, 1, 15)))
    rows = [
        "id,datum,tijd,lat,lon,categorie\n00123,03-04-2025,22:30,51.813312,4.690187,nafluiten",
        "00124,04-04-2025,13:05,51.803312,4.690187,naroepen\n00125,18-04-2024,22:30,51.803512,4.680187,\n",
    ]
    text = read(tmp_path, "\n".join(rows))
    assert workbook.reports["content_hash"].tolist() == text.reports["content_hash"].tolist()


@pytest.mark.parametrize(("cell", "gone"), [("ja", True), ("X", True), ("true", True), ("nee", False), ("", False)])
def test_a_column_that_says_withdrawn_withdraws(tmp_path, cell, gone):
    text = f"id,datum,lat,lon,ingetrokken\n1,03-04-2025,51.813312,4.690187,{cell}\n2,03-05-2025,51.803312,4.690187,\n"
    checked = read(tmp_path, text)
    assert checked.n_withdrawn == gone and len(checked.reports) == 2 - gone and checked.balanced


def test_an_ordinal_is_the_id_only_when_there_is_no_better_one():
    assert recognise(["nr", "datum", "lat", "lon"]).get("id") == "nr"
    better = recognise(["nr", "kenmerk", "datum", "lat", "lon"])
    assert better.get("id") == "kenmerk" and better.ignored == ("nr",)


def test_a_mapping_decides_which_pair_of_coordinates_counts():
    names = ["id", "datum", "lat", "lon", "x", "y"]
    assert recognise(names).kind == "metres"
    assert recognise(names, mapping=mapping_from({"columns": {"lat": "lat"}})).kind == "degrees"

"""GeoJSON of points, and what only calls itself so."""

import json
import socket

import pytest

from data.reasons import FileRefused
from data.sources import geojson
from data.sources.read import read_table
from data.sources.table import GEOMETRY_X, GEOMETRY_Y


@pytest.fixture
def read(tmp_path):
    def read(content, name="meldingen.geojson", **options):
        path = tmp_path / "upload.bin"
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return read_table(path, name=name, **options)

    return read


def feature(properties=None, coordinates=(4.66, 51.81), **members):
    geometry = {"type": "Point", "coordinates": list(coordinates)} if coordinates is not None else None
    return {"type": "Feature", "properties": properties or {}, "geometry": geometry} | members


def collection(*features, **members):
    return {"type": "FeatureCollection", "features": list(features)} | members


def found(table):
    return [(p.row, p.column, p.reason.code, p.value) for p in table.problems]


def test_properties_are_columns_and_the_point_is_two_more(read):
    table = read(collection(feature({"id": "001", "soort": "naroepen"}), feature({"id": "002", "status": "open"})))
    assert table.frame.to_dict("records") == [
        {GEOMETRY_X: "4.66", GEOMETRY_Y: "51.81", "id": "001", "soort": "naroepen", "status": ""},
        {GEOMETRY_X: "4.66", GEOMETRY_Y: "51.81", "id": "002", "soort": "", "status": "open"},
    ]
    assert table.rows.tolist() == [1, 2] and table.n_read == 2 and table.crs is None


VALUES = [
    ("a number keeps the digits it was written in", b"1.50", "1.50"),
    ("a long whole number keeps them too", b"12345678901234567890123", "12345678901234567890123"),
    ("an exponent is not worked out", b"1e308", "1e308"),
    ("NaN is text", b"NaN", "NaN"),
    ("minus infinity is text", b"-Infinity", "-Infinity"),
    ("null is empty", b"null", ""),
    ("true is text", b"true", "true"),
    ("text stays text", b'"00123"', "00123"),
    ("the text NA stays text", b'"NA"', "NA"),
    ("several labels share a cell", b'["naroepen", "nafluiten"]', "naroepen|nafluiten"),
    ("an empty list is empty", b"[]", ""),
    ("an object is written out", b'{"a": [1, "x"]}', '{"a": ["1", "x"]}'),
    ("script is text", b'"</script>"', "</script>"),
]


@pytest.mark.parametrize(("written", "expected"), [c[1:] for c in VALUES], ids=[c[0] for c in VALUES])
def test_a_property_arrives_as_text(read, written, expected):
    content = json.dumps(collection(feature({"id": "1", "v": "@"}))).encode().replace(b'"@"', written)
    assert read(content).frame["v"].tolist() == [expected]


def test_coordinates_keep_the_digits_they_were_written_in(read):
    content = json.dumps(collection(feature({"id": "1"}))).encode().replace(b"[4.66, 51.81]", b"[4.660, 51.8100, 3]")
    frame = read(content).frame
    assert (frame[GEOMETRY_X][0], frame[GEOMETRY_Y][0]) == ("4.660", "51.8100")


NO_POINTS = [
    ("no geometry", feature({"id": "x"}, None), "no_point", "null"),
    (
        "a line",
        feature({"id": "x"}, geometry={"type": "LineString", "coordinates": [[1, 2], [3, 4]]}),
        "no_point",
        "LineString",
    ),
    (
        "several points",
        feature({"id": "x"}, geometry={"type": "MultiPoint", "coordinates": [[1, 2]]}),
        "no_point",
        "MultiPoint",
    ),
    ("a point without coordinates", feature({"id": "x"}, ()), "no_point", "Point []"),
    (
        "coordinates that are text",
        feature({"id": "x"}, ("4.6", "51.8")),
        "no_point",
        "Point ?",
    ),
    ("coordinates that are null", feature({"id": "x"}, (None, 51.8)), "no_point", "Point ?"),
    ("one coordinate", feature({"id": "x"}, (4.6,)), "no_point", "Point ?"),
    ("a bare geometry", {"type": "Point", "coordinates": [4.6, 51.8]}, "not_a_feature", "Point"),
    ("a number", 5, "not_a_feature", "5"),
    ("null", None, "not_a_feature", "null"),
    (
        "properties that are a list",
        {"type": "Feature", "properties": [], "geometry": None},
        "not_a_feature",
        "properties",
    ),
]


@pytest.mark.parametrize(("odd", "code", "value"), [c[1:] for c in NO_POINTS], ids=[c[0] for c in NO_POINTS])
def test_a_feature_that_is_no_point_is_set_apart_and_its_neighbours_are_not(read, odd, code, value):
    table = read(collection(feature({"id": "1"}), odd, feature({"id": "3"})))
    assert table.frame["id"].tolist() == ["1", "3"] and table.rows.tolist() == [1, 3]
    assert found(table) == [(2, "", code, value)] and table.n_read == 3


def test_text_with_a_nul_or_half_a_character_or_too_long_is_set_apart(read):
    table = read(collection(*(feature({"id": "1", "t": text}) for text in ("a\0", "\ud83d", "x" * 100_001, "ok"))))
    assert [(row, column, code) for row, column, code, _ in found(table)] == [
        (1, "t", "nul_character"),
        (2, "t", "nul_character"),
        (3, "t", "cell_too_large"),
    ]
    assert table.frame["t"].tolist() == ["ok"]


def test_the_id_of_a_feature_is_a_column_when_its_properties_have_none(read):
    table = read(collection(feature({"a": "x"}, id=7), feature({"id": "eigen"}, id=8)))
    assert table.frame["id"].tolist() == ["7", "eigen"]


def test_properties_cannot_pose_as_the_geometry(read):
    table = read(collection(feature({"id": "1", GEOMETRY_X: "0", GEOMETRY_Y: "0"})))
    assert table.frame[GEOMETRY_X].tolist() == ["4.66"]


def named(name):
    return {"type": "name", "properties": {"name": name}}


CRS = [
    ("urn:ogc:def:crs:EPSG::28992", "EPSG:28992"),
    ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
    ("urn:ogc:def:crs:OGC::CRS84", "EPSG:4326"),
    ("EPSG:4326", "EPSG:4326"),
    ("epsg:28992", "EPSG:28992"),
    ("urn:ogc:def:crs:EPSG:6.9:4326", "EPSG:4326"),
    ("http://www.opengis.net/def/crs/EPSG/0/28992", "EPSG:28992"),
    ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "EPSG:4326"),
]


@pytest.mark.parametrize(("stated", "expected"), CRS, ids=[c[0] for c in CRS])
def test_a_stated_coordinate_system_is_honoured(read, stated, expected):
    assert read(collection(feature({"id": "1"}), crs=named(stated))).crs == expected


@pytest.mark.parametrize(
    "crs",
    [
        named("iets eigens"),
        {"type": "link", "properties": {"href": "http://127.0.0.1/crs"}},
        "EPSG:4326",
        {"type": "name"},
    ],
)
def test_a_coordinate_system_that_cannot_be_honoured_refuses_the_file(read, crs):
    with pytest.raises(FileRefused) as refusal:
        read(collection(feature({"id": "1"}), crs=crs))
    assert refusal.value.code == "unknown_crs"


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/http://127.0.0.1/x</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'
REFUSED = [
    ("a GDAL VRT", VRT, "not_a_table"),
    ("XML with a document type", b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "not_a_table"),
    ("XML after white space and a mark", b"\xef\xbb\xbf \n<a/>", "not_a_table"),
    ("a path and no more", b"/vsicurl/http://127.0.0.1/x.geojson", "broken_geojson"),
    ("a file cut off", json.dumps(collection(feature({"id": "1"}))).encode()[:-9], "broken_geojson"),
    ("a list", b"[1, 2]", "broken_geojson"),
    ("one feature", json.dumps(feature({"id": "1"})).encode(), "broken_geojson"),
    ("TopoJSON", b'{"type": "Topology", "objects": {}}', "broken_geojson"),
    ("features that are no list", b'{"type": "FeatureCollection", "features": {}}', "broken_geojson"),
    ("no features", b'{"type": "FeatureCollection", "features": []}', "empty_file"),
    ("white space", b"  \n ", "empty_file"),
    ("nothing", b"", "empty_file"),
    ("brackets without end", b"[" * 200_000, "broken_geojson"),
    ("objects without end", b'{"a":' * 200_000, "broken_geojson"),
    (
        "a thousand and one properties",
        json.dumps(collection(feature({f"p{i}": 1 for i in range(1_001)}))).encode(),
        "broken_geojson",
    ),
]


@pytest.mark.parametrize(("content", "code"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_what_only_calls_itself_geojson_is_refused_and_nothing_is_opened(read, monkeypatch, content, code):
    def refuse(*_, **__):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    with pytest.raises(FileRefused) as refusal:
        read(content)
    assert refusal.value.code == code
    assert "meldingen.geojson" in str(refusal.value)


def test_geojson_under_another_name_is_known_by_its_contents(read):
    assert len(read(collection(feature({"id": "1"})), name="meldingen.txt").frame) == 1


def test_geojson_in_windows_1252_is_converted_and_that_is_said(read):
    content = json.dumps(collection(feature({"id": "café"})), ensure_ascii=False).encode("cp1252")
    table = read(content)
    assert table.frame["id"].tolist() == ["café"]
    assert [reason.code for reason in table.normalised] == ["from_cp1252"]


def test_geojson_beyond_its_own_limit_is_refused(read, monkeypatch):
    monkeypatch.setattr(geojson, "MAX_BYTES", 10)
    with pytest.raises(FileRefused) as refusal:
        read(collection(feature({"id": "1"})))
    assert refusal.value.code == "too_large"


def test_geometry_of_another_kind_still_leaves_the_columns_in_place(read):
    table = read(collection(feature({"id": "1", "soort": "a"}, None)))
    assert list(table.frame.columns) == [GEOMETRY_X, GEOMETRY_Y, "id", "soort"]
    assert table.frame.empty and table.n_read == 1

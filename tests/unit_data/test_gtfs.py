"""GTFS: stops and lines come out of a feed in pieces, and only those of here."""

import zipfile

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import gtfs
from data.features import import_features, read_features
from data.reasons import FileRefused
from geo.crs import to_wgs84

X, Y = 105_000.0, 425_000.0


def table(*rows):
    return "\r\n".join(",".join(map(str, r)) for r in rows) + "\r\n"


def place(x, y):
    lon, lat = to_wgs84(x, y)
    return float(lat), float(lon)


def points(shape, *corners):
    return [(shape, *place(*c), i) for i, c in enumerate(corners)]


def feed(folder, **replaced):
    """Line 2 in two directions (the short run of direction 0 is not drawn), a ferry, a far line, one without shape."""
    far = points("ver", (X + 50_000, Y), (X + 51_000, Y))
    shapes = (
        points("kort", (X, Y), (X + 200, Y))
        + points("heen", (X, Y), (X + 500, Y), (X + 1000, Y))[::2]
        + points("heen", (X, Y), (X + 500, Y), (X + 1000, Y))[1:2]
        + points("terug", (X + 1000, Y), (X + 1000, Y + 300), (X, Y))
        + points("pont", (X, Y), (X, Y + 400))
        + points("punt", (X, Y))
        + far
    )
    tables = {
        "stops": table(
            ("stop_id", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station"),
            ("q1", '"Plein, perron A"', *place(X, Y), 0, "a"),
            ("q2", '"Plein, perron B"', *place(X + 30, Y), "", "a"),
            ("a", "Plein", *place(X + 10, Y), 1, ""),
            ("in", "Ingang", *place(X, Y), 2, "a"),
            ("ver", "Ver weg", *place(X + 50_000, Y), 0, ""),
            ("nul", "Nergens", "", "", 0, ""),
        ),
        "routes": table(
            ("route_id", "agency_id", "route_short_name", "route_long_name", "route_type"),
            ("r2", "Q", "2", "Zwijndrecht - Dubbeldam", 3),
            ("rp", "W", "", "Pont", 4),
            ("rv", "Q", "99", "Ver", 700),
            ("rz", "Q", "7", "Zonder vorm", 3),
        ),
        "trips": table(
            ("route_id", "service_id", "trip_id", "direction_id", "shape_id"),
            *[("r2", "s", f"t{i}", 0, "heen") for i in range(5)],
            ("r2", "s", "t8", 0, "kort"),
            ("r2", "s", "t9", 1, "terug"),
            ("rp", "s", "p1", "", "pont"),
            ("rv", "s", "v1", 0, "ver"),
            ("rz", "s", "z1", 0, ""),
            ("rz", "s", "z2", 0, "punt"),
        ),
        "shapes": table(("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"), *shapes),
        "stop_times": "trip_id,stop_id\r\nt1,q1\r\n",
    } | replaced
    path = folder / "gtfs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in tables.items():
            if content is not None:
                z.writestr(f"{name}.txt", content.encode("utf-8-sig"))
    return path


HERE = shapely.box(X - 500, Y - 500, X + 2000, Y + 500)


class MemoryStore:
    """A store that knows where the municipality is."""

    held = None

    def areas(self, level):
        return gpd.GeoDataFrame({"code": [level]}, geometry=[HERE], crs="EPSG:28992")

    def features(self, kind):
        return gpd.GeoDataFrame()

    def replace_features(self, kind, features, *, attribution):
        self.held = (kind, features, attribution)


@pytest.fixture(params=[2, 200_000], ids=["in pieces", "at once"])
def chunk(request, monkeypatch):
    monkeypatch.setattr(gtfs, "CHUNK", request.param)


def test_a_feed_gives_one_stop_per_stop_area(tmp_path, chunk):
    read = read_features(feed(tmp_path), kind="stops")
    assert read.frame["name"].tolist() == ["Plein", "Ver weg"]
    assert read.frame["id"].tolist() == ["a", "ver"]
    assert shapely.get_coordinates(np.asarray(read.frame.geometry.array))[0].round(1).tolist() == [X + 10, Y]
    assert [(n.code, n.fields["n"]) for n in read.notes] == [("no_place", 1), ("merged", 4)]


def test_a_feed_gives_one_line_per_route_of_its_longest_courses(tmp_path, chunk):
    read = read_features(feed(tmp_path), kind="routes")
    assert read.frame["name"].tolist() == ["2 Zwijndrecht - Dubbeldam", "Pont", "99 Ver"]
    assert read.frame["subtype"].tolist() == ["bus", "boat", "bus"]
    back = shapely.LineString([(X + 1000, Y), (X + 1000, Y + 300), (X, Y)])
    assert read.frame.length.tolist() == pytest.approx([1000 + back.length, 400, 1000], abs=0.5)
    assert [(n.code, n.fields["n"]) for n in read.notes] == [("no_shape", 1)]


def test_points_out_of_order_are_put_in_sequence(tmp_path):
    trips = table(("route_id", "shape_id"), ("r2", "heen"))
    line = read_features(feed(tmp_path, trips=trips), kind="routes").frame.geometry.iloc[0]
    corners = shapely.get_coordinates(line).round(1).tolist()
    assert corners in ([[X, Y], [X + 500, Y], [X + 1000, Y]], [[X + 1000, Y], [X + 500, Y], [X, Y]])


def test_of_a_feed_only_what_is_near_the_municipality_is_stored(tmp_path, chunk):
    store = MemoryStore()
    assert import_features(feed(tmp_path), store=store, kind="stops").frame["name"].tolist() == ["Plein"]
    routes = import_features(feed(tmp_path), store=store, kind="routes")
    assert routes.frame["id"].tolist() == ["r2", "rp"]
    assert store.held[0] == "routes"
    assert store.held[2] == "gtfs.zip"
    assert len(import_features(feed(tmp_path), store=store, kind="routes", only_near=False).frame) == 3


def test_a_long_line_is_cut_at_the_border(tmp_path):
    corners = [(X - 100_000 + 1000 * i, Y) for i in range(200)]
    shapes = table(("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"), *points("pont", *corners))
    read = import_features(feed(tmp_path, shapes=shapes), store=MemoryStore(), kind="routes")
    assert read.frame["name"].tolist() == ["Pont"]
    assert read.frame.length.tolist() == pytest.approx([2500 + 600], abs=5)


@pytest.mark.parametrize("missing", ["routes", "trips", "shapes"])
def test_a_feed_without_a_table_is_refused_by_its_name(tmp_path, missing):
    with pytest.raises(FileRefused, match=f"{missing}.txt"):
        read_features(feed(tmp_path, **{missing: None}), kind="routes")


def test_a_feed_without_a_column_is_refused_by_its_name(tmp_path):
    with pytest.raises(FileRefused, match="stop_lat"):
        read_features(feed(tmp_path, stops="stop_id,stop_name\r\n1,a\r\n"), kind="stops")


@pytest.mark.parametrize("content", ["", "stop_id\r\n" + '"' * 9, "stop_id,stop_name,stop_lat,stop_lon\r\n"])
def test_an_empty_or_broken_table_is_refused(tmp_path, content):
    with pytest.raises(FileRefused, match=r"gtfs\.zip"):
        read_features(feed(tmp_path, stops=content), kind="stops")


def test_spaces_in_a_header_and_a_table_in_another_order_do_not_matter(tmp_path):
    routes = "route_type, route_id ,route_long_name\r\n4,r2,Veer\r\n"
    read = read_features(feed(tmp_path, routes=routes), kind="routes")
    assert read.frame[["name", "subtype"]].to_numpy().tolist() == [["Veer", "boat"]]


def test_text_where_a_coordinate_should_be_refuses_the_lines(tmp_path):
    shapes = table(("shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence"), ("heen", "hier", "daar", 1))
    with pytest.raises(FileRefused, match=r"shapes\.txt"):
        read_features(feed(tmp_path, shapes=shapes), kind="routes")


def test_a_feed_holds_no_schools(tmp_path):
    with pytest.raises(FileRefused) as caught:
        read_features(feed(tmp_path), kind="schools")
    assert caught.value.code == "gtfs_kind"


def test_a_feed_in_a_folder_of_the_zip_is_found(tmp_path):
    with zipfile.ZipFile(feed(tmp_path)) as old, zipfile.ZipFile(tmp_path / "map.zip", "w") as new:
        for name in old.namelist():
            new.writestr(f"gtfs/{name}", old.read(name))
    assert len(read_features(tmp_path / "map.zip", kind="routes").frame) == 3

"""Schools, stops, lines, water and railway: from the files people have to one clean table."""

import json
import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.features import COLUMNS, import_features, read_features
from data.reasons import FileRefused
from data.transport import mode
from geo.crs import to_rd, to_wgs84
from geo.near import nearest

X, Y = 105_000.0, 425_000.0
LON, LAT = (float(v) for v in to_wgs84(X, Y))
REAL = Path(os.environ.get("HOTSPOTKAART_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")


def csv_file(folder, text, *, encoding="utf-8"):
    path = folder / "plaatsen.csv"
    path.write_bytes(text.encode(encoding))
    return path


def geojson(folder, features, **members):
    path = folder / "kaart.geojson"
    rows = [
        {
            "type": "Feature",
            "properties": p,
            "geometry": None if g is None else json.loads(shapely.to_geojson(degrees(g))),
        }
        for p, g in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows} | members))
    return path


def degrees(shape):
    return shapely.transform(shape, lambda c: np.column_stack(to_wgs84(c[:, 0], c[:, 1])))


def refused(path, **how):
    with pytest.raises(FileRefused) as caught:
        read_features(path, **{"kind": "schools"} | how)
    return caught.value


def said(read):
    return [n.sentence.format(**n.fields) for n in read.notes]


def at(read):
    return shapely.get_coordinates(np.asarray(read.frame.geometry.array)).round(1).tolist()


class MemoryStore:
    """What import_features needs, in memory."""

    def __init__(self, gemeente=None):
        self.gemeente, self.held = gemeente, {}

    def areas(self, level):
        shapes = [self.gemeente] if self.gemeente is not None and level == "gemeente" else []
        return gpd.GeoDataFrame({"code": ["GM"] * len(shapes)}, geometry=shapes, crs="EPSG:28992")

    def features(self, kind):
        frame, attribution = self.held.get(kind, (gpd.GeoDataFrame(), ""))
        frame.attrs["attribution"] = attribution
        return frame

    def replace_features(self, kind, features, *, attribution):
        self.held[kind] = (features, attribution)


@pytest.mark.parametrize("comma", [False, True])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        ("lat", "lon"),
        ("Latitude", "Longitude"),
        ("breedtegraad", "lengtegraad"),
        ("stop_lat", "stop_lon"),
        ("LAT", "lng"),
    ],
)
def test_a_csv_gives_its_places_whatever_the_columns_and_separators(tmp_path, lat, lon, separator, comma):
    numbers = [str(LAT), str(LON)]
    if comma:
        numbers = [f'"{n.replace(".", ",")}"' for n in numbers]
    rows = [["brin", "naam", lat, lon, "niveau", "nauwkeurigheid_m"], ["00AB", "Vést", *numbers, "mbo", "480"]]
    text = "\r\n".join(separator.join(r) for r in rows)
    read = read_features(csv_file(tmp_path, text), kind="schools")
    assert tuple(read.frame.columns) == COLUMNS
    assert read.frame.iloc[0][["id", "name", "subtype"]].tolist() == ["00AB", "Vést", "mbo"]
    assert read.frame["uncertainty_m"].tolist() == [480]
    assert at(read) == [[X, Y]]
    assert read.frame.crs.to_epsg() == 28992
    assert read.notes == ()


@pytest.mark.parametrize(("x", "y"), [("x", "y"), ("X_RD", "Y_RD"), ("rd_x", "rd_y"), ("x-coordinaat", "y-coordinaat")])
def test_rd_metres_are_taken_from_columns_named_for_them(tmp_path, x, y):
    read = read_features(csv_file(tmp_path, f"naam;{x};{y}\na;105000;425000,0\n"), kind="schools")
    assert at(read) == [[X, Y]]
    assert read.frame["uncertainty_m"].tolist() == [0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_survive_every_encoding_of_a_spreadsheet(tmp_path, encoding):
    text = f"naam\tlat\tlon\nCafé Geïnspireerd\t{LAT}\t{LON}\n"
    assert (
        read_features(csv_file(tmp_path, text, encoding=encoding), kind="schools").frame["name"][0]
        == "Café Geïnspireerd"
    )


def test_metres_in_columns_called_lat_and_lon_are_read_as_metres_and_said(tmp_path):
    read = read_features(csv_file(tmp_path, "naam,lon,lat\na,105000,425000\n"), kind="schools")
    assert at(read) == [[X, Y]]
    assert [n.code for n in read.notes] == ["other_crs"]


def test_every_row_without_a_usable_place_is_named_by_its_number(tmp_path):
    rows = [f"a;{LAT};{LON}", "b;;", "c;51.813.300;4,6", "", f"e;{LON};{LAT}", "f;0;0", f'"g\nh";{LAT};{LON}', "i;x;4"]
    read = read_features(
        csv_file(tmp_path, "naam;lat;lon\n" + "\n".join(rows) + f"\nj;{LAT};{LON};te;veel\n"), kind="schools"
    )
    assert read.frame["name"].tolist() == ["a", "g h"]
    text = dict(zip([n.code for n in read.notes], said(read), strict=True))
    assert "Rij 3, 4, 10:" in text["no_place"]
    assert "Rij 6:" in text["swapped"]
    assert "Rij 7:" in text["outside"]
    assert "Rij 11:" in text["too_wide"]


def test_a_file_with_lat_and_lon_swapped_throughout_is_refused_with_the_hint(tmp_path):
    error = refused(csv_file(tmp_path, f"naam;lat;lon\na;{LON};{LAT}\nb;{LON};{LAT}\n"))
    assert error.code == "swapped"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("naam;plaats\na;Dordrecht\n", "no_place_columns"),
        ("naam;lat;lon\n", "no_places"),
        ("naam;lat;lon\na;;\n", "no_places"),
        ('naam;lat;lon\n"a;51,8;4,6\n', "unreadable"),
        ("naam;lat;lon\na\0b;51,8;4,6\n", "unreadable"),
        ("<html><body>niet ingelogd</body></html>", "unknown_format"),
    ],
)
def test_a_file_that_is_no_use_is_refused_with_a_reason(tmp_path, text, code):
    error = refused(csv_file(tmp_path, text))
    assert error.code == code
    assert "plaatsen.csv" in str(error)


def test_a_csv_in_another_grid_is_read_with_the_crs_given(tmp_path):
    read = read_features(csv_file(tmp_path, f"naam,x,y\na,{LON},{LAT}\n"), kind="schools", crs="EPSG:4326")
    assert at(read) == [[X, Y]]
    assert refused(csv_file(tmp_path, "naam,x,y\na,1,2\n"), crs="RD").code == "bad_crs"


def test_points_and_sites_of_a_geojson_become_points_inside(tmp_path):
    site = shapely.Polygon([(X, Y), (X + 90, Y), (X + 90, Y + 90), (X + 80, Y + 90), (X + 80, Y + 10), (X, Y + 10)])
    path = geojson(
        tmp_path, [({"naam": "punt"}, shapely.Point(X, Y)), ({"naam": "terrein"}, site), ({"naam": "weg"}, None)]
    )
    read = read_features(path, kind="schools")
    assert read.frame["name"].tolist() == ["punt", "terrein"]
    assert set(read.frame.geom_type) == {"Point"}
    assert site.distance(read.frame.geometry.iloc[1]) < 0.1
    assert said(read) == ["Object 3: geen vorm die hier past; niet overgenomen."]


def test_ids_are_unique_and_made_from_the_place_when_there_are_none(tmp_path):
    text = f"brin,naam,lat,lon\n18UG,a,{LAT},{LON}\n18UG,b,{LAT},{LON}\n18UG#2,c,{LAT},{LON}\n,d,{LAT},{LON}\n"
    ids = read_features(csv_file(tmp_path, text), kind="schools").frame["id"]
    assert ids.tolist() == ["18UG", "18UG#3", "18UG#2", "105000-425000"]


def test_water_keeps_its_shapes_and_broken_ones_are_mended(tmp_path):
    bow = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    line = shapely.LineString([(X, Y), (X + 50, Y)])
    path = geojson(
        tmp_path, [({"naam": "Wantij"}, bow), ({"naam": "sloot"}, line), ({"naam": "pomp"}, shapely.Point(X, Y))]
    )
    read = read_features(path, kind="water")
    assert read.frame["name"].tolist() == ["Wantij", "sloot"]
    assert read.frame.is_valid.all()
    assert [n.code for n in read.notes] == ["no_shape"]


@pytest.mark.parametrize("kind", ["routes", "water", "railway"])
def test_a_csv_has_no_lines(tmp_path, kind):
    assert refused(csv_file(tmp_path, f"naam,lat,lon\na,{LAT},{LON}\n"), kind=kind).code == "no_lines_in_csv"


def test_a_file_of_points_is_no_railway(tmp_path):
    assert refused(geojson(tmp_path, [({}, shapely.Point(X, Y))]), kind="railway").code == "no_features"


def stops_csv(folder, *rows):
    lines = ["stop_id,stop_name,x,y,location_type,parent_station,mode"]
    lines += [",".join(map(str, [*r, *[""] * (7 - len(r))])) for r in rows]
    return csv_file(folder, "\n".join(lines))


def test_two_sides_of_a_street_are_one_stop_in_the_middle(tmp_path):
    read = read_features(stops_csv(tmp_path, ("q1", "Kromhout", X, Y), ("q2", "Kromhout", X + 40, Y)), kind="stops")
    assert read.frame["name"].tolist() == ["Kromhout"]
    assert at(read) == [[X + 20, Y]]
    assert said(read) == ["2 palen en perrons zijn samengevoegd tot 1 haltes (zelfde naam, binnen 100 m)."]


def test_a_stop_lies_where_its_stop_area_lies(tmp_path):
    path = stops_csv(
        tmp_path,
        ("q1", "Plein (perron A)", X, Y, 0, "a"),
        ("q2", "Plein (perron B)", X + 240, Y, 0, "a"),
        ("a", "Plein", X + 90, Y, 1),
    )
    read = read_features(path, kind="stops")
    assert read.frame[["id", "name"]].to_numpy().tolist() == [["a", "Plein"]]
    assert at(read) == [[X + 90, Y]]


@pytest.mark.parametrize(
    ("other", "n"),
    [
        (("q2", "Kromhout", X + 100, Y), 1),
        (("q2", "Kromhout", X + 101, Y), 2),
        (("q2", "kromhout ", X + 50, Y), 1),
        (("q2", "Lijnbaan", X + 50, Y), 2),
        (("q2", "Kromhout", X + 50, Y, "", "", "ferry"), 2),
        (("q2", "Kromhout", X + 900, Y, 0, "q1"), 2),
        (("q2", "Ingang", X, Y, 2, "q1"), 1),
    ],
)
def test_stops_are_one_by_name_means_and_a_hundred_metres(tmp_path, other, n):
    assert len(read_features(stops_csv(tmp_path, ("q1", "Kromhout", X, Y), other), kind="stops").frame) == n


def test_nameless_poles_stay_by_themselves(tmp_path):
    assert len(read_features(stops_csv(tmp_path, ("1", "", X, Y), ("2", "", X + 5, Y)), kind="stops").frame) == 2


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.integers(0, 400)), min_size=1, max_size=15),
    seed=st.randoms(use_true_random=False),
)
def test_merging_stops_keeps_every_name_near_and_does_not_mind_the_order(tmp_path, rows, seed):
    poles = [(f"q{i}", name, X + dx, Y + dy) for i, (name, dx, dy) in enumerate(rows)]
    first = read_features(stops_csv(tmp_path, *poles), kind="stops").frame
    seed.shuffle(poles)
    second = read_features(stops_csv(tmp_path, *poles), kind="stops").frame
    key = [
        (n, round(p.x, 3), round(p.y, 3)) for f in (first, second) for n, p in zip(f["name"], f.geometry, strict=True)
    ]
    assert sorted(key[: len(first)]) == sorted(key[len(first) :])
    assert set(first["name"]) == {name for name, _, _ in rows}
    assert first["id"].is_unique
    for _, name, x, y in poles:
        same = first[first["name"] == name]
        assert nearest(x, y, same).metres <= 100 * len(rows)


def test_variants_of_a_line_become_one_with_its_number_and_commonest_name(tmp_path):
    a, b, c = (shapely.LineString([(X, Y + d), (X + 500, Y + d)]) for d in (0, 0, 80))
    path = geojson(
        tmp_path,
        [
            ({"mode": "bus", "PUBLICCODE": "2", "NAME": "Heen"}, a),
            ({"mode": "bus", "PUBLICCODE": 2, "NAME": "Terug"}, b),
            ({"mode": "bus", "PUBLICCODE": "2", "NAME": "Terug"}, c),
            ({"mode": "boat", "PUBLICCODE": "2", "NAME": "Veer"}, a),
            ({"mode": "ferry", "PUBLICCODE": None, "NAME": "Pont"}, a),
            ({"mode": "Ferry", "PUBLICCODE": None, "NAME": "Pont"}, c),
        ],
    )
    frame = read_features(path, kind="routes").frame
    assert frame["name"].tolist() == ["2 Terug", "2 Veer", "Pont", "Pont"]
    assert frame["subtype"].tolist() == ["bus", "boat", "boat", "boat"]
    assert frame["id"].iloc[:2].tolist() == ["bus-2", "boat-2"]
    assert frame["id"].is_unique
    assert frame.length.iloc[0] == pytest.approx(1000, abs=0.5)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Bus", "bus"),
        ("3", "bus"),
        ("700", "bus"),
        ("ferry", "boat"),
        ("4", "boat"),
        ("1000", "boat"),
        ("waterbus", "boat"),
    ]
    + [
        ("train", "rail"),
        ("2", "rail"),
        ("106", "rail"),
        ("0", "tram"),
        ("900", "tram"),
        ("1", "metro"),
        ("400", "metro"),
    ]
    + [
        ("Subway", "metro"),
        ("light rail", "tram"),
        ("Paardentram", "paardentram"),
        ("", ""),
        ("1700", ""),
        ("9" * 30, ""),
    ],
)
def test_means_of_transport_are_named_in_five_words(text, expected):
    assert mode(text) == expected


def test_within_keeps_what_comes_there_and_cuts_lines(tmp_path):
    around = shapely.box(X - 100, Y - 100, X + 100, Y + 100)
    far, near = (shapely.LineString([(X, Y + d), (X + 5000, Y + d)]) for d in (900, 0))
    path = geojson(tmp_path, [({"naam": "ver"}, far), ({"naam": "langs"}, near)])
    read = read_features(path, kind="railway", within=around)
    assert read.frame["name"].tolist() == ["langs"]
    assert read.frame.length.tolist() == pytest.approx([100], abs=0.5)
    assert [n.fields for n in read.notes] == [{"n": 1}]


def test_a_layer_is_stored_with_its_source(tmp_path):
    store = MemoryStore()
    path = geojson(tmp_path, [({"naam": "a"}, shapely.Point(X, Y))], attribution="DUO")
    import_features(path, store=store, kind="schools")
    assert store.held["schools"][1] == "DUO"
    import_features(path, store=store, kind="schools", attribution="Gemeente")
    assert store.held["schools"][1] == "Gemeente"
    import_features(stops_csv(tmp_path, ("1", "a", X, Y)), store=store, kind="stops")
    assert store.held["stops"][1] == "plaatsen.csv"


def test_only_near_keeps_what_lies_within_300_m_of_the_municipality(tmp_path):
    store = MemoryStore(shapely.box(X - 1000, Y - 1000, X, Y))
    path = stops_csv(tmp_path, ("1", "in", X - 5, Y - 5), ("2", "over", X + 299, Y - 5), ("3", "ver", X + 301, Y - 5))
    assert len(import_features(path, store=store, kind="stops").frame) == 3
    assert import_features(path, store=store, kind="stops", only_near=True).frame["name"].tolist() == ["in", "over"]


def test_the_real_store_takes_and_gives_back_a_layer(tmp_path, store):
    read = import_features(stops_csv(tmp_path, ("1", "a", X, Y)), store=store, kind="stops")
    back = store.features("stops")
    assert back["id"].tolist() == read.frame["id"].tolist() == ["1"]
    assert back.attrs["attribution"] == "plaatsen.csv"


def test_a_layer_from_elsewhere_that_makes_room_is_named_and_the_same_one_anew_is_not(tmp_path, store):
    buses = csv_file(tmp_path, f"naam;lat;lon\nEen;{LAT};{LON}\nTwee;{LAT + 0.01};{LON}\n")
    assert said(import_features(buses, store=store, kind="stops", attribution="bus 2026")) == []
    assert said(import_features(buses, store=store, kind="stops", attribution="bus 2026")) == []
    (told,) = said(import_features(buses, store=store, kind="stops", attribution="boot 2026"))
    assert told.startswith("Deze laag komt in de plaats van de 2 objecten uit „bus 2026”.")


def test_a_name_with_markup_stays_text_without_control_marks(tmp_path):
    path = geojson(tmp_path, [({"naam": "<img onerror=x>\u202e =HYPERLINK()\0" + "a" * 999}, shapely.Point(X, Y))])
    name = read_features(path, kind="schools").frame["name"].iloc[0]
    assert name.startswith("<img onerror=x> =HYPERLINK() aaa")
    assert len(name) == 200


def test_a_million_is_not_needed_but_sixty_thousand_poles_merge(tmp_path):
    rng = np.random.default_rng(1)
    xy = rng.uniform([50_000, 350_000], [250_000, 550_000], (30_000, 2)).round()
    poles = [(f"q{i}", f"Halte {i // 2}", x, y) for i, (x, y) in enumerate(np.repeat(xy, 2, axis=0))]
    assert len(read_features(stops_csv(tmp_path, *poles), kind="stops").frame) == 30_000


if (REAL / "dordrecht_scholen.csv").exists():

    def test_the_real_schools_all_come_through_with_their_uncertainty():
        read = read_features(REAL / "dordrecht_scholen.csv", kind="schools")
        assert len(read.frame) == 49
        assert read.notes == ()
        assert read.frame["uncertainty_m"].max() > 400
        assert (read.frame["subtype"] != "").all()

    def test_the_real_stops_are_one_per_name_and_place():
        read = read_features(REAL / "dordrecht_haltes_2015.csv", kind="stops")
        assert 175 <= len(read.frame) <= 190
        assert not read.frame["name"].str.contains("perron").any()
        x, y = (float(v) for v in to_rd(4.674104, 51.817074))
        closest = nearest(x, y, read.frame)
        assert (closest.name, round(closest.metres)) == ("Dordrecht, Kromhout", 0)

    def test_the_real_lines_are_one_per_number_and_means():
        frame = read_features(REAL / "dordrecht_ov_lijnen.geojson", kind="routes").frame
        assert len(frame) == 25  # 23 numbered, 2 ferries without a number
        assert frame["subtype"].value_counts().to_dict() == {"bus": 20, "boat": 5}
        assert frame["name"].str.startswith("7 ").sum() == 1

    def test_the_real_stations_and_landings_know_their_means():
        read = read_features(REAL / "dordrecht_stations_waterbushaltes.geojson", kind="stops")
        assert read.frame["subtype"].value_counts().to_dict() == {"boat": 5, "rail": 3}


@pytest.mark.parametrize("kind", ["schools", "stops"])
def test_buurten_are_not_taken_as_so_many_schools_and_what_was_there_stays(tmp_path, kind):
    side = np.arange(12) % 4 * 700.0, np.arange(12) // 4 * 700.0
    buurten = [({"naam": f"Buurt {i}"}, shapely.box(X + dx, Y + dy, X + dx + 700, Y + dy + 700)) for i, (dx, dy) in
               enumerate(zip(*side, strict=True))]  # fmt: skip
    store = MemoryStore()
    with pytest.raises(FileRefused) as caught:
        import_features(geojson(tmp_path, buurten), store=store, kind=kind)
    assert caught.value.code == "areas_as_features" and store.held == {}
    assert "gemiddeld 49 hectare" in str(caught.value) and "hotspotkaart areas import" in str(caught.value)


def test_a_large_site_among_schools_is_taken(tmp_path):
    sites = [({"naam": "Campus"}, shapely.box(X, Y, X + 900, Y + 700))]
    sites += [({"naam": f"School {i}"}, shapely.Point(X + 90 * i, Y - 300)) for i in range(4)]
    assert len(read_features(geojson(tmp_path, sites), kind="schools").frame) == 5

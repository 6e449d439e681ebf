"""Boundaries of any origin become one clean table, or are refused by the name of the area that is wrong."""

import json
import os
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.areas import COLUMNS, gemeente_from, import_areas, read_areas, wijken_from_buurten
from data.reasons import FileRefused
from geo.join import assign

X, Y = 105_000, 425_000
TODAY = {"code": "buurtcode", "name": "buurtnaam", "wijk": "wijkcode", "gm": "gemeentecode", "gmn": "gemeentenaam"}
TODAY |= {"n": "aantalInwoners", "water": "water"}
SNAKE = TODAY | {"n": "aantal_inwoners"}
BEFORE = {"code": "BU_CODE", "name": "BU_NAAM", "wijk": "WK_CODE", "gm": "GM_CODE", "gmn": "GM_NAAM"}
BEFORE |= {"n": "AANT_INW", "water": "WATER"}

REAL = Path(os.environ.get("HOTSPOTKAART_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
REAL_BUURTEN = [p for n in ("buurten_2023", "buurten_2023_allattrs") if (p := REAL / f"dordrecht_{n}.geojson").exists()]


def square(column, row=0, size=100):
    left, low = X + 100 * column, Y + 100 * row
    return shapely.box(left, low, left + size, low + size)


def four(scheme=TODAY):
    """Four buurten in two wijken, the last one water; numbers are text, as PDOK gives them."""
    table = {
        scheme["code"]: ["BU05050101", "BU05050100", "BU05050200", "BU05050201"],
        scheme["name"]: ["Bé", "Aa", "Cee", "Groot water"],
        scheme["wijk"]: ["WK050501", "WK050501", "WK050502", "WK050502"],
        scheme["gm"]: "GM0505",
        scheme["gmn"]: "Dordrecht",
        scheme["n"]: ["805", "1200", "-99997", "-99999999"],
        scheme["water"]: ["NEE", "NEE", "NEE", "JA"],
    }
    shapes = [square(1), square(0), square(0, 1), square(1, 1)]
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:28992")


def write(folder, frame, kind="gpkg"):
    path = folder / f"buurten.{kind}"
    if kind == "zip":
        frame.to_file(folder / "laag.shp", encoding="UTF-8")
        with zipfile.ZipFile(path, "w") as z:
            for part in folder.glob("laag.*"):
                z.write(part, part.name)
    else:
        frame.to_file(path, driver={"gpkg": "GPKG", "geojson": "GeoJSON"}[kind])
    return path


def refused(path, **how):
    with pytest.raises(FileRefused) as caught:
        read_areas(path, **{"level": "buurt"} | how)
    return caught.value


def codes(read):
    return [n.code for n in read.notes]


class MemoryStore:
    """What import_areas needs, in memory."""

    def __init__(self):
        self.held = {}

    def areas(self, level):
        empty = gpd.GeoDataFrame({c: [] for c in COLUMNS[:-1]}, geometry=[], crs="EPSG:28992")
        return self.held.get(level, empty)

    def replace_areas(self, level, *, attribution):
        for name, frame in level.items():
            self.held[name] = frame.copy()
            self.held[name].attrs["attribution"] = attribution


@pytest.mark.parametrize("crs", ["EPSG:28992", "EPSG:4326"])
@pytest.mark.parametrize(
    ("kind", "scheme"),
    [("geojson", TODAY), ("gpkg", TODAY), ("gpkg", SNAKE), ("geojson", BEFORE), ("gpkg", BEFORE), ("zip", BEFORE)],
)
def test_column_names_of_now_and_before_give_the_same_table(tmp_path, kind, scheme, crs):
    read = read_areas(write(tmp_path, four(scheme).to_crs(crs), kind), level="buurt")
    frame = read.frame
    assert tuple(frame.columns) == COLUMNS
    assert frame["code"].tolist() == ["BU05050100", "BU05050101", "BU05050200", "BU05050201"]
    assert frame["name"].tolist() == ["Aa", "Bé", "Cee", "Groot water"]
    assert frame["wijk_code"].tolist() == ["WK050501", "WK050501", "WK050502", "WK050502"]
    assert set(frame["gemeente_code"]) == {"GM0505"}
    assert frame["inhabitants"].iloc[:2].tolist() == [1200, 805]
    assert frame["inhabitants"].iloc[2:].isna().all()
    assert frame["water"].tolist() == [False, False, False, True]
    assert set(frame.geom_type) == {"MultiPolygon"}
    assert frame.crs.to_epsg() == 28992
    assert np.allclose(frame.area, 10_000, rtol=1e-3)
    assert read.notes == ()


@pytest.mark.parametrize("rename", [str.upper, str.lower, lambda c: c.replace("code", "Code")])
def test_case_of_column_names_does_not_matter(tmp_path, rename):
    frame = four().rename(columns=lambda c: c if c == "geometry" else rename(c))
    assert len(read_areas(write(tmp_path, frame, "geojson"), level="buurt").frame) == 4


def test_codes_that_lost_their_prefix_and_zeros_get_them_back(tmp_path):
    frame = four().assign(buurtcode=[5050101, 5050100, 5050200, 5050201], wijkcode=[50501, 50501, 50502, 50502])
    read = read_areas(write(tmp_path, frame), level="buurt").frame
    assert read["code"].iloc[0] == "BU05050100"
    assert read["wijk_code"].iloc[0] == "WK050501"


def test_wijk_and_gemeente_follow_from_a_cbs_code_when_their_columns_are_absent(tmp_path):
    read = read_areas(write(tmp_path, four()[["buurtcode", "buurtnaam", "geometry"]]), level="buurt").frame
    assert read["wijk_code"].tolist() == ["WK050501", "WK050501", "WK050502", "WK050502"]
    assert set(read["gemeente_code"]) == {"GM0505"}
    assert read["inhabitants"].isna().all()


@pytest.mark.parametrize("sentinel", ["-99999999", -99999999, -99997, -99995.0, "-99998", "", None])
def test_every_cbs_sentinel_is_an_unknown_number_without_a_remark(tmp_path, sentinel):
    frame = four().assign(aantalInwoners=pd.Series([sentinel] * 4, dtype=object))
    read = read_areas(write(tmp_path, frame, "geojson"), level="buurt")
    assert read.frame["inhabitants"].isna().all()
    assert read.notes == ()


@pytest.mark.parametrize(("cell", "number"), [("805", 805), (805.0, 805), ("805,0", 805), ("805.00", 805), (0, 0)])
def test_inhabitants_are_read_as_numbers_or_text(tmp_path, cell, number):
    frame = four().assign(aantalInwoners=pd.Series([cell] * 4, dtype=object))
    assert set(read_areas(write(tmp_path, frame, "geojson"), level="buurt").frame["inhabitants"]) == {number}


@pytest.mark.parametrize("cell", ["veel", "12,5", "1e999"])
def test_what_is_no_number_of_people_is_unknown_and_said(tmp_path, cell):
    read = read_areas(write(tmp_path, four().assign(aantalInwoners=cell), "geojson"), level="buurt")
    assert read.frame["inhabitants"].isna().all()
    assert codes(read) == ["inhabitants"]
    assert cell in read.notes[0].sentence.format(**read.notes[0].fields)


def test_a_file_without_a_code_column_is_refused_with_what_is_there_and_the_way_out(tmp_path):
    path = write(tmp_path, four().rename(columns={"buurtcode": "gebied", "buurtnaam": "titel"}))
    error = refused(path)
    assert error.code == "no_code_column"
    for part in ("buurtcode", "BU_CODE", "gebied", "titel", "--code", "--name"):
        assert part in str(error)
    assert len(read_areas(path, level="buurt", code="gebied", name_column="TITEL").frame) == 4
    error = refused(path, code="bestaat_niet")
    assert error.code == "no_such_column"
    assert "bestaat_niet" in str(error) and "gebied" in str(error)


def test_boundaries_of_another_origin_keep_their_own_codes(tmp_path):
    frame = gpd.GeoDataFrame({"Nr": [1, 2], "Wie": ["a", "b"]}, geometry=[square(0), square(1)], crs="EPSG:28992")
    read = read_areas(write(tmp_path, frame), level="wijk", code="Nr", name_column="Wie")
    assert read.frame["code"].tolist() == ["1", "2"]
    assert read.frame["name"].tolist() == ["a", "b"]
    assert set(read.frame["gemeente_code"]) == {""}
    assert read.attribution == "buurten.gpkg (wijken)"


def test_without_a_name_column_the_code_is_the_name(tmp_path):
    frame = gpd.GeoDataFrame({"Nr": ["k1", "k2"]}, geometry=[square(0), square(1)], crs="EPSG:28992")
    assert read_areas(write(tmp_path, frame), level="buurt", code="nr").frame["name"].tolist() == ["k1", "k2"]


def test_a_self_intersecting_buurt_is_repaired_and_named(tmp_path):
    bow = shapely.Polygon([(X, Y), (X + 100, Y + 100), (X + 100, Y), (X, Y + 100)])
    frame = four().set_geometry([square(3), bow, square(0, 1), square(1, 1)], crs="EPSG:28992")
    read = read_areas(write(tmp_path, frame), level="buurt")
    assert codes(read) == ["repaired"]
    assert "BU05050100 (Aa)" in read.notes[0].sentence.format(**read.notes[0].fields)
    assert read.frame.is_valid.all()
    assert read.frame.area.iloc[0] == pytest.approx(5000)


@pytest.mark.parametrize("shape", [None, shapely.Polygon(), shapely.MultiPolygon()])
def test_a_buurt_without_an_outline_is_refused_by_name(tmp_path, shape):
    frame = four().set_geometry([square(3), shape, square(0, 1), square(1, 1)], crs="EPSG:28992")
    error = refused(write(tmp_path, frame))
    assert error.code == "empty_outline"
    assert "BU05050100 (Aa)" in str(error)


@pytest.mark.parametrize("shape", [shapely.Point(X, Y), shapely.LineString([(X, Y), (X + 9, Y)])])
def test_a_buurt_that_is_no_polygon_is_refused_by_name(tmp_path, shape):
    frame = four().set_geometry([square(3), shape, square(0, 1), square(1, 1)], crs="EPSG:28992")
    error = refused(write(tmp_path, frame, "geojson"))
    assert error.code == "not_a_polygon"
    assert "BU05050100 (Aa)" in str(error)


def test_a_row_without_a_code_is_refused_by_number(tmp_path):
    error = refused(write(tmp_path, four().assign(buurtcode=["BU05050101", None, "BU05050200", "BU05050201"])))
    assert error.code == "no_code"
    assert "2" in str(error)


def test_land_and_water_of_one_area_become_one(tmp_path):
    frame = four().assign(buurtcode=["BU05050100"] * 2 + ["BU05050200"] * 2, buurtnaam=["Aa"] * 2 + ["Cee"] * 2)
    read = read_areas(write(tmp_path, frame), level="buurt")
    assert codes(read) == ["merged", "merged"]
    assert read.frame["code"].tolist() == ["BU05050100", "BU05050200"]
    assert read.frame["inhabitants"].iloc[0] == 1200
    assert read.frame["water"].tolist() == [False, False]
    assert read.frame.area.tolist() == pytest.approx([20_000, 20_000])


def test_one_code_with_two_names_is_refused_with_both(tmp_path):
    error = refused(write(tmp_path, four().assign(buurtcode=["BU05050100"] * 2 + ["BU05050200", "BU05050201"])))
    assert error.code == "double_code"
    assert "Aa" in str(error) and "Bé" in str(error) and "BU05050100" in str(error)


def test_a_small_overlap_is_noted_with_both_names_and_the_point_goes_to_one_of_them(tmp_path):
    frame = four().set_geometry([square(1), square(0, size=103), square(0, 2), square(1, 2)], crs="EPSG:28992")
    read = read_areas(write(tmp_path, frame), level="buurt")
    assert codes(read) == ["overlap"]
    text = read.notes[0].sentence.format(**read.notes[0].fields)
    assert "Aa" in text and "Bé" in text and "300" in text
    assert assign(np.array([X + 101.0]), np.array([Y + 50.0]), read.frame).tolist() == [0]


def test_a_hair_of_overlap_is_no_remark(tmp_path):
    frame = four().set_geometry([square(1), square(0, size=100.005), square(0, 2), square(1, 2)], crs="EPSG:28992")
    assert read_areas(write(tmp_path, frame), level="buurt").notes == ()


def test_an_area_under_another_is_refused_with_both_names(tmp_path):
    frame = four().set_geometry([square(0), square(0, size=160), square(0, 3), square(1, 3)], crs="EPSG:28992")
    error = refused(write(tmp_path, frame))
    assert error.code == "overlap"
    assert "Aa" in str(error) and "Bé" in str(error)


def test_an_outline_far_from_here_is_refused_with_a_hint(tmp_path):
    swapped = shapely.transform(np.array(four().to_crs("EPSG:4326").geometry), lambda c: c[:, ::-1])
    path = write(tmp_path, four().set_geometry(list(swapped), crs="EPSG:4326"), "geojson")
    error = refused(path)
    assert error.code == "outside_country"
    assert "verwisseld" in str(error)


def test_only_one_gemeente_is_kept_of_a_national_file(tmp_path):
    frame = four().assign(
        gemeentecode=["GM0505", "GM0505", "GM0599", "GM0599"], gemeentenaam=["Dordrecht"] * 2 + ["X"] * 2
    )
    path = write(tmp_path, frame)
    for wanted in ("dordrecht", "GM0505", "gm0505"):
        assert len(read_areas(path, level="buurt", gemeente=wanted).frame) == 2
    error = refused(path, gemeente="Nergens")
    assert error.code == "no_such_gemeente"
    assert "Nergens" in str(error)


def test_a_file_without_areas_says_so(tmp_path):
    path = tmp_path / "leeg.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))
    assert refused(path).code in ("no_areas", "no_code_column")


def test_wijken_are_unions_of_their_buurten_with_their_people_and_names(tmp_path):
    read = read_areas(write(tmp_path, four().assign(wijknaam=["Wijk 01 Binnenstad"] * 2 + [None] * 2)), level="buurt")
    wijken = wijken_from_buurten(read.frame, names=read.wijk_names)
    assert tuple(wijken.columns) == COLUMNS
    assert wijken["code"].tolist() == ["WK050501", "WK050502"]
    assert wijken["name"].tolist() == ["Wijk 01 Binnenstad", "Wijk 02"]
    assert wijken["inhabitants"].iloc[0] == 2005
    assert np.isnan(wijken["inhabitants"].iloc[1])
    assert wijken["water"].tolist() == [False, False]
    assert wijken.area.tolist() == pytest.approx([20_000, 20_000])


def test_a_wijk_of_water_only_stays_water(tmp_path):
    read = read_areas(write(tmp_path, four().assign(water="JA")), level="buurt")
    assert wijken_from_buurten(read.frame)["water"].all()


def test_buurten_that_name_no_wijk_make_no_wijken(tmp_path):
    frame = gpd.GeoDataFrame({"Nr": [1, 2]}, geometry=[square(0), square(1)], crs="EPSG:28992")
    read = read_areas(write(tmp_path, frame), level="buurt", code="Nr")
    made = wijken_from_buurten(read.frame)
    assert len(made) == 0
    assert tuple(made.columns) == COLUMNS


def test_a_gemeente_is_the_union_of_all(tmp_path):
    read = read_areas(write(tmp_path, four()), level="buurt")
    gemeente = gemeente_from(read.frame, names=read.gemeente_names)
    assert gemeente["name"].tolist() == ["Dordrecht"]
    assert gemeente.area.tolist() == pytest.approx([40_000])


def test_importing_buurten_makes_wijken_and_gemeente_and_remakes_them(tmp_path):
    store = MemoryStore()
    path = write(tmp_path, four())
    assert import_areas(path, store=store, level="buurt").derived == {"wijk": 2, "gemeente": 1}
    assert import_areas(path, store=store, level="buurt", attribution="Gemeente").derived == {"wijk": 2, "gemeente": 1}
    assert {x: store.areas(x).attrs["attribution"] for x in ("buurt", "wijk", "gemeente")} == dict.fromkeys(
        ("buurt", "wijk", "gemeente"), "Gemeente"
    )


def test_wijken_that_were_imported_themselves_stay_when_buurten_come(tmp_path):
    store = MemoryStore()
    wijken = gpd.GeoDataFrame(
        {"wijkcode": ["WK050501"], "wijknaam": ["Wijk 01 Binnenstad"]}, geometry=[square(0)], crs="EPSG:28992"
    )
    folder = tmp_path / "w"
    folder.mkdir()
    import_areas(write(folder, wijken), store=store, level="wijk")
    read = import_areas(write(tmp_path, four()), store=store, level="buurt")
    assert store.areas("wijk")["name"].tolist() == ["Wijk 01 Binnenstad"]
    assert read.derived == {"gemeente": 1}
    assert codes(read) == ["level_kept"]
    assert read.notes[0].fields["areas"] == "WK050502"


def test_names_of_wijken_survive_buurten_that_do_not_name_them(tmp_path):
    store = MemoryStore()
    import_areas(write(tmp_path, four().assign(wijknaam="Wijk met naam")), store=store, level="buurt")
    import_areas(write(tmp_path, four()), store=store, level="buurt")
    assert set(store.areas("wijk")["name"]) == {"Wijk met naam"}


def test_wijken_made_earlier_go_when_the_new_buurten_name_none(tmp_path):
    own = gpd.GeoDataFrame({"Nr": ["1", "2"]}, geometry=[square(0), square(1)], crs="EPSG:28992")
    (tmp_path / "eigen").mkdir()
    path = write(tmp_path / "eigen", own)
    store = MemoryStore()
    assert import_areas(path, store=store, level="buurt", code="Nr").derived == {}
    assert "wijk" not in store.held
    import_areas(write(tmp_path, four()), store=store, level="buurt")
    assert import_areas(path, store=store, level="buurt", code="Nr").derived == {"wijk": 0, "gemeente": 0}
    assert len(store.areas("wijk")) == 0


def test_a_refused_file_changes_nothing_in_the_store(tmp_path):
    store = MemoryStore()
    import_areas(write(tmp_path, four()), store=store, level="buurt")
    held = dict(store.held)
    with pytest.raises(FileRefused):
        import_areas(write(tmp_path, four().drop(columns="buurtcode")), store=store, level="buurt")
    assert store.held == held


def test_the_real_store_takes_and_gives_back_what_was_imported(tmp_path, store):
    read = import_areas(write(tmp_path, four()), store=store, level="buurt")
    back = store.areas("buurt")
    assert back["code"].tolist() == read.frame["code"].tolist()
    assert len(store.areas("wijk")) == 2
    assert store.areas("gemeente").attrs["attribution"] == read.attribution == "CBS/Kadaster, buurten (CC BY 4.0)"
    assert import_areas(write(tmp_path, four()), store=store, level="buurt").derived == {"wijk": 2, "gemeente": 1}


@st.composite
def partitions(draw):
    """A rectangle cut by random chords, as a set of polygons that share their borders."""
    box = shapely.box(X, Y, X + 1000, Y + 700)
    side = st.integers(0, 999)
    cuts = [box.exterior]
    for _ in range(draw(st.integers(0, 6))):
        a, b = (box.exterior.interpolate(draw(side) / 1000, normalized=True) for _ in range(2))
        cuts.append(shapely.LineString([a, b]))
    faces = shapely.get_parts(shapely.polygonize([shapely.unary_union(cuts)]))
    return [f for f in faces if f.area > 5]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faces=partitions(), crs=st.sampled_from(["EPSG:28992", "EPSG:4326"]), kind=st.sampled_from(["gpkg", "geojson"]))
def test_any_partition_of_a_rectangle_survives_the_round_trip(tmp_path, faces, crs, kind):
    codes = [f"BU0505{i:04d}" for i in range(len(faces))]
    frame = gpd.GeoDataFrame({"buurtcode": codes, "buurtnaam": codes}, geometry=faces, crs="EPSG:28992").to_crs(crs)
    read = read_areas(write(tmp_path, frame, kind), level="buurt").frame
    assert read["code"].tolist() == codes
    assert read.is_valid.all()
    assert read.area.to_numpy() == pytest.approx(shapely.area(np.array(faces)), abs=0.5)
    inside = shapely.point_on_surface(np.array(faces))
    assert assign(shapely.get_x(inside), shapely.get_y(inside), read).tolist() == list(range(len(faces)))
    assert wijken_from_buurten(read).area.sum() == pytest.approx(sum(f.area for f in faces), abs=1)


if REAL_BUURTEN:  # else there is no such test: an empty parameter set would be a skipped one

    @pytest.mark.parametrize("path", REAL_BUURTEN, ids=lambda p: p.stem)
    def test_the_real_boundaries_are_taken_whole(path):
        read = read_areas(path, level="buurt")
        assert len(read.frame) == 133
        assert read.notes == ()
        assert read.frame.is_valid.all()
        assert read.frame.loc[read.frame["water"], "code"].tolist() == ["BU05059997"]
        wijken = wijken_from_buurten(read.frame, names=read.wijk_names)
        assert len(wijken) == 14
        official = read_areas(REAL / "dordrecht_gemeente.geojson", level="gemeente").frame
        made = gemeente_from(read.frame)
        assert made["code"].tolist() == official["code"].tolist() == ["GM0505"]
        assert made.geometry.iloc[0].symmetric_difference(official.geometry.iloc[0]).area < 500
        given_wijken = read_areas(REAL / "dordrecht_wijken_2023.geojson", level="wijk").frame
        assert wijken["code"].tolist() == given_wijken["code"].tolist()
        assert wijken.area.to_numpy() == pytest.approx(given_wijken.area.to_numpy(), abs=50)

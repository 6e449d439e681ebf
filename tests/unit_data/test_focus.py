"""Focus areas: named sets of codes and drawn polygons, with errors that name area and key."""

import dataclasses
import os
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from data.areas import read_areas
from data.focus import load_focus_areas, resolve
from data.reasons import FileRefused
from geo.crs import to_wgs84

X, Y = 105_000, 425_000
REAL = Path(os.environ.get("HOTSPOTKAART_REAL_DATA") or Path(__file__).parents[3] / "shared" / "data")
BUURTEN_2023 = REAL / "dordrecht_buurten_2023.geojson"


def buurten(*codes):
    shapes = [shapely.box(X + 100 * i, Y, X + 100 * i + 100, Y + 100) for i in range(len(codes))]
    table = {"code": list(codes), "wijk_code": ["WK" + c[2:8] for c in codes]}
    return gpd.GeoDataFrame(table, geometry=shapes, crs="EPSG:28992")


FOUR = buurten("BU05050100", "BU05050101", "BU05050200", "BU05050201")


def written(folder, text):
    path = folder / "gebieden.toml"
    path.write_text(text, encoding="utf-8")
    return path


def one(folder, text):
    (area,) = load_focus_areas(written(folder, "[[focus_area]]\n" + text))
    return area


def refused(folder, text):
    with pytest.raises(FileRefused) as caught:
        load_focus_areas(written(folder, text))
    assert "gebieden.toml" in str(caught.value)
    return str(caught.value)


def test_a_wijk_code_stands_for_all_its_buurten_minus_the_excluded(tmp_path):
    area = one(tmp_path, 'name = "A"\ncodes = ["WK050501", "BU05050200"]\nexclude = ["BU05050101"]')
    rows = zip(FOUR["code"], FOUR["wijk_code"], strict=True)
    assert [area.matches(b, w) for b, w in rows] == [True, False, True, False]
    assert area.geometry(FOUR).equals(shapely.union_all(FOUR.geometry.iloc[[0, 2]]))


@pytest.mark.parametrize(("include", "expected"), [("true", True), ("false", False)])
def test_a_border_case_counts_only_when_it_is_switched_on(tmp_path, include, expected):
    text = f'name = "A"\ncodes = ["WK050501"]\nborder_cases = ["BU05050101"]\ninclude_border_cases = {include}'
    assert one(tmp_path, text).matches("BU05050101", "WK050501") is expected


def test_a_border_case_outside_the_codes_can_be_switched_on(tmp_path):
    text = 'name = "A"\ncodes = ["WK050501"]\nborder_cases = ["BU05050200"]\ninclude_border_cases = true'
    assert one(tmp_path, text).matches("BU05050200", "WK050502")


def test_a_polygon_may_be_drawn_in_metres_or_in_degrees(tmp_path):
    corners = [(X + 10, Y + 10), (X + 90, Y + 10), (X + 90, Y + 90)]
    metres = one(tmp_path, f'name = "A"\npolygon_rd = {[list(c) for c in corners]}').geometry(FOUR)
    lonlat = [[float(v) for v in to_wgs84(*c)] for c in corners]
    degrees = one(tmp_path, f'name = "A"\npolygon = {lonlat}').geometry(FOUR)
    assert metres.equals(shapely.Polygon(corners))
    assert metres.hausdorff_distance(degrees) < 0.01


def test_codes_and_a_polygon_add_up(tmp_path):
    corners = [[X + 250, Y + 50], [X + 350, Y + 50], [X + 350, Y + 90]]
    area = one(tmp_path, f'name = "A"\ncodes = ["BU05050100"]\npolygon_rd = {corners}').geometry(FOUR)
    assert area.area == pytest.approx(10_000 + 2_000)


def test_a_partly_unknown_set_is_a_mistake_and_names_the_codes(tmp_path):
    area = one(tmp_path, 'name = "Mijn gebied"\ncodes = ["BU05050100", "BU99999999"]')
    assert area.unknown(FOUR) == ("BU99999999",)
    with pytest.raises(FileRefused) as caught:
        resolve([area], FOUR)
    assert caught.value.code == "unknown_codes"
    for part in ("gebieden.toml", "Mijn gebied", "BU99999999"):
        assert part in str(caught.value)


def test_focus_areas_of_another_city_are_left_out_with_a_note(tmp_path):
    corners = [[X + 50_000, Y], [X + 50_100, Y], [X + 50_100, Y + 90]]
    text = '[[focus_area]]\nname = "Ver"\ncodes = ["BU03440000"]\n[[focus_area]]\nname = "Getekend"\n'
    areas = load_focus_areas(written(tmp_path, text + f"polygon_rd = {corners}"))
    found, notes = resolve(areas, FOUR)
    assert found == {}
    assert [n.fields["area"] for n in notes] == ["Ver", "Getekend"]
    assert areas[0].geometry(FOUR).is_empty


def test_a_store_without_buurten_has_no_focus_areas():
    found, notes = resolve(load_focus_areas(), buurten())
    assert found == {}
    assert len(notes) == 3


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[[focus_area]]\ncodes = ['a']", ["name"]),
        ("[[focus_area]]\nname = ' '\ncodes = ['a']", ["name"]),
        ("[[focus_area]]\nname = 'A'", ["A", "codes", "polygon"]),
        ("[[focus_area]]\nname = 'A'\ncode = ['x']", ["A", "code", "codes"]),
        ("[[focus_area]]\nname = 'A'\ncodes = 'x'", ["A", "codes", "x"]),
        ("[[focus_area]]\nname = 'A'\ncodes = [5050100]", ["A", "codes", "5050100"]),
        ("[[focus_area]]\nname = 'A'\ncodes = ['x']\ninclude_border_cases = 'ja'", ["A", "include_border_cases", "ja"]),
        ("[[focus_area]]\nname = 'A'\npolygon = [[4.6, 51.8], [4.7, 51.8]]", ["A", "polygon"]),
        ("[[focus_area]]\nname = 'A'\npolygon = [[4.6, 51.8], [4.7, 51.8], 'x']", ["A", "polygon"]),
        ("[[focus_area]]\nname = 'A'\npolygon = [[51.8, 4.6], [51.8, 4.7], [51.9, 4.7]]", ["A", "[51.8, 4.6]"]),
        ("[[focus_area]]\nname = 'A'\npolygon_rd = [[nan, 4], [5, 6], [7, 8]]", ["A", "nan"]),
        (
            "[[focus_area]]\nname = 'A'\npolygon_rd = [[1e5, 4e5], [2e5, 5e5], [2e5, 4e5], [1e5, 5e5]]",
            ["A", "polygon_rd"],
        ),
        ("[[focus_area]]\nname = 'A'\npolygon = []\npolygon_rd = []", ["A", "polygon_rd"]),
        ("[[focus_area]]\nname = 'A'\ncodes = ['x']\n[[focus_area]]\nname = 'A'\ncodes = ['y']", ["A"]),
        ("[focus_area]\nname = 'A'", ["[[focus_area]]"]),
        ("[[gebied]]\nname = 'A'", ["gebied"]),
        ("dit is geen toml", ["TOML"]),
    ],
)
def test_a_mistake_in_the_file_names_the_focus_area_and_the_key(tmp_path, text, parts):
    said = refused(tmp_path, text)
    for part in parts:
        assert part in said


def test_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileRefused, match="er_niet"):
        load_focus_areas(tmp_path / "er_niet.toml")


def test_an_empty_file_of_ones_own_means_none(tmp_path):
    assert load_focus_areas(written(tmp_path, "# geen\n")) == ()


def test_the_project_comes_with_the_three_of_dordrecht():
    west, kromhout, lijnbaan = load_focus_areas()
    assert [a.name for a in (west, kromhout, lijnbaan)] == ["Dordt West", "Kromhout e.o.", "Lijnbaan"]
    assert west.matches("BU05050700", "WK050507")
    assert west.matches("BU05050801", "WK050508")
    assert not west.matches("BU05050802", "WK050508")  # Zuidhoven: the border case
    assert lijnbaan.matches("BU05050202", "WK050502")
    stop = shapely.Point(105_831, 425_625)
    assert kromhout.polygon.contains(stop)
    assert 150 <= kromhout.polygon.exterior.distance(stop) <= 200
    assert all(a.note for a in (west, kromhout, lijnbaan))


def test_a_focus_area_cannot_be_changed():
    area = load_focus_areas()[0]
    with pytest.raises(dataclasses.FrozenInstanceError):
        area.name = "anders"


if BUURTEN_2023.exists():

    def test_on_the_real_boundaries_dordt_west_has_its_29_buurten_and_29535_people():
        frame = read_areas(BUURTEN_2023, level="buurt").frame
        areas = load_focus_areas()
        mine = [areas[0].matches(b, w) for b, w in zip(frame["code"], frame["wijk_code"], strict=True)]
        assert sum(mine) == 29
        assert frame.loc[mine, "inhabitants"].sum() == 29_535
        found, notes = resolve(areas, frame)
        assert list(found) == ["Dordt West", "Kromhout e.o.", "Lijnbaan"]
        assert notes == ()
        bleijenhoek = frame.loc[frame["code"] == "BU05050200"].geometry.iloc[0]
        assert found["Kromhout e.o."].intersection(bleijenhoek).area > found["Kromhout e.o."].area / 2

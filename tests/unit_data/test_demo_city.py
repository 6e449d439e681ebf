"""The demo city: its facts agree with each other, its drawing with its facts, and its files with the importer."""

import csv
import json
from itertools import pairwise

import numpy as np
import pytest
import shapely

from data.areas import read_areas
from data.demo import city, facts, outline
from geo.crs import to_rd


@pytest.fixture(scope="module")
def areas():
    return outline.outlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("city")
    city.write_city(made)
    return made


def test_the_facts_name_133_buurten_in_14_wijken_each_code_once():
    buurten = facts.table("buurten")
    assert len(buurten) == 133 and buurten["code"].is_unique
    assert buurten["wijk_code"].nunique() == 14
    assert (buurten.groupby("wijk_code")["wijk_name"].nunique() == 1).all()
    wijk_of_code = "WK" + buurten["code"].str[2:8]
    assert (wijk_of_code == buurten["wijk_code"]).all()
    assert buurten.loc[buurten["water"] == "JA", "code"].tolist() == ["BU05059997"]


def test_inhabitants_and_area_add_up_to_the_city():
    buurten = facts.table("buurten")
    assert 118_000 < buurten["inhabitants"].sum() < 123_000
    assert buurten["km2"].sum() == pytest.approx(99.47, abs=0.05)


def test_every_aid_point_and_weight_belongs_to_a_buurt_of_the_facts():
    codes = facts.table("buurten")["code"]
    assert set(facts.settings("drawing")["aid"]) <= set(codes)
    assert facts.table("weights")["code"].tolist() == codes.tolist()


def test_outlines_are_valid_do_not_overlap_and_are_together_the_municipality(areas):
    shapes = areas.geometry.to_numpy()
    assert len(shapes) == 133 and bool(shapely.is_valid(shapes).all())
    assert bool(shapely.coverage_is_valid(shapes))
    whole = shapely.union_all(shapes)
    assert whole.geom_type == "Polygon" and len(whole.interiors) == 0
    assert whole.symmetric_difference(outline.drawing().outline).area < 2_000  # m², of a hundred million


def test_every_fact_point_lies_inside_its_own_outline(areas):
    points = shapely.points(outline.points_rd(facts.table("buurten")[["lon", "lat"]].to_numpy()))
    assert bool(shapely.contains(areas.geometry.to_numpy(), points).all())


def test_most_outlines_are_about_as_large_as_the_buurt_is(areas):
    ratio = areas.area / (areas["km2"] * 1e6)
    assert abs(np.log(ratio)).median() < np.log(1.15)
    assert (ratio.between(1 / 1.5, 1.5)).mean() > 0.85
    assert areas.area.sum() == pytest.approx(99.47e6, rel=0.02)


def test_city_buurten_do_not_reach_across_the_railway_or_the_wantij(areas):
    zones = outline.drawing().zones
    rural = facts.settings("drawing")["aid"]
    urban = areas[~areas["code"].isin(rural)]
    for shape in urban.geometry:
        touched = [zone for zone in zones if shape.intersection(zone).area > 0.01 * shape.area]
        assert len(touched) == 1


def test_the_inner_city_is_in_the_north_west_and_the_biesbosch_in_the_south_and_east(areas):
    by_code = areas.set_index("code").geometry.centroid
    west, south, east, north = outline.drawing().outline.bounds
    centre = by_code["BU05050108"]
    assert centre.x < west + (east - west) / 3 and centre.y > north - (north - south) / 5
    assert by_code["BU05059804"].y < south + (north - south) / 2
    assert by_code["BU05059800"].x > west + (east - west) / 2


def test_every_line_serves_stops_of_the_facts_no_more_than_a_few_kilometres_apart():
    stops = facts.table("stops").set_index("name")
    assert stops.index.is_unique and 60 <= len(stops) <= 90
    for line in facts.table("lines").to_dict("records"):
        names = line["stops"].split(" > ")
        assert len(names) >= 4 and len(set(names)) == len(names)
        xy = outline.points_rd(stops.loc[names, ["lon", "lat"]].to_numpy())
        assert max(np.hypot(*(b - a)) for a, b in pairwise(xy)) < 5_000


def test_schools_state_their_uncertainty_of_at_most_250_metres():
    schools = facts.table("schools")
    assert schools["uncertainty_m"].between(1, 250).all()


def test_stops_and_schools_lie_in_the_city_or_on_the_opposite_bank():
    whole = outline.drawing().outline.buffer(200)
    for name in ("stops", "schools"):
        table = facts.table(name)
        assert bool(shapely.contains_xy(whole, outline.points_rd(table[["lon", "lat"]].to_numpy())).all())


def test_the_city_is_written_with_the_same_bytes_every_time(folder, tmp_path):
    city.write_city(tmp_path)
    for name in city.FILES.values():
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_the_importer_reads_all_buurten_without_anything_to_mend(folder):
    read = read_areas(folder / city.FILES["areas"], level="buurt")
    assert len(read.frame) == 133 and read.notes == ()
    assert read.frame["wijk_code"].nunique() == 14 and len(read.wijk_names) == 14
    assert read.frame["gemeente_code"].unique().tolist() == ["GM0505"]
    assert read.frame.loc[read.frame["water"], "name"].tolist() == ["Groot binnenwater"]
    assert read.frame["inhabitants"].isna().sum() == 1


def test_written_outlines_still_fit_together_after_rounding(folder):
    features = json.loads((folder / city.FILES["areas"]).read_text(encoding="utf-8"))["features"]
    shapes = np.array([shapely.from_geojson(json.dumps(f["geometry"])) for f in features])
    assert bool(shapely.coverage_is_valid(shapes))
    coordinates = shapely.get_coordinates(shapes)
    assert (np.round(coordinates, 6) == coordinates).all()
    assert ((coordinates > [4.6, 51.7]) & (coordinates < [4.9, 51.85])).all()


def test_every_drawn_file_says_that_it_is_schematic(folder):
    for kind in ("areas", "routes", "water", "railway"):
        features = json.loads((folder / city.FILES[kind]).read_text(encoding="utf-8"))["features"]
        assert features and all("schematisch" in f["properties"]["bron"].lower() for f in features)
    assert "geen officiële grenzen" in city.ATTRIBUTION["areas"]


def test_schools_and_stops_are_tables_with_latitude_and_longitude(folder):
    for kind, number in (("schools", 11), ("stops", len(facts.table("stops")))):
        with (folder / city.FILES[kind]).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == number
        x, y = to_rd([float(r["lon"]) for r in rows], [float(r["lat"]) for r in rows])
        assert ((x > 100_000) & (x < 122_000) & (y > 410_000) & (y < 428_000)).all()

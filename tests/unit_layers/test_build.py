"""Frames in RD become layers: keys, classes, numbers and shapes are those of the data."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import RD
from layers import build, palette
from layers.spec import LayerSpec


def test_areas_are_shaded_by_the_class_that_holds_their_count(city):
    spec = city.areas()
    counts = city.counts().to_numpy()
    labels = [spec.classes[i].label for i in spec.frame["class"]]
    for n, label in zip(counts, labels, strict=True):
        low, _, high = label.partition("–")
        assert float(low) <= n <= float(high or low)
    assert spec.frame["key"].tolist() == city.buurten["code"].tolist()


def test_values_are_matched_by_index_and_not_by_position(city):
    counts = city.counts()
    assert city.areas(values=counts.sample(frac=1, random_state=1)).frame.equals(city.areas(values=counts).frame)


def test_an_area_without_a_figure_gets_the_class_for_no_figure(city):
    counts = city.counts()
    counts.iloc[3] = np.nan
    spec = city.areas(values=counts)
    assert spec.classes[-1].label == "geen cijfer"
    assert spec.classes[-1].fill == palette.NO_DATA
    assert spec.classes[spec.frame["class"].iloc[3]].label == "geen cijfer"
    assert "geen cijfer" not in [c.label for c in city.areas().classes]


def test_given_bounds_are_kept_so_that_two_maps_compare(city):
    spec = city.areas(bounds=(10.0, 100.0))
    assert [c.label for c in spec.classes] == ["0–10", "11–100"]


def test_a_layer_without_a_source_is_not_made(city):
    with pytest.raises(ValueError, match="'areas' names no source"):
        city.areas(attribution="  ")


def test_a_layer_in_degrees_is_refused_with_both_systems_named(city):
    with pytest.raises(ValueError, match=r"EPSG:4326, layers take EPSG:28992"):
        build.outline_layer(city.wijken.to_crs(4326), title="Wijkgrens", attribution="x")


def test_a_layer_id_that_could_be_code_is_refused(city):
    with pytest.raises(ValueError, match="lower-case"):
        build.lines_layer(city.routes, id='x"); alert(1); ("', title="t", attribution="x")


def test_a_frame_without_the_columns_of_its_kind_is_refused(city):
    frame = gpd.GeoDataFrame({"key": ["a"], "tooltip": [""]}, geometry=[shapely.Point(1, 2)], crs=RD)
    with pytest.raises(ValueError, match=r"lacks \['label'\]; it has"):
        LayerSpec(id="n", title="n", kind="name", frame=frame, style=palette.NAME, attribution="x", order=395)


def test_one_tooltip_per_row_or_none(city):
    with pytest.raises(ValueError, match="2 tooltips for 9 rows"):
        build.points_layer(city.schools, id="schools", title="School", attribution="x", tooltips=["a", "b"])


def test_hotspots_are_drawn_from_low_to_high_rank_and_numbered(city):
    frame = city.hotspots().frame
    assert frame["label"].tolist() == ["3", "2", "1"]
    assert frame["key"].tolist() == [h.id for h in reversed(city.result.hotspots)]


def test_cells_of_a_hotspot_that_is_not_shown_are_not_drawn(city):
    spec = build.hotspots_layer(
        city.cells, city.result.hotspots[:1], title="Hotspot", attribution="x", tooltips={}, labels={}
    )
    assert spec.frame["key"].tolist() == [city.result.hotspots[0].id]
    assert spec.frame["label"].tolist() == [""]


def test_wijk_names_lose_their_number_and_the_smaller_of_two_close_ones_is_left_out(city):
    names = build.names_layer(city.wijken, title="Namen", attribution="x")
    assert sorted(names.frame["label"]) == ["Middenstad", "Oosterpoort", "Westkade"]
    few = build.names_layer(city.wijken, title="Namen", attribution="x", apart_m=10_000)
    largest = city.wijken.geometry.area.idxmax()
    assert few.frame["key"].tolist() == [city.wijken.loc[largest, "code"]]


def test_names_stand_inside_their_own_area(city):
    frame = build.names_layer(city.buurten, title="Namen", attribution="x").frame.set_index("key")
    for code, shape in zip(city.buurten["code"], city.buurten.geometry, strict=True):
        assert shape.contains(frame.loc[code, "geometry"])


def test_schools_given_as_buildings_are_drawn_as_points(city):
    buildings = city.schools.set_geometry(city.schools.buffer(20))
    spec = build.points_layer(buildings, id="schools", title="School", attribution="x")
    assert set(spec.frame.geom_type) == {"Point"}


def test_rivers_known_as_lines_lie_above_the_areas_and_lakes_below(city):
    river = build.water_layer(city.river, title="Water", attribution="x")
    lake = build.water_layer(city.features([city.buurten.geometry.iloc[0]]), title="Water", attribution="x")
    assert (river.kind, lake.kind) == ("line", "area")
    assert lake.order < palette.PANES["areas"] < river.order


def test_areas_without_figures_are_land_below_the_rivers(city):
    land = build.outline_layer(city.buurten, title="Buurtgrens", attribution="x", style=palette.AREA)
    assert land.order == palette.PANES["areas"]
    assert build.outline_layer(city.wijken, title="Wijkgrens", attribution="x").order == palette.PANES["outline"]


def test_an_empty_frame_gives_an_empty_layer(city):
    none = city.schools.iloc[:0]
    assert build.points_layer(none, id="schools", title="School", attribution="x").frame.empty
    assert build.lines_layer(none, id="routes", title="Route", attribution="x").frame.empty
    assert build.water_layer(none, title="Water", attribution="x").frame.empty
    assert build.names_layer(city.wijken.iloc[:0], title="Namen", attribution="x").frame.empty
    assert city.areas().frame.empty is False
    empty = build.hotspots_layer(city.cells, [], title="Hotspot", attribution="x", tooltips={}, round_m=25)
    assert empty.frame.empty


def test_building_a_layer_changes_nothing_in_the_frame_it_was_given(city):
    before = city.buurten.copy(deep=True)
    city.areas()
    build.names_layer(city.buurten, title="Namen", attribution="x")
    pd.testing.assert_frame_equal(pd.DataFrame(city.buurten), pd.DataFrame(before))


cell_sets = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=20)


@settings(max_examples=40, deadline=None)
@given(cell_sets)
def test_rounding_moves_no_edge_by_more_than_the_radius_and_is_always_the_same(cells):
    square = shapely.union_all([shapely.box(50 * i, 50 * j, 50 * i + 50, 50 * j + 50) for i, j in sorted(cells)])
    shapes = np.array([square], dtype=object)
    (round_,) = build.smooth(shapes, radius_m=20.0)
    assert shapely.hausdorff_distance(round_, square) <= 20.0
    assert round_.is_valid
    assert shapely.to_wkb(round_) == shapely.to_wkb(build.smooth(shapes, radius_m=20.0)[0])


def test_a_shape_too_narrow_to_round_stays_as_it_is():
    thin = np.array([shapely.box(0, 0, 10, 200)], dtype=object)
    assert build.smooth(thin, radius_m=25)[0].equals(thin[0])


def test_the_highest_class_of_cells_is_the_darkest_and_cells_lie_on_the_areas():
    cells = gpd.GeoDataFrame({"class": [0, 1, 2]}, geometry=[shapely.box(i, 0, i + 1, 1) for i in range(3)], crs=RD)
    spec = build.cells_layer(cells, title="Gi*", attribution="verzonnen", labels=("laag", "hoger", "hoogst"))
    light = [palette.contrast(c.fill, palette.PAPER) for c in spec.classes]
    assert light == sorted(light) and spec.classes[-1].fill == palette.CELL_FILLS[-1]
    assert spec.frame["class"].tolist() == [0, 1, 2] and spec.order == palette.PANES["areas"]
    nothing = build.cells_layer(cells.iloc[:0], title="Gi*", attribution="verzonnen", labels=())
    assert nothing.classes == () and nothing.frame.empty

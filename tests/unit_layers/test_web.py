"""Layers as GeoJSON: small, in degrees, every text plain."""

import json

import pytest
import shapely

from geo.crs import to_rd
from layers import build, palette
from layers.leaflet import hideout, layer_id, to_leaflet
from layers.web import collection, paint, pane, pane_class


def coordinates(features):
    return [
        xy for f in features for xy in shapely.get_coordinates(shapely.from_geojson(json.dumps(f["geometry"]))).tolist()
    ]


def test_features_bear_key_text_class_and_nothing_else(city):
    features = collection(city.areas())["features"]
    assert len(features) == len(city.buurten)
    assert set(features[0]["properties"]) == {"id", "text", "class"}
    assert features[0]["properties"]["id"] == "BU0000"


def test_coordinates_have_five_decimals_and_those_of_cells_six_and_lie_where_they_lay(city):
    areas, spots = collection(city.areas())["features"], collection(city.hotspots())["features"]
    for features, decimals in ((areas, 5), (spots, 6)):
        assert all(round(value, decimals) == value for xy in coordinates(features) for value in xy)
    lon, lat = zip(*coordinates(spots), strict=True)
    x, y = to_rd(lon, lat)
    bounds = city.hotspots().frame.total_bounds
    assert (x.min(), y.min(), x.max(), y.max()) == pytest.approx(tuple(bounds), abs=0.2)


def test_a_numbered_hotspot_is_followed_by_a_point_inside_it_with_its_number(city):
    features = collection(city.hotspots())["features"]
    areas = {f["properties"]["id"]: f for f in features if f["geometry"]["type"] != "Point"}
    marks = [f for f in features if f["geometry"]["type"] == "Point"]
    assert [m["properties"]["label"] for m in marks] == ["3", "2", "1"]
    for mark in marks:
        area = shapely.from_geojson(json.dumps(areas[mark["properties"]["id"]]["geometry"]))
        assert area.contains(shapely.Point(mark["geometry"]["coordinates"]))
    assert all("label" not in area["properties"] for area in areas.values())


def test_markup_in_a_name_is_passed_on_as_the_text_it_is(city):
    schools = city.schools.assign(name="<img src=x onerror=alert(1)>")
    spec = build.points_layer(schools, id="schools", title="School", attribution="x", tooltips=list(schools["name"]))
    feature = collection(spec)["features"][0]
    assert feature["properties"]["text"] == "<img src=x onerror=alert(1)>"
    assert "tooltip" not in feature["properties"]  # dash-leaflet would execute that one
    assert "popup" not in feature["properties"]


def test_a_key_that_is_missing_in_the_data_is_no_key_and_still_json(city):
    routes = city.routes.assign(id=[None, float("nan")])
    spec = build.lines_layer(routes, id="routes", title="Route", attribution="x")
    assert json.dumps(collection(spec), allow_nan=False).count('"id"') == 0


def test_every_layer_gets_a_pane_of_its_own_lowest_first(city):
    panes = to_leaflet(city.specs(), selected="H1")
    orders = [spec.order for spec in sorted(city.specs(), key=lambda spec: spec.order)]
    assert [p.className for p in panes] == [f"hk-z{order}" for order in orders]
    assert len({p.name for p in panes}) == len(panes)
    assert [p.children.id for p in panes] == [
        layer_id(spec.id) for spec in sorted(city.specs(), key=lambda spec: spec.order)
    ]
    assert {p.children.hideout["selected"] for p in panes} == {"", "H1"}


def test_an_order_without_a_pane_is_refused(city):
    spec = build.lines_layer(city.routes, id="routes", title="Route", attribution="x", order=123)
    with pytest.raises(ValueError, match="order 123"):
        pane_class(spec)


def test_lines_that_share_a_street_do_not_add_up_to_black(city):
    route = next(spec for spec in city.specs() if spec.id == "routes")
    path = hideout(route)["path"]
    assert path["opacity"] == 1.0
    assert path["color"] == palette.over(palette.TRANSPORT, palette.CLASS_FILLS[1], opacity=palette.ROUTE.opacity)


def test_graded_layers_hand_over_one_colour_per_class(city):
    spec = city.areas()
    assert hideout(spec)["fills"] == [graded.fill for graded in spec.classes]
    assert hideout(spec)["interactive"] is True
    outline = next(s for s in city.specs() if s.kind == "outline")
    assert hideout(outline)["interactive"] is False


def test_paint_is_what_the_collection_says_of_its_shapes(city):
    spec = city.areas()
    painted = paint(spec)
    features = collection(spec)["features"]
    assert painted["classes"] == {f["properties"]["id"]: f["properties"]["class"] for f in features}
    assert painted["texts"] == {f["properties"]["id"]: f["properties"]["text"] for f in features}
    assert painted["fills"] == hideout(spec)["fills"] and painted["pane"] == pane(spec)
    json.dumps(painted, allow_nan=False)

"""Areas, features and notes in the store."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data.store import areas as area_table
from data.store import features as feature_table
from geo.crs import RD


def square(x, y, size=100.0):
    return shapely.MultiPolygon([shapely.box(x, y, x + size, y + size)])


def areas_of(*codes, level="buurt", x=0.0):
    n = len(codes)
    return gpd.GeoDataFrame(
        {
            "code": list(codes),
            "level": level,
            "name": [f"Buurt ’t {code}" for code in codes],
            "wijk_code": "WK050501",
            "gemeente_code": "GM0505",
            "inhabitants": [np.nan, *([1234.0] * (n - 1))],
            "water": [True, *([False] * (n - 1))],
        },
        geometry=[square(105_000 + x + 100 * i, 425_000) for i in range(n)],
        crs=RD,
    )


def features_of(*names):
    return gpd.GeoDataFrame(
        {
            "id": [str(i) for i in range(len(names))],
            "name": list(names),
            "subtype": "vo",
            "uncertainty_m": [np.nan, *([12.5] * (len(names) - 1))],
        },
        geometry=[shapely.Point(105_000.125 + i, 425_000.5) for i in range(len(names))],
        crs=RD,
    )


def test_areas_come_back_in_their_order_with_every_dtype_shape_and_source(store):
    given = areas_of("BU3", "BU1", "BU2")
    store.replace_areas("buurt", given, attribution="CBS/Kadaster 2024, CC BY 4.0")
    found = store.areas("buurt")
    assert found.attrs["attribution"] == "CBS/Kadaster 2024, CC BY 4.0"
    assert found.crs == RD
    assert list(found.columns) == ["code", "level", "name", "wijk_code", "gemeente_code", "inhabitants", "water",
                                   "geometry"]  # fmt: skip
    assert {name: str(found[name].dtype) for name in area_table.COLUMNS} == area_table.COLUMNS
    for name in area_table.COLUMNS:
        assert found[name].astype(object).fillna("?").tolist() == given[name].astype(object).fillna("?").tolist()
    assert all(a.equals_exact(b, 0) for a, b in zip(found.geometry, given.geometry, strict=True))


def test_new_areas_take_the_place_of_all_of_their_level_and_of_no_other(store):
    store.replace_areas({"buurt": areas_of("BU1", "BU2"), "wijk": areas_of("WK1", level="wijk")}, attribution="CBS")
    store.replace_areas("buurt", areas_of("BU9"), attribution="gemeente")
    assert store.areas("buurt")["code"].tolist() == ["BU9"]
    assert store.areas("wijk")["code"].tolist() == ["WK1"]
    assert store.areas("wijk").attrs["attribution"] == "CBS"


def test_several_levels_are_replaced_together_or_not_at_all(store):
    store.replace_areas("buurt", areas_of("BU1"), attribution="CBS")
    version = store.data_version()
    with pytest.raises(ValueError, match="'WK1' twice"):
        store.replace_areas({"buurt": areas_of("BU2"), "wijk": areas_of("WK1", "WK1", level="wijk")}, attribution="CBS")
    assert store.areas("buurt")["code"].tolist() == ["BU1"]
    assert store.data_version() == version


def test_without_areas_or_features_the_tables_are_empty_but_whole(store):
    areas, stops = store.areas("wijk"), store.features("stops")
    assert (len(areas), len(stops)) == (0, 0)
    assert (areas.crs, stops.crs) == (RD, RD)
    assert {name: str(areas[name].dtype) for name in area_table.COLUMNS} == area_table.COLUMNS
    assert {name: str(stops[name].dtype) for name in feature_table.COLUMNS} == feature_table.COLUMNS
    assert (areas.geometry.name, stops.geometry.name) == ("geometry", "geometry")
    assert stops.attrs["attribution"] == ""


def test_features_come_back_in_their_order_with_their_source(store):
    given = features_of("Stedelijk Dalton Lyceum", "’t Gilde", "school 🏫")
    store.replace_features("schools", given, attribution="DUO")
    found = store.features("schools")
    assert found["name"].tolist() == given["name"].tolist()
    assert found["uncertainty_m"].astype(object).fillna("?").tolist() == ["?", 12.5, 12.5]
    assert [point.coords[0] for point in found.geometry] == [point.coords[0] for point in given.geometry]
    assert found.attrs["attribution"] == "DUO"
    store.replace_features("schools", features_of("een"), attribution="DUO")
    assert store.features("schools")["name"].tolist() == ["een"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda f: f.drop(columns=["name", "subtype"]), "columns missing: name, subtype; present: id"),
        (lambda f: f.to_crs("EPSG:4326"), "must be EPSG:28992"),
        (lambda f: f.set_crs(None, allow_override=True), "must be EPSG:28992"),
        (lambda f: f.set_geometry([shapely.Point(), *f.geometry[1:]], crs=RD), "without a shape"),
        (lambda f: f.set_geometry([None, *f.geometry[1:]], crs=RD), "without a shape"),
    ],
)
def test_features_that_break_the_contract_are_refused_and_the_old_ones_stay(store, change, why):
    store.replace_features("routes", features_of("oud"), attribution="OVapi")
    with pytest.raises(ValueError, match=why):
        store.replace_features("routes", change(features_of("een", "twee")), attribution="OVapi")
    assert store.features("routes")["name"].tolist() == ["oud"]


def test_nothing_is_stored_without_its_source(store):
    with pytest.raises(ValueError, match="attribution"):
        store.replace_features("water", features_of("Merwede"), attribution=" ")
    assert store.features("water").empty


def test_a_kind_or_level_that_does_not_exist_is_named(store):
    with pytest.raises(ValueError, match="'cafes': must be one of schools"):
        store.replace_features("cafes", features_of("x"), attribution="x")
    with pytest.raises(ValueError, match="'cafes'"):
        store.features("cafes")
    with pytest.raises(ValueError, match="'straat': must be one of gemeente"):
        store.replace_areas("straat", areas_of("x"), attribution="x")


def municipality(store):
    with store.importing() as transaction:
        seen_by_import = transaction.municipality()
    assert seen_by_import == store.municipality()
    return seen_by_import


def test_the_municipality_is_the_gemeente_when_stored_and_else_all_buurten_or_wijken_together(store):
    assert municipality(store) is None
    store.replace_areas("wijk", areas_of("WK1", level="wijk", x=500.0), attribution="CBS")
    assert municipality(store).equals(square(105_500, 425_000))
    store.replace_areas("buurt", areas_of("BU1", "BU2"), attribution="CBS")
    assert municipality(store).equals(shapely.box(105_000, 425_000, 105_200, 425_100))
    store.replace_areas("gemeente", areas_of("GM0505", level="gemeente", x=900.0), attribution="CBS")
    assert municipality(store).equals(square(105_900, 425_000))


def test_the_data_version_changes_with_areas_and_features_but_not_with_notes_or_reading(store):
    versions = [store.data_version()]
    store.replace_areas("buurt", areas_of("BU1"), attribution="CBS")
    versions.append(store.data_version())
    store.replace_features("stops", features_of("Centraal Station"), attribution="OVapi")
    versions.append(store.data_version())
    assert len(set(versions)) == 3
    store.set_meta("demo", "1")
    store.areas("buurt")
    assert store.data_version() == versions[-1]


def test_notes_are_kept_and_overwritten(store):
    assert store.meta("demo") is None
    store.set_meta("demo", "1")
    store.set_meta("demo", "nee, echt 🙂")
    assert store.meta("demo") == "nee, echt 🙂"

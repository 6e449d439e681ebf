"""A user's own figures: per buurt from a CSV, per stop beside the stops; all of it or nothing."""

import json

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, inspect, text

from data.areas import import_areas
from data.features import BOARDINGS, import_features, read_features
from data.reasons import FileRefused
from data.store import ReportStore
from data.weights import Weight, import_weight, read_weight
from geo.crs import RD

CODES = ["BU05050100", "BU05050101", "BU05050102"]


def csv_file(folder, text):
    path = folder / "gewicht.csv"
    path.write_text(text, encoding="utf-8")
    return path


def read(folder, text, **how):
    return read_weight(csv_file(folder, text), **{"codes": CODES, "name": "passanten per dag"} | how)


def refused(folder, text, **how):
    with pytest.raises(FileRefused) as caught:
        read(folder, text, **how)
    return caught.value.sentence.format(**caught.value.fields)


def said(found):
    return [n.sentence.format(**n.fields) for n in found.notes]


def with_buurten(store):
    shapes = [shapely.box(105_000 + 500 * i, 425_000, 105_500 + 500 * i, 425_500) for i in range(3)]
    frame = gpd.GeoDataFrame(
        {
            "code": CODES, "level": "buurt", "name": CODES, "wijk_code": "", "gemeente_code": "GM0505",
            "inhabitants": 500.0, "water": [False, False, True],
        },
        geometry=shapes,
        crs=RD,
    )  # fmt: skip
    store.replace_areas("buurt", frame, attribution="verzonnen")
    return store


@pytest.mark.parametrize(
    "text",
    [
        "code;value\nBU05050100;12\nBU05050101;7,5\n",
        "Buurtcode,Aantal\n5050100,12\n5050101,7.5\n",
        "BU_CODE\tpassanten\nbu05050100\t12\n05050101\t7.5\n",
    ],
)
def test_codes_and_figures_are_read_however_they_are_written(tmp_path, text):
    weight = read(tmp_path, text).weight
    assert weight.values.to_dict() == {"BU05050100": 12, "BU05050101": 7.5}
    assert (weight.unit, weight.source) == ("passanten per dag", "gewicht.csv")


def test_buurten_without_a_figure_and_codes_that_are_not_ours_are_told(tmp_path):
    found = read(tmp_path, "code;value\nBU05050100;12\nBU03630000;99\nBU05050101;\n")
    assert found.weight.values.to_dict() == {"BU05050100": 12}
    strange, missing = said(found)
    assert strange == "Codes die bij geen ingelezen buurt horen, niet overgenomen (1): BU03630000."
    assert (
        missing.startswith("Buurten zonder getal, die dus geen cijfer krijgen (2): ")
        and "BU05050101, BU05050102" in missing
    )


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("BU05050100;-1", "gewicht.csv, rij 2: -1 in kolom ‘value’ is kleiner dan 0."),
        ("BU05050100;veel", "gewicht.csv, rij 2: veel in kolom ‘value’ is geen getal."),
        ("BU05050100;inf", "gewicht.csv, rij 2: inf in kolom ‘value’ is geen getal."),
        ("BU05050100;1\nBU05050100;2", "gewicht.csv, rij 2, 3: code BU05050100 staat er meer dan eens in."),
        ("BU05050100;1.200", "rij 2: 1.200 kan op twee manieren gelezen worden"),
        (";5", "gewicht.csv, rij 2: geen code."),
        ("BU05050100;1;2", "gewicht.csv, rij 2: meer cellen dan kolommen."),
        ("BU05050100;0", "gewicht.csv: geen enkele buurt heeft een getal boven 0."),
        ("BU03630000;5", "geen enkele code in kolom ‘code’ is die van een ingelezen buurt. Eerste code: BU03630000."),
    ],
)
def test_a_figure_that_is_none_is_refused_with_its_row_and_the_way_out(tmp_path, rows, sentence):
    assert sentence in refused(tmp_path, f"code;value\n{rows}\n")


def test_a_mark_that_shows_elsewhere_what_it_means_is_a_decimal_mark(tmp_path):
    assert read(tmp_path, "code;value\nBU05050100;1,250\nBU05050101;0,5\n").weight.values.iloc[0] == 1.25


def test_columns_that_cannot_be_told_apart_are_named(tmp_path):
    assert "Aanwezig: wijk, dag, nacht." in refused(tmp_path, "wijk;dag;nacht\nx;1;2\n")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "een\ntwee"])
def test_a_name_is_one_short_line(tmp_path, name):
    assert "kan geen naam zijn" in refused(tmp_path, "code;value\nBU05050100;1\n", name=name)


def test_a_refused_file_leaves_the_store_as_it_was(store, tmp_path):
    with_buurten(store)
    import_weight(csv_file(tmp_path, "code;value\nBU05050100;5\n"), store=store, name="Telling", unit="fietsen")
    before = store.data_version()
    with pytest.raises(FileRefused):
        import_weight(csv_file(tmp_path, "code;value\nBU05050100;5\nBU05050101;-2\n"), store=store, name="Telling")
    assert store.data_version() == before
    assert store.weights()[0].values.to_dict() == {"BU05050100": 5}


def test_a_water_buurt_is_not_missed(store, tmp_path):
    with_buurten(store)
    found = import_weight(csv_file(tmp_path, "code;value\nBU05050100;5\nBU05050101;1\n"), store=store, name="Telling")
    assert found.notes == ()


def test_without_buurten_the_way_out_is_to_read_them_first(store, tmp_path):
    with pytest.raises(FileRefused) as caught:
        import_weight(csv_file(tmp_path, "code;value\nBU05050100;5\n"), store=store, name="Telling")
    assert "areas import" in caught.value.sentence


def test_weights_are_kept_by_name_and_forgotten_by_name(store):
    one = Weight(name="a", unit="fietsen", source="telling", values=pd.Series({"BU1": 1.5, "BU2": 2.0}))
    other = Weight(name="b", unit="b", source="telling", values=pd.Series({"BU1": 3.0}))
    store.replace_weight(other)
    store.replace_weight(one)
    store.replace_weight(Weight(name="a", unit="auto's", source="later", values=pd.Series({"BU2": 9.0})))
    first, second = store.weights()
    assert (first.name, first.unit, first.source, first.values.to_dict()) == ("a", "auto's", "later", {"BU2": 9.0})
    assert second.values.to_dict() == {"BU1": 3.0}
    version = store.data_version()
    assert store.remove_weight("a") and not store.remove_weight("a")
    assert [w.name for w in store.weights()] == ["b"] and store.data_version() != version


# The store is shared by the examples on purpose: each one replaces what was there.
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text("BU0123456789", min_size=1, max_size=10), st.floats(0, 1e12), min_size=1))
def test_whatever_figures_are_kept_come_back(store, figures):
    store.replace_weight(Weight(name="w", unit="u", source="s", values=pd.Series(figures)))
    assert store.weights()[0].values.to_dict() == figures


def test_boardings_of_the_poles_of_a_stop_are_added_and_unknown_stays_unknown(tmp_path):
    path = tmp_path / "haltes.csv"
    path.write_text(
        "id;naam;x;y;instappers per dag\na;Plein;105000;425000;120\nb;Plein;105020;425000;30\n"
        "c;Laan;105500;425000;n.b.\nd;Hof;106000;425000;\ne;Hof;106020;425000;50\n",
        encoding="utf-8",
    )
    found = read_features(path, kind="stops").frame
    assert found.set_index("name")[BOARDINGS].to_dict() == pytest.approx(
        {"Plein": 150, "Laan": np.nan, "Hof": np.nan}, nan_ok=True
    )
    assert found.attrs[BOARDINGS] == "instappers"


def test_the_boardings_of_a_stop_area_are_not_counted_again_at_its_poles(tmp_path):
    path = tmp_path / "haltes.csv"
    path.write_text(
        "stop_id,stop_name,stop_lat,stop_lon,location_type,parent_station,in_uitstappers\n"
        "S,Station,51.8,4.66,1,,900\np,Station,51.8001,4.66,0,S,400\nq,Station,51.8002,4.66,0,S,500\n",
        encoding="utf-8",
    )
    found = read_features(path, kind="stops").frame
    assert found[BOARDINGS].tolist() == [900] and found.attrs[BOARDINGS] == "in- en uitstappers"


def test_boardings_go_with_their_stops_and_stops_without_them_have_none(store, tmp_path):
    path = tmp_path / "haltes.geojson"

    def write(**properties):
        feature = {"type": "Feature", "properties": {"id": "a", "name": "Plein"} | properties,
                   "geometry": {"type": "Point", "coordinates": [4.67, 51.81]}}  # fmt: skip
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
        return import_features(path, store=store, kind="stops")

    write(instappers=1250.5)
    known = store.boardings()
    assert known.to_dict() == {"a": 1250.5} and known.attrs["unit"] == "instappers"
    assert BOARDINGS not in store.features("stops").columns
    write()
    assert len(store.boardings()) == 0


@pytest.mark.parametrize("cell", ["-3", "druk", "1.200"])
def test_boardings_that_are_no_number_are_refused_by_value_and_column(tmp_path, cell):
    path = tmp_path / "haltes.csv"
    path.write_text(f"naam;x;y;instappers\nPlein;105000;425000;{cell}\n", encoding="utf-8")
    with pytest.raises(FileRefused) as caught:
        read_features(path, kind="stops")
    assert (caught.value.fields["value"], caught.value.fields["column"]) == (cell, "instappers")


def test_streets_are_lines_with_their_names_and_only_those_near_the_city_are_kept(store, tmp_path):
    path = tmp_path / "wegen.geojson"

    def line(name, *points):
        return {"type": "Feature", "properties": {"STT_NAAM": name, "wegtype": "weg"},
                "geometry": {"type": "LineString", "coordinates": points}}  # fmt: skip

    content = {
        "type": "FeatureCollection",
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::28992"}},
        "features": [line("Hier", (105_000, 425_100), (105_400, 425_100)), line("Ver", (120_000, 4e5), (121_000, 4e5))],
    }
    path.write_text(json.dumps(content), encoding="utf-8")
    with_buurten(store)
    found = import_features(path, store=store, kind="streets", crs=RD)
    stored = store.features("streets")
    assert stored["name"].tolist() == ["Hier"] and stored["subtype"].tolist() == ["weg"]
    assert stored.geometry.length.sum() == pytest.approx(400, abs=0.1)
    assert [n.code for n in found.notes] == ["far"]
    store.replace_areas("buurt", store.areas("buurt").iloc[:0], attribution="geen")
    assert len(import_features(path, store=store, kind="streets", crs=RD).frame) == 2


VERSION_2 = {
    "schema_version", "state", "meta", "imports", "reports", "report_history", "withdrawals", "quarantine", "datasets",
    "areas", "features", "decisions",
}  # fmt: skip


def test_an_older_store_gets_room_for_weights_and_keeps_what_it_held(tmp_path):
    path = tmp_path / "oud.sqlite"
    with ReportStore.open(str(path)) as made:
        made.set_meta("van", "vroeger")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        newer = {name for name in inspect(connection).get_table_names() if not name.startswith("sqlite_")} - VERSION_2
        for name in newer:
            connection.execute(text(f'DROP TABLE "{name}"'))
        connection.execute(text("UPDATE schema_version SET version = 2"))
    engine.dispose()
    assert "weights" in newer
    with ReportStore.open(str(path)) as upgraded:
        assert upgraded.weights() == () and upgraded.meta("van") == "vroeger"
        upgraded.replace_weight(Weight(name="w", unit="u", source="s", values=pd.Series({"BU1": 1.0})))
        assert len(upgraded.weights()) == 1


def test_the_demo_buurten_take_a_weight_by_their_codes(demo_files, tmp_path, store):
    [outlines] = list(demo_files.glob("buurten*"))
    import_areas(outlines, store=store, level="buurt")
    codes = store.areas("buurt")["code"]
    rows = "code;value\n" + "".join(f"{code};{i + 1}\n" for i, code in enumerate(codes))
    found = import_weight(csv_file(tmp_path, rows), store=store, name="terrassen")
    assert len(found.weight.values) == len(codes) and found.notes == ()

"""Rates on the page and on the command line: always with their denominator, and only those the store can compute."""

import json
import shutil
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from dashboard import i18n, messages, rate_words
from dashboard.components import filters, specs
from dashboard.components.filter_values import to_values
from dashboard.services import services_for
from dashboard.services.exposure import COLUMNS, NoDenominator, with_rates
from dashboard.state import FilterState, shade_of
from data.demo.reports import write_reports
from data.importing import ImportOptions, import_file
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST, Denied, Role, Viewer
from data.weights import Weight
from geo.crs import RD
from geo.exposure import Base
from geo.nulls import NullKind
from geo.rates import DAYS_PER_YEAR, Per


@pytest.fixture(scope="module")
def rich_path(demo_store_path, tmp_path_factory):
    """The demo city with streets, boardings and two weights of the user's own."""
    path = tmp_path_factory.mktemp("rich") / "stad.sqlite"
    with ReportStore.open(str(demo_store_path)) as demo, ReportStore.open(str(path)) as store:
        for level in ("gemeente", "wijk", "buurt"):
            areas = demo.areas(level)
            store.replace_areas(level, areas, attribution=areas.attrs["attribution"])
        stops = demo.features("stops").assign(boardings=lambda frame: 100.0 + np.arange(len(frame)))
        stops.attrs["boardings"] = "in- en uitstappers"
        store.replace_features("stops", stops, attribution="haltes")
        schools = demo.features("schools")
        store.replace_features("schools", schools, attribution=schools.attrs["attribution"])
        store.replace_features("streets", grid_of_streets(demo.areas("buurt")), attribution="straten van hier")
        codes = demo.areas("buurt")["code"]
        for name, unit, step in (("Telling 2025", "voetgangers per dag", 1000.0), ("terrassen", "terrassen", 1.0)):
            values = step * (1 + np.arange(len(codes)))
            store.replace_weight(Weight(name=name, unit=unit, source="telling", values=by_code(codes, values)))
        copy_reports(store, path)
    return path


def grid_of_streets(buurten):
    """A street every 200 m over the whole city."""
    west, south, east, north = buurten.total_bounds
    rows = [shapely.LineString([(west, y), (east, y)]) for y in np.arange(south + 37, north, 200)]
    columns = [shapely.LineString([(x, south), (x, north)]) for x in np.arange(west + 41, east, 200)]
    lines = rows + columns
    ids = [str(i) for i in range(len(lines))]
    return gpd.GeoDataFrame({"id": ids, "name": ids, "subtype": "", "uncertainty_m": 0.0}, geometry=lines, crs=RD)


def by_code(codes, values):
    return pd.Series(values, index=np.asarray(codes))


def copy_reports(store, path):
    """The demo's own file, read again."""
    write_reports(path.parent)
    import_file(
        path.parent / "meldingen.csv",
        store=store,
        settings=Settings(store=str(path)),
        options=ImportOptions(source="synthetisch"),
    )


@pytest.fixture
def rich(rich_path):
    settings = Settings(store=str(rich_path))
    with ReportStore.open(settings.store) as store:
        yield services_for(store, settings)


def overview(services, **state):
    return services.map.overview(LOCAL_ANALYST, FilterState(**state))


def shaded(services, **state):
    return specs.areas_spec(overview(services, **state), source="synthetisch")


def test_only_what_the_store_can_compute_is_offered(rich, demo_services):
    choices = rich.map.choices(LOCAL_ANALYST)
    assert [option["label"] for option in filters.shade_options(choices)] == [
        "Aantal meldingen",
        "Verandering",
        "Per 1.000 inwoners",
        "Per km straat",
        "Per 1.000 in- en uitstappers per dag",
        "Per 10.000 voetgangers per dag (Telling 2025)",
        "Per 10 terrassen",
    ]
    plain = demo_services.map.choices(LOCAL_ANALYST)
    assert plain.shades == ("count", "change", "rate")
    assert to_values(FilterState(shade="streets"), plain)["shade"] == "count"


@pytest.mark.parametrize("shade", ["rate", "streets", "boardings", "weight:Telling 2025", "weight:terrassen"])
def test_every_colour_says_what_it_is_per_and_whose_figures_it_divides_by(rich, shade):
    made = shaded(rich, shade=shade)
    denominator = rich.map.exposure.denominator(shade)
    assert made.title == f"Meldingen per jaar {rate_words.per(denominator)}, afgevlakt"
    assert denominator.source and denominator.source in made.attribution
    assert FilterState.from_query("?" + FilterState(shade=shade).to_query()).shade == shade
    assert any(rate_words.per(denominator) in text and "95%-marge" in text for text in made.frame["tooltip"])


def test_a_colour_the_store_cannot_compute_is_the_count_and_the_tooltip_stays_per_inhabitant(demo_services):
    made = shaded(demo_services, shade="streets")
    assert made.title == "Meldingen per buurt"
    assert "per 1.000 inwoners" in made.frame["tooltip"].str.cat()


@pytest.mark.parametrize("text", ["", None, "inwoners", "weight:", "weight:" + "x" * 61, "weight:a\nb", 7])
def test_an_address_that_asks_for_no_colour_there_can_be_is_the_count(text):
    assert shade_of(text) == "count"


def test_a_rate_is_the_count_over_the_street_in_the_buurt_per_year(rich):
    view = overview(rich, shade="streets")
    buurten = view.buurten[~view.buurten["water"]]
    lines = rich.map.exposure.exposure().streets.geometry.to_numpy()
    row = buurten.sort_values("n").iloc[-1]
    km = shapely.length(shapely.intersection(lines, row["geometry"])).sum() / 1000
    assert row["denominator"] == pytest.approx(km)
    assert row["rate"] == pytest.approx(row["n"] / km / (730 / DAYS_PER_YEAR))
    assert row["rate_low"] < row["rate"] < row["rate_high"]


def test_water_and_empty_buurten_have_no_rate_and_are_told(rich):
    found = overview(rich, shade="rate").rates
    wet = rich.map.city().buurten["water"].to_numpy(bool)
    assert np.isnan(found.value[wet]).all() and found.left_out["water"] == wet.sum() > 0
    assert rate_words.left_out(found).startswith(f"Zonder cijfer: {wet.sum()} waterbuurt")
    assert sum(found.left_out.values()) == np.isnan(found.value).sum()


def test_an_area_does_not_change_the_rates_of_whole_buurten_and_the_tooltip_says_so(rich):
    whole, part = overview(rich, shade="rate"), overview(rich, shade="rate", area="Lijnbaan")
    assert np.allclose(whole.buurten["rate_shrunk"], part.buurten["rate_shrunk"], equal_nan=True)
    outside = part.buurten[(part.buurten["n"] == 0) & (part.buurten["rate_n"] > 1)].iloc[0]
    text = specs.buurt_text(outside.to_dict(), part.rates.denominator)
    assert f"0 meldingen\nhele buurt: {outside['rate_n']} meldingen" in text


def test_whoever_may_not_see_reports_gets_no_rates(rich):
    manager = Viewer(name="wim", role=Role.DISTRICT_MANAGER, wijken=frozenset({"WK050503"}))
    with pytest.raises(Denied):
        rich.map.rates(manager, FilterState(shade="rate"))


def test_new_figures_in_the_store_are_taken_up(tmp_path, demo_store_path):
    path = tmp_path / "kopie.sqlite"
    shutil.copy(demo_store_path, path)
    with ReportStore.open(str(path)) as store:
        services = services_for(store, Settings(store=str(path)))
        assert "weight:w" not in services.map.choices(LOCAL_ANALYST).shades
        code = services.map.city().buurten["code"].iloc[0]
        store.replace_weight(Weight(name="w", unit="w", source="s", values=by_code([code], [5.0])))
        assert "weight:w" in services.map.choices(LOCAL_ANALYST).shades
        store.remove_weight("w")
        assert "weight:w" not in services.map.choices(LOCAL_ANALYST).shades


def test_buurten_without_rates_have_the_columns_all_the_same():
    frame = with_rates(gpd.GeoDataFrame({"n": [3]}, geometry=[shapely.Point(0, 0)], crs=RD), None)
    assert set(COLUMNS) <= set(frame.columns) and np.isnan(frame["rate"]).all() and frame["rate_n"].tolist() == [0]


def test_near_schools_stands_beside_the_street_that_is_as_near_and_beside_land_without_streets(rich, demo_services):
    for services, base in ((rich, Base.STREETS), (demo_services, Base.LAND)):
        reports, _, _ = services.map.clustered(LOCAL_ANALYST, FilterState())
        found = services.map.exposure.near(reports, "schools")
        assert found.base is base
        assert all(0 < near.base_share < 1 and near.n <= near.n_base for near in found.rows)


def test_what_is_not_known_is_said_with_the_way_to_get_it(demo_services, rich):
    for per, way in (("streets", "layer import"), ("boardings", "instappers"), ("weight", "areas weight")):
        with pytest.raises(NoDenominator) as caught:
            demo_services.map.exposure.asked(Per(per))
        assert way in messages.refused(caught.value)
    with pytest.raises(NoDenominator) as caught:
        rich.map.exposure.asked(Per.WEIGHT)
    assert "Telling 2025, terrassen" in messages.refused(caught.value)
    assert rich.map.exposure.asked(Per.WEIGHT, name="TERRASSEN").name == "terrassen"


@pytest.mark.parametrize("per", ["inhabitants", "streets", "boardings"])
def test_the_command_and_the_page_give_the_same_rates(command, rich_path, rich, per):
    code, out, _ = command("analyse", "rates", "--per", per, "--json", "--store", rich_path)
    told = json.loads(out)
    view = overview(rich, shade="rate" if per == "inhabitants" else per)
    assert code == 0 and told["per"] == per and told["source"]
    rates = np.array([np.nan if a["rate"] is None else a["rate"] for a in told["areas"]])
    assert np.allclose(rates, view.buurten["rate"], equal_nan=True)
    assert [a["n"] for a in told["areas"]] == view.buurten["n"].tolist()
    assert told["left_out"]["areas"]["water"] > 0


def test_the_command_tells_the_denominator_the_margin_and_what_is_left_out(command, rich_path):
    code, out, _ = command("analyse", "rates", "--per", "weight", "--weight", "terrassen", "--store", rich_path)
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == "1 okt 2024 – 30 sep 2026"
    assert lines[1].startswith("Meldingen per jaar per 10 terrassen; alle buurten samen: ")
    assert "95%-marge" in lines[3] and "terrassen" in lines[3]
    assert lines[-1].startswith("Zonder cijfer: ")


def test_a_denominator_that_is_not_there_is_one_sentence_and_exit_code_2(command, demo_store_path):
    code, out, err = command("analyse", "rates", "--per", "boardings", "--store", demo_store_path)
    assert (code, out) == (2, "")
    assert err.startswith("Het aantal instappers is niet bekend.")


def test_a_period_that_runs_backwards_is_told(command, demo_store_path):
    code, _, err = command("analyse", "rates", "--from", "2026-01-02", "--to", "2026-01-01", "--store", demo_store_path)
    assert code == 2 and "loopt terug" in err


def test_a_weight_is_read_named_and_taken_away_on_the_command_line(command, tmp_path, demo_files):
    store, file = tmp_path / "stad.sqlite", tmp_path / "telling.csv"
    [outlines] = list(demo_files.glob("buurten*"))
    assert command("areas", "import", outlines, "--level", "buurt", "--store", store)[0] == 0
    file.write_text("code;value\nBU05050202;1200\nBU05050203;900\nBU99999999;4\n", encoding="utf-8")
    code, out, err = command("areas", "weight", file, "--name", "fietsers per dag", "--store", store)
    assert code == 0 and "‘Per 1.000 fietsers per dag’" in out
    assert "niet overgenomen (1): BU99999999" in err and "Buurten zonder getal" in err
    assert command("areas", "weight", "--name", "fietsers", "--remove", "--store", store)[0] == 2
    assert command("areas", "weight", "--name", "fietsers per dag", "--remove", "--store", store)[0] == 0
    code, _, err = command("areas", "weight", "--name", "x", "--store", store)
    assert code == 2 and "--remove" in err


def test_hotspots_can_be_held_against_streets_or_a_weight_and_it_is_said_which(command, rich_path):
    for options, words, detail in (
        (["--null", "streets"], "over de straten zijn verdeeld", "streets"),
        (["--null", "weight", "--weight", "terrassen"], "naar ‘terrassen’ zijn verdeeld", "weight:terrassen"),
    ):
        asked = ["hotspots", "--store", rich_path, "--certainty", "--runs", 19, *options]
        code, out, _ = command(*asked)
        assert code == 0 and words in out
        told = json.loads(command(*asked, "--json")[1])["certainty"]
        assert (told["null"], told["null_detail"]) == (NullKind.WEIGHTED, detail)


def test_a_null_of_the_store_does_not_go_with_a_file(command, demo_files):
    code, _, err = command("hotspots", demo_files / "meldingen.csv", "--null", "streets", "--certainty")
    assert code == 2 and "--null streets" in err


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.0001, "0"), (0.012, "0,012"), (0.35, "0,35"), (16.66, "16,7"), (1640.4, "1.640")]
)
def test_a_figure_has_as_many_decimals_as_tell_something(value, text):
    assert rate_words.figure(value) == text


def test_the_page_names_the_sources_of_what_it_divides_by(rich):
    assert "straten van hier" not in rich.map.attribution()
    assert {"straten van hier", "telling"} <= set(rich.map.attribution(rates=True).split(" · "))


def test_units_are_spoken_in_the_readers_language(rich):
    denominator = rich.map.exposure.denominator("boardings")
    other = replace(denominator, unit="instappers")
    assert rate_words.amount(other, 1234.0) == "1.234 instappers per dag"
    assert rate_words.amount(other, np.nan) == "aantal instappers onbekend"
    with i18n.use("en"):
        assert "1,234" in rate_words.amount(other, 1234.0)

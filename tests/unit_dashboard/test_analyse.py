"""``hotspotkaart analyse``: every subject's figures are the analysis's own, and bad input gets one clear line."""

import json
import os
import pty
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from dashboard.commands.analyse import SUBJECTS
from dashboard.commands.analyse import density as density_command
from dashboard.state import FilterState
from data.viewer import LOCAL_ANALYST
from geo import advice, compare, exposure, identity, opinion, raster
from geo.certainty import assess, null_for
from geo.chance import Outcome
from geo.compare import Period
from geo.crs import RD, to_wgs84
from geo.dbscan import members
from geo.density import density
from geo.exposure import Base
from geo.getis import gi_star
from geo.join import OUTSIDE
from geo.knox import knox
from geo.moran import contiguity, global_moran, local_moran
from geo.nulls import NullKind
from geo.scan import scan
from geo.spacetime import st_dbscan
from geo.windows import against_chance, circles
from tests.conftest import batch_of

PERIODS = ("--before", "2024-10-01", "2025-09-30", "--after", "2025-10-01", "2026-09-30")
ASK = {name: (name,) for name in SUBJECTS if name != "rates"} | {
    "compare": ("compare", *PERIODS),
    "windows": ("windows", "--places", "stops"),
}
QUICK = dict.fromkeys(("chance", "gi", "moran", "knox", "scan", "windows"), ("--runs", "99"))
DATED = ("time", "trend", "life", "compare", "knox", "spacetime")  # say nothing without dates
PLACELESS = ("time", "trend")  # say something whatever the places are
NEED_AREAS = ("moran", "near", "compare")
NO_EPS = ("moran", "near")
SEED = 2025


def points(tmp_path, places, *, dates=None, name="meldingen.csv"):
    """A file of reports at these RD places; with dates where they are given."""
    lon, lat = to_wgs84(np.array([p[0] for p in places]), np.array([p[1] for p in places]))
    rows = [f"m{i},{b:.7f},{a:.7f}" for i, (a, b) in enumerate(zip(lon, lat, strict=True))]
    if dates is not None:
        rows = [f"{row},{day:%d-%m-%Y},21:{i % 60:02d}" for i, (row, day) in enumerate(zip(rows, dates, strict=True))]
    file = tmp_path / name
    header = "id,lat,lon" + ("" if dates is None else ",datum,tijd")
    file.write_text("\n".join([header, *rows]), encoding="utf-8")
    return file


def scattered(n, *, wide=3_000):
    """Places all over a few kilometres, none like the other."""
    return [(105_000 + 7.13 * (i * 97 % wide), 424_000 + 7.31 * (i * 61 % wide)) for i in range(n)]


def days(n, *, first="2024-10-01", last="2026-09-30"):
    return list(pd.date_range(first, last, periods=n))


@pytest.fixture
def buurten(tmp_path):
    """Twelve square buurten with inhabitants over where the reports of these tests are."""
    side = 8_000
    squares = [(x, y) for x in range(4) for y in range(3)]
    frame = gpd.GeoDataFrame(
        {
            "buurtcode": [f"BU0505{i:04d}" for i in range(12)],
            "buurtnaam": [f"Buurt {i}" for i in range(12)],
            "aantalInwoners": [1_000 + 100 * i for i in range(12)],
            "water": ["NEE"] * 12,
        },
        geometry=[
            shapely.box(101_000 + x * side, 420_000 + y * side, 101_000 + (x + 1) * side, 420_000 + (y + 1) * side)
            for x, y in squares
        ],
        crs=RD,
    )
    file = tmp_path / "buurten.gpkg"
    frame.to_file(file, driver="GPKG")
    return file


@pytest.fixture
def asked(command, demo_store_path):
    """``asked(subject, …)``: a subject's JSON about the demo city."""

    def run(subject, *more):
        code, out, err = command(
            "analyse", *ASK[subject], "--store", demo_store_path, *QUICK.get(subject, ()), *more, "--json"
        )
        assert code == 0, err
        return json.loads(out)

    return run


@pytest.fixture
def demo(demo_services):
    """The demo's counted reports, their buurten and their hotspots, as the page has them; and x and y of the clustered."""
    reports, positions, result = demo_services.map.clustered(LOCAL_ANALYST, FilterState())
    clustered = reports.loc[result.labels.index]
    x, y = clustered["x"].to_numpy(float), clustered["y"].to_numpy(float)
    return demo_services, reports, positions, result, x, y


def refused(code, out, err):
    """Whether an answer is one line, on stderr, with exit code 2."""
    return code == 2 and out == "" and err.count("\n") == 1 and "Traceback" not in err and len(err) > 20


# Figures


def test_there_is_a_subject_for_everything_an_analyst_must_be_able_to_defend(command):
    _, out, _ = command("analyse", "--help")
    assert len(SUBJECTS) == 17 and all(f"  {name} " in out for name in SUBJECTS)


@pytest.mark.parametrize("subject", ASK)
def test_every_subject_says_something_in_words_about_the_demo(command, demo_store_path, subject):
    code, out, err = command("analyse", *ASK[subject], "--store", demo_store_path, *QUICK.get(subject, ()))
    assert code == 0, err
    assert len(out) > 150 and "nan" not in out.lower() and "{" not in out
    assert all(line.endswith("%") for line in err.splitlines())  # nothing but progress


def test_advice_is_the_advice_of_geo_and_judges_what_is_asked(asked, demo):
    services, reports, positions, _, _, _ = demo
    expected = advice.advise(reports, positions=positions, surroundings=services.map.city().surroundings)
    told = asked("advice")
    assert (told["advised_eps_m"], told["min_samples"], told["n"]) == (
        expected.advised_eps_m,
        expected.min_samples,
        expected.n,
    )
    assert told["mu"] == expected.mu and told["knee_m"] == expected.knee_m and told["warnings"] == []
    assert told["k_distances"]["50%"] == pytest.approx(np.median(expected.k_distances))
    assert advice.EPS_WIDE in asked("advice", "--eps", "200")["warnings"]
    assert advice.TOO_FEW not in asked("advice", "--min-samples", "5")["warnings"]


def test_sweep_and_chance_are_the_test_of_the_page(asked, demo):
    services, reports, _, result, _, _ = demo
    tested = assess(reports, result, buurten=services.map.city().buurten, runs=99, seed=SEED)
    swept, chance = asked("sweep"), asked("chance")
    assert swept["sweep"] == tested.sweep.table.to_dict("records")
    shares = {h.id: (tested.sweep.share[h.label], tested.resample.share[h.label]) for h in result.hotspots}
    assert {h["id"]: (h["settings_share"], h["resample_share"]) for h in swept["hotspots"]} == shares
    assert chance["outcome"] == Outcome.MORE_THAN_CHANCE and chance["runs"] == 99
    assert [(h["id"], h["p"]) for h in chance["hotspots"]] == [(h.id, round(h.p, 6)) for h in tested.hotspots]


def test_opinion_is_hdbscans_agreement(asked, demo):
    _, _, _, result, x, y = demo
    labels = opinion.hdbscan(x, y, min_cluster_size=result.params.min_samples)
    core = (result.kinds == "core").to_numpy()
    agreed = {one.label: one for one in opinion.agreement(result.labels.to_numpy(np.int64), core, labels)}
    told = asked("opinion")
    assert told["clusters"] == labels.max() + 1
    expected = [(h.id, agreed[h.label].share, agreed[h.label].other_n) for h in result.hotspots]
    assert [(h["id"], h["share"], h["other_n"]) for h in told["hotspots"]] == expected


def test_time_trend_and_life_are_the_context_of_the_page(asked, demo):
    services, _, _, result, _, _ = demo
    city = services.context.of(LOCAL_ANALYST, FilterState())
    one = city.hotspots[0]
    told = asked("time")
    assert told["week"] == city.matrix.values.tolist() and told["dark"]["share"] == city.dark.share
    mine = asked("time", "--hotspot", one.id)
    assert mine["dark"]["n_dark"] == one.dark.n_dark and mine["school"]["share"] == one.school.share
    assert mine["city"]["night"]["base_share"] == city.night.base_share
    told = asked("trend")
    assert told["quarters"]["counts"] == list(city.quarters.counts) and told["trend"]["s"] == city.trend.s
    mine = asked("trend", "--hotspot", "1")  # by rank
    assert mine["quarters"]["counts"] == list(one.quarters.counts)
    assert mine["share_trend"]["p"] == one.share_trend.p and mine["n_hotspot"] == one.n
    told = asked("life")
    assert [(h["id"], h["life"]) for h in told["hotspots"]] == [(h.id, h.life) for h in city.hotspots]
    assert len(told["hotspots"]) == len(result.hotspots) == 10


def test_compare_is_the_comparison_of_the_counts_per_buurt(asked, demo):
    services, reports, positions, _, _, _ = demo
    city = services.map.city()
    first = Period(start=date(2024, 10, 1), end=date(2025, 9, 30))
    second = Period(start=date(2025, 10, 1), end=date(2026, 9, 30))
    before, after = (
        reports["event_date"].between(pd.Timestamp(p.start), pd.Timestamp(p.end)).to_numpy() for p in (first, second)
    )
    dry = ~city.buurten["water"].to_numpy(bool)
    counts = [np.bincount(positions[m & (positions != OUTSIDE)], minlength=len(dry))[dry] for m in (before, after)]
    expected = compare.compare(*counts, first=first, second=second, total_before=before.sum(), total_after=after.sum())
    told = asked("compare")
    assert (told["before"]["n"], told["after"]["n"]) == (before.sum(), after.sum())
    assert [p["figures"]["share_q"] for p in told["places"]] == [one.share_q for one in expected]
    assert all(compare.REGRESSION_TO_THE_MEAN in p["figures"]["remarks"] for p in told["places"])


def test_compare_finds_the_planted_hotspots_that_came_and_went_and_no_other(asked, command, demo_store_path):
    told = {p["id"]: p["figures"]["verdict"] for p in asked("compare", "--per", "hotspot")["places"]}
    assert sorted(told.values()) == ["fall", *["no_evidence"] * 8, "rise"]
    _, out, _ = command("analyse", *ASK["compare"], "--per", "hotspot", "--store", demo_store_path)
    assert "terugkeer naar het gemiddelde" in out and "meer dan de rest" in out


def test_compare_counts_a_hotspot_on_its_footprint_in_either_period(asked, demo):
    _, reports, _, result, x, y = demo  # the periods together are the whole demo
    dates = reports.loc[result.labels.index, "event_date"]
    told = {p["id"]: p["figures"] for p in asked("compare", "--per", "hotspot")["places"]}
    for h in result.hotspots:
        core = ((result.labels == h.label) & (result.kinds == "core")).to_numpy()
        on = identity.within(x, y, identity.footprint(x[core], y[core]))
        old = (dates <= pd.Timestamp("2025-09-30")).to_numpy()
        assert (told[h.id]["before"], told[h.id]["after"]) == ((on & old).sum(), (on & ~old).sum())


@given(st.lists(st.integers(-1, 6), max_size=60))
def test_members_are_the_positions_of_each_label(labels):
    codes = np.unique(np.array(labels, dtype=np.int64), return_inverse=True)[1] - (-1 in labels)
    found = members(codes.astype(np.int64))
    assert len(found) == codes.max(initial=-1) + 1
    assert all((codes[at] == k).all() and len(at) == (codes == k).sum() for k, at in enumerate(found))


def test_near_is_the_share_near_beside_the_share_of_land(asked, demo):
    services, reports, _, _, _, _ = demo
    city = services.map.city()
    x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
    told = asked("near")
    for kind in ("schools", "stops"):
        expected = exposure.near_features(x, y, city.features[kind], areas=city.buurten)
        assert told[kind]["base"] == Base.LAND
        assert [(r["n"], r["ratio"]) for r in told[kind]["rows"]] == [(r.n, r.ratio) for r in expected.rows]


def test_near_takes_places_of_ones_own(command, demo_store_path, tmp_path):
    file = tmp_path / "plekken.csv"
    file.write_text("naam,x,y\nPlein,105200,425200\nHoek,105900,425600\n", encoding="utf-8")
    code, out, err = command("analyse", "near", "--store", demo_store_path, "--places", file, "--json")
    assert code == 0, err
    assert len(json.loads(out)["places"]["rows"]) == 4


def test_density_is_the_kernel_density_and_its_file_holds_cells_only(asked, demo, tmp_path):
    services, _, _, _, x, y = demo
    city = services.map.city()
    out = tmp_path / "dichtheid.geojson"
    told = asked("density", "--out", out)
    made = density(x, y, bandwidth_m=150.0, cell_m=50.0, bounds=tuple(city.buurten.total_bounds))
    land = made.raster.land(city.buurten)
    assert told["peak_per_km2"] == pytest.approx(made.values[land].max(), rel=1e-6) and told["is_test"] is False
    cells = gpd.read_file(out).to_crs(RD)
    corners = shapely.get_coordinates(cells.geometry.to_numpy())
    assert len(cells) == told["cells_written"] > 100 and np.abs(corners / 50 - np.rint(corners / 50)).max() < 0.01
    # A lone report gives 1 / (2 π h²) where it is: the cells rest on the equal of five
    assert cells["per_km2"].min() >= 5 * 1e6 / (2 * np.pi * 150.0**2)


def test_density_knows_what_a_cell_rests_on():
    for kernel in ("gaussian", "quartic"):
        made = density(np.full(8, 100_025.0), np.full(8, 420_025.0), bandwidth_m=150.0, cell_m=50.0, kernel=kernel)
        assert density_command.carried_by(made.values, made).max() == pytest.approx(8, rel=0.01)


def test_gi_is_gi_star_on_the_land(asked, demo):
    services, _, _, _, x, y = demo
    buurten = services.map.city().buurten
    grid = raster.over(tuple(buurten.total_bounds), cell_m=50.0)
    counts = grid.counts(x, y)
    expected = gi_star(counts, land=grid.land(buurten) | (counts > 0), reach_cells=2.5, permutations=99, seed=SEED)
    told = asked("gi")
    assert told["cells"] == expected.n_cells and told["significant_cells"] == (expected.q <= 0.05).sum() > 0
    assert max(p["peak"] for p in told["patches"]) == np.nanmax(expected.z)


def test_moran_is_global_and_local_moran_of_the_rates(asked, demo):
    services, _, positions, _, _, _ = demo
    buurten = services.map.city().buurten
    counts = np.bincount(positions[positions != OUTSIDE], minlength=len(buurten))
    people = buurten["inhabitants"].to_numpy(float)
    fit = (people >= 50) & ~buurten["water"].to_numpy(bool)
    values = np.full(len(buurten), np.nan)
    values[fit] = 1000 * counts[fit] / people[fit]
    weights = contiguity(buurten)
    told = asked("moran")
    expected = global_moran(values, weights, permutations=99, seed=SEED)
    assert told["per"] == "inhabitants" and told["global"]["i"] == pytest.approx(expected.i)
    assert told["global"]["p"] == expected.p
    local = local_moran(values, weights, permutations=99, seed=SEED)
    assert [a["quadrant"] for a in told["areas"]] == local["quadrant"].tolist()
    assert asked("moran", "--per", "area")["global"]["n"] > expected.n


def test_knox_is_knox_on_days(asked, demo):
    _, reports, _, result, x, y = demo
    dates = reports.loc[result.labels.index, "event_date"].to_numpy().astype("datetime64[D]").astype(float)
    expected = knox(x, y, dates, distance_m=100.0, days=14.0, permutations=99, seed=SEED)
    told = asked("knox")["knox"]
    assert (told["observed"], told["expected"], told["p"]) == (expected.observed, expected.expected, expected.p)


def test_spacetime_is_st_dbscan_with_the_background_of_its_time(asked, demo):
    services, reports, positions, result, x, y = demo
    dates = reports.loc[result.labels.index, "event_date"].to_numpy().astype("datetime64[D]").astype(float)
    judged = advice.advise(reports, positions=positions, surroundings=services.map.city().surroundings)
    part = 29 / (dates.max() - dates.min() + 1)
    least = advice.min_samples(len(x), density_per_m2=judged.density_per_m2 * part, eps_m=75.0)
    made = st_dbscan(x, y, dates, eps_m=75.0, eps_days=14.0, min_samples=least)
    told = asked("spacetime")
    assert told["min_samples_in_time"] == least and len(told["bursts"]) == made.labels.max() + 1 > 0
    assert sorted(b["n"] for b in told["bursts"]) == sorted(np.bincount(made.labels[made.labels >= 0]))
    assert {b["hotspot"] for b in told["bursts"]} <= {h.id for h in result.hotspots} | {""}
    assert asked("spacetime", "--min-samples", "3")["min_samples_in_time"] == 3


def test_scan_and_windows_are_tested_against_the_null_that_is_asked_for(asked, demo):
    services, _, _, _, x, y = demo
    buurten = services.map.city().buurten
    null = null_for(x, y, buurten, NullKind.UNIFORM, None)
    expected = scan(x, y, null=null, runs=99, seed=SEED)
    told = asked("scan", "--null", "uniform")
    assert told["null"] == "uniform" and told["critical"] == expected.critical
    assert [c["circle"]["statistic"] for c in told["circles"]] == [w.statistic for w in expected.windows]
    stops = services.map.features("stops")
    xy = shapely.get_coordinates(stops.geometry.to_numpy())
    fixed = against_chance(x, y, windows=circles(xy[:, 0], xy[:, 1], radius_m=100.0), null=null, runs=99, seed=SEED)
    told = asked("windows", "--null", "uniform")["windows"]
    assert [(w["n"], w["p"]) for w in told] == list(zip(fixed.counts, fixed.p, strict=True))


def test_the_hotspots_of_one_year_are_windows_for_the_next(command, demo_store_path, tmp_path):
    out = tmp_path / "vorig.geojson"
    command("hotspots", "--store", demo_store_path, "--to", "2025-09-30", "--out", out)
    ask = ("--store", demo_store_path, "--from", "2025-10-01", "--windows", out, "--runs", "99", "--json")
    code, told, err = command("analyse", "windows", *ask)
    assert code == 0, err
    windows = json.loads(told)["windows"]
    assert len(windows) >= 5 and all(w["name"].startswith("H") for w in windows)
    assert sum(w["significant"] for w in windows) >= 5


# Bad input


@pytest.mark.parametrize("subject", ASK)
@pytest.mark.parametrize(
    ("mistake", "words"),
    [
        (("--eps", "0"), "'--eps'"),
        (("--eps", "nan"), "--eps"),
        (("--eps", "inf"), "--eps"),
        (("--eps", "-5"), "'--eps'"),
        (("--eps", "1e300"), "'--eps'"),
        (("--min-samples", "0"), "'--min-samples'"),
        (("--from", "2025-05-01", "--to", "2025-01-01"), "De periode loopt terug: 1 mei 2025"),
        (("--from", "1990-01-01", "--to", "1990-02-01"), "geen meldingen in de gevraagde periode"),
        (("--from", "gisteren"), "'gisteren'"),
        (("--areas", "nergens.gpkg"), "nergens.gpkg"),
    ],
)
def test_a_question_that_means_nothing_is_refused_in_one_line(command, demo_store_path, subject, mistake, words):
    unknown = mistake[0] in ("--eps", "--min-samples") and subject in NO_EPS
    unknown = unknown or (mistake[0] == "--from" and subject == "compare")
    answer = command("analyse", *ASK[subject], "--store", demo_store_path, *mistake)
    assert refused(*answer), answer
    assert ("Geen optie" if unknown else words) in answer[2] or (unknown and mistake[0] in answer[2])


@pytest.mark.parametrize("subject", ASK)
def test_too_few_reports_are_told_with_the_number_that_would_do(command, tmp_path, buurten, subject):
    file = points(tmp_path, scattered(3), dates=days(3))
    more = ("--windows", buurten) if subject == "windows" else ("--places", file) if subject == "near" else ()
    ask = [subject] if subject == "windows" else ASK[subject]
    answer = command("analyse", *ask, file, "--areas", buurten, *more)
    assert refused(*answer), answer
    assert "Te weinig meldingen voor" in answer[2] and "nodig" in answer[2]


@pytest.mark.parametrize("subject", [s for s in ASK if s not in PLACELESS])
def test_reports_that_are_all_on_one_point_are_refused_with_that_point(command, tmp_path, buurten, subject):
    file = points(tmp_path, [(105_000.0, 425_000.0)] * 40, dates=days(40))
    more = ("--windows", buurten) if subject == "windows" else ("--places", file) if subject == "near" else ()
    ask = [subject] if subject == "windows" else ASK[subject]
    answer = command("analyse", *ask, file, "--areas", buurten, *more)
    assert refused(*answer), answer
    assert "Alle 40 meldingen liggen op één punt (RD 105000, 425000)" in answer[2]


@pytest.mark.parametrize("subject", PLACELESS)
def test_reports_that_are_all_on_one_point_still_have_a_time(command, tmp_path, subject):
    file = points(tmp_path, [(105_000.0, 425_000.0)] * 40, dates=days(40))
    code, out, err = command("analyse", subject, file)
    assert code == 0 and out.count("\n") > 8 and err == ""


@pytest.mark.parametrize("subject", DATED)
def test_a_file_without_dates_says_nothing_about_time(command, tmp_path, buurten, subject):
    file = points(tmp_path, scattered(60))
    answer = command("analyse", *ASK[subject], file, "--areas", buurten)
    assert refused(*answer), answer
    assert "kolom datum" in answer[2]


@pytest.mark.parametrize("subject", NEED_AREAS)
def test_a_subject_about_buurten_asks_for_them(command, tmp_path, subject):
    file = points(tmp_path, scattered(60), dates=days(60))
    answer = command("analyse", *ASK[subject], file)
    assert refused(*answer), answer
    assert "hotspotkaart areas import" in answer[2] and "--areas" in answer[2]


@pytest.mark.parametrize("subject", ["chance", "scan", "density", "gi"])
def test_reports_over_half_the_country_fit_no_grid_and_are_told_so(command, tmp_path, subject):
    places = [(30_013 + 4_007.3 * i, 330_029 + 4_011.7 * (i * 17 % 50)) for i in range(60)]
    answer = command("analyse", subject, points(tmp_path, places), "--min-samples", "4")
    assert refused(*answer), answer
    assert "te wijd" in answer[2] and "--areas" in answer[2]


@pytest.mark.parametrize("subject", ASK)
def test_an_empty_store_says_how_to_fill_it(command, tmp_path, subject):
    answer = command("analyse", *ASK[subject], "--store", tmp_path / "leeg.sqlite")
    assert refused(*answer), answer
    assert "hotspotkaart reports import" in answer[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("advies",), "Onbekende opdracht 'advies'"),
        (("time", "--hotspot", "H1-1"), "Er is geen hotspot H1-1. Gevonden: H"),
        (("windows",), "--places schools"),
        (("windows", "--places", "stops", "--windows", "x.geojson"), "één van de drie"),
        (("windows", "--windows", "x.geojson"), "x.geojson"),
        (("near", "--places", "x.csv"), "x.csv"),
        (("density", "--cell", "10"), "fijner dan 50 meter"),
        (("density", "--bandwidth", "20"), "minstens de celmaat"),
        (("density", "--out", "kaart.png"), ".geojson of .gpkg"),
        (("density", "--out", "nergens/kaart.gpkg"), "nergens"),
        (("gi", "--reach", "nan"), "--reach"),
        (("knox", "--days", "0"), "'--days'"),
        (("knox", "--distance", "0.5", "--eps", "30"), "paren binnen"),
        (("chance", "--null", "streets"), "--kind streets"),
        (("chance", "--runs", "5"), "'--runs'"),
        (("life", "--from", "2026-01-01"), "nodig minstens 5"),
        (("trend", "--from", "2026-04-01"), "nodig minstens 4"),
        (("compare", "--before", "2025-01-01", "2025-06-30", "--after", "2025-06-30", "2025-12-31"), "overlappen"),
        (("compare", "--before", "2025-06-30", "2025-01-01", "--after", "2025-07-01", "2025-12-31"), "loopt terug"),
        (
            ("compare", "--before", "1990-01-01", "1990-12-31", "--after", "2025-07-01", "2025-12-31"),
            "geen meldingen van",
        ),
        (("compare", "--before", "2025-07-01", "2025-12-31", "--after", "2025-01-01", "2025-06-30"), "Wissel ze om"),
        (("compare", "--before", "2025-01-01"), "'--before'"),
    ],
)
def test_what_only_one_subject_can_be_asked_wrongly_is_told_too(command, demo_store_path, arguments, words):
    answer = command("analyse", *arguments, "--store", demo_store_path)
    assert refused(*answer), answer
    assert words in answer[2]


def test_a_null_by_inhabitants_without_inhabitants_is_refused_also_for_hotspots(command, tmp_path):
    file = points(tmp_path, scattered(60))
    for ask in (("analyse", "chance"), ("hotspots", "--certainty")):
        answer = command(*ask, file, "--null", "inhabitants")
        assert refused(*answer), answer
        assert "inwoners" in answer[2]


def test_a_map_of_hotspots_that_cannot_be_written_is_refused_before_the_work(command, demo_store_path, tmp_path):
    answer = command("hotspots", "--store", demo_store_path, "--out", tmp_path / "nergens/kaart.geojson")
    assert refused(*answer), answer


def test_what_was_left_out_is_told_where_too_little_is_left(command, tmp_path):
    places = [*[(105_000.0, 425_000.0)] * 30, *scattered(25)]
    answer = command("analyse", "sweep", points(tmp_path, places), "--min-samples", "50")
    assert refused(*answer), answer
    assert "hotspots: 25, nodig ongeveer 50" in answer[2] and "30 meldingen op een standaardpunt" in answer[2]


def test_the_calendar_of_the_store_stands_beside_the_quarters(command, tmp_path):
    from data.store import ReportStore
    from geo.calendar import Mark, MarkKind

    url = str(tmp_path / "stad.sqlite")
    places, when = scattered(80), days(80)
    rows = [
        {"source_id": f"m{i}", "x": x, "y": y, "event_date": day.normalize()}
        for i, ((x, y), day) in enumerate(zip(places, when, strict=True))
    ]
    with ReportStore.open(url) as store:
        with store.importing() as tx:
            tx.write(batch_of(*rows))
        campaign = Mark(kind=MarkKind.CAMPAIGN, name="Meldmaand", start=date(2025, 5, 1), end=date(2025, 5, 31))
        law = Mark(kind=MarkKind.LAW, name="Nieuwe wet", start=date(2025, 7, 1))
        store.add_to_calendar([campaign, law])
    code, out, err = command("analyse", "trend", "--store", url)
    assert code == 0, err
    assert [line.split()[-1] for line in out.splitlines() if line.lstrip().startswith("2e kwartaal 2025")] == [
        "Meldmaand"
    ]
    assert sum("kwartaal" in line and "Nieuwe wet" in line for line in out.splitlines()) == 1


# Long work


@pytest.mark.parametrize("subject", ["sweep", "chance", "scan", "windows"])
def test_breaking_off_long_work_is_exit_code_130_and_says_nothing_more(command, demo_store_path, monkeypatch, subject):
    def broken_off(self, share):
        raise KeyboardInterrupt

    monkeypatch.setattr("dashboard.console.Progress.__call__", broken_off)
    code, out, err = command("analyse", *ASK[subject], "--store", demo_store_path)
    assert code == 130 and out == "" and "Traceback" not in err


def test_ctrl_c_ends_a_real_process_cleanly(demo_files):
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "analyse", "scan", demo_files / "meldingen.csv", "--runs", "99999"],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.PIPE,
        stderr=theirs,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  # a shell's background job ignores it
    )
    os.close(theirs)
    said = b""
    while b"%" not in said:
        said += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    os.close(ours)
    assert process.returncode == 130 and out == b"" and b"Zoeken" in said

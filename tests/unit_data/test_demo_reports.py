"""The demo's synthetic reports: the same bytes from the same seed, and every planted thing where the truth says."""

import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import astral
import astral.sun
import numpy as np
import pandas as pd
import pytest
import shapely

from data.demo import calendar, facts, outline, places, reports
from data.demo.drafts import background
from geo import report
from geo.crs import to_rd

SEED = 2025


@pytest.fixture(scope="module")
def demo():
    return reports.generate(SEED)


@pytest.fixture(scope="module")
def table(demo):
    """The export by id, with moments as numbers; rows with an unknown time have NaN hours."""
    read = demo.table.set_index("kenmerk")
    known = read["tijd"].str.fullmatch(r"\d\d:\d\d")
    hours = pd.to_timedelta(read["tijd"].where(known) + ":00") / pd.Timedelta(hours=1)
    return read.assign(day=pd.to_datetime(read["datum"], format="%d-%m-%Y"), hour=hours)


def _hotspot(demo, id_):
    return next(h for h in demo.truth["hotspots"] if h["id"] == id_)


def _places_rd(rows):
    lat, lon = (rows[c].str.replace(",", ".").astype(float).to_numpy() for c in ("breedtegraad", "lengtegraad"))
    return np.column_stack(to_rd(lon, lat))


def test_two_processes_with_different_hash_seeds_write_the_same_bytes(tmp_path):
    code = (
        "import sys; from pathlib import Path; from data.demo import city, reports\n"
        "city.write_city(Path(sys.argv[1])); reports.write_reports(Path(sys.argv[1]), seed=7)"
    )
    digests = []
    for hash_seed in ("1", "4242"):
        folder = tmp_path / hash_seed
        environment = os.environ | {"PYTHONHASHSEED": hash_seed}
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env=environment)
        digests.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())})
    assert digests[0] == digests[1] and len(digests[0]) == 8


def test_another_seed_gives_other_reports_with_the_same_number_planted(demo):
    other = reports.generate(SEED + 1)
    assert not other.table.equals(demo.table)
    assert [h["n"] for h in other.truth["hotspots"]] == [h["n"] for h in demo.truth["hotspots"]]


def test_the_export_looks_like_a_municipal_one_and_says_that_it_is_synthetic(tmp_path, demo):
    reports.write_reports(tmp_path, seed=SEED)
    raw = (tmp_path / "meldingen.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfkenmerk;datum;tijd;tijd_tot;gemeld_op;breedtegraad;lengtegraad;categorie;")
    assert raw.count(b"\r\n") == len(demo.table) + 1
    assert demo.table["kenmerk"].str.fullmatch(r"SYN-\d{5}").all() and demo.table["kenmerk"].is_unique
    assert (demo.table["bron"] == "synthetisch").all()
    assert json.loads((tmp_path / "waarheid.json").read_text(encoding="utf-8")) == demo.truth


def test_there_are_700_to_900_reports_over_eight_quarters_about_half_of_them_background(demo, table):
    assert 700 <= len(table) <= 900
    assert 0.5 <= demo.truth["n_background"] / len(table) <= 0.6
    assert table["day"].between("2024-10-01", "2026-09-30").all()
    assert table["day"].dt.to_period("Q").nunique() == 8


def test_planted_numbers_equal_the_truth_file(demo, table):
    truth, wanted = demo.truth, facts.settings("scenario")["errors"]
    planted = {h["id"]: h["n"] for h in facts.settings("scenario")["hotspot"]}
    assert {h["id"]: len(set(h["ids"])) for h in truth["hotspots"]} == planted
    assert all(len(truth["errors"][name]) == wanted[name] for name in truth["errors"])
    assert len(truth["duplicates"]) == wanted["duplicates"] and len(truth["personal_data"]) == wanted["personal_data"]
    assert truth["n_rows"] == len(table)
    groups = [h["ids"] for h in truth["hotspots"]] + [
        truth["default_pin"]["ids"],
        [d["id"] for d in truth["duplicates"]],
    ]
    assert len(set().union(*groups)) == sum(map(len, groups)) == len(table) - truth["n_background"]


def test_the_numbers_expected_of_the_importer_keep_its_invariant(demo):
    expected = demo.truth["expected_import"]
    assert expected["read"] == sum(expected[k] for k in ("accepted", "quarantined", "duplicates", "withdrawn"))


def test_every_planted_report_lies_within_the_stated_radius_of_its_centre(demo, table):
    for hotspot in demo.truth["hotspots"]:
        xy = _places_rd(table.loc[hotspot["ids"]])
        distance = np.hypot(xy[:, 0] - hotspot["x"], xy[:, 1] - hotspot["y"])
        assert distance.max() <= hotspot["radius_m"] + 0.2
        assert (distance <= 60).mean() >= 0.8


def test_planted_centres_are_250_metres_apart_and_clear_of_water_and_railway():
    where = places.land()
    centres = outline.points_rd([[h["lon"], h["lat"]] for h in facts.settings("scenario")["hotspot"]])
    apart = np.hypot(*(centres[:, None] - centres[None]).transpose(2, 0, 1))
    assert apart[~np.eye(len(centres), dtype=bool)].min() >= 250
    angle = np.linspace(0, 2 * np.pi, 36, endpoint=False)
    ring = places.REACH_M * np.column_stack([np.cos(angle), np.sin(angle)])
    for centre in centres:
        reach = centre + ring
        free = np.zeros(len(reach), dtype=bool)
        for land in where.free:
            free |= _contains(land, reach)
        assert free.all()


def _contains(land, xy):
    return shapely.contains_xy(land, xy)


def test_background_lies_on_land_and_follows_the_inhabitants(demo, table):
    where = places.land()
    special = set().union(*(h["ids"] for h in demo.truth["hotspots"]), demo.truth["default_pin"]["ids"])
    special |= {d["id"] for d in demo.truth["duplicates"]}
    for name in ("swapped_axes", "null_island", "coarse_place"):
        special |= set(demo.truth["errors"][name])
    xy = _places_rd(table[~table.index.isin(special)])
    home = np.column_stack([_contains(land, xy) for land in where.free])
    assert home.any(axis=1).mean() > 0.99  # rounding to 0.1 m may put one on a bank
    drawn, _ = places.background(20_000, np.random.default_rng(1))
    share = np.array([_contains(land, drawn).mean() for land in where.free])
    assert np.corrcoef(share, where.weight)[0, 1] > 0.99


@pytest.mark.parametrize(
    ("profile", "inside"),
    [
        ("na_school", lambda t: (t.day.dt.day_of_week < 5) & t.hour.between(14, 16.5)),
        ("uitgaan", lambda t: ((t.day.dt.day_of_week.isin([4, 5])) & (t.hour >= 22)) | ((t.day.dt.day_of_week.isin([5, 6])) & (t.hour < 4))),
        ("forens", lambda t: (t.day.dt.day_of_week < 5) & (t.hour.between(7, 9) | t.hour.between(16.5, 19))),
        ("zomeravond", lambda t: t.day.dt.month.between(5, 9) & (t.hour >= 19)),
        ("winkeltijd", lambda t: t.day.dt.day_of_week.between(1, 5) & t.hour.between(12, 18)),
        ("donker", lambda t: (t.hour >= 17) | (t.hour < 2)),
    ],
)  # fmt: skip
def test_a_planted_profile_holds_at_least_70_percent_of_its_reports(demo, table, profile, inside):
    planted = [h for h in demo.truth["hotspots"] if h["profile"] == profile]
    assert planted
    for hotspot in planted:
        known = table.loc[hotspot["ids"]].dropna(subset=["hour"])
        assert inside(known).mean() >= 0.7


def test_after_school_reports_fall_on_school_days(demo, table):
    calendar_days = calendar.calendar()
    school = set(calendar_days.days[calendar_days.school_day])
    for hotspot in demo.truth["hotspots"]:
        if hotspot["profile"] == "na_school":
            known = table.loc[hotspot["ids"]].dropna(subset=["hour"])
            assert (known["day"].isin(school) & known["hour"].between(14, 16.5)).mean() >= 0.7


def test_dark_hotspots_are_dark_by_the_sun_and_not_by_the_clock(demo, table):
    known_days = calendar.calendar()
    for hotspot in demo.truth["hotspots"]:
        if hotspot["profile"] == "donker":
            known = table.loc[hotspot["ids"]].dropna(subset=["hour"])
            slot = (known["hour"] * 60 // calendar.SLOT_MINUTES).astype(int)
            dark = known_days.dark[known_days.days.get_indexer(known["day"]), slot]
            assert dark.mean() >= 0.7 > known_days.dark.mean()


def test_hotspots_live_in_the_quarters_their_class_says(demo, table):
    quarters = table["day"].dt.to_period("Q")
    number = {q: i for i, q in enumerate(sorted(quarters.unique()), start=1)}
    for hotspot in demo.truth["hotspots"]:
        first, last = hotspot["quarters"]
        lived = set(quarters.loc[hotspot["ids"]].map(number))
        assert lived <= set(range(first, last + 1))
        if hotspot["class"] == "persistent":
            assert lived == set(range(1, 9))
        if hotspot["class"] == "intermittent":
            assert {3, 4, 7, 8} <= lived < set(range(1, 9))
    classes = [h["class"] for h in demo.truth["hotspots"]]
    assert [classes.count(c) for c in ("persistent", "emerging", "former", "intermittent")] == [7, 1, 1, 1]


def test_campaigns_bring_more_reports_everywhere_and_not_at_one_place(demo):
    known = calendar.calendar()
    rows = background(SEED, 40_000)
    share = np.bincount(rows["day"], minlength=len(known.days))
    by_year = {d.date(): n for d, n in zip(known.days, share, strict=True)}
    orange = [by_year[d.date()] for d in pd.date_range("2025-11-25", "2025-12-10")]
    year_before = [by_year[d.date()] for d in pd.date_range("2024-11-25", "2024-12-10")]
    assert sum(orange) / sum(year_before) == pytest.approx(demo.truth["campaigns"][1]["factor"], rel=0.15)
    assert [c["name"] for c in demo.truth["campaigns"]] == ["Start meldapp", "Orange the World"]


def test_categories_follow_the_survey_of_2021_and_some_cells_hold_two(demo):
    first = demo.table["categorie"].str.split(",").str[0].str.strip().str.capitalize()
    weights = facts.settings("scenario")["categories"]
    assert set(first) == set(weights)
    share = first.value_counts(normalize=True)
    for name, weight in weights.items():
        assert share[name] == pytest.approx(weight / sum(weights.values()), abs=0.05)
    assert 0.05 < demo.table["categorie"].str.contains(",").mean() < 0.2


def test_double_submissions_are_near_in_place_and_time_with_the_same_category(demo, table):
    for pair in demo.truth["duplicates"]:
        one, other = table.loc[pair["of"]], table.loc[pair["id"]]
        xy = _places_rd(table.loc[[pair["of"], pair["id"]]])
        assert 0 < np.hypot(*(xy[0] - xy[1])) <= 25
        assert one["day"] == other["day"] and 0 < (other["hour"] - one["hour"]) * 60 <= 10
        assert one["categorie"] == other["categorie"]


def test_no_other_pair_of_reports_could_be_taken_for_a_double_submission(demo, table):
    planted = {frozenset((p["id"], p["of"])) for p in demo.truth["duplicates"]}
    ok = table.drop(demo.truth["errors"]["swapped_axes"] + demo.truth["errors"]["null_island"])
    moment = (ok["day"] + pd.to_timedelta(ok["hour"].fillna(-99), unit="h")).to_numpy()
    xy = _places_rd(ok)
    near = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)) <= 25
    near &= np.abs(moment[:, None] - moment[None]) <= np.timedelta64(10, "m")
    near &= np.triu(np.ones_like(near), 1)
    near &= ok["hour"].notna().to_numpy()[:, None]
    found = {frozenset((ok.index[i], ok.index[j])) for i, j in np.argwhere(near)}
    assert found == planted


def test_planted_errors_stand_in_the_rows_the_truth_names(demo, table):
    errors = demo.truth["errors"]
    swapped = table.loc[errors["swapped_axes"]]
    assert swapped["breedtegraad"].str.startswith("4,").all() and swapped["lengtegraad"].str.startswith("51,").all()
    assert (table.loc[errors["null_island"], ["breedtegraad", "lengtegraad"]] == "0,000000").all(axis=None)
    assert table.loc[errors["coarse_place"], "breedtegraad"].str.fullmatch(r"51,\d\d").all()
    assert (table.loc[errors["withdrawn"], "status"] == "ingetrokken").all()
    assert set(table.index[table["hour"].isna()]) == set(errors["missing_time"])
    assert (table["status"] == "ingetrokken").sum() == len(errors["withdrawn"])


def test_the_default_pin_is_one_coordinate_on_many_dates_and_times(demo, table):
    pin = table.loc[demo.truth["default_pin"]["ids"]]
    assert len(pin[["breedtegraad", "lengtegraad"]].drop_duplicates()) == 1
    assert pin["day"].nunique() >= 25 and pin["hour"].nunique() >= 20


def test_reports_are_made_after_the_event_and_no_moment_is_in_an_hour_that_never_was(demo, table):
    happened = table["day"] + pd.to_timedelta(table["hour"], unit="h")
    reported = pd.to_datetime(table["gemeld_op"], format="%d-%m-%Y %H:%M")
    assert (reported > happened).where(happened.notna(), True).all()
    nights = pd.to_datetime(["2024-10-27", "2025-03-30", "2025-10-26", "2026-03-29"])
    for moments in (happened, reported):
        assert not (moments.dt.normalize().isin(nights) & (moments.dt.hour == 2)).any()


def test_planted_personal_data_stand_in_the_text_the_truth_names_and_nowhere_else(demo, table):
    for planted in demo.truth["personal_data"]:
        assert planted["text"] in table.loc[planted["id"], "omschrijving"]
        others = table["omschrijving"].drop([p["id"] for p in demo.truth["personal_data"]])
        assert not others.str.contains(planted["text"], regex=False).any()


def test_the_sun_stands_where_astral_says():
    days = pd.DatetimeIndex(["2024-12-21", "2025-03-20", "2025-06-21", "2026-09-01"])
    ours = calendar.sun_altitude(days, np.zeros(len(days)))
    observer = astral.Observer(latitude=calendar.LAT, longitude=calendar.LON)
    for i, day in enumerate(days):
        for slot in range(0, calendar.SLOTS, 4):
            minutes = (slot + 0.5) * calendar.SLOT_MINUTES
            moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(minutes=minutes)
            assert ours[i, slot] == pytest.approx(
                astral.sun.elevation(observer, moment, with_refraction=False), abs=0.3
            )


def test_noise_city_gives_reports_as_the_analysis_takes_them():
    noise = reports.noise_city(5, 300)
    assert noise.dtypes.astype(str).to_dict() == report.empty().dtypes.astype(str).to_dict()
    assert len(noise) == 300 and noise[["x", "y", "event_minute"]].notna().all(axis=None)
    pd.testing.assert_frame_equal(noise, reports.noise_city(5, 300))

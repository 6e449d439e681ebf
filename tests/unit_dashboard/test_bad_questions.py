"""Every subject of ``analyse`` about reports that cannot bear it: an answer or one clear line, never NaN, never a traceback."""

import json
import re

import geopandas as gpd
import numpy as np
import pytest
import shapely

from dashboard.commands.analyse import SUBJECTS
from geo.crs import RD, to_wgs84

RNG_SEED = 5
PERIODS = ("--before", "2024-10-01", "2025-09-30", "--after", "2025-10-01", "2026-09-30")
QUICK = dict.fromkeys(("chance", "gi", "moran", "knox", "scan", "windows"), ("--runs", "19"))
WITH_FILES = tuple(name for name in SUBJECTS if name != "rates")  # rates asks the store
FIGURELESS = re.compile(r"(?<![a-z])(nan|inf|infinity|nat|none)(?![a-z])", re.IGNORECASE)


def spread(n=60, wide=3_000.0):
    """Places over a town, in RD."""
    rng = np.random.default_rng(RNG_SEED)
    return 104_000 + rng.random(n) * wide, 422_000 + rng.random(n) * wide


def table(x, y, *, header="id,lat,lon,datum,tijd", decimals=7, when=None, more=""):
    """A file's text: reports at RD places, a day or some apart; ``more`` is the rest of each row."""
    lon, lat = to_wgs84(np.asarray(x, float), np.asarray(y, float))
    days = np.datetime64("2024-10-05") + 11 * np.arange(len(lon)) % 700
    rows = []
    for i, (a, b) in enumerate(zip(lon, lat, strict=True)):
        moment = when or f"{days[i].item():%d-%m-%Y},{i % 24:02d}:{i % 60:02d}"
        rows.append(f"m{i},{b:.{decimals}f},{a:.{decimals}f},{moment}{more}")
    return "\n".join([header, *rows, ""])


def text_of(case):
    """The file of a case."""
    x, y = spread()
    n = len(x)
    line = np.linspace(0, 2_000, n)
    plain = {
        "coordinates that are NaN": "id,lat,lon,datum,tijd\n" + "".join(f"m{i},NaN,nan,05-10-2024,12:00\n" for i in range(40)),
        "coordinates without end": "id,x,y,datum,tijd\n" + "".join(f"m{i},1e308,inf,05-10-2024,12:00\n" for i in range(40)),
        "coordinates of zero": "id,lat,lon,datum,tijd\n" + "".join(f"m{i},0,0,05-10-2024,12:00\n" for i in range(40)),
        "metres of another system": "id,x,y,datum,tijd\n"
        + "".join(f"m{i},{520_000 + 31 * i},{6_770_000 + 17 * i},05-10-2024,12:00\n" for i in range(40)),
        "a header only": "id,lat,lon,datum,tijd\n",
        "nothing": "",
        "no text at all": "\x00\x01\x02" * 400,
        "no column for places": "id,datum,tijd\n" + "m1,05-10-2024,12:00\n" * 40,
    }  # fmt: skip
    if case in plain:
        return plain[case]
    return {
        "on one line": lambda: table(104_000 + line, 422_000 + line),
        "in two piles": lambda: table(np.where(np.arange(n) % 2, 104_000.0, 106_000.0), np.full(n, 422_000.0)),
        "two decimals": lambda: table(x, y, decimals=2),
        "five reports": lambda: table(x[:5], y[:5]),
        "one report": lambda: table(x[:1], y[:1]),
        "all on one day": lambda: table(x, y, when="05-10-2024,12:00"),
        "no times": lambda: table(x, y, when="05-10-2024,onbekend"),
        "days that are none": lambda: table(x, y, when="31-02-2025,25:99"),
        "all in the future": lambda: table(x, y, when="05-10-2094,12:00"),
        "ends before begins": lambda: table(x, y, header="id,lat,lon,datum,tijd,tot", more=",01-01-2020 10:00"),
        "ends nobody knows": lambda: table(x, y, header="id,lat,lon,datum,tijd,tot", more=",ca. 23u"),
        "ends a day later": lambda: table(x, y, header="id,lat,lon,datum,tijd,tot", when="05-10-2024,12:00", more=",06-10-2024 12:00"),
        "over the whole country": lambda: table(30_013 + 4_007.3 * np.arange(n), 330_029 + 4_011.7 * (np.arange(n) * 17 % 50)),
    }[case]()  # fmt: skip


UNREADABLE = (
    "coordinates that are NaN",
    "coordinates without end",
    "coordinates of zero",
    "metres of another system",
    "a header only",
    "nothing",
    "no text at all",
    "no column for places",
)
READABLE = (
    "on one line",
    "in two piles",
    "two decimals",
    "five reports",
    "one report",
    "all on one day",
    "no times",
    "days that are none",
    "all in the future",
    "ends before begins",
    "ends nobody knows",
    "ends a day later",
    "over the whole country",
)


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """Nine square buurten with inhabitants, one of them water, under where the reports are."""
    squares = [(x, y) for x in range(3) for y in range(3)]
    frame = gpd.GeoDataFrame(
        {
            "buurtcode": [f"BU0505{i:04d}" for i in range(9)],
            "buurtnaam": [f"Buurt {i}" for i in range(9)],
            "aantalInwoners": [1_000 + 100 * i for i in range(9)],
            "water": ["NEE"] * 8 + ["JA"],
        },
        geometry=[
            shapely.box(103_900 + 1_100 * x, 421_900 + 1_100 * y, 105_000 + 1_100 * x, 423_000 + 1_100 * y)
            for x, y in squares
        ],
        crs=RD,
    )
    file = tmp_path_factory.mktemp("town") / "buurten.gpkg"
    frame.to_file(file, driver="GPKG")
    return file


@pytest.fixture
def ask(command, tmp_path, town):
    """``ask(subject, case, …)``: exit code, stdout and stderr of a subject about the file of a case."""

    def run(subject, case, *more):
        file = tmp_path / "meldingen.csv"
        file.write_text(text_of(case), encoding="utf-8")
        own = {"compare": PERIODS, "windows": ("--windows", town), "near": ("--places", town)}.get(subject, ())
        return command("analyse", subject, file, "--areas", town, *own, *QUICK.get(subject, ()), *more)

    return run


def one_line(answer):
    """Whether an answer is one line that says something, on stderr; what it quotes of a file may be anything."""
    code, out, err = answer
    own = re.sub("„[^”]*”", "", err)
    return code == 2 and out == "" and err.count("\n") == 1 and len(err) > 20 and not FIGURELESS.search(own)


def refuse_constant(name):
    """JSON knows no NaN."""
    raise AssertionError(f"{name} in JSON")


@pytest.mark.parametrize("subject", WITH_FILES)
@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_without_a_usable_report_is_refused_in_one_line(ask, subject, case):
    answer = ask(subject, case)
    assert one_line(answer), answer


@pytest.mark.parametrize("subject", WITH_FILES)
@pytest.mark.parametrize("case", READABLE)
def test_reports_that_hardly_bear_it_get_figures_or_one_line_that_says_why_not(ask, subject, case):
    answer = ask(subject, case)
    code, out, err = answer
    assert "Traceback" not in err
    assert one_line(answer) if code else (out.count("\n") >= 1 and not FIGURELESS.search(out)), answer


@pytest.mark.parametrize("subject", WITH_FILES)
@pytest.mark.parametrize("case", ["in two piles", "no times"])
def test_figures_of_reports_that_hardly_bear_it_are_json_without_nan(ask, subject, case):
    answer = ask(subject, case, "--json")
    assert one_line(answer) if answer[0] else json.loads(answer[1], parse_constant=refuse_constant), answer


@pytest.mark.parametrize("case", UNREADABLE[:4])
def test_hotspots_of_a_file_without_a_usable_place_says_so_with_the_first_row(ask, command, tmp_path, case):
    (tmp_path / "meldingen.csv").write_text(text_of(case), encoding="utf-8")
    answer = command("hotspots", tmp_path / "meldingen.csv")
    assert one_line(answer), answer
    assert "Geen van de 40 rijen van meldingen.csv is bruikbaar. De eerste: " in answer[2]


def test_hotspots_and_figures_say_how_many_rows_of_the_file_were_not_usable(command, tmp_path):
    x, y = spread()
    file = tmp_path / "meldingen.csv"
    file.write_text(table(x, y) + "z1,NaN,NaN,05-10-2024,12:00\n", encoding="utf-8")
    assert "1 rij van het bestand is niet bruikbaar" in command("hotspots", file)[1]
    assert json.loads(command("analyse", "advice", file, "--json")[1])["n_unusable"] == 1
    file.write_text(table(x, y), encoding="utf-8")
    assert "bruikbaar" not in command("hotspots", file)[1]


def test_unknown_times_are_not_answered_with_a_longer_period(ask):
    answer = ask("time", "no times")
    assert one_line(answer) and "Van 60 is het onbekend" in answer[2] and "langere periode" not in answer[2]


@pytest.mark.parametrize("case", ["days that are none", "all in the future"])
def test_dates_that_cannot_be_are_told_apart_from_a_missing_column(ask, case):
    answer = ask("trend", case)
    assert one_line(answer) and "bruikbare datum" in answer[2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--per", "weight"), "hotspotkaart areas weight"),
        (("--per", "streets"), "--kind streets"),
        (("--per", "boardings"), "--kind stops"),
        (("--per", "iets"), "'--per'"),
        (("--from", "1990-01-01", "--to", "1990-02-01"), "geen meldingen in de gevraagde periode"),
        (("--from", "2025-05-01", "--to", "2025-01-01"), "De periode loopt terug"),
    ],
)
def test_rates_without_reports_or_without_something_to_divide_by_are_refused(
    command, demo_store_path, arguments, words
):
    answer = command("analyse", "rates", "--store", demo_store_path, *arguments)
    assert one_line(answer), answer
    assert words in answer[2]

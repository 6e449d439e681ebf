"""Files of reports as an office has them: free texts that are mostly distinct, some naming people, and bad rows."""

from importlib import resources
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.areas import COLUMNS, gemeente_from
from data.demo import facts
from data.places import netherlands
from data.store import ReportStore
from geo.crs import to_wgs84

WITH_TEXT, WITH_PERSON, BAD = 0.4, 0.1, 0.01  # of the rows; of the texts; of the rows
STREETS = (
    *("Voorstraat", "Spuiboulevard", "Stationsweg", "Dorpsstraat", "Kerkplein", "Molenweg", "Singel", "Havenkade"),
    *("Parklaan", "Julianalaan", "Beatrixstraat", "Marktplein", "Nieuwstraat", "Lange Geldersekade", "Groenmarkt"),
    *("Schoolstraat", "Wilgenlaan", "Industrieweg", "Oranjepark", "Van Gogh-straat", "Dr. Kuyperweg"),
)
WHO = (
    *("een man van rond de veertig met een zwarte jas", "twee jongens op een scooter", "iemand in een witte bestelbus"),
    *("een groep van een man of zes", "een jongen met een rode pet", "drie mannen bij een auto", "iemand die ik ken"),
    *("een oudere heer met een hond", "een fietser zonder licht", "een collega van mijn broer"),
)
PEOPLE = (
    "Ik was samen met {first} {last}.",
    "Hij heet {first}, dat riep zijn vriend.",
    "Bel mij op 06-{number:08d}.",
    "Mailen kan naar {first}.{last}@voorbeeld.example.",
    "Mevrouw {last} van de winkel heeft het gezien.",
    "De auto had kenteken XX-{plate:03d}-X.",
    "Groet, {first} {last}",
)
# What is wrong in a bad row, by column: one kind after the other. The place of the seventh is in the country, beyond all areas.
WRONG = (
    {"kenmerk": ""},
    {"lat": "", "lon": ""},
    {"lat": "onbekend"},
    {"lat": "0.000000", "lon": "0.000000"},
    {"lat": "5.123456", "lon": "52.123456"},
    {"lat": "48.853412", "lon": "2.349876"},
    {"lat": "53.486123", "lon": "6.214512"},
    {"datum": ""},
    {"datum": "vorige week"},
    {"datum": "31-12-2031"},
    {"datum": "01-01-1900"},
    {"datum": "03-04-1998"},
    {"tijd": "25:61"},
    {"categorie": "zwerfvuil"},
)


def cities(n, rng):
    """Reports over 350 cities of a few kilometres, all in the country."""
    land = netherlands().buffer(-8_000)
    centres = np.empty((0, 2))
    while len(centres) < 350:
        found = rng.uniform([20_000, 320_000], [270_000, 600_000], (350, 2))
        centres = np.vstack([centres, found[shapely.contains_xy(land, found)]])
    return centres[rng.integers(0, 350, n)] + rng.normal(0, 1_200, (n, 2))


def texts(n, rng):
    """n descriptions of four sentences, most from the demo's blocks, a third with a house number and a third with a time.

    They are mostly distinct, as they are in life; WITH_PERSON of them end in something that must be masked.
    """
    blocks = facts.settings("texts")
    what = [sentence for sentences in blocks["what"].values() for sentence in sentences]
    first, last = (_words(f"{name}.txt") for name in ("first_names", "surnames"))
    parts = (what, blocks["where"], STREETS, WHO, blocks["after"], blocks["after"])
    picked = [[options[i] for i in rng.integers(0, len(options), n)] for options in parts]
    house = [f" {h}" if h < 100 else "" for h in rng.integers(1, 300, n).tolist()]
    at = [f" rond {m // 60}:{m % 60:02d} uur" if m < 1440 else "" for m in rng.integers(0, 3 * 1440, n).tolist()]
    made = [
        f"{w}{t} {p}, in de buurt van {s}{h}. Ik zag {d}. {a} {b}"
        for w, p, s, d, a, b, h, t in zip(*picked, house, at, strict=True)
    ]
    for i in np.flatnonzero(rng.random(n) < WITH_PERSON).tolist():
        a, b, c, number = (int(k) for k in rng.integers(0, [len(first), len(last), len(PEOPLE), 10**8]))
        made[i] += " " + PEOPLE[c].format(first=first[a], last=last[b], number=number, plate=number % 1000)
    return made


def _words(file):
    lines = resources.files("data").joinpath(file).read_text(encoding="utf-8").splitlines()
    return [word.rstrip("*").title() for line in lines if not line.startswith("#") for word in line.split()]


def csv_of(folder, n, rng, *, bad=BAD):
    """A file of n reports, of which this share has something wrong."""
    points = cities(n, rng)
    lon, lat = to_wgs84(points[:, 0], points[:, 1])
    days = pd.Timestamp("2024-10-01") + pd.to_timedelta(rng.integers(0, 700, n), unit="D")
    text = np.full(n, "", dtype=object)
    told = np.flatnonzero(rng.random(n) < WITH_TEXT)
    text[told] = texts(len(told), rng)
    table = pd.DataFrame(
        {
            "kenmerk": [f"M{i:07d}" for i in range(n)],
            "datum": days.strftime("%d-%m-%Y"),
            "tijd": [f"{m // 60:02d}:{m % 60:02d}" for m in rng.integers(0, 1440, n).tolist()],
            "lat": [f"{v:.6f}" for v in lat.tolist()],
            "lon": [f"{v:.6f}" for v in lon.tolist()],
            "categorie": rng.choice(["nafluiten", "naroepen", "nastaren"], n),
            "omschrijving": text,
        }
    ).astype(object)
    spoiled = rng.choice(n, int(n * bad), replace=False)
    for kind, wrong in enumerate(WRONG):
        for column, value in wrong.items():
            table.iloc[spoiled[kind :: len(WRONG)], table.columns.get_loc(column)] = value
    path = Path(folder) / f"meldingen-{n}-{len(spoiled)}.csv"
    table.to_csv(path, index=False, sep=";")
    return path


def store_with(areas, folder):
    """The file of a store with these areas (code, geometry) as the buurten of one gemeente, and its outline."""
    filled = {"level": "buurt", "wijk_code": "", "gemeente_code": "GM0001", "inhabitants": np.nan, "water": False}
    buurten = areas.assign(name=areas["code"], **filled)[list(COLUMNS)]
    buurten = gpd.GeoDataFrame(buurten, geometry="geometry", crs=areas.crs)
    path = Path(folder) / "areas.sqlite"
    with ReportStore.open(str(path)) as store:
        store.replace_areas({"buurt": buurten, "gemeente": gemeente_from(buurten)}, attribution="verzonnen")
    return path

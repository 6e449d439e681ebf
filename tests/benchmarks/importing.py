"""The import of a CSV into SQLite against pandas reading and writing the same rows, and the whole way to hotspots."""

import tempfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import sqlalchemy
from sklearn.cluster import DBSCAN

from data.importing import ImportOptions, import_file, read_reports
from data.places import netherlands
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo.crs import RD, to_wgs84
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.join import assign
from tests.benchmarks.joining import polygons
from tests.benchmarks.measure import Case


def cities(n, rng):
    """Reports over 350 cities of a few kilometres, all in the country: a row that is set apart costs less than one kept."""
    land = netherlands().buffer(-8_000)
    centres = np.empty((0, 2))
    while len(centres) < 350:
        found = rng.uniform([20_000, 320_000], [270_000, 600_000], (350, 2))
        centres = np.vstack([centres, found[shapely.contains_xy(land, found)]])
    return centres[rng.integers(0, 350, n)] + rng.normal(0, 1_200, (n, 2))


def csv_of(folder, n, rng):
    points = cities(n, rng)
    lon, lat = to_wgs84(points[:, 0], points[:, 1])
    days = pd.Timestamp("2024-10-01") + pd.to_timedelta(rng.integers(0, 700, n), unit="D")
    minute = rng.integers(0, 1440, n)
    table = pd.DataFrame(
        {
            "kenmerk": [f"M{i:07d}" for i in range(n)],
            "datum": days.strftime("%d-%m-%Y"),
            "tijd": [f"{m // 60:02d}:{m % 60:02d}" for m in minute],
            "lat": np.char.mod("%.6f", lat),
            "lon": np.char.mod("%.6f", lon),
            "categorie": rng.choice(["nafluiten", "naroepen", "nastaren"], n),
            "omschrijving": "Er werd mij nageroepen op de hoek",
        }
    )
    path = Path(folder) / f"meldingen-{n}.csv"
    table.to_csv(path, index=False, sep=";")
    return path


def our_import(path):
    def run():
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(store=str(Path(folder) / "s.sqlite"))
            with ReportStore.open(settings.store) as store:
                result = import_file(path, store=store, settings=settings, options=ImportOptions())
                assert result.accepted > 0

    return run


def pandas_import(path):
    def run():
        with tempfile.TemporaryDirectory() as folder:
            engine = sqlalchemy.create_engine(f"sqlite:///{folder}/s.sqlite")
            pd.read_csv(path, sep=";").to_sql("reports", engine, index=False)

    return run


def our_whole(path, areas):
    def run():
        checked = read_reports(path, settings=Settings(), options=ImportOptions(), place_only=True)
        x, y = checked.reports["x"].to_numpy(), checked.reports["y"].to_numpy()
        assign(x, y, areas)
        find_hotspots(checked.reports, params=HotspotParams(eps_m=75, min_samples=10))

    return run


def peer_whole(path, areas):
    def run():
        table = pd.read_csv(path, sep=";")
        points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
        gpd.sjoin(points.to_crs(RD), areas, how="left", predicate="within")
        xy = points.to_crs(RD).get_coordinates().to_numpy()
        DBSCAN(eps=75, min_samples=10, algorithm="ball_tree").fit(xy)

    return run


def through_the_store(path, areas):
    def run():
        with tempfile.TemporaryDirectory() as folder:
            settings = Settings(store=str(Path(folder) / "s.sqlite"))
            with ReportStore.open(settings.store) as store:
                import_file(path, store=store, settings=settings, options=ImportOptions())
                reports = store.reports(LOCAL_ANALYST)
                assign(reports["x"].to_numpy(), reports["y"].to_numpy(), areas)
                find_hotspots(reports, params=HotspotParams(eps_m=75, min_samples=10), surroundings=Surroundings())

    return run


def cases(scale, folder):
    rng = np.random.default_rng(3)
    n = int(1_000_000 * scale)
    big, small = csv_of(folder, n, rng), csv_of(folder, n // 10, rng)
    areas = polygons(max(200, int(14_000 * scale)), (20_000, 320_000, 270_000, 600_000), rng)
    return [
        Case(
            name=f"import of {n:,} CSV rows into SQLite",
            ours=our_import(big),
            peers={"pandas.read_csv + to_sql": pandas_import(big)},
            want="want 0.5 x, memory <= 1,000 MB",
            repeat=1,
        ),
        Case(
            name=f"CSV -> join -> hotspots in memory, {n:,}",
            ours=our_whole(big, areas),
            peers={"read_csv + sjoin + scikit-learn": peer_whole(big, areas)},
            want="want 4 x",
            repeat=1,
        ),
        Case(
            name=f"file -> store -> join -> hotspots, {n // 10:,}",
            ours=through_the_store(small, areas),
            peers={},
            want="growth to the next <= 12.6 x (exponent 1.1)",
            repeat=1,
        ),
        Case(
            name=f"file -> store -> join -> hotspots, {n:,}",
            ours=through_the_store(big, areas),
            peers={},
            want="",
            repeat=1,
        ),
    ]

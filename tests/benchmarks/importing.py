"""The import of a CSV into SQLite against pandas reading and writing the same rows, and the whole way to hotspots.

Every candidate runs in a fresh interpreter: the peak is what a process needs that does this and nothing else.
"""

import shutil
import tempfile
import time
from datetime import date
from functools import partial
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import sqlalchemy
from sklearn.cluster import DBSCAN

from data.importing import ImportOptions, import_file, read_reports
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo.crs import RD
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.join import assign
from tests.benchmarks.files import csv_of, store_with
from tests.benchmarks.joining import polygons
from tests.benchmarks.measure import GROWTH, Case, Want

TODAY = date(2026, 10, 1)  # after the last report, whenever the bench is run


def import_into(store, path, settings):
    return import_file(path, store=store, settings=settings, options=ImportOptions(today=TODAY))


def our_import(path, areas):
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=shutil.copy(areas, Path(folder) / "s.sqlite"))
        with ReportStore.open(settings.store) as store:
            result = import_into(store, path, settings)
        assert result.accepted > 0 and result.quarantined > 0 and result.balanced
        return {"read": result.read, "accepted": result.accepted, "quarantined": result.quarantined}


def pandas_import(path):
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlalchemy.create_engine(f"sqlite:///{folder}/s.sqlite")
        pd.read_csv(path, sep=";", low_memory=False).to_sql("reports", engine, index=False)


def our_whole(path, areas):
    checked = read_reports(path, settings=Settings(), options=ImportOptions(today=TODAY), place_only=True)
    x, y = checked.reports["x"].to_numpy(), checked.reports["y"].to_numpy()
    assign(x, y, areas)
    find_hotspots(checked.reports, params=HotspotParams(eps_m=75, min_samples=10))


def peer_whole(path, areas):
    table = pd.read_csv(path, sep=";")
    points = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")
    gpd.sjoin(points.to_crs(RD), areas, how="left", predicate="within")
    xy = points.to_crs(RD).get_coordinates().to_numpy()
    DBSCAN(eps=75, min_samples=10, algorithm="ball_tree").fit(xy)


def through_the_store(path, areas):
    """Seconds of each stage."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(store=shutil.copy(areas, Path(folder) / "s.sqlite"))
        with ReportStore.open(settings.store) as store:
            moments = [time.perf_counter()]
            import_into(store, path, settings)
            moments.append(time.perf_counter())
            reports, buurten = store.reports(LOCAL_ANALYST), store.areas("buurt")
            moments.append(time.perf_counter())
            assign(reports["x"].to_numpy(), reports["y"].to_numpy(), buurten)
            moments.append(time.perf_counter())
            find_hotspots(reports, params=HotspotParams(eps_m=75, min_samples=10), surroundings=Surroundings())
            moments.append(time.perf_counter())
    return dict(zip(("read, check and store", "read back", "join", "hotspots"), np.diff(moments).tolist(), strict=True))


def file_facts(path):
    """What is in a file, so that nobody need believe that there is something to mask and to set apart."""
    text = pd.read_csv(path, sep=";", usecols=["omschrijving"])["omschrijving"].dropna()
    return f"{path.stat().st_size / 1e6:.0f} MB, {len(text):,} with text ({text.nunique():,} distinct)"


def cases(scale, folder):
    rng = np.random.default_rng(3)
    n = int(1_000_000 * scale)
    big, small, clean = csv_of(folder, n, rng), csv_of(folder, n // GROWTH, rng), csv_of(folder, n, rng, bad=0)
    areas = polygons(max(200, int(14_000 * scale)), (20_000, 320_000, 270_000, 600_000), rng)
    there = store_with(areas, folder)
    pandas = "pandas.read_csv + to_sql"
    peer = "read_csv + sjoin + scikit-learn"
    return [
        Case(
            name=f"import of {n:,} CSV rows into SQLite: {file_facts(big)}",
            ours=partial(our_import, big, there),
            peers={pandas: partial(pandas_import, big)},
            want=Want(times={pandas: 0.5}, peak_mb=1_000),
            repeat=0,
            fresh=True,
        ),
        Case(
            name=f"CSV -> join -> hotspots in memory, {n:,} x {len(areas):,} polygons",
            ours=partial(our_whole, clean, areas),
            peers={peer: partial(peer_whole, clean, areas)},
            want=Want(times={peer: 4}),
            repeat=1,
            fresh=True,
        ),
        Case(
            name=f"file -> store -> join -> hotspots, {n:,} x {len(areas):,} polygons",
            ours=partial(through_the_store, big, there),
            smaller=partial(through_the_store, small, there),
            want=Want(exponent=1.1),
            repeat=0,
            fresh=True,
        ),
    ]

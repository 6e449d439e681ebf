"""A file to hotspots, in memory and by the store."""

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np

from data.importing import ImportOptions, read_reports
from data.settings import Settings
from data.store import ReportStore
from data.viewer import LOCAL_ANALYST
from geo.hotspots import HotspotParams, Surroundings, find_hotspots
from geo.join import assign
from tests.benchmarks.candidates.our_import import TODAY, import_into


def our_whole(path, areas):
    checked = read_reports(path, settings=Settings(), options=ImportOptions(today=TODAY), place_only=True)
    x, y = checked.reports["x"].to_numpy(), checked.reports["y"].to_numpy()
    assign(x, y, areas)
    find_hotspots(checked.reports, params=HotspotParams(eps_m=75, min_samples=10))


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

"""The import of a CSV into SQLite against pandas reading and writing the same rows, and the whole way to hotspots.

Every candidate runs in a fresh interpreter and imports nothing it does not use.
"""

from functools import partial

import numpy as np
import pandas as pd

from tests.benchmarks.candidates.our_import import our_import
from tests.benchmarks.candidates.our_whole import our_whole, through_the_store
from tests.benchmarks.candidates.pandas_import import pandas_import
from tests.benchmarks.candidates.peer_whole import peer_whole
from tests.benchmarks.files import csv_of, store_with
from tests.benchmarks.joining import polygons
from tests.benchmarks.measure import GROWTH, Case, Want


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

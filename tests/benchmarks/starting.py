"""The first call after start: fresh interpreters, with the compiled code on disk as after installation."""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from tests.benchmarks.files import csv_of
from tests.benchmarks.measure import judged

ROOT = Path(__file__).parents[2]
TRIES = 5
WANT_S = 2.0

CLUSTERING = """
import json, sys, time
start = time.perf_counter()
import numpy as np
from geo.dbscan import dbscan
x, y = np.random.default_rng(1).uniform(100_000, 110_000, (2, int(sys.argv[1])))
loaded = time.perf_counter()
dbscan(x, y, eps_m=75.0, min_samples=10)
print(json.dumps([loaded - start, time.perf_counter() - loaded]))
"""
WARM_UP = """
import json, time
start = time.perf_counter()
from geo.warm import warm_up
loaded = time.perf_counter()
warm_up()
print(json.dumps([loaded - start, time.perf_counter() - loaded]))
"""


def lines(scale, folder):
    """The lines of the table, as they come."""
    _python("-m", "geo.warm")  # as ``make setup`` does; nothing is compiled from here on
    for n in (2_000, 20_000, max(20_000, int(1_000_000 * scale))):
        yield _line(f"first DBSCAN of a process, {n:,}", ["-c", CLUSTERING, str(n)], want=WANT_S)
    yield _line("warm_up() of a process", ["-c", WARM_UP])
    for n in (2_000, 20_000):
        file = csv_of(folder, n, np.random.default_rng(5), bad=0)
        command = ["-m", "dashboard.cli", "hotspots", str(file), "--eps", "75", "--min-samples", "10", "--json"]
        yield _line(f"hotspotkaart hotspots FILE, {n:,} rows", command)


def _python(*arguments):
    """Seconds of a new interpreter from its start to its end, and what it printed."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - start, done.stdout


def _line(name, arguments, *, want=None):
    """Medians of a few new processes; a script that prints [imports, call] has those told apart."""
    runs = [_python(*arguments) for _ in range(TRIES)]
    whole = statistics.median(seconds for seconds, _ in runs)
    if arguments[0] == "-m":
        return f"{name:<44} whole process {whole:5.2f} s"
    imports, calls = zip(*(json.loads(out) for _, out in runs), strict=True)
    call = statistics.median(calls)
    return (
        f"{name:<44} whole process {whole:5.2f} s, imports {statistics.median(imports):.2f} s, "
        f"call {call:.3f} s (slowest {max(calls):.3f})" + judged((call, "<=", want, "s"))
    )

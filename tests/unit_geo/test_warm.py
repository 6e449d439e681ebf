"""After warming up nobody waits for a compiler: no kind of use needs a loop that is not there yet."""

import subprocess
import sys

LATER = """
import importlib, pkgutil
import numpy as np
import geo.kernels
from geo import barriers, chance, chance_scan, grid, nulls, scan, spacetime, stability
from geo.dbscan import dbscan
from geo.density import density
from geo.warm import warm_up
import shapely

def compiled():
    found = {}
    for module in pkgutil.iter_modules(geo.kernels.__path__):
        loops = vars(importlib.import_module(f"geo.kernels.{module.name}"))
        found |= {f"{module.name}.{name}": len(f.signatures) for name, f in loops.items() if hasattr(f, "signatures")}
    return found

warm_up()
before = compiled()
rng = np.random.default_rng(2)
n = grid.SHARED_FROM + 1
for points in (rng.uniform(100_000, 104_000, (2, 400)), rng.uniform(100_000, 140_000, (2, n))):
    for x, y in (points, np.array(points.T).T, np.broadcast_to(points, points.shape)):  # whole, strided, read-only
        sides = (x > 102_000).astype(np.int64)
        for more in ({}, {"sides": sides}, {"weights": np.broadcast_to(1.0, len(x))}):
            dbscan(x, y, eps_m=75, min_samples=4, engine="grid", **more)
        density(x, y, bandwidth_m=300.0, cell_m=1000.0)
x, y = rng.uniform(100_000, 104_000, (2, 400))
sides = (x > 102_000).astype(np.int64)
river = shapely.LineString([(102_000, 0), (102_000, 900_000)])
null = nulls.smoothed(x, y, on=nulls.land_of_reports(x, y))
for pieces, own in ((None, None), (barriers.pieces(x, y, [river]), sides)):
    found = dbscan(x, y, eps_m=75, min_samples=4, sides=own)
    ask = {"labels": found.labels, "core": found.core, "min_samples": 4}
    chance.against_chance(x, y, eps_m=75, null=null, runs=9, seed=1, pieces=pieces, **ask)
    chance_scan.against_scan(x, y, eps_m=75, null=null, runs=9, seed=1, pieces=pieces, **ask)
    stability.sweep(x, y, sides=own, **ask)
    stability.resample(x, y, eps_m=75, runs=3, seed=1, sides=own, **ask)
    spacetime.st_dbscan(x, y, np.arange(400.0), eps_m=75, eps_days=14, min_samples=4, sides=own)
scan.scan(x, y, null=null, runs=9, seed=1)
print({name: (before[name], n) for name, n in compiled().items() if n != before[name]})
"""


def test_every_compiled_loop_is_ready_after_warming_up_whatever_it_is_given():
    done = subprocess.run([sys.executable, "-c", LATER], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == "{}"

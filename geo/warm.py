"""Compile what is compiled, before anybody waits for it: ``python -m geo.warm`` at set-up, a thread at the server's start."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import grid, nulls, report
from geo.certainty import assess
from geo.dbscan import dbscan
from geo.density import density
from geo.hotspots import HotspotParams, find_hotspots
from geo.scan import scan
from geo.spacetime import st_dbscan


def warm_up() -> None:
    """Run every compiled loop of geo on a few points; what is compiled is kept on disk for the next start."""
    rng = np.random.default_rng(1)
    points = np.vstack([rng.normal(105_000, 20, (30, 2)), rng.uniform(104_000, 106_000, (30, 2))])
    reports = report.empty().reindex(range(len(points))).assign(x=points[:, 0], y=points[:, 1], flags="")
    reports["event_date"] = pd.Timestamp("2025-01-01")
    result = find_hotspots(reports, params=HotspotParams(eps_m=75.0, min_samples=5))
    assess(reports, result, buurten=None, runs=19)
    x, y = np.ascontiguousarray(points.T)
    null = nulls.uniform(x, y, on=nulls.land_of_reports(x, y))
    scan(x, y, null=null, runs=19, seed=1).at(x, y, labels=np.zeros(len(x), np.int64))
    st_dbscan(x, y, np.arange(len(x), dtype=np.float64), eps_m=75.0, eps_days=30.0, min_samples=5)
    # what comes out of a table cannot be written to, and is compiled by itself; many points go by other doors than few
    for few in ((x, y), (_frozen(x), _frozen(y))):
        dbscan(*few, eps_m=75.0, min_samples=5, engine="grid")
        density(*few, bandwidth_m=200.0)
    many = rng.uniform(0, 1e6, (2, grid.SHARED_FROM))
    dbscan(many[0], many[1], eps_m=75.0, min_samples=5, weights=_frozen(np.ones(grid.SHARED_FROM)), engine="grid")


def _frozen(values: NDArray[np.float64]) -> NDArray[np.float64]:
    values = values.copy()
    values.setflags(write=False)
    return values


if __name__ == "__main__":
    warm_up()

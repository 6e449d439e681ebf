"""Compile what is compiled, before anybody waits for it: ``python -m geo.warm`` at set-up, a thread at the server's start."""

import numpy as np
import pandas as pd

from geo import report
from geo.certainty import assess
from geo.dbscan import dbscan
from geo.hotspots import HotspotParams, find_hotspots


def warm_up() -> None:
    """Run every compiled loop once on a handful of points; what is compiled is kept on disk for the next start."""
    rng = np.random.default_rng(1)
    points = np.vstack([rng.normal(105_000, 20, (30, 2)), rng.uniform(104_000, 106_000, (30, 2))])
    reports = report.empty().reindex(range(len(points))).assign(x=points[:, 0], y=points[:, 1], flags="")
    reports["event_date"] = pd.Timestamp("2025-01-01")
    result = find_hotspots(reports, params=HotspotParams(eps_m=75.0, min_samples=5))
    assess(reports, result, buurten=None, runs=19)
    dbscan(points[:, 0], points[:, 1], eps_m=75.0, min_samples=5, engine="grid")


if __name__ == "__main__":
    warm_up()

"""Two periods beside each other: how many reports each buurt, or each hotspot of both together, has in either.

The command line (``analyse compare``) and the page Ontwikkeling both count with these.
"""

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import identity
from geo.compare import Period
from geo.hotspots import HotspotResult
from geo.identity import Cells
from geo.join import OUTSIDE


class Counted(NamedTuple):
    """What is compared: ids of places, reports on each in both periods, and the city's reports in both."""

    ids: tuple[str, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    total_before: int
    total_after: int


def within(reports: pd.DataFrame, period: Period) -> NDArray[np.bool_]:
    """Which reports happened in a period, (n,)."""
    dates = reports["event_date"]
    return ((dates >= pd.Timestamp(period.start)) & (dates <= pd.Timestamp(period.end))).to_numpy()


def per_buurt(
    reports: pd.DataFrame, positions: NDArray[np.intp], buurten: gpd.GeoDataFrame, *, before: Period, after: Period
) -> Counted:
    """Reports per buurt that is not water; the city's total holds those outside every buurt too.

    positions: each report's row in buurten, OUTSIDE for none.
    """
    old, new = (within(reports, period) for period in (before, after))
    counts = [np.bincount(positions[mask & (positions != OUTSIDE)], minlength=len(buurten)) for mask in (old, new)]
    dry = ~buurten["water"].to_numpy(bool)
    return Counted(
        ids=tuple(buurten["code"][dry].astype(str)),
        before=tuple(counts[0][dry].tolist()),
        after=tuple(counts[1][dry].tolist()),
        total_before=int(old.sum()),
        total_after=int(new.sum()),
    )


def per_hotspot(reports: pd.DataFrame, result: HotspotResult, *, before: Period, after: Period) -> Counted:
    """Reports on the footprint of every hotspot of both periods together; picked from one, the other would look better.

    result: of the reports of both periods. The totals are of the reports that may be clustered.
    """
    clustered = reports.loc[result.labels.index]
    old, new = (within(clustered, period) for period in (before, after))
    key = identity.keys(clustered["x"].to_numpy(float), clustered["y"].to_numpy(float))
    places = footprints(reports, result)
    return Counted(
        ids=tuple(h.id for h in result.hotspots),
        before=_on(places, key[old]),
        after=_on(places, key[new]),
        total_before=int(old.sum()),
        total_after=int(new.sum()),
    )


def footprints(reports: pd.DataFrame, result: HotspotResult) -> list[Cells]:
    """The cells of each hotspot of a result, in its order."""
    clustered = reports.loc[result.labels.index]
    x, y = clustered["x"].to_numpy(float), clustered["y"].to_numpy(float)
    labels = result.labels.to_numpy(np.int64)
    labels = np.where(np.asarray(result.kinds == "core"), labels, -1)
    order = np.argsort(labels, kind="stable")
    first = np.searchsorted(labels[order], np.arange(len(result.hotspots) + 1))
    core = np.split(order, first)[1:-1]
    return [identity.footprint(x[core[h.label]], y[core[h.label]]) for h in result.hotspots]


def overlapping(places: Sequence[Cells], others: Sequence[Cells]) -> NDArray[np.bool_]:
    """Which places overlap one of the others enough to be the same hotspot, (places,)."""
    pairs = identity.shared(places, others)
    enough = identity.overlaps(places, others, pairs) >= identity.MIN_OVERLAP
    found = np.zeros(len(places), dtype=bool)
    found[pairs[0][enough]] = True
    return found


def _on(places: Sequence[Cells], key: NDArray[np.int64]) -> tuple[int, ...]:
    """How many of the reports, by their cells, lie on each footprint."""
    key = np.sort(key)
    return tuple(int((np.searchsorted(key, cells, "right") - np.searchsorted(key, cells)).sum()) for cells in places)

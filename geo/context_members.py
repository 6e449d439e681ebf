"""The reports of each hotspot: which they are, their street, their cells, and what a second method makes of them."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geo import identity, opinion
from geo.hotspots import HotspotResult
from geo.opinion import Agreement
from geo.tally import most_frequent, tally

OPINION_MOST: Final = 10_000  # reports: beyond, a second opinion takes seconds

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Members:
    """The clustered reports: their rows in ``reports`` in the order of the result's labels, and per row the label."""

    reports: pd.DataFrame
    rows: NDArray[np.intp]  # of every clustered report
    label: Ints
    core: Bools
    size: int

    @property
    def mine(self) -> NDArray[np.intp]:
        """Positions of those in a hotspot, hotspot by hotspot."""
        inside = np.flatnonzero(self.label >= 0)
        return inside[np.argsort(self.label[inside], kind="stable")]


def members_of(reports: pd.DataFrame, result: HotspotResult) -> Members:
    """The members of a result's hotspots among the reports it was made from."""
    label = result.labels.to_numpy(np.int64)
    return Members(
        reports=reports,
        rows=reports.index.get_indexer(result.labels.index),
        label=label,
        core=(result.kinds == "core").to_numpy(),
        size=int(label.max(initial=-1)) + 1,
    )


def streets_of(m: Members) -> list[tuple[str, float]]:
    """Per hotspot the commonest street of its core reports (ties: the first by name), and its share of those with one."""
    core = np.flatnonzero(m.core)
    names = pd.Series(m.reports["street"].to_numpy()[m.rows[core]]).astype("str").str.strip().to_numpy(object)
    told = names != ""
    label = m.label[core][told]
    code, known = pd.factorize(names[told], sort=True)
    (group, street), n = tally(label, code.astype(np.int64))
    result = [("", np.nan)] * m.size
    total = np.bincount(label, minlength=m.size)
    for at in most_frequent(group, n).tolist():
        result[group[at]] = (str(known[street[at]]), float(n[at] / total[group[at]]))
    return result


def footprints(m: Members) -> list[identity.Cells]:
    """Per hotspot the cells of its core reports."""
    core = np.flatnonzero(m.core)
    core = core[np.argsort(m.label[core], kind="stable")]
    x, y = (m.reports[c].to_numpy(float)[m.rows[core]] for c in ("x", "y"))
    edges = np.searchsorted(m.label[core], np.arange(m.size + 1))
    return [identity.footprint(x[a:b], y[a:b]) for a, b in pairwise(edges.tolist())]


def agreements(m: Members, result: HotspotResult) -> dict[int, Agreement]:
    """HDBSCAN's opinion per label; none where it would take too long, or where it sees no cluster at all.

    It never calls all reports together one cluster, so that says nothing about the only hotspot there is.
    """
    smallest = max(result.params.min_samples, 2)
    if not m.size or len(m.rows) > OPINION_MOST:
        return {}
    asked = opinion.of_reports(m.reports.iloc[m.rows], min_cluster_size=smallest)
    if not (asked >= 0).any():
        return {}
    return {one.label: one for one in opinion.agreement(m.label, m.core, asked)}

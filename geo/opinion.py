"""A second opinion on hotspots: HDBSCAN, which needs no distance, and how far it agrees."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.cluster import HDBSCAN

from geo import report
from geo.dbscan import NOISE

SEED = 20250403
MOST_REPORTS = 30_000  # time grows with the square: some seconds here

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How HDBSCAN sees one hotspot.

    share: of its core reports, the share in one and the same HDBSCAN cluster; 0 when all are noise there.
    other: that cluster's label, -1 for none. other_n: reports in that cluster; many more than n means that HDBSCAN
    sees the hotspot as part of something larger.
    """

    label: int
    n_core: int
    n: int
    share: float
    other: int
    other_n: int


def of_reports(reports: pd.DataFrame, *, min_cluster_size: int) -> Labels:
    """``hdbscan`` of reports (geo.report.COLUMNS), those that retention moved to the middle of their cell spread over it.

    Left there, such piles are places to HDBSCAN, infinitely dense, and the hotspot they lie in is none.
    """
    snapped = report.has(reports["flags"], report.SNAPPED).to_numpy(bool)
    half_m = np.where(snapped, np.nan_to_num(reports["uncertainty_m"].to_numpy(float)) / np.sqrt(2), 0.0)
    x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
    return hdbscan(x, y, min_cluster_size=min_cluster_size, half_m=half_m)


def hdbscan(
    x: Floats, y: Floats, *, min_cluster_size: int, min_samples: int | None = None, half_m: Floats | None = None
) -> Labels:
    """HDBSCAN (Campello, Moulavi & Sander 2013) in RD metres: labels int64 (n,), -1 noise.

    min_cluster_size: the smallest group that is a cluster, not DBSCAN's min_samples; min_samples: by default the same.
    half_m: (n,) how far a report may be off along either axis, 0 not at all; it is then put somewhere within that, always
    in the same way. Labels do not depend on the order of the input, and reports on one coordinate share theirs. Fewer reports than min_cluster_size or than
    min_samples, or all on one place: all noise, since there is nothing to tell apart. ValueError for sizes that mean
    nothing, places that are not numbers, or more than MOST_REPORTS.
    """
    smoothing = min_cluster_size if min_samples is None else min_samples
    if min_cluster_size < 2:
        raise ValueError(f"min_cluster_size = {min_cluster_size}: must be 2 or more")
    if smoothing < 1:
        raise ValueError(f"min_samples = {min_samples}: must be 1 or more")
    points = np.column_stack([x, y]).astype(float)
    if not np.isfinite(points).all():
        raise ValueError("x and y must be finite metres: leave reports without a place out first")
    if len(points) > MOST_REPORTS:
        raise ValueError(
            f"{len(points)} reports: a second opinion takes at most {MOST_REPORTS}; choose a shorter period"
        )
    if len(points) < max(min_cluster_size, smoothing) or (points == points[0]).all():
        return np.full(len(points), NOISE, dtype=np.int64)
    half = np.zeros(len(points)) if half_m is None else half_m
    order = np.lexsort((half, points[:, 1], points[:, 0]))  # ties in the tree are settled by position
    placed = points[order] + half[order, None] * np.random.default_rng(SEED).uniform(-1, 1, points.shape)
    model = HDBSCAN(min_cluster_size=min_cluster_size, min_samples=smoothing, copy=True).fit(placed)
    labels = np.empty(len(points), dtype=np.int64)
    labels[order] = _one_per_place(points[order], model.labels_.astype(np.int64))
    return labels


def _one_per_place(points: Floats, labels: Labels) -> Labels:
    """The commonest label of the reports on each coordinate (ties: the lowest): ties in the tree may part them."""
    place = np.unique(points, axis=0, return_inverse=True)[1].reshape(-1)
    votes = np.zeros((int(place.max()) + 1, int(labels.max()) + 2), dtype=np.int32)
    np.add.at(votes, (place, labels + 1), 1)
    return np.asarray(votes.argmax(axis=1)[place] - 1, dtype=np.int64)


def agreement(labels: Labels, core: Bools, opinion: Labels) -> tuple[Agreement, ...]:
    """Per hotspot of DBSCAN how far HDBSCAN agrees, by label; empty without hotspots.

    labels, core: geo.dbscan's of the same reports, (n,). opinion: hdbscan's. Border reports never decide.
    """
    if not len(labels) == len(core) == len(opinion):
        raise ValueError(f"{len(labels)} labels, {len(core)} core, {len(opinion)} of HDBSCAN: must be the same reports")
    sizes = np.bincount(opinion[opinion != NOISE], minlength=1)
    return tuple(_agree(int(one), labels, core, opinion, sizes) for one in np.unique(labels[labels != NOISE]))


def _agree(one: int, labels: Labels, core: Bools, opinion: Labels, sizes: NDArray[np.intp]) -> Agreement:
    mine = opinion[(labels == one) & core]
    seen = np.bincount(mine[mine != NOISE], minlength=1)
    other = int(np.argmax(seen)) if seen.any() else NOISE
    return Agreement(
        label=one,
        n_core=len(mine),
        n=int((labels == one).sum()),
        share=float(seen.max() / len(mine)),
        other=other,
        other_n=int(sizes[other]) if other != NOISE else 0,
    )

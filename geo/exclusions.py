"""Which reports are counted in their buurt but kept out of clustering, and why."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo import report

MIN_PILE = 8  # fewer reports on one coordinate can be chance, or an app that snaps to a street corner
MIN_PILE_KNOWN = 3  # on a coordinate known to be a default (centroid, town hall) three suffice
KNOWN_WITHIN_M = 1.0
NO_PLACE = "no_place"
FLAGGED_OUT = (report.PROBABLE_DUPLICATE, report.TEST_TEXT, report.FLOOD, report.NEAR_BORDER)

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def piles(x: Floats, y: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Reports that share a coordinate to the centimetre.

    Gives, per report, the number of its distinct coordinate (0..m-1) and, per coordinate, how many reports it bears.
    """
    cm = np.round(np.column_stack([x, y]) * 100).astype(np.int64)
    key = cm[:, 0] * 100_000_000 + cm[:, 1]  # y below 10^8 cm everywhere in the Netherlands
    _, inverse, counts = np.unique(key, return_inverse=True, return_counts=True)
    return inverse, counts


def default_points(x: Floats, y: Floats, *, known: Floats | None = None) -> Bools:
    """Reports piled on one default coordinate: a town hall, a postcode's or a buurt's centre, an app's first pin.

    x, y: RD metres, finite. known: (m, 2) RD metres of coordinates that are nobody's place.
    A pile is taken for a default when it bears at least MIN_PILE reports and at least four times the 95th percentile
    of all piles: sources that snap every report to a street have many piles of like size, a default point stands out.
    """
    if len(x) == 0:
        return np.zeros(0, dtype=bool)
    inverse, counts = piles(x, y)
    threshold = max(MIN_PILE, 4.0 * float(np.percentile(counts, 95)))
    is_default = counts >= threshold
    if known is not None and len(known):
        first = np.zeros(len(counts), dtype=np.intp)
        first[inverse] = np.arange(len(x))
        metres, _ = KDTree(known).query(np.column_stack([x[first], y[first]]))
        is_default |= (metres <= KNOWN_WITHIN_M) & (counts >= MIN_PILE_KNOWN)
    return np.asarray(is_default[inverse])


def reasons(reports: pd.DataFrame, *, eps_m: float, known: Floats | None = None) -> pd.Series:
    """Per report the reason to keep it out of clustering, "" to keep it in (str, on the reports' index).

    The first that holds: no place, one of FLAGGED_OUT, too coarse a place for eps, on a default point. Flags about the
    time or the text of a report say nothing about its place and do not keep it out.
    """
    x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
    placed = np.isfinite(x) & np.isfinite(y)
    coarse = reports["uncertainty_m"].to_numpy(float) > eps_m  # NaN compares false: not stated is taken as exact
    out = np.full(len(reports), "", dtype=object)
    out[coarse] = report.COARSE_PLACE
    flagged = (reports["flags"] != "").to_numpy()
    if flagged.any():
        for flag in reversed(FLAGGED_OUT):
            out[flagged & report.has(reports["flags"], flag).to_numpy()] = flag
    out[~placed] = NO_PLACE
    candidates = out == ""
    pile = np.zeros(len(reports), dtype=bool)
    pile[candidates] = default_points(x[candidates], y[candidates], known=known)
    out[pile] = report.DEFAULT_POINT
    return pd.Series(out, index=reports.index, dtype="str")

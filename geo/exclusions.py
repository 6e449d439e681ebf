"""Which reports are counted in their buurt but kept out of clustering, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import KDTree

from geo import lattice, report

MIN_PILE = 8  # fewer reports on one coordinate can be chance, or an app that snaps to a street corner
MIN_PILE_KNOWN = 3  # on a coordinate known to be a default (centroid, town hall) three suffice
KNOWN_WITHIN_M = 1.0
NO_PLACE = "no_place"
FLAGGED_OUT = (report.PROBABLE_DUPLICATE, report.TEST_TEXT, report.FLOOD, report.NEAR_BORDER)
REASONS: Final = ("", NO_PLACE, *FLAGGED_OUT, report.COARSE_PLACE, report.LATTICE, report.DEFAULT_POINT)
CODE: Final = {reason: code for code, reason in enumerate(REASONS)}

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def piles(x: Floats, y: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Reports that share a coordinate to the centimetre.

    Gives, per report, the number of its distinct coordinate (0..m-1) and, per coordinate, how many reports it bears.
    """
    _, inverse, counts = np.unique(_key(x, y), return_inverse=True, return_counts=True)
    return inverse, counts


def default_points(
    x: Floats, y: Floats, *, known: Floats | None = None, accepted: Floats | None = None, moved: Floats | None = None
) -> Bools:
    """Reports piled on one default coordinate: a town hall, a postcode's or a buurt's centre, an app's first pin.

    x, y: RD metres, finite. known: (m, 2) RD metres of coordinates that are nobody's place. accepted: (m, 2) RD metres
    of coordinates that are somebody's, whatever else speaks against them. moved: (m, 3) place and radius in metres of
    reports that retention took from a default point to the middle of its cell; what piles up there is that point.
    A pile is taken for a default when it bears at least MIN_PILE reports and at least four times the 95th percentile
    of all piles: sources that snap every report to a street have many piles of like size, a default point stands out.
    """
    key = _key(x, y)
    in_order = np.sort(key)  # many times quicker than to number the coordinates
    starts = np.flatnonzero(np.r_[True, in_order[1:] != in_order[:-1]]) if len(key) else np.zeros(0, np.intp)
    counts = np.diff(np.r_[starts, len(key)])
    seen_before = any(points is not None and len(points) for points in (known, moved))
    least = MIN_PILE_KNOWN if seen_before else MIN_PILE
    if counts.max(initial=0) < least:
        return np.zeros(len(x), dtype=bool)
    is_default = counts >= max(MIN_PILE, 4.0 * float(np.percentile(counts, 95)))
    pile = np.flatnonzero(counts >= least)
    place = np.column_stack(_place(in_order[starts[pile]]))
    is_default[pile] |= (counts[pile] >= MIN_PILE_KNOWN) & (_near(place, known) | _around(place, moved))
    is_default[pile] &= ~_near(place, accepted)
    defaults = in_order[starts[is_default]]
    if len(defaults) == 0:
        return np.zeros(len(x), dtype=bool)
    at = np.searchsorted(defaults, key)
    return np.asarray(defaults[np.minimum(at, len(defaults) - 1)] == key)


def centres(levels: Iterable[gpd.GeoDataFrame]) -> Floats:
    """The middles of boundaries (m, 2; RD metres), which are nobody's place. levels: buurten, wijken, gemeenten."""
    found = [shapely.get_coordinates(shapely.centroid(areas.geometry.to_numpy())) for areas in levels if len(areas)]
    return np.vstack([np.zeros((0, 2)), *found])


@dataclass(frozen=True, kw_only=True, eq=False)
class LeftOut:
    """What is kept out of clustering at one eps. reason: position in REASONS, 0 is in; rounded_m: geo.lattice.radius."""

    reason: NDArray[np.int8]
    rounded_m: Floats


def left_out(
    reports: pd.DataFrame,
    *,
    eps_m: float,
    known: Floats | None,
    accepted: Floats | None,
    accepted_sources: frozenset[str],
) -> LeftOut:
    """Per report (n,) why it is left out at this eps. known, accepted: as in ``default_points``.

    accepted_sources: sources whose lattice is taken for real.
    """
    rounded = lattice.radius(reports, accepted=accepted_sources)
    reason = codes(reports, eps_m=eps_m, known=known, accepted=accepted, rounded_m=rounded)
    return LeftOut(reason=reason, rounded_m=rounded)


def codes(
    reports: pd.DataFrame,
    *,
    eps_m: float,
    known: Floats | None = None,
    accepted: Floats | None = None,
    rounded_m: Floats | None = None,
) -> NDArray[np.int8]:
    """``reasons`` as positions in REASONS (n,), for a million reports."""
    x, y = reports["x"].to_numpy(float), reports["y"].to_numpy(float)
    placed = np.isfinite(x) & np.isfinite(y)
    out = np.zeros(len(reports), dtype=np.int8)
    if rounded_m is not None:
        out[rounded_m > eps_m] = CODE[report.LATTICE]
    coarse = reports["uncertainty_m"].to_numpy(float) > eps_m  # NaN compares false: not stated is taken as exact
    out[coarse] = CODE[report.COARSE_PLACE]
    flags = reports["flags"].to_numpy()
    flagged = np.flatnonzero(flags != "")
    cell, distinct = pd.factorize(flags[flagged])

    def bearing(flag: str) -> NDArray[np.intp]:
        bears = np.array([*(report.holds(str(one), flag) for one in distinct), False])  # a missing cell is number -1
        return np.asarray(flagged[bears[cell]])

    snapped = np.zeros(len(reports), dtype=bool)  # many share the middle of a cell, which is no default point
    snapped[bearing(report.SNAPPED)] = True
    for flag in reversed(FLAGGED_OUT):
        out[bearing(flag)] = CODE[flag]
    out[~placed] = CODE[NO_PLACE]
    moved = bearing(report.DEFAULT_POINT)
    moved = moved[snapped[moved] & (out[moved] == 0)]  # of these the flag is all that is left of the coordinate
    moved = moved[~_near(np.column_stack([x[moved], y[moved]]), accepted)]
    out[moved] = CODE[report.DEFAULT_POINT]
    places = np.column_stack([x[moved], y[moved], reports["uncertainty_m"].to_numpy(float)[moved]])
    candidates = np.flatnonzero((out == 0) & ~snapped)
    pile = default_points(x[candidates], y[candidates], known=known, accepted=accepted, moved=places)
    out[candidates[pile]] = CODE[report.DEFAULT_POINT]
    return out


def reasons(
    reports: pd.DataFrame,
    *,
    eps_m: float,
    known: Floats | None = None,
    accepted: Floats | None = None,
    rounded_m: Floats | None = None,
) -> pd.Series:
    """Per report the reason to keep it out of clustering, "" to keep it in (str, on the reports' index).

    The first that holds: no place, one of FLAGGED_OUT, too coarse a place for eps, on a lattice too wide for eps, on a
    default point. Flags about the time or the text of a report say nothing about its place and do not keep it out.
    known, accepted: as in ``default_points``. rounded_m: geo.lattice.radius of the reports, None for no lattice.
    """
    return named(codes(reports, eps_m=eps_m, known=known, accepted=accepted, rounded_m=rounded_m), index=reports.index)


def named(codes: NDArray[np.int8], *, index: pd.Index) -> pd.Series:
    """Codes (n,) as words on an index."""
    return pd.Series(np.array(REASONS, dtype=object)[codes], index=index, dtype="str")


def _key(x: Floats, y: Floats) -> NDArray[np.int64]:
    """One number per coordinate in centimetres; y below 10^8 cm everywhere in the Netherlands."""
    return np.rint(x * 100).astype(np.int64) * 100_000_000 + np.rint(y * 100).astype(np.int64)


def _place(key: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The coordinate of a key, in metres."""
    return key // 100_000_000 / 100.0, key % 100_000_000 / 100.0


def _near(place: Floats, points: Floats | None) -> Bools:
    real = np.zeros((0, 2)) if points is None else np.reshape(points, (-1, 2))
    real = real[np.isfinite(real).all(axis=1)]
    if len(real) == 0 or len(place) == 0:
        return np.zeros(len(place), dtype=bool)
    metres, _ = KDTree(real).query(place)
    return np.asarray(metres <= KNOWN_WITHIN_M)


def _around(place: Floats, moved: Floats | None) -> Bools:
    """Which places (n, 2) lie in the circle round the nearest of (m, 3) middles with their radius."""
    if moved is None or len(moved) == 0 or len(place) == 0:
        return np.zeros(len(place), dtype=bool)
    metres, nearest = KDTree(moved[:, :2]).query(place)
    return np.asarray(metres <= moved[nearest, 2])

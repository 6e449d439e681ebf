"""Reports against what there is to report about: always with the denominator named, never for an empty area.

A rate bears its exact 95 % interval, because numbers are small; beside it stands the empirical Bayes estimate, which
draws the rates of small denominators towards the city's, because those jump most and would colour the map by chance.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

MIN_INHABITANTS = 50  # below this one report more or less moves the rate by tens: no rate is given
MIN_STREET_KM = 0.5
MIN_BOARDINGS = 50  # a day
DAYS_PER_YEAR = 365.25
TAIL: Final = 0.025  # on either side of a 95 % interval

Floats = NDArray[np.float64]


class Per(StrEnum):
    """What reports are held against."""

    INHABITANTS = "inhabitants"
    STREETS = "streets"
    BOARDINGS = "boardings"
    WEIGHT = "weight"  # the user's own


MINIMUM: Final = {
    Per.INHABITANTS: float(MIN_INHABITANTS),
    Per.STREETS: MIN_STREET_KM,
    Per.BOARDINGS: float(MIN_BOARDINGS),
    Per.WEIGHT: 0.0,  # above it
}
SCALE: Final = {Per.INHABITANTS: 1000.0, Per.STREETS: 1.0, Per.BOARDINGS: 1000.0}


class LeftOut(StrEnum):
    """Why an area has no rate."""

    WATER = "water"
    UNKNOWN = "unknown"  # the denominator is
    SMALL = "small"  # below the least that bears a rate


@dataclass(frozen=True, kw_only=True, eq=False)
class Denominator:
    """What each area is divided by.

    values: (areas,) inhabitants, kilometres, boardings a day or the weight; NaN: unknown. scale: the rate is per so
    many. name, unit: what the user calls a weight and what it counts, of boardings what the file counts. source: whose.
    """

    per: Per
    values: Floats
    scale: float
    name: str = ""
    unit: str = ""
    source: str = ""

    @property
    def key(self) -> str:
        """Tells it from the others: "inhabitants", "weight:Footfall"."""
        return f"{self.per}:{self.name}" if self.per is Per.WEIGHT else str(self.per)

    @property
    def bears(self) -> NDArray[np.bool_]:
        """Which areas have enough of it for a rate, (areas,)."""
        least = MINIMUM[self.per]
        return np.asarray(self.values >= least if least > 0 else self.values > 0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Rates:
    """Reports per ``denominator.scale`` of the denominator per year; arrays are (areas,), NaN without a rate.

    low, high: exact 95 % Poisson interval. shrunk: empirical Bayes estimate. n: reports per area. overall: all areas
    with a rate together. left_out: areas without a rate per reason; n_left_out: the reports in them.
    """

    value: Floats
    low: Floats
    high: Floats
    shrunk: Floats
    n: NDArray[np.int64]
    denominator: Denominator
    overall: float
    left_out: dict[LeftOut, int]
    n_left_out: int


def rates(
    counts: NDArray[np.int64], denominator: Denominator, *, days: int, water: NDArray[np.bool_] | None = None
) -> Rates:
    """Rate per area with interval and empirical Bayes estimate.

    counts: (areas,) reports. days: length of the period; without one there are no rates. water: (areas,) areas that
    are left out. Raises ValueError for arrays of unequal length.
    """
    counts = np.asarray(counts, np.int64)
    if len(counts) != len(denominator.values) or (water is not None and len(water) != len(counts)):
        raise ValueError(f"{len(counts)} counts for {len(denominator.values)} areas: give one of each per area")
    wet = np.zeros(len(counts), bool) if water is None else np.asarray(water, bool)
    known = np.isfinite(denominator.values)
    fit = ~wet & denominator.bears
    years = days / DAYS_PER_YEAR if days > 0 else np.nan
    exposure = np.where(fit, denominator.values, np.nan) * years / denominator.scale
    low, high = poisson_interval(counts)
    reasons = {LeftOut.WATER: wet, LeftOut.UNKNOWN: ~wet & ~known, LeftOut.SMALL: ~wet & known & ~fit}
    total = float(exposure[fit].sum()) if fit.any() else np.nan
    return Rates(
        value=counts / exposure,
        low=low / exposure,
        high=high / exposure,
        shrunk=shrunk(counts, exposure),
        n=counts,
        denominator=denominator,
        overall=float(counts[fit].sum()) / total,
        left_out={reason: int(mask.sum()) for reason, mask in reasons.items() if mask.any()},
        n_left_out=int(counts[~fit].sum()),
    )


def poisson_interval(counts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Exact 95 % interval of the mean of a Poisson count (Garwood 1936): (low, high), each (n,); low of 0 is 0."""
    n = np.asarray(counts, float)
    low = np.where(n > 0, gammaincinv(np.maximum(n, 1.0), TAIL), 0.0)
    return low, np.asarray(gammaincinv(n + 1.0, 1.0 - TAIL))


def shrunk(counts: NDArray[np.int64], exposure: Floats) -> Floats:
    """Global empirical Bayes rates (Marshall 1991), (n,): each rate drawn towards the common one by how little it bears.

    exposure: what counts are divided by, NaN for areas that take no part. With m the common rate and A the variance
    between areas beyond chance (at least 0), a rate r with exposure P becomes m + A / (A + m / P) · (r − m).
    """
    fit = np.isfinite(exposure) & (exposure > 0)
    result = np.full(len(exposure), np.nan)
    if not fit.any():
        return result
    n, p = np.asarray(counts, float)[fit], exposure[fit]
    mean = n.sum() / p.sum()
    between = max(0.0, float((p * (n / p - mean) ** 2).sum() / p.sum() - mean / p.mean()))
    weight = np.divide(between, between + mean / p, out=np.zeros(len(p)), where=between + mean / p > 0)
    result[fit] = mean + weight * (n / p - mean)
    return result


def round_scale(values: Floats) -> float:
    """The power of ten at or below the median of what is above 0, 10 at least: per 10 terraces, per 10,000 passers-by.

    It depends on the weight alone, so the unit stays the same whatever reports are looked at.
    """
    positive = values[np.isfinite(values) & (values > 0)]
    return float(max(10.0, 10.0 ** np.floor(np.log10(np.median(positive)) + 1e-9))) if len(positive) else 10.0

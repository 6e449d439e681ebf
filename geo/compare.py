"""Two periods beside each other: more, fewer, or nothing that can be said; and what else changed in between.

Reporting is not incidence. A campaign raises reports everywhere, so the verdict is on the share of the city's total:
an area rises when it rises more than the rest of the city. The count's own ratio is shown beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, binom, false_discovery_control, hypergeom, norm

from geo.calendar import Mark

ALPHA = 0.05

# Codes of what must be said beside a comparison; the page has the sentences
REGRESSION_TO_THE_MEAN = "regression_to_the_mean"  # always: what was picked for being high falls by itself
WITH_THE_CITY = "with_the_city"  # the count changed, the share did not: so did the rest of the city
MARKED = "marked"  # a campaign or law change lies in one period and not in the other
TOO_FEW = "too_few"  # even all reports in one period would prove nothing: see n_needed

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class Verdict(StrEnum):
    """What the share test says."""

    RISE = "rise"
    FALL = "fall"
    NO_EVIDENCE = "no_evidence"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """First and last day, both included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        """Refuse what ends before it begins."""
        if self.end < self.start:
            raise ValueError(f"period {self.start} – {self.end}: ends before it begins")

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One area or hotspot in two periods. NaN where a figure cannot be computed.

    ratio: of the rates per day, after / before, with its exact 95 % interval and p. share_*: of the city's total;
    share_ratio with its 95 % interval, share_p by Fisher's exact test, share_q after false discovery rate.
    n_needed: reports in both periods together that could give evidence at all; remarks: codes to say beside it.
    """

    before: int
    after: int
    ratio: float
    low: float
    high: float
    p: float
    share_before: float
    share_after: float
    share_ratio: float
    share_low: float
    share_high: float
    share_p: float
    share_q: float
    verdict: Verdict
    n_needed: int
    remarks: tuple[str, ...]


def marked(campaigns: Sequence[Mark], period: Period) -> tuple[Mark, ...]:
    """The campaigns that touch a period, by start and name."""
    touching = (c for c in campaigns if c.start <= period.end and (c.end is None or c.end >= period.start))
    return tuple(sorted(touching, key=lambda c: (c.start, c.name)))


def differing(campaigns: Sequence[Mark], before: Period, after: Period) -> tuple[Mark, ...]:
    """The campaigns that touch one period and not the other: these may explain a difference of counts."""
    old, new = marked(campaigns, before), marked(campaigns, after)
    return tuple(sorted(set(old) ^ set(new), key=lambda c: (c.start, c.name)))


def rate_ratio(
    before: ArrayLike, after: ArrayLike, *, days_before: float, days_after: float, level: float = 0.95
) -> tuple[Floats, Floats, Floats, Floats]:
    """Ratio of two Poisson rates after / before with exact interval and p: (ratio, low, high, p), each (n,).

    Given their sum, `after` is binomial with π = R·d₂/(R·d₂ + d₁) (Przyborowski & Wilenski 1940); the interval is
    Clopper & Pearson's on π, p = 2·min of the tails at R = 1, at most 1. No reports before: ratio and high are inf;
    none at all: ratio NaN, interval 0 to inf, p 1.
    """
    a, b = np.atleast_1d(np.asarray(before)), np.atleast_1d(np.asarray(after))
    for name, days in (("days_before", days_before), ("days_after", days_after)):
        if not (np.isfinite(days) and days > 0):
            raise ValueError(f"{name} = {days}: must be above 0 days")
    if not ((a >= 0).all() and (b >= 0).all() and (a == np.floor(a)).all() and (b == np.floor(b)).all()):
        raise ValueError("before and after must be whole numbers of 0 or more")
    tail = (1 - level) / 2
    n, scale = a + b, days_before / days_after
    with np.errstate(divide="ignore", invalid="ignore"):  # inf and NaN as documented
        ratio = b / a * scale
        low_pi = np.where(b > 0, beta.ppf(tail, b, a + 1), 0.0)
        high_pi = np.where(a > 0, beta.ppf(1 - tail, b + 1, a), 1.0)
        low, high = low_pi / (1 - low_pi) * scale, high_pi / (1 - high_pi) * scale
    even = days_after / (days_before + days_after)
    p = np.minimum(1.0, 2 * np.minimum(binom.cdf(b, n, even), binom.sf(b - 1, n, even)))
    return ratio, low, high, np.where(n > 0, p, 1.0)


def share_ratio(
    before: Counts, after: Counts, *, total_before: int, total_after: int, level: float = 0.95
) -> tuple[Floats, Floats, Floats, Floats]:
    """Ratio of shares of a total, after / before, with interval and p: (ratio, low, high, p), each (n,).

    p: Fisher's exact test on area against the rest, doubled smaller tail, at most 1. Interval: Katz et al. (1978) on
    the logarithm, with a half added to every count where one is zero. NaN, and p 1, when a total is 0.
    """
    if (before > total_before).any() or (after > total_after).any():
        raise ValueError("an area has more reports than the city: totals must hold every area")
    if total_before == 0 or total_after == 0:
        nothing = np.full(len(before), np.nan)
        return nothing, nothing, nothing, np.ones(len(before))
    half = np.where((before == 0) | (after == 0), 0.5, 0.0)
    a, b = before + half, after + half
    with np.errstate(divide="ignore", invalid="ignore"):  # as documented for the plain ratio
        ratio = (after / total_after) / (before / total_before)
    middle = (b / (total_after + half)) / (a / (total_before + half))
    width = norm.ppf((1 + level) / 2) * np.sqrt(
        np.maximum(1 / a - 1 / (total_before + half) + 1 / b - 1 / (total_after + half), 0)
    )
    city, mine = total_before + total_after, before + after
    tails = hypergeom.cdf(after, city, mine, total_after), hypergeom.sf(after - 1, city, mine, total_after)
    return ratio, middle * np.exp(-width), middle * np.exp(width), np.minimum(1.0, 2 * np.minimum(*tails))


def compare(
    before: ArrayLike,
    after: ArrayLike,
    *,
    first: Period,
    second: Period,
    total_before: int,
    total_after: int,
    campaigns: Sequence[Mark] = (),
    alpha: float = ALPHA,
) -> tuple[Comparison, ...]:
    """Areas or hotspots in two periods, in the order given; empty for none.

    before, after: reports per area (n,), whole numbers. total_*: the city's reports in each period, these areas'
    included. The verdict is RISE or FALL when share_q ≤ alpha (Benjamini & Hochberg 1995 over the areas given), so
    that a campaign that raises the whole city is not called a rise; else NO_EVIDENCE, which is not "no change".
    ValueError when the periods overlap or the counts mean nothing.
    """
    if second.start <= first.end and first.start <= second.end:
        raise ValueError(f"periods {first.start} – {first.end} and {second.start} – {second.end} overlap")
    a, b = np.atleast_1d(np.asarray(before)), np.atleast_1d(np.asarray(after))
    if a.shape != b.shape:
        raise ValueError(f"{len(a)} counts before, {len(b)} after: must be the same areas")
    if len(a) == 0:
        return ()
    rates = rate_ratio(a, b, days_before=first.days, days_after=second.days)
    a, b = a.astype(np.int64), b.astype(np.int64)
    shares = share_ratio(a, b, total_before=total_before, total_after=total_after)
    q = false_discovery_control(shares[3])
    needed = n_needed(days_before=first.days, days_after=second.days, alpha=alpha)
    always = (REGRESSION_TO_THE_MEAN, *((MARKED,) if differing(campaigns, first, second) else ()))
    table = np.column_stack([*rates, *shares, q])
    return tuple(
        _one(
            int(a[i]),
            int(b[i]),
            table[i],
            totals=(total_before, total_after),
            needed=needed,
            always=always,
            alpha=alpha,
        )
        for i in range(len(a))
    )


def _one(
    before: int,
    after: int,
    figures: Floats,
    *,
    totals: tuple[int, int],
    needed: int,
    always: tuple[str, ...],
    alpha: float,
) -> Comparison:
    ratio, low, high, p, share, share_low, share_high, share_p, share_q = (float(v) for v in figures)
    verdict = Verdict.NO_EVIDENCE
    if share_q <= alpha:
        verdict = Verdict.RISE if share > 1 else Verdict.FALL
    remarks = always
    if p <= alpha and verdict is Verdict.NO_EVIDENCE:
        remarks = (*remarks, WITH_THE_CITY)
    if before + after < needed:
        remarks = (*remarks, TOO_FEW)
    return Comparison(
        before=before,
        after=after,
        ratio=ratio,
        low=low,
        high=high,
        p=p,
        share_before=before / totals[0] if totals[0] else np.nan,
        share_after=after / totals[1] if totals[1] else np.nan,
        share_ratio=share,
        share_low=share_low,
        share_high=share_high,
        share_p=share_p,
        share_q=share_q,
        verdict=verdict,
        n_needed=needed,
        remarks=remarks,
    )


def n_needed(*, days_before: float, days_after: float, alpha: float = ALPHA) -> int:
    """Smallest sum of both counts that can give p ≤ alpha at all: with all reports in the shorter period.

    Equal periods: 2·½ⁿ ≤ alpha, so 6 reports at 5 %.
    """
    smaller = min(days_before, days_after) / (days_before + days_after)
    return int(np.ceil(np.log(alpha / 2) / np.log(smaller) - 1e-9))

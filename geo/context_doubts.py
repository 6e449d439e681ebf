"""What speaks against a hotspot, as far as figures carry it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy.stats import binom

from geo.certainty import HotspotCertainty
from geo.context_quarters import Past, Quarters
from geo.hotspots import Hotspot
from geo.identity import Life
from geo.opinion import Agreement
from geo.stability import Strength

ALPHA: Final = 0.05
STRICT: Final = 0.01  # where every hotspot is held against the city in several ways
ONE_SOURCE_FROM: Final = 0.8
UNKNOWN_FROM: Final = 0.25
FEW_DATES_BELOW: Final = 0.5  # of the dates that as many separate reports would fall on
AGREES_FROM: Final = 0.5


class Doubt(StrEnum):
    """One thing that speaks against a hotspot; in the order in which it is told."""

    CHANCE = "chance"  # not more than chance would give (needs the test)
    WEAK = "weak"  # gone under other settings (needs the test)
    CHAIN = "chain"  # so long that it is probably several places
    ALONG_STREET = "along_street"  # a strip along a street
    LATTICE = "lattice"  # most places are rounded
    ONE_SOURCE_HOUR = "one_source_hour"  # more than half from one source within one hour
    ONE_SOURCE_DAY = "one_source_day"  # the same within one day
    FEW_DATES = "few_dates"  # on far fewer dates than as many separate events would be
    ONE_SOURCE = "one_source"  # nearly all from one source, more than in the city
    ONE_QUARTER = "one_quarter"  # more than half in one quarter, more than in the city
    CAMPAIGN = "campaign"  # on campaign days more than the city, or most of it
    WITH_THE_CITY = "with_the_city"  # rises, but so does the whole city
    FORMER = "former"  # not there in the latest quarters
    TIME_UNKNOWN = "time_unknown"  # of more than a quarter the time is unknown
    SECOND_OPINION = "second_opinion"  # HDBSCAN does not see it


@dataclass(frozen=True, kw_only=True, slots=True)
class Against:
    """The figures that doubts are taken from. city_*: of all reports of the view; days: in the view's period."""

    n: int
    n_dated: int
    days: int
    sources: tuple[tuple[str, int], ...]  # most reports first
    city_source_share: float  # of the first of them
    n_campaign: int
    city_campaign_share: float
    campaign_days_share: float
    past: Past
    opinion: Agreement | None


def doubts_of(hotspot: Hotspot, figures: Against) -> tuple[Doubt, ...]:
    """What speaks against a hotspot, in the order of Doubt; the test's answers are not among it."""
    found = set(hotspot.marks)
    trend, shares = figures.past.trend, figures.past.share_trend
    rises = trend is not None and trend.p <= ALPHA and trend.slope > 0
    told = {
        Doubt.CHAIN: Doubt.CHAIN in found,
        Doubt.ALONG_STREET: Doubt.ALONG_STREET in found,
        Doubt.LATTICE: Doubt.LATTICE in found,
        Doubt.ONE_SOURCE_HOUR: Doubt.ONE_SOURCE_HOUR in found,
        Doubt.ONE_SOURCE_DAY: Doubt.ONE_SOURCE_DAY in found,
        Doubt.FEW_DATES: hotspot.n_dates < FEW_DATES_BELOW * dates_expected(figures.n_dated, days=figures.days),
        Doubt.ONE_SOURCE: _one_source(figures),
        Doubt.ONE_QUARTER: one_quarter_of(figures.past.quarters) is not None,
        Doubt.CAMPAIGN: _campaign(figures),
        Doubt.WITH_THE_CITY: rises and shares is not None and shares.p > ALPHA,
        Doubt.FORMER: figures.past.life is Life.FORMER,
        Doubt.TIME_UNKNOWN: hotspot.n_time_unknown > UNKNOWN_FROM * hotspot.n,
        Doubt.SECOND_OPINION: figures.opinion is not None and figures.opinion.share < AGREES_FROM,
    }
    return tuple(doubt for doubt in Doubt if told.get(doubt, False))


def with_certainty(doubts: tuple[Doubt, ...], certain: HotspotCertainty | None) -> tuple[Doubt, ...]:
    """The doubts of a hotspot, with what the test adds; None: not tested."""
    if certain is None:
        return doubts
    tested = {Doubt.CHANCE: not certain.significant, Doubt.WEAK: certain.strength is Strength.WEAK}
    return (*(doubt for doubt, holds in tested.items() if holds), *doubts)


def dates_expected(n: int, *, days: int) -> float:
    """Distinct dates that n reports, each on a day of its own choosing among equal days, fall on."""
    return float(days * -np.expm1(n * np.log1p(-1 / days))) if days > 1 and n else float(min(n, 1))


def one_quarter_of(quarters: Quarters) -> int | None:
    """The position of the quarter that holds more than half of a place's reports, and more than of the city's."""
    counts, totals = quarters.counts, quarters.totals
    n = sum(counts)
    if not n:
        return None
    top = int(np.argmax(counts))
    many = 2 * counts[top] > n and _more(counts[top], n, totals[top] / sum(totals), alpha=STRICT)
    return top if many else None


def _one_source(figures: Against) -> bool:
    n = figures.sources[0][1]
    return n >= ONE_SOURCE_FROM * figures.n and _more(n, figures.n, figures.city_source_share, alpha=STRICT)


def _campaign(figures: Against) -> bool:
    n, of = figures.n_campaign, figures.n_dated
    if not n:
        return False
    most = 2 * n > of and _more(n, of, figures.campaign_days_share, alpha=STRICT)
    return most or _more(n, of, figures.city_campaign_share, alpha=ALPHA)


def _more(n: int, of: int, share: float, *, alpha: float) -> bool:
    """Whether n of `of` is more than a share makes likely."""
    return bool(binom.sf(n - 1, of, min(share, 1.0)) <= alpha)

"""What speaks against a hotspot, as far as figures carry it."""

from enum import StrEnum

from geo.certainty import HotspotCertainty
from geo.stability import Strength


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
    CAMPAIGN = "campaign"  # more on campaign days than in the rest of the city
    WITH_THE_CITY = "with_the_city"  # rises, but so does the whole city
    FORMER = "former"  # not there in the latest quarters
    TIME_UNKNOWN = "time_unknown"  # of more than a quarter the time is unknown
    SECOND_OPINION = "second_opinion"  # HDBSCAN does not see it


def with_certainty(doubts: tuple[Doubt, ...], certain: HotspotCertainty | None) -> tuple[Doubt, ...]:
    """The doubts of a hotspot, with what the test adds; None: not tested."""
    if certain is None:
        return doubts
    tested = {Doubt.CHANCE: not certain.significant, Doubt.WEAK: certain.strength is Strength.WEAK}
    return (*(doubt for doubt, holds in tested.items() if holds), *doubts)

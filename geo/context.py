"""What the figures say about each hotspot besides its place: when, since when, near what, and what speaks against it."""

from dataclasses import dataclass
from datetime import date

from geo.baseline import Near
from geo.calendar import Mark
from geo.clock import WeekMatrix
from geo.context_doubts import Doubt, with_certainty
from geo.context_quarters import Quarters
from geo.context_shares import TimeShare
from geo.darkness import DarkShare
from geo.exposure import Base
from geo.identity import Life
from geo.opinion import Agreement
from geo.trend import Trend

__all__ = ["CityContext", "Doubt", "HotspotContext", "Mark", "Quarters", "TimeShare", "with_certainty"]


@dataclass(frozen=True, kw_only=True)
class HotspotContext:
    """One hotspot. Reports of the view, except quarters, life, since and both trends: those are of the whole history.

    street: the commonest street of its core reports with a street ("" when unknown), and its share of those.
    dark, school, night: None when no report has a known time. sources: reports per source, most first.
    campaign_share: of its reports, on campaign days; campaign_days_share: of the period's days. opinion: HDBSCAN's;
    None where it was not asked. doubts: without those that need the test (with_certainty adds them).
    """

    id: str
    n: int
    street: str
    street_share: float
    matrix: WeekMatrix
    dark: DarkShare | None
    school: TimeShare | None
    night: TimeShare | None
    track: str  # the id its place keeps through the quarters; "" when it was in none
    quarters: Quarters
    life: Life | None
    since: date | None
    trend: Trend | None  # of the counts per quarter
    share_trend: Trend | None  # of the shares of the city's total
    sources: tuple[tuple[str, int], ...]
    campaign_share: float
    campaign_days_share: float
    opinion: Agreement | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, kw_only=True)
class CityContext:
    """The view as a whole, and its hotspots by rank. start, end: the view's period; None without a single date.

    near_schools, near_stops: per radius, beside the share of near_base (None when there is neither); empty without
    that layer or without land. marks: of the calendar, those that touch the period. holidays_known: whether the
    calendar covers the period; else every working day counts as a school day.
    """

    start: date | None
    end: date | None
    n: int
    matrix: WeekMatrix
    dark: DarkShare | None
    school: TimeShare | None
    night: TimeShare | None
    quarters: Quarters
    trend: Trend | None
    near_schools: tuple[Near, ...]
    near_stops: tuple[Near, ...]
    near_base: Base | None
    sources: tuple[tuple[str, int], ...]
    marks: tuple[Mark, ...]
    holidays_known: bool
    hotspots: tuple[HotspotContext, ...]

    def of(self, hotspot_id: str) -> HotspotContext | None:
        """One hotspot's context; None when it is not among them."""
        return next((h for h in self.hotspots if h.id == hotspot_id), None)

"""ChangeService: each buurt in the period of a view against the period before of equal length, with what is sure about it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from dashboard.development_state import usual
from dashboard.services.city import CityCache, counted
from dashboard.services.map import MapService, to_report_filter
from dashboard.services.recent import Recent
from dashboard.services.side_by_side import per_buurt, within
from dashboard.state import CHANGE, FilterState
from data.store import ReportStore
from data.viewer import Right, Viewer
from geo.calendar import REPORTING, Mark, campaigns
from geo.compare import Comparison, Period, compare, differing, n_needed

KEPT = 8


class NoChange(StrEnum):
    """Why there is nothing to compare with."""

    NO_REPORTS = "no_reports"
    NOT_COVERED = "not_covered"  # the reports begin after the period before does
    TOO_FEW = "too_few"  # in both periods together


@dataclass(frozen=True, kw_only=True)
class Change:
    """Two periods as long. why: why they are not compared; then there are no figures.

    figures: per code of a buurt that is not water. total_*: the city's reports. needed: reports in both periods together
    that could prove anything. marks: what changes reporting and touches one of the two only.
    """

    before: Period | None
    after: Period | None
    why: NoChange | None = None
    figures: dict[str, Comparison] | None = None
    total_before: int = 0
    total_after: int = 0
    needed: int = 0
    marks: tuple[Mark, ...] = ()


class ChangeService:
    """Compares with all of a state's filters but its area and its look. Its latest answers are kept."""

    def __init__(self, store: ReportStore, cache: CityCache, maps: MapService) -> None:
        self._store = store
        self._cache = cache
        self._maps = maps
        self._recent: Recent[tuple[str, Viewer, FilterState], Change] = Recent(KEPT)

    def of(self, viewer: Viewer, state: FilterState) -> Change | None:
        """The change a state's shading asks for; None for any other shading. Raises Denied but to analysts."""
        viewer.require(Right.CUSTOM)
        if state.shade != CHANGE or state.picture != "areas":
            return None
        question = replace(state.clustering(), eps_m=None, min_samples=None)
        return self._recent.of((self._cache.city().version, viewer, question), lambda: self._made(viewer, question))

    def _made(self, viewer: Viewer, state: FilterState) -> Change:
        city = self._cache.city()
        choices = self._maps.choices(viewer)
        if choices.first is None or choices.last is None or not len(city.buurten):
            return Change(before=None, after=None, why=NoChange.NO_REPORTS)
        if state.start is None and state.end is None and (both := usual(first=choices.first, last=choices.last)):
            before, after = both
        else:
            end = min(state.end or choices.last, choices.last)
            after = Period(start=min(state.start or choices.first, end), end=end)
            before = Period(start=after.start - timedelta(days=after.days), end=after.start - timedelta(days=1))
        asked = Change(before=before, after=after)
        if before.start < choices.first - timedelta(days=before.days // 10):
            return replace(asked, why=NoChange.NOT_COVERED)
        wanted = replace(state, start=before.start, end=after.end)
        reports = counted(self._store.reports(viewer, to_report_filter(wanted)))
        needed = n_needed(days_before=before.days, days_after=after.days)
        if len(reports) < needed or not within(reports, before).any() or not within(reports, after).any():
            return replace(asked, why=NoChange.TOO_FEW, needed=needed)
        counts = per_buurt(reports, self._cache.positions(reports), city.buurten, before=before, after=after)
        marks = tuple(entry.mark for entry in self._store.calendar() if entry.mark.kind in REPORTING)
        named = {mark.name for mark in differing(campaigns(marks), before, after)}
        figures = compare(
            counts.before,
            counts.after,
            first=before,
            second=after,
            total_before=counts.total_before,
            total_after=counts.total_after,
            campaigns=campaigns(marks),
        )
        return replace(
            asked,
            figures=dict(zip(counts.ids, figures, strict=True)),
            total_before=counts.total_before,
            total_after=counts.total_after,
            needed=needed,
            marks=tuple(mark for mark in marks if mark.name in named),
        )

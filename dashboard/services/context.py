"""ContextService: what the figures say about each hotspot of a view. Its latest answers are kept."""

from dataclasses import replace

from dashboard.services.city import counted
from dashboard.services.map import MapService, to_report_filter
from dashboard.services.recent import Recent
from dashboard.state import FilterState
from data.store import ReportStore
from data.viewer import Right, Viewer
from geo.context import Asked, CityContext, describe

KEPT = 16


class ContextService:
    """Describes hotspots, once per data version, viewer and question."""

    def __init__(self, maps: MapService, store: ReportStore) -> None:
        self._maps = maps
        self._store = store
        self._recent: Recent[tuple[str, Viewer, FilterState], CityContext] = Recent(KEPT)

    def of(self, viewer: Viewer, state: FilterState) -> CityContext:
        """The context of the city's hotspots for a state; the calendar is the store's.

        The area and the shading of a view do not matter: hotspots are made from the whole city's reports. The quarters
        reach back to the first report that passes the state's other filters.
        """
        viewer.require(Right.CUSTOM)
        question = state.clustering()
        key = (self._maps.city().version, viewer, question)
        return self._recent.of(key, lambda: self._made(viewer, question))

    def _made(self, viewer: Viewer, question: FilterState) -> CityContext:
        wanted = to_report_filter(question)
        reports, _, result = self._maps.clustered(viewer, question)
        past = to_report_filter(replace(question, start=None))
        return describe(
            reports,
            result,
            history=counted(self._store.reports(viewer, past)),
            surroundings=self._maps.city().surroundings,
            streets=self._maps.exposure.exposure().streets,
            marks=tuple(entry.mark for entry in self._store.calendar()),
            asked=Asked(
                start=wanted.start,
                end=wanted.end,
                hours=wanted.hours,
                weekdays=wanted.weekdays,
                dark=wanted.dark,
                school=wanted.school,
            ),
        )

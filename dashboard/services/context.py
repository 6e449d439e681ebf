"""ContextService: what the figures say about each hotspot of a view. Its latest answers are kept."""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from dashboard.services.city import counted
from dashboard.services.map import MapService, to_report_filter
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
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, Viewer, FilterState], CityContext] = OrderedDict()

    def of(self, viewer: Viewer, state: FilterState) -> CityContext:
        """The context of the city's hotspots for a state; the calendar is the store's.

        The area and the shading of a view do not matter: hotspots are made from the whole city's reports. The quarters
        reach back to the first report that passes the state's other filters.
        """
        viewer.require(Right.CUSTOM)
        question = state.clustering()
        city = self._maps.city()
        key = (city.version, viewer, question)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        wanted = to_report_filter(question)
        reports, _, result = self._maps.clustered(viewer, question)
        past = to_report_filter(replace(question, start=None))
        found = describe(
            reports,
            result,
            history=counted(self._store.reports(viewer, past)),
            surroundings=city.surroundings,
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
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

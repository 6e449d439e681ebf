"""CertaintyService: how sure the hotspots of a view are. The test takes a moment, so its latest answers are kept."""

from collections import OrderedDict
from dataclasses import replace
from threading import Lock

from dashboard.services.map import MapService
from dashboard.state import FilterState
from data.viewer import Viewer
from geo.certainty import Certainty, assess

KEPT = 16


class CertaintyService:
    """Tests hotspots, once per data version, viewer and question."""

    def __init__(self, maps: MapService) -> None:
        self._maps = maps
        self._lock = Lock()
        self._kept: OrderedDict[tuple[str, Viewer, FilterState], Certainty] = OrderedDict()

    def of(self, viewer: Viewer, state: FilterState) -> Certainty | None:
        """The certainty of the city's hotspots for a state; None when nothing was clustered.

        The area and the shading of a view do not matter: hotspots are made from the whole city's reports.
        """
        question = replace(state, area="", shade="count")
        key = (self._maps.city().version, viewer, question)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        reports, _, result = self._maps.clustered(viewer, question)
        if not len(result.labels):
            return None
        found = assess(reports, result, buurten=self._maps.city().surroundings.buurten)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

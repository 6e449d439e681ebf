"""The last few overviews, so that table, map and explanation of one view share one computation."""

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from dashboard.services.types import Overview
from dashboard.state import FilterState
from data.viewer import Viewer

KEPT = 8
Key = tuple[str, Viewer, FilterState]


class Recent:
    """Overviews by data version, viewer and state. Nothing one viewer asked is ever given to another."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._making: dict[Key, Lock] = {}
        self._made: OrderedDict[Key, Overview] = OrderedDict()

    def of(self, key: Key, make: Callable[[], Overview]) -> Overview:
        """What was made for this key, made once when asked several times at the same moment."""
        with self._lock:
            turn = self._making.setdefault(key, Lock())
        with turn:
            if (found := self._get(key)) is None:
                found = make()
                self._put(key, found)
        return found

    def _get(self, key: Key) -> Overview | None:
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

    def _put(self, key: Key, overview: Overview) -> None:
        with self._lock:
            self._made[key] = overview
            self._making.pop(key, None)
            while len(self._made) > KEPT:
                self._made.popitem(last=False)

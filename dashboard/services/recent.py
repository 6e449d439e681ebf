"""The last few answers to questions that are asked again: by the parts of one page, and by who looks back."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Answers by their question, the ``kept`` last used. What is asked twice at the same moment is made once.

    The key must name everything the answer depends on: the data version, and the viewer, so that nothing one viewer
    asked is ever given to another.
    """

    def __init__(self, kept: int) -> None:
        self._most = kept
        self._lock = Lock()
        self._turns: dict[K, Lock] = {}
        self._made: OrderedDict[K, V] = OrderedDict()

    def of(self, key: K, make: Callable[[], V]) -> V:
        """The answer for this key, made when it is not there; what making it raises is nobody else's."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
            turn = self._turns.setdefault(key, Lock())
        with turn:
            with self._lock:
                if key in self._made:
                    return self._made[key]
            try:
                found = make()
                with self._lock:
                    self._made[key] = found
                    while len(self._made) > self._most:
                        self._made.popitem(last=False)
            finally:
                with self._lock:
                    self._turns.pop(key, None)
        return found

    def get(self, key: K) -> V | None:
        """The answer when it is there already; nothing is made."""
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
            return self._made.get(key)

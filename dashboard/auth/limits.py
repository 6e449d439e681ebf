"""How often something may be asked, per person and per address, in this process."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from typing import Final

from data.reasons import UserError

MOST_KEYS: Final = 10_000  # forgets the longest unseen beyond that: an attacker's addresses must not fill the memory


class TooMany(UserError):
    """Asked too often; ``retry_s`` later it may be tried again."""

    def __init__(self, retry_s: int) -> None:
        self.retry_s = max(1, retry_s)
        super().__init__(
            "too_many",
            "Dat is te vaak achter elkaar. Probeer het over {minutes} min. opnieuw.",
            minutes=-(-self.retry_s // 60),
        )


class Limit:
    """At most ``most`` times per ``within_s`` seconds for one key: a sliding window. Safe to share between threads."""

    def __init__(self, *, most: int, within_s: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._within_s = within_s
        self._clock = clock
        self._lock = Lock()
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def use(self, *keys: str) -> None:
        """Count one more for every key. Raises TooMany, and counts nothing, when one of them is used up."""
        now = self._clock()
        with self._lock:
            for key in keys:
                moments = self._moments(key, now)
                if len(moments) >= self._most:
                    raise TooMany(int(moments[0] + self._within_s - now) + 1)
            for key in keys:
                self._moments(key, now).append(now)
            while len(self._seen) > MOST_KEYS:
                self._seen.popitem(last=False)

    def _moments(self, key: str, now: float) -> deque[float]:
        moments = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while moments and moments[0] <= now - self._within_s:
            moments.popleft()
        return moments

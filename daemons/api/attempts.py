"""Counts attempts to sign in, in memory: each api process on its own, forgotten with it."""

import time
from collections import OrderedDict, deque

from shared.errors import TooMany

_MOST_KEYS = 10_000


class Attempts:
    """At most `most` attempts for each key within `seconds`."""

    def __init__(self, *, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def count(self, *keys: str) -> None:
        """Count one attempt for each key; raises TooMany if one of them is used up.

        An attempt that is refused leaves nothing behind: who is stopped can neither fill the memory with new keys nor
        push out those of others.
        """
        now = time.monotonic()
        times = {key: self._recent(key, now) for key in keys}
        if any(len(recent) >= self._most for recent in times.values()):
            raise TooMany("Too many attempts to sign in.", "Wait a quarter of an hour, or use a sign-in link.")
        for key, recent in times.items():
            recent.append(now)
            self._times[key] = recent
            self._times.move_to_end(key)
        while len(self._times) > _MOST_KEYS:
            self._times.popitem(last=False)

    def _recent(self, key: str, now: float) -> deque[float]:
        recent = self._times.get(key) or deque()
        while recent and recent[0] <= now - self._seconds:
            recent.popleft()
        return recent

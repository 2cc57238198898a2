"""The versions that people look at just now, in memory: web hosts keep them a while, besides their newest ones.

A restart forgets them; whoever still looks wishes for them again.
"""

import time
from collections.abc import Callable

from shared.domain.errors import TooMany
from shared.domain.vocabulary import WishedVersion

KEPT_SECONDS = 300
MOST_OF_SITE, MOST = 3, 60
_AGAIN_SECONDS = 1.0


class Wishes:
    """Bounded: of a site the version that was looked at last takes the place of the one that was not for longest."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until: dict[tuple[str, int], float] = {}
        self._told: dict[tuple[str, int], float] = {}

    def wish(self, site: str, version: int, *, is_missing: bool) -> bool:
        """Keep it from now on; whether deployers have to be told, at most once a second while it `is_missing`.

        Raises TooMany if too many versions of other sites are looked at.
        """
        self._forget_outdated()
        now, key = self._now(), (site, version)
        of_site = sorted((until, one) for one, until in self._until.items() if one[0] == site and one != key)
        for _, one in of_site[: max(0, len(of_site) - MOST_OF_SITE + 1)]:
            self._drop(one)
        if key not in self._until and len(self._until) >= MOST:
            raise TooMany("Many old versions are looked at just now.", "Try again in a few minutes.")
        is_half_gone = self._until.get(key, 0) - now < KEPT_SECONDS / 2
        is_due = is_missing and now - self._told.get(key, -_AGAIN_SECONDS) >= _AGAIN_SECONDS
        if not (is_half_gone or is_due):
            return False
        self._until[key], self._told[key] = now + KEPT_SECONDS, now
        return True

    def of(self, site: str) -> tuple[WishedVersion, ...]:
        """Those of a site."""
        return tuple(one for one in self.all() if one.site == site)

    def all(self) -> tuple[WishedVersion, ...]:
        """All of them, with the time that is left."""
        self._forget_outdated()
        now = self._now()
        return tuple(
            WishedVersion(site=site, version=version, seconds=max(1, round(until - now)))
            for (site, version), until in sorted(self._until.items())
        )

    def _forget_outdated(self) -> None:
        now = self._now()
        for key in [key for key, until in self._until.items() if until <= now]:
            self._drop(key)

    def _drop(self, key: tuple[str, int]) -> None:
        del self._until[key]
        self._told.pop(key, None)

"""The versions that people look at just now, as storage told of them: this host keeps them as long as they do."""

import time
from collections.abc import Callable, Iterable

from shared.domain.vocabulary import WishedVersion


class WishMemory:
    """What is wished for, by site; forgotten when its time is over."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._until: dict[str, dict[int, float]] = {}

    def add(self, wished: Iterable[WishedVersion]) -> set[str]:
        """Keep these; gives their sites."""
        sites = set()
        for one in wished:
            self._until.setdefault(one.site, {})[one.version] = self._now() + one.seconds
            sites.add(one.site)
        return sites

    def of(self, site: str) -> frozenset[int]:
        """Those of a site that are still wished for."""
        now = self._now()
        return frozenset(version for version, until in self._until.get(site, {}).items() if until > now)

    def forget_outdated(self) -> set[str]:
        """Forget those whose time is over; gives their sites, which may have releases to remove."""
        now, sites = self._now(), set()
        for site, versions in list(self._until.items()):
            left = {version: until for version, until in versions.items() if until > now}
            if len(left) < len(versions):
                sites.add(site)
            if left:
                self._until[site] = left
            else:
                del self._until[site]
        return sites

"""Old versions that people look at: web hosts are to have them as long as somebody does, a few for each person."""

import time
from collections.abc import Callable
from contextlib import suppress

from daemons.api.accounts.site_access import OwnedSite
from shared.clients.storage import StorageClient
from shared.domain.errors import NotFound, TooMany

_MOST_OF_USER = 6
_SECONDS = 300.0


class WishedVersions:
    """Tells storage, which tells the web hosts."""

    def __init__(self, storage: StorageClient, now: Callable[[], float] = time.monotonic) -> None:
        self._storage = storage
        self._now = now
        self._looked: dict[str, dict[tuple[str, int], float]] = {}  # by user, when each was looked at last

    async def look(self, site: OwnedSite, version: int, *, is_missing: bool) -> None:
        """Somebody looks at a version; raises TooMany. A storage of the release before can't be told."""
        self._count(site.user.id, (site.name, version))
        with suppress(NotFound):
            await self._storage.wish(site.name, version, is_missing=is_missing)

    def _count(self, user: str, version: tuple[str, int]) -> None:
        now = self._now()
        looked = {one: at for one, at in self._looked.get(user, {}).items() if at > now - _SECONDS}
        if version not in looked and len(looked) >= _MOST_OF_USER:
            raise TooMany(
                f"You have looked at {_MOST_OF_USER} old versions in the last minutes.",
                "Look at this one in a few minutes; its changes and pictures are there all the time.",
            )
        self._looked[user] = looked | {version: now}

"""Reads the two versions of a site that somebody wants to compare: those that they name, or what fits best."""

from dataclasses import dataclass

from daemons.api.accounts.site_access import OwnedSite
from shared.clients.storage import StorageClient
from shared.domain.errors import NotFound
from shared.domain.manifest import Manifest
from shared.domain.vocabulary import Slot


@dataclass(frozen=True)
class VersionPair:
    """Two versions, the site's newest, and the one that is public, if any."""

    earlier: Manifest
    later: Manifest
    newest: int
    public: int | None


async def read_pair(storage: StorageClient, site: OwnedSite, earlier: int | None, later: int | None) -> VersionPair:
    """These versions in their order; by default the newest, and what is public or, if that is the newest, its parent.

    Raises NotFound if there are no two.
    """
    overview = await storage.overview(site.name, 2, [number for number in (earlier, later) if number])
    newest, public = overview.head.latest, overview.head.shown.get(Slot.CURRENT)

    async def show(number: int) -> Manifest:
        return overview.known.get(number) or await storage.version(site.name, number)

    if newest is None:
        raise NotFound("There is no version yet.", "Wait until the site is made.")
    after = await show(later or newest)
    before = earlier or (public if public and public != after.number else after.parent)
    if before is None:
        raise NotFound(f"Version {after.number} has none before it to be compared with.", "Choose another version.")
    first, second = sorted((await show(before), after), key=lambda manifest: manifest.number)
    return VersionPair(first, second, newest, public)

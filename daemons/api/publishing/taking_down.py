"""Lets visitors get nothing of a site that is deleted."""

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.publishing.publishing import Publishing
from shared.clients.storage import StorageClient
from shared.domain.errors import Unavailable
from shared.domain.vocabulary import Slot


class TakingDown:
    """Takes sites down; raises Unavailable if storage can't record that."""

    def __init__(self, storage: StorageClient, publishing: Publishing) -> None:
        self._storage = storage
        self._publishing = publishing

    async def take_down(self, site: OwnedSite) -> str:
        """Take a site down; tells why visitors may still get something, empty if nothing of it was seen."""
        if not await self._is_public(site):
            return ""
        try:
            await self._publishing.deploy(site, Slot.CURRENT, None, accept_failed_checks=True, expected=None)
        except Unavailable as error:
            if await self._is_public(site):
                raise
            return error.detail
        return ""

    async def _is_public(self, site: OwnedSite) -> bool:
        return Slot.CURRENT in (await self._storage.head(site.name)).shown

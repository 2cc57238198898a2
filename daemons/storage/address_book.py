"""The addresses of all sites: which are taken, and one list for the deployers, kept in memory once it was asked for."""

import asyncio
import hashlib
import logging
from collections.abc import Iterable
from datetime import UTC, datetime

from anyio import to_thread

from daemons.storage.address_log import AddressLog
from daemons.storage.directory import Directory
from shared.domain.errors import Conflict, NotFound, PageWrightError
from shared.domain.site_address import AddressMove, SiteAddress, SiteAddresses
from shared.runtime import metrics
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)


class AddressBook:
    """The newest address of each site in a directory; moves take turns, so that no two sites get the same one."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._turn = asyncio.Lock()
        self._list: SiteAddresses | None = None

    async def list(self) -> SiteAddresses:
        """Every site that ever moved; one whose record is damaged by name only, and the journal names it too."""
        async with self._turn:
            return await self._listed()

    async def move(self, site: str, asked: AddressMove) -> tuple[SiteAddress, bool]:
        """Record a new address, and wake the deployers; False: the site has it already.

        Raises NotFound, or Conflict if another site has the address or this one another than expected.
        """
        if not self._directory.knows(site):
            raise NotFound(f"Storage has no site {site}.", "A site can move once it has a version.")
        async with self._turn:
            listed = await self._listed()
            if self._is_taken(site, asked.address, listed):
                raise Conflict(f"Another site has the address {asked.address}.", "Choose another one.")
            self._list = None  # whatever happens: if it is not known whether the record was written, read it again
            record, new = await self._directory.in_turn(site, lambda stored: stored.addresses.append(asked))
            others = (one for one in listed.items if one.site != site)
            self._list = _list_of((*others, record), listed.unreadable)
        if new:
            with log_context(site=site):
                _log.info("new address %s", record.address)
            metrics.STORED.labels("address").inc()
        self._directory.changes.notify_move(site)
        return record, new

    def _is_taken(self, site: str, address: str, listed: SiteAddresses) -> bool:
        now = datetime.now(UTC)
        others = (label for one in listed.items if one.site != site for label in one.labels(now))
        return (address != site and self._directory.knows(address)) or address in others

    async def _listed(self) -> SiteAddresses:
        if self._list is None:
            self._list = await to_thread.run_sync(self._read, self._directory.names)
        elif self._list.unreadable:  # they may be repaired by now
            again = await to_thread.run_sync(self._read, self._list.unreadable)
            self._list = _list_of((*self._list.items, *again.items), again.unreadable)
        return self._list

    def _read(self, names: Iterable[str]) -> SiteAddresses:
        """Look at each of these sites: what costs most is that it is there or not."""
        items, unreadable = [], []
        for name in tuple(names):
            try:
                newest = AddressLog(name, self._directory.folder(name), self._directory.folder(name)).newest()
            except PageWrightError:
                unreadable.append(name)
                with log_context(site=name):
                    _log.error("the address of this site is damaged, so its web hosts keep the one that they know")
                continue
            if newest:
                items.append(newest)
        return _list_of(items, unreadable)


def _list_of(items: Iterable[SiteAddress], unreadable: Iterable[str]) -> SiteAddresses:
    by_site = tuple(sorted(items, key=lambda one: one.site))
    named = tuple(sorted(unreadable))
    content = repr((named, [(one.site, one.number, one.address, one.at.isoformat()) for one in by_site]))
    return SiteAddresses(digest=hashlib.sha256(content.encode()).hexdigest(), items=by_site, unreadable=named)

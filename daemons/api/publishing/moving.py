"""A site gets another address: claim it in SQL, record it in storage, then wait until the web hosts show it.

Storage decides. SQL follows what it has recorded: here at once, else by `tend`, in whichever process is alive.
"""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.connection import Database
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.publishing.web_host import ExpectedAddress, ExpectedVersion, HostAnswer
from daemons.api.publishing.web_hosts import WebHosts
from daemons.api.sites.address_records import SiteLabels, follow_record, is_behind, read_labels
from daemons.api.sites.free_names import free_names
from daemons.api.sites.site_labels import claim_label, unclaim_label
from daemons.api.sites.site_names import NameTaken
from shared.clients.storage import StorageClient
from shared.domain.errors import Conflict, NotFound, Unavailable
from shared.domain.forwarding import Forward
from shared.domain.signing import manifest_digest
from shared.domain.site_address import SiteAddress, SiteAddresses
from shared.domain.vocabulary import Record, Slot
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)
_AGAIN = "The web hosts go on trying. Look at the address in a minute; if it is not right then, tell an operator."


class OldAddress(Record):
    """An address that a site had, and until when it leads to the present one; null: for ever."""

    address: str
    until: datetime | None


class PublicAddress(Record):
    """Where visitors find a site: a label of the sites' domain; and which of before lead there, the last one first."""

    address: str
    url: str
    former: Annotated[list[OldAddress], Field(description="Those that lead nowhere any more are left out.")]


class Moving:
    """Addresses of sites; raises Unavailable if a part is away."""

    def __init__(
        self, storage: StorageClient, database: Database, web_hosts: WebHosts, feed: SiteFeed, sites_url: str
    ) -> None:
        self._storage = storage
        self._database = database
        self._web_hosts = web_hosts
        self._feed = feed
        self._sites_url = sites_url
        self._listed: SiteAddresses | None = None

    async def look(self, site: OwnedSite) -> PublicAddress:
        """Where visitors find a site."""
        listed = await self._recorded()
        record = next((one for one in listed.items if one.site == site.name), None) if listed else None
        return self._public(record.address if record else site.row.label, record, datetime.now(UTC))

    async def move(self, site: OwnedSite, address: str, forward: Forward, expected: str | None) -> PublicAddress:
        """Give a site another address; the one before leads there as long as is said. Returns once that was seen.

        Raises NameTaken; Conflict if the site has another address than `expected` by now, or can't move; Unavailable if
        it is recorded but a host does not show it in time: the error names the host, which gets there by itself.
        """
        with log_context(site=site.name):
            now = datetime.now(UTC)
            is_claimed = await self._claim(site, address, now)
            try:
                record = await self._record(site, address, forward.until(now), expected)
            except Conflict:
                if is_claimed:
                    async with self._database.writing() as connection:
                        await unclaim_label(connection, address, site.name)
                raise
            async with self._database.writing() as connection:
                await follow_record(connection, site.name, record, now)
            _log.info("visitors shall find the site at %s, by %s", record.address, record.by)
            self._feed.tell(site.name)
            moved = self._public(record.address, record, now)
            if late := await self._until_shown(site, moved, is_left=forward is Forward.NONE):
                raise _not_shown(record.address, late)
        return moved

    async def _claim(self, site: OwnedSite, address: str, now: datetime) -> bool:
        try:
            async with self._database.writing() as connection:
                return await claim_label(connection, address, site.name, now)
        except NameTaken:
            free = await free_names(self._database, self._storage, site.user, address)
            raise NameTaken(address, free) from None

    async def _record(self, site: OwnedSite, address: str, until: datetime | None, expected: str | None) -> SiteAddress:
        seen = site.row.label if expected is None else expected
        try:
            return await self._storage.move_address(site.name, address, until, site.user.email, seen)
        except NotFound:
            hint = "It can once it has a version. If it has one, an upgrade is going on: try again in some minutes."
            raise Conflict(f"The site {site.name} can’t get another address yet.", hint) from None

    async def _until_shown(self, site: OwnedSite, moved: PublicAddress, *, is_left: bool) -> list[HostAnswer]:
        """Wait for the web hosts: visitors get at the new address what is public, and at the old ones the way there.

        One that is left for good shows nothing.
        """
        public = (await self._storage.head(site.name)).shown.get(Slot.CURRENT)
        manifest = await self._storage.version(site.name, public) if public else None
        version = ExpectedVersion(public, manifest_digest(manifest) if manifest else None)
        former = tuple(one.address for one in moved.former)
        left = (site.row.label,) if is_left and site.row.label not in (moved.address, *former) else ()
        wanted = ExpectedAddress(site.name, moved.address, version, former, left)
        return await self._web_hosts.wait_for_address(wanted)

    async def tend(self, now: datetime) -> None:
        """Let SQL follow what storage has recorded; that each api does so is harmless."""
        async with self._database.reading() as connection:
            known = await read_labels(connection)
        listed = await self._recorded()  # after SQL: what it says is no older
        if listed is None:
            return
        records = {record.site: record for record in listed.items}
        for name in (records.keys() | known.keys()) - set(listed.unreadable):
            record, labels = records.get(name), known.get(name, SiteLabels(name))
            if is_behind(name, labels, record, now):
                with log_context(site=name):
                    await self._follow(name, labels, record, now)

    async def _recorded(self) -> SiteAddresses | None:
        """What storage has recorded of all sites; None if it is of the release before."""
        try:
            self._listed = await self._storage.addresses(self._listed.digest if self._listed else None) or self._listed
        except NotFound:
            self._listed = None
        return self._listed

    async def _follow(self, name: str, known: SiteLabels, record: SiteAddress | None, now: datetime) -> None:
        try:
            async with self._database.writing() as connection:
                await follow_record(connection, name, record, now, only_from=known)
        except NameTaken as error:
            _log.error("storage says that an address is this site's which is another's: %s", error.detail)
            return
        _log.info("the database has caught up with the site's address in storage")
        self._feed.tell(name)

    def _public(self, address: str, record: SiteAddress | None, now: datetime) -> PublicAddress:
        leading = record.leading(now) if record else ()
        former = [OldAddress(address=one.label, until=one.until) for one in reversed(leading)]
        return PublicAddress(address=address, url=self._sites_url.format(host=address), former=former)


def _not_shown(address: str, late: Sequence[HostAnswer]) -> Unavailable:
    """Which host does not show a site at its address, and why if it has told."""
    for host in late:
        if host.trouble:
            reason = host.trouble.reason[:1].lower() + host.trouble.reason[1:]
            return Unavailable(
                f"The web host {host.address} can't show the site at {address}: {reason}", host.trouble.hint
            )
    if not any(host.answers for host in late):
        return Unavailable(f"The site is to be at {address}, but no web host answers.", _AGAIN)
    names = " and ".join(host.address for host in late)
    return Unavailable(f"The site is to be at {address}, but the web host {names} does not show it there yet.", _AGAIN)

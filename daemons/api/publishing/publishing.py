"""Publishing, rolling back, taking down: record in storage what is desired, then wait until the web hosts show it."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.audit import TAKE_DOWN, record_action
from daemons.api.accounts.site_access import OwnedSite
from daemons.api.database.connection import Database
from daemons.api.database.paging import Page
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.jobs.site_marks import mark_publication
from daemons.api.publishing.publication_history import undoable
from daemons.api.publishing.web_host import ExpectedVersion, HostAnswer
from daemons.api.publishing.web_hosts import WebHosts
from shared.clients.storage import StorageClient
from shared.domain.desired_version import DesiredVersion
from shared.domain.errors import Conflict, PageWrightError, Unavailable
from shared.domain.host_problem import HostProblem
from shared.domain.manifest import Manifest
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import Deployment, Record, Slot, VersionNumber
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)
NOT_YET = "It does not show it yet."
_AGAIN = "The web hosts go on trying. Look at the site in a minute; if it is still the old one, tell an operator."


class LateHost(Record):
    """A web host that does not show what it should, and why as far as it has told."""

    address: str
    reason: str
    hint: str


class SlotSeen(Record):
    """What web hosts were just seen to show. `version` is what the slot should show, null for nothing.

    `served` is true if every host that answers tells this version and its record's digest, or that it has nothing after
    the site was taken down, else `late` has the others.
    """

    slot: Slot
    version: VersionNumber | None
    served: bool
    late: list[LateHost]


class Publishing:
    """Deployments; raises Unavailable if a part is away."""

    def __init__(self, storage: StorageClient, database: Database, web_hosts: WebHosts, feed: SiteFeed) -> None:
        self._storage = storage
        self._feed = feed
        self._database = database
        self._web_hosts = web_hosts

    async def deploy(
        self, site: OwnedSite, slot: Slot, version: int | None, *, accept_failed_checks: bool, expected: int | None
    ) -> DesiredVersion:
        """Show this version in this slot; returns once the web hosts serve it. Rolling back is the same call.

        Without a version `current` shows nothing; returns once every host that answers was seen to serve nothing.

        Raises NotFound for an unknown version; Conflict for one that failed its checks unless that is accepted, if the
        slot has another version than `expected` (0: none), or if somebody's later deployment came between; and
        Unavailable if it is recorded but a host can't serve it, or does not in time: the error names the host. The
        deployment then goes live by itself; no retry is needed.
        """
        with log_context(site=site.name):
            desired, troubles = await asyncio.gather(
                self._storage.desire(
                    site.name,
                    slot,
                    version,
                    site.user.email,
                    accept_failed_checks=accept_failed_checks,
                    expected=expected,
                ),
                self._web_hosts.troubles(site.name, slot),
            )
            noting = asyncio.create_task(self._note(site.user, desired))
            try:
                late = await self._until_shown(desired, troubles, site.row.label)
            finally:
                await noting
                self._feed.tell(site.name)
            if late:
                raise await self._why_not(desired.deployment, late)
        return desired

    async def _until_shown(
        self, desired: DesiredVersion, troubles: Mapping[str, HostProblem], address: str
    ) -> list[HostAnswer]:
        """Wait for the web hosts; what they told of attempts before this one is no answer to it."""
        wanted = ExpectedVersion(desired.deployment.version, desired.manifest, desired.home)
        known = {trouble.attempt for trouble in troubles.values()}
        return await self._web_hosts.wait_for(
            desired.deployment, wanted, known=known, is_new=desired.is_new, address=address
        )

    async def undo(self, site: OwnedSite, expected: int | None) -> DesiredVersion:
        """Show visitors again what they saw before the newest publication, which they are `expected` to see still.

        The same after the site was taken down (0). Raises Conflict ten minutes after it, and what `deploy` raises.
        """
        published = (await self._storage.overview(site.name, 1)).published
        before = undoable(published, datetime.now(UTC))
        if before is None:
            raise Conflict("This can be undone for ten minutes.", "Choose among the versions what visitors shall see.")
        seen = (published[0].version or 0) if expected is None else expected
        return await self.deploy(site, Slot.CURRENT, before, accept_failed_checks=True, expected=seen)

    async def list_deployments(self, site: OwnedSite, before: int | None, limit: int) -> Page[Deployment]:
        """A site's deployments, newest first."""
        items, cursor = await self._storage.deployments(site.name, before=before, limit=limit)
        return Page(items=list(items), next=str(cursor) if cursor else None)

    async def look(self, site: OwnedSite, slot: Slot, seconds: float = 0) -> SlotSeen:
        """What the web hosts show in a slot; waits up to `seconds` for what they should show."""
        desired = (await self._storage.head(site.name)).slots.get(slot)
        if desired is None:
            return SlotSeen(slot=slot, version=None, served=False, late=[])
        manifest = await self._storage.version(site.name, desired.version) if desired.version else None
        return await self.seen(desired, manifest, site.row.label, seconds)

    async def seen(self, desired: Deployment, manifest: Manifest | None, address: str, seconds: float = 0) -> SlotSeen:
        """What the web hosts show where they should show this version, whose record is known already, or nothing.

        `address` is the site's.
        """
        wanted = ExpectedVersion(desired.version, manifest_digest(manifest) if manifest else None)
        late = await self._web_hosts.wait_for(desired, wanted, limit_seconds=seconds, address=address)
        reasons = [_late_host(host) for host in late]
        return SlotSeen(slot=desired.slot, version=desired.version, served=not late, late=reasons)

    async def serves(self, manifest: Manifest, seconds: float = 0) -> bool:
        """Whether the web hosts have this version under its own address; waits up to `seconds` for it."""
        wanted = ExpectedVersion(manifest.number, manifest_digest(manifest))
        return await self._web_hosts.has(manifest.site, wanted, seconds)

    async def _why_not(self, deployment: Deployment, late: Sequence[HostAnswer]) -> PageWrightError:
        """Why a deployment is not served by these hosts."""
        newest = (await self._storage.head(deployment.site)).slots.get(deployment.slot)
        if newest and newest.number != deployment.number:
            what = "Look at the site, and publish again if you still want to."
            if newest.version is None:
                return Conflict(f"{newest.by} took the site down in the meantime.", what)
            return Conflict(f"{newest.by} asked for version {newest.version} in the meantime.", what)
        return _not_shown(deployment.version, late) if deployment.version else _not_taken_down(late)

    async def _note(self, user: Account, desired: DesiredVersion) -> None:
        """Tell the audit trail, once: a second click finds its version recorded, and lets the hosts look again."""
        if not desired.is_new:
            return
        shown, before = desired.deployment, desired.before.version if desired.before else None
        version, action = shown.version, f"deploy.{shown.slot}" if shown.version else TAKE_DOWN
        details = {"version": version, "before": before} if version else {"before": before}
        async with self._database.writing() as connection:
            await record_action(connection, user.email, action, shown.site, **details)
            if shown.slot is Slot.CURRENT:
                await mark_publication(connection, shown.site, version)
        _log.info("%s shall show %s, by %s", shown.slot, f"version {version}" if version else "nothing", user.email)


def _late_host(host: HostAnswer) -> LateHost:
    if host.trouble:
        return LateHost(address=host.address, reason=host.trouble.reason, hint=host.trouble.hint)
    reason = NOT_YET if host.answers else "It does not answer."
    return LateHost(address=host.address, reason=reason, hint="The web hosts go on trying.")


def _not_shown(version: int, late: Sequence[HostAnswer]) -> Unavailable:
    """Which host does not show a version, and why if it has told."""
    for host in late:
        if host.trouble:
            reason = host.trouble.reason[:1].lower() + host.trouble.reason[1:]
            return Unavailable(f"The web host {host.address} can't take version {version}: {reason}", host.trouble.hint)
    if not any(host.answers for host in late):
        return Unavailable(f"Version {version} is asked for, but no web host answers.", _AGAIN)
    names = " and ".join(host.address for host in late)
    return Unavailable(f"Version {version} is asked for, but the web host {names} does not show it yet.", _AGAIN)


def _not_taken_down(late: Sequence[HostAnswer]) -> Unavailable:
    """Which host was not seen to show nothing, and why if it has told."""
    for host in late:
        if host.trouble:
            reason = host.trouble.reason[:1].lower() + host.trouble.reason[1:]
            return Unavailable(f"The web host {host.address} can't take the site down: {reason}", host.trouble.hint)
    if not any(host.answers for host in late):
        return Unavailable("The site is to be taken down, but no web host answers.", _AGAIN)
    names = " and ".join(host.address for host in late)
    return Unavailable(f"The site is to be taken down, but the web host {names} may still show it.", _AGAIN)

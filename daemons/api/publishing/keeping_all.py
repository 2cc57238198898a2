"""Lets a person say that all that a version changed shall stay, also what nobody asked for."""

from daemons.api.accounts.audit import AuditTrail
from daemons.api.accounts.site_access import OwnedSite
from daemons.api.publishing.publishing import Publishing
from shared.clients.storage import StorageClient
from shared.domain.desired_version import DesiredVersion
from shared.domain.errors import Conflict
from shared.domain.visible_changes import UNASKED
from shared.domain.vocabulary import Slot

KEEP_ALL = "version.keep-all"


class KeepingAll:
    """Shows a version in preview that was withheld; the deployment and the audit trail record who said so."""

    def __init__(self, storage: StorageClient, publishing: Publishing, audit: AuditTrail) -> None:
        self._storage = storage
        self._publishing = publishing
        self._audit = audit

    async def keep_all(self, site: OwnedSite, version: int) -> DesiredVersion:
        """Keep all of the newest version; saying it twice is saying it once.

        Raises Conflict if there is a newer one, which has the change too, and what `Publishing.deploy` raises.
        """
        manifest = await self._storage.version(site.name, version)
        head = await self._storage.head(site.name)
        if head.latest != version:
            raise Conflict(
                f"Version {version} is not the newest any more, and version {head.latest} has its change.",
                f"Look at version {head.latest}.",
            )
        if head.shown.get(Slot.PREVIEW) != version:
            unasked = sum(check.count for check in manifest.checks if check.name == UNASKED)
            await self._audit.record(site.user.email, KEEP_ALL, site.name, version=version, unasked=unasked)
        return await self._publishing.deploy(
            site, Slot.PREVIEW, version, accept_failed_checks=True, expected=head.shown.get(Slot.PREVIEW) or 0
        )

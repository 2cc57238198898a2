"""Publishing and rolling back: record the wish in storage, then wait until the web hosts show it."""

import logging

from daemons.api.accounts import Account
from daemons.api.audit import AuditTrail
from daemons.api.paging import Page
from daemons.api.probe import Probe
from daemons.api.sites import Sites
from shared.errors import Conflict, PageWrightError, Unavailable
from shared.journal import log_context
from shared.manifest import CheckStatus, Manifest
from shared.storage_client import StorageClient
from shared.vocabulary import Deployment, Slot

_log = logging.getLogger(__name__)


class Publishing:
    """Deployments; raises NotFound for what the asker may not see, Unavailable if a part is away."""

    def __init__(self, storage: StorageClient, sites: Sites, audit: AuditTrail, probe: Probe) -> None:
        self._storage = storage
        self._sites = sites
        self._audit = audit
        self._probe = probe

    async def deploy(
        self, asker: Account, site: str, slot: Slot, version: int, *, accept_failed_checks: bool, expected: int | None
    ) -> Deployment:
        """Show this version in this slot; returns once the web hosts serve it. Rolling back is the same call.

        Raises NotFound for an unknown version; Conflict for one that failed its checks unless that is accepted, if the
        slot has another version than `expected` (0: none), or if somebody's later deployment came between; and
        Unavailable if the wish is recorded but not served in time: it will be without asking again.
        """
        await self._sites.row(asker, site)
        with log_context(site=site):
            manifest = await self._storage.version(site, version)
            if not accept_failed_checks:
                _check_passed(manifest)
            deployment = await self._wish(asker, site, slot, version, expected)
            if not await self._probe.wait_for(deployment):
                raise await self._why_not(deployment)
        return deployment

    async def list_deployments(self, asker: Account, site: str, before: int | None, limit: int) -> Page[Deployment]:
        """A site's deployments, newest first."""
        await self._sites.row(asker, site)
        items, cursor = await self._storage.deployments(site, before=before, limit=limit)
        return Page(items=list(items), next=str(cursor) if cursor else None)

    async def serves(self, site: str, version: int, seconds: float = 0) -> bool:
        """Whether the web hosts have this version under its own address; waits up to `seconds` for it."""
        return await self._probe.has(site, version, seconds)

    async def _why_not(self, deployment: Deployment) -> PageWrightError:
        """Why a deployment is not served after all this time."""
        newest = (await self._storage.head(deployment.site)).slots.get(deployment.slot)
        if newest and newest.number != deployment.number:
            return Conflict(
                f"{newest.by} asked for version {newest.version} in the meantime.",
                "Look at the site, and publish again if you still want to.",
            )
        return Unavailable(
            f"Version {deployment.version} will be shown, but the web server does not have it yet.",
            "It goes live by itself as soon as the web host can. There is no need to ask again.",
        )

    async def _wish(self, asker: Account, site: str, slot: Slot, version: int, expected: int | None) -> Deployment:
        """Record the wish, once: a second click finds it recorded."""
        newest = (await self._storage.head(site)).slots.get(slot)
        if newest and newest.version == version:
            return newest
        deployment = await self._storage.deploy(site, slot, version, asker.email, expected=expected)
        before = newest.version if newest else None
        await self._audit.record(asker.email, f"deploy.{slot}", site, version=version, before=before)
        _log.info("%s shall show version %d, by %s", slot, version, asker.email)
        return deployment


def _check_passed(manifest: Manifest) -> None:
    failed = [check.name for check in manifest.checks if check.status is CheckStatus.FAILED]
    if failed:
        raise Conflict(
            f"Version {manifest.number} failed these checks: {', '.join(failed)}.",
            "Ask for a change that mends them, or accept the failed checks (in the API: `accept_failed_checks`).",
        )

"""Publishing and rolling back: record the wish in storage, then wait until the sites' web server shows it."""

import asyncio
import logging
import time
from typing import Self
from urllib.parse import urlsplit

from daemons.api.accounts import Account
from daemons.api.audit import AuditTrail
from daemons.api.paging import Page
from daemons.api.sites import Sites
from shared.daemon_client import TransportError, open_client
from shared.errors import Conflict, PageWrightError, Unavailable
from shared.journal import log_context
from shared.manifest import CheckStatus, Manifest
from shared.storage_client import StorageClient
from shared.vocabulary import Deployment, Slot

_log = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 0.002
_LONGEST_PAUSE_SECONDS = 0.05
_LIMIT_SECONDS = 10.0


class Publishing:
    """Deployments; raises NotFound for what the asker may not see, Unavailable if a part is away."""

    def __init__(self, storage: StorageClient, sites: Sites, audit: AuditTrail, probe: "Probe") -> None:
        self._storage = storage
        self._sites = sites
        self._audit = audit
        self._probe = probe

    async def deploy(
        self, asker: Account, site: str, slot: Slot, version: int, *, accept_failed_checks: bool
    ) -> Deployment:
        """Show this version in this slot; returns once the web server serves it. Rolling back is the same call.

        Raises NotFound for an unknown version, Conflict for one that failed its checks unless that is accepted or if
        somebody's later deployment came between, and Unavailable if the wish is recorded but not served in time: it
        will be without asking again.
        """
        await self._sites.row(asker, site)
        with log_context(site=site):
            manifest = await self._storage.version(site, version)
            if not accept_failed_checks:
                _check_passed(manifest)
            deployment = await self._wish(asker, site, slot, version)
            if not await self._probe.wait_for(deployment):
                raise await self._why_not(deployment)
        return deployment

    async def list_deployments(self, asker: Account, site: str, before: int | None, limit: int) -> Page[Deployment]:
        """A site's deployments, newest first."""
        await self._sites.row(asker, site)
        items, cursor = await self._storage.deployments(site, before=before, limit=limit)
        return Page(items=list(items), next=str(cursor) if cursor else None)

    async def serves(self, site: str, version: int, seconds: float = 0) -> bool:
        """Whether the web server has this version under its own address; waits up to `seconds` for it."""
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

    async def _wish(self, asker: Account, site: str, slot: Slot, version: int) -> Deployment:
        """Record the wish, once: a second click finds it recorded."""
        newest = (await self._storage.head(site)).slots.get(slot)
        if newest and newest.version == version:
            return newest
        deployment = await self._storage.deploy(site, slot, version, asker.email)
        before = newest.version if newest else None
        await self._audit.record(asker.email, f"deploy.{slot}", site, version=version, before=before)
        _log.info("%s shall show version %d, by %s", slot, version, asker.email)
        return deployment


def _check_passed(manifest: Manifest) -> None:
    failed = [check.name for check in manifest.checks if check.status is CheckStatus.FAILED]
    if failed:
        raise Conflict(
            f"Version {manifest.number} failed these checks: {', '.join(failed)}.",
            "Ask for a change that mends them, or accept the failed checks to publish it all the same.",
        )


class Probe:
    """Asks the sites' web server which version it serves."""

    def __init__(self, address: str, sites_url: str) -> None:
        self._client = open_client(address, timeout=2.0)
        self._sites_url = sites_url

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def wait_for(self, deployment: Deployment, limit_seconds: float = _LIMIT_SECONDS) -> bool:
        """Wait until the deployment's version is served; False if it is not within the limit."""
        deadline = time.monotonic() + limit_seconds
        pause = _FIRST_PAUSE_SECONDS
        while await self.live(deployment.site, deployment.slot) != deployment.version:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, _LONGEST_PAUSE_SECONDS)
        return True

    async def live(self, site: str, slot: Slot) -> int | None:
        """The version that is served; None if there is none, or nobody answers."""
        return await self._served(site if slot is Slot.CURRENT else f"{slot}--{site}")

    async def has(self, site: str, version: int, seconds: float) -> bool:
        """Whether the version's own address shows it, now or within `seconds`."""
        deadline = time.monotonic() + seconds
        while await self._served(f"v{version}--{site}") != version:
            if time.monotonic() >= deadline:
                return False
            await asyncio.sleep(_LONGEST_PAUSE_SECONDS)
        return True

    async def _served(self, host: str) -> int | None:
        headers = {"Host": urlsplit(self._sites_url.format(host=host)).netloc}
        try:
            answer = await self._client.get("/.well-known/pagewright.json", headers=headers)
            served = answer.json() if answer.status_code == 200 else {}
        except (TransportError, ValueError):
            return None
        version = served.get("version") if isinstance(served, dict) else None
        return version if isinstance(version, int) else None

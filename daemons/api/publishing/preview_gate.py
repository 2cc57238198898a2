"""Holds back the news that a job has ended until its version can be looked at, so that nobody sees the old preview."""

from contextlib import suppress

from daemons.api.publishing.web_host import ExpectedVersion
from daemons.api.publishing.web_hosts import WebHosts
from shared.clients.storage import StorageClient
from shared.domain.errors import PageWrightError
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import Outcome, Slot


class PreviewGate:
    """Waits for the web hosts, for a short while: a job has ended even when its preview is late."""

    def __init__(self, storage: StorageClient, web_hosts: WebHosts) -> None:
        self._storage = storage
        self._web_hosts = web_hosts

    async def until_shown(self, site: str, outcome: Outcome) -> None:
        """Return once the preview that this outcome promises is served, or can't be waited for."""
        if outcome.version is None:
            return
        with suppress(PageWrightError):
            preview = (await self._storage.head(site)).slots.get(Slot.PREVIEW)
            if preview and preview.version == outcome.version:
                digest = manifest_digest(await self._storage.version(site, preview.version))
                await self._web_hosts.wait_for(preview, ExpectedVersion(preview.version, digest), limit_seconds=3.0)

"""The news of a job's end waits for its preview, and for nothing else."""

import asyncio
import time

import pytest

from daemons.api.publishing.preview_gate import PreviewGate
from daemons.api.publishing.web_hosts import WebHosts
from shared.clients.storage import StorageClient
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import JobState, Outcome, Slot
from tests.api.conftest import World
from tests.support.api_process import SITES_URL
from tests.support.manifests import fill_site
from tests.support.replies import reply, replying


def test_it_waits_until_the_preview_is_served(world: World) -> None:
    async def run() -> None:
        async with world.storage.client() as worker, world.storage.client("api") as storage:
            manifest = (await fill_site(worker, 1, site="gated"))[0]
            await worker.deploy("gated", Slot.PREVIEW, 1, "worker-1", 1)
            shown = {"version": 1, "manifest": manifest_digest(manifest)}
            async with (
                replying(reply({"version": 1, "manifest": "other"}), reply(b"", 404), reply(shown)) as server,
                WebHosts([server.address], SITES_URL) as hosts,
            ):
                await PreviewGate(storage, hosts).until_shown("gated", Outcome(state=JobState.SUCCEEDED, version=1))
                assert len(server.asked) >= 3
                assert all("host: preview--gated.sites.test" in asked.lower() for asked in server.asked)

    asyncio.run(run())


@pytest.mark.parametrize(
    "outcome",
    [Outcome(state=JobState.FAILED), Outcome(state=JobState.SUCCEEDED, version=2)],
    ids=["none", "storage away"],
)
def test_what_can_not_be_waited_for_is_not(outcome: Outcome) -> None:
    async def run() -> None:
        async with (
            StorageClient("127.0.0.1:1", "token", restart_seconds=0) as storage,
            WebHosts([], SITES_URL) as hosts,
        ):
            started = time.monotonic()
            await PreviewGate(storage, hosts).until_shown("gated", outcome)
            assert time.monotonic() - started < 2

    asyncio.run(run())

"""A site that is deleted is taken down if it is public; a host that is late is told, and nothing is claimed."""

import asyncio
from pathlib import Path

from daemons.api.accounts.site_access import own_site
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.publishing.publishing import Publishing
from daemons.api.publishing.taking_down import TakingDown
from daemons.api.publishing.web_hosts import WebHosts
from shared.clients.job_queue import JobQueue
from shared.domain.vocabulary import Slot
from tests.api.small_database import ANA, small_database
from tests.support.api_process import SITES_URL
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


def test_what_is_public_is_taken_down_and_a_host_that_does_not_answer_is_told(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def run() -> None:
        async with (
            small_database(tmp_path, "withdrawn") as database,
            JobQueue.open(redis_url) as queue,
            storage.client("api") as api,
            storage.client() as worker,
            WebHosts(["127.0.0.1:1"], SITES_URL) as hosts,
            SiteFeed(queue) as feed,
        ):
            await fill_site(worker, 1, site="withdrawn")
            async with database.reading() as connection:
                site = await own_site(connection, ANA, "withdrawn")
            taking = TakingDown(api, Publishing(api, database, hosts, feed))
            assert await taking.take_down(site) == "", "it was never public"
            await api.deploy("withdrawn", Slot.CURRENT, 1, ANA.email)
            assert "no web host answers" in await taking.take_down(site)
            assert (await api.head("withdrawn")).is_taken_down
            deployments, _ = await api.deployments("withdrawn")
            assert await taking.take_down(site) == "", "it is taken down already"
            assert (await api.deployments("withdrawn"))[0] == deployments

    asyncio.run(run())

"""Who keeps all of a version is recorded, once; of an older version that is refused."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest

from daemons.api.accounts.audit import AuditTrail
from daemons.api.accounts.site_access import own_site
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.publishing.keeping_all import KEEP_ALL, KeepingAll
from daemons.api.publishing.publishing import Publishing
from daemons.api.publishing.web_hosts import WebHosts
from shared.clients.job_queue import JobQueue
from shared.domain.errors import Conflict, Unavailable
from shared.domain.kept_version import kept_by
from tests.api.small_database import ANA, small_database
from tests.support.api_process import SITES_URL
from tests.support.manifests import fill_site
from tests.support.storage_process import StorageProcess


def test_the_newest_version_is_kept_and_who_said_so_is_recorded(
    redis_url: str, storage: StorageProcess, tmp_path: Path
) -> None:
    async def run() -> None:
        async with (
            small_database(tmp_path, "kept") as database,
            JobQueue.open(redis_url) as queue,
            storage.client("api") as api,
            storage.client() as worker,
            WebHosts(["127.0.0.1:1"], SITES_URL) as hosts,
            SiteFeed(queue) as feed,
        ):
            await fill_site(worker, 2, site="kept")
            async with database.reading() as connection:
                site = await own_site(connection, ANA, "kept")
            audit = AuditTrail(database)
            keeping = KeepingAll(api, Publishing(api, database, hosts, feed), audit)
            for _ in range(2):
                with suppress(Unavailable):  # no web host answers
                    await keeping.keep_all(site, 2)
            assert kept_by(await api.head("kept"), 2) == ANA.email
            entries = (await audit.entries("kept", None, 10)).items
            assert [entry.details for entry in entries if entry.action == KEEP_ALL] == [{"version": 2, "unasked": 0}]
            with pytest.raises(Conflict, match="version 2 has its change"):
                await keeping.keep_all(site, 1)

    asyncio.run(run())

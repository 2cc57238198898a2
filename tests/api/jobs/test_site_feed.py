"""The news of sites: told to whoever watches, missed by nobody, and free while nothing happens."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from daemons.api.accounts.site_access import OwnedSite, SiteRow
from daemons.api.jobs.site_feed import SiteChanged, SiteFeed
from shared.clients.job_queue import JobQueue
from shared.domain.vocabulary import JobState, Outcome, Phase, Progress
from tests.api.small_database import ANA, NOW, edit
from tests.support.redis_server import RedisServer


@asynccontextmanager
async def feed_at(url: str) -> AsyncIterator[tuple[JobQueue, SiteFeed]]:
    async with asyncio.timeout(30), JobQueue.open(url) as queue, SiteFeed(queue) as feed:
        yield queue, feed


def owned(name: str) -> OwnedSite:
    row = SiteRow(name=name, title=name, template=None, owner_id=ANA.id, owner=ANA.email, created_at=NOW)
    return OwnedSite(row, ANA)


async def always() -> bool:
    return True


async def changes(feed: SiteFeed, site: str, after: str) -> AsyncIterator[SiteChanged]:
    async for item in feed.watch(owned(site), after, always):
        if isinstance(item, SiteChanged):
            yield item


def test_each_step_of_a_job_is_told_to_its_site_alone(redis_url: str) -> None:
    async def scene() -> None:
        async with feed_at(redis_url) as (queue, feed):
            told = changes(feed, "bakery", "")
            assert (await anext(told)).job is None, "what it has seen is not known"
            request = edit()
            await queue.submit(edit(site="lawyer"))
            await queue.submit(request)
            assert (await anext(told)).job == request.id
            while (claim := await queue.claim("one", 30, 0)) and claim.request.site != "bakery":
                await queue.finish(claim, Outcome(state=JobState.CANCELLED))
            assert claim
            assert (await anext(told)).job == request.id
            await queue.progress(claim, Progress(phase=Phase.EDITING, text="Reading"))
            assert (await anext(told)).job == request.id
            feed.tell("bakery")
            assert (await anext(told)).job is None
            await told.aclose()

    asyncio.run(scene())


def test_what_happened_between_page_and_stream_is_told_at_once(redis_url: str) -> None:
    async def scene() -> None:
        async with feed_at(redis_url) as (queue, feed):
            told = changes(feed, "bakery", "")
            await anext(told)
            seen = feed.position
            await queue.tell_changed("bakery")
            last = await anext(told)
            late, uninformed = changes(feed, "bakery", seen), changes(feed, "bakery", last.position)
            assert (await anext(late)).job is None
            nothing = asyncio.ensure_future(anext(uninformed))
            await queue.tell_changed("lawyer")
            await queue.tell_changed("bakery")
            assert (await nothing).position > last.position
            for one in (told, late, uninformed):
                await one.aclose()

    asyncio.run(scene())


def test_after_redis_was_lost_everybody_looks_again(redis_server: RedisServer) -> None:
    async def scene() -> None:
        async with asyncio.timeout(30), JobQueue.open(redis_server.url, 0.1) as queue, SiteFeed(queue) as feed:
            told = changes(feed, "bakery", "")
            await anext(told)
            redis_server.kill()
            again = asyncio.ensure_future(anext(told))
            await asyncio.sleep(0.3)
            redis_server.start()
            assert (await again).job is None
            await told.aclose()

    asyncio.run(scene())


def test_nobody_is_looked_up_until_there_is_something_to_tell(redis_url: str) -> None:
    """And who is not welcome any more is told nothing."""
    asked: list[str] = []

    async def is_welcome() -> bool:
        asked.append("again")
        return len(asked) < 2

    async def scene() -> None:
        async with asyncio.timeout(30), JobQueue.open(redis_url) as queue, SiteFeed(queue, 0) as feed:
            told = feed.watch(owned("bakery"), "", is_welcome)
            await anext(told)
            assert asked == ["again"]
            rest = asyncio.ensure_future(anext(told, None))
            await queue.tell_changed("lawyer")
            await asyncio.sleep(0.2)
            assert (rest.done(), len(asked)) == (False, 1)
            await queue.tell_changed("bakery")
            assert await rest is None

    asyncio.run(scene())

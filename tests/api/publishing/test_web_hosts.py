"""What a probe makes of a web host that answers something else than PageWright's nginx would."""

import asyncio

from daemons.api.publishing.web_host import HostAnswer
from daemons.api.publishing.web_hosts import WebHosts
from shared.domain.vocabulary import Slot
from tests.support.api_process import SITES_URL

_GOOD = b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 29\r\n\r\n{"site":"bakery","version":3}'
_NO_GZIP = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone"
_NO_HTTP = b"who is there?\r\n"
_REPLIES = [_NO_GZIP, _NO_HTTP, _GOOD]


def test_a_host_whose_answers_are_none_is_silent_until_it_answers() -> None:
    async def run() -> list[HostAnswer]:
        replies = iter(_REPLIES)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(next(replies, _GOOD))
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(serve, "127.0.0.1") as server:
            port = server.sockets[0].getsockname()[1]
            async with WebHosts([f"127.0.0.1:{port}"], SITES_URL) as probe:
                answers = await probe.hosts("bakery", Slot.CURRENT)
                while not answers[-1].answers:
                    await asyncio.sleep(0.1)
                    answers += await probe.hosts("bakery", Slot.CURRENT)
        return answers

    answers = asyncio.run(asyncio.wait_for(run(), timeout=20))
    assert not answers[0].answers
    assert answers[-1].version == 3


def test_the_search_that_broke_off_is_no_reason_to_stay_silent() -> None:
    """Whatever ended it, such as a bug: the next who asks looks for itself."""

    async def run() -> list[HostAnswer]:
        async with WebHosts(["127.0.0.1:1"], SITES_URL) as probe:
            await probe.hosts("bakery", Slot.CURRENT)
            (search,) = asyncio.all_tasks() - {asyncio.current_task()}
            search.cancel()
            await asyncio.wait([search])
            await probe.hosts("bakery", Slot.CURRENT)
            assert asyncio.all_tasks() - {asyncio.current_task()}, "nobody looks for the host"
            return await probe.hosts("bakery", Slot.CURRENT)

    assert [answer.answers for answer in asyncio.run(run())] == [False]

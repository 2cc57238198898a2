"""Single requests to storage: repeated after a lost connection and after nothing else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from shared.clients.daemon import ConnectError
from shared.clients.storage_calls import StorageCalls
from shared.domain.errors import NotFound, Unavailable
from tests.support.replies import Replies, reply, replying

_LOST = b""  # the connection closes without an answer


@asynccontextmanager
async def calls(*replies: bytes) -> AsyncIterator[tuple[StorageCalls, Replies]]:
    async with replying(*replies) as server:
        made = StorageCalls(server.address, "token", 5.0)
        yield made, server
        await made.close()


def test_a_lost_connection_is_tried_again_with_the_token() -> None:
    async def run() -> None:
        async with calls(_LOST, reply({"n": 1})) as (made, server):
            assert (await made.get("/v1/sites", {"after": "a"})).json() == {"n": 1}
            assert len(server.asked) == 2
            for asked in server.asked:
                assert asked.startswith("GET /v1/sites?after=a ")
                assert "authorization: bearer token" in asked.lower()

    asyncio.run(run())


def test_an_answer_is_an_answer_and_an_error_is_raised_as_ours() -> None:
    async def run() -> None:
        async with calls(reply({"detail": "No such site.", "hint": "Look."}, 404)) as (made, server):
            with pytest.raises(NotFound, match="No such site"):
                await made.get("/v1/sites/x")
            assert len(server.asked) == 1

    asyncio.run(run())


def test_what_may_not_be_done_twice_is_not_repeated() -> None:
    """The request may have arrived before the connection was lost."""

    async def run() -> None:
        async with calls(_LOST, reply({})) as (made, server):
            with pytest.raises(Unavailable, match="Storage can't be reached"):
                await made.call("POST", "/v1/sites/x/deployments", repeat_after=ConnectError)
            assert len(server.asked) == 1

    asyncio.run(run())

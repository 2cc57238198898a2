"""A part that hangs, stopped by SIGSTOP, is named in the journal: once per outage, and when it answers again."""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable

import pytest

from shared.clients.job_queue import JobQueue
from tests.support.redis_server import RedisServer
from tests.support.storage_process import StorageProcess


async def hang(pid: int, calls: list[Awaitable[object]], seconds: float) -> None:
    """Let a process stand still while these calls wait for it."""
    os.kill(pid, signal.SIGSTOP)
    try:
        waiting = asyncio.gather(*calls)
        await asyncio.sleep(seconds)
    finally:
        os.kill(pid, signal.SIGCONT)
    await waiting


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "shared.clients.slow_calls"]


def test_a_storage_that_hangs_is_named(storage: StorageProcess, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with storage.client() as client:
            for _ in range(2):
                await hang(storage.pid, [client.head(f"site{n}") for n in range(5)], 6)
            await client.changes(None, 0)

    with caplog.at_level(logging.INFO):
        asyncio.run(run())
    outage = ["storage has not answered for 5 seconds; it is waited for", "storage answers again"]
    assert lines(caplog) == outage * 2


def test_waiting_for_a_change_is_no_outage(storage: StorageProcess, caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        async with storage.client() as client:
            cursor = (await client.changes(None, 0)).cursor
            await client.changes(cursor, 7)

    with caplog.at_level(logging.INFO):
        asyncio.run(run())
    assert lines(caplog) == []


def test_a_redis_that_hangs_is_named(redis_server: RedisServer, caplog: pytest.LogCaptureFixture) -> None:
    """Also when those who wait only wait for news."""

    async def run() -> None:
        async with JobQueue.open(redis_server.url) as queue:
            await queue.ping()
            await hang(redis_server.pid, [queue.depth(), queue.outcomes("0", 5), queue.running()], 9)

    with caplog.at_level(logging.INFO):
        asyncio.run(run())
    assert lines(caplog) == ["Redis has not answered for 8 seconds; it is waited for", "Redis answers again"]

"""Waiting for a file descriptor in the event loop."""

import asyncio
import os

import pytest

from daemons.worker.sandbox.readiness import wait_readable


def test_data_and_the_end_both_wake_and_nothing_else_does() -> None:
    async def run() -> None:
        reader, writer = os.pipe()
        waiting = asyncio.create_task(wait_readable(reader))
        await asyncio.sleep(0)
        assert not waiting.done()
        os.write(writer, b"x")
        await asyncio.wait_for(waiting, 5)
        assert os.read(reader, 1) == b"x"
        os.close(writer)
        await asyncio.wait_for(wait_readable(reader), 5)
        os.close(reader)

    asyncio.run(run())


def test_who_stops_waiting_leaves_no_reader_behind() -> None:
    async def run() -> None:
        reader, writer = os.pipe()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(wait_readable(reader), 0.01)
        assert not asyncio.get_running_loop().remove_reader(reader)
        os.close(reader)
        os.close(writer)

    asyncio.run(run())

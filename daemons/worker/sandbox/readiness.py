"""Waiting for a file descriptor in the event loop."""

import asyncio


async def wait_readable(fd: int) -> None:
    """Wait until `fd` can be read, or has come to its end."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(fd, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(fd)

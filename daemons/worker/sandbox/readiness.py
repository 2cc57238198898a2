"""Waits in the event loop for a file descriptor."""

import asyncio


async def wait_readable(fd: int) -> None:
    """Wait until `fd` has data or has ended."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(fd, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(fd)

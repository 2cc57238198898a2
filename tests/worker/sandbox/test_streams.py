"""The pipes into a sandbox: lines come whole, output has its limit, and of errors the end is kept."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

import pytest

from daemons.worker.sandbox import RunLimits
from daemons.worker.sandbox.output import OutputLimit
from daemons.worker.sandbox.streams import ERROR_BYTES, Streams

Play = Callable[[Streams, int, int, int], Awaitable[None]]


def played(play: Play, **limits: int) -> tuple[list[bytes], list[bytes], Streams]:
    """Lines, beginnings of error lines, and the streams, after a test has been the program inside."""
    lines: list[bytes] = []
    errors: list[bytes] = []

    async def run() -> Streams:
        streams = Streams(RunLimits(wall_seconds=5, **limits), lines.append, errors.append)
        with ExitStack() as inner:
            ends = [os.dup(fd) for fd in await streams.open(inner)]
        try:
            await play(streams, *ends)
        finally:
            await streams.close()
        return streams

    return lines, errors, asyncio.run(run())


def test_what_is_written_comes_in_lines_and_of_errors_the_end_is_kept() -> None:
    async def play(streams: Streams, stdin: int, stdout: int, stderr: int) -> None:
        streams.feed(b"a prompt")
        assert await asyncio.to_thread(os.read, stdin, 100) == b"a prompt"
        assert await asyncio.to_thread(os.read, stdin, 100) == b"", "stdin ends behind what was fed"
        for part in (b"fir", b"st\nsecond\nre", b"st"):
            os.write(stdout, part)
        os.write(stderr, b"a warning\n" + b"x" * ERROR_BYTES)
        for fd in (stdin, stdout, stderr):
            os.close(fd)
        await streams.drain()

    lines, errors, streams = played(play)
    assert lines == [b"first", b"second", b"rest"]
    assert errors[0] == b"a warning"
    assert streams.error_output == b"x" * ERROR_BYTES


def test_output_beyond_its_limit_is_an_error() -> None:
    async def play(streams: Streams, stdin: int, stdout: int, stderr: int) -> None:
        os.write(stdout, b"x\n" * 600)
        for fd in (stdin, stdout, stderr):
            os.close(fd)
        await streams.drain()

    with pytest.raises(OutputLimit):
        played(play, output_bytes=1000)


def test_a_program_that_does_not_read_holds_up_no_end() -> None:
    async def play(streams: Streams, stdin: int, stdout: int, stderr: int) -> None:
        streams.feed(b"x" * 1_000_000)
        for fd in (stdin, stdout, stderr):
            os.close(fd)
        await asyncio.wait_for(streams.drain(), 5)

    lines, _, _ = played(play)
    assert lines == []

"""The stdin, stdout and stderr of a program inside: pipes that the event loop writes and reads within limits."""

import asyncio
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from daemons.worker.sandbox.output import LineBeginnings, LineSplitter, OutputBudget, Tail
from daemons.worker.sandbox.plan import RunLimits

ERROR_BYTES = 16 << 10
_ERROR_LINE_BYTES = 4 << 10
_DRAIN_SECONDS = 2.0
_CHUNK = 1 << 16
_Sink = LineSplitter | LineBeginnings | Tail


class Streams:
    """Three pipes into a sandbox. A reader ends with its pipe, or raises OutputLimit or what `on_line` raises.

    `on_error` gets the beginning of each line of stderr.
    """

    def __init__(
        self, limits: RunLimits, on_line: Callable[[bytes], None], on_error: Callable[[bytes], object]
    ) -> None:
        self.readers: list[asyncio.Task[None]] = []
        self._errors = Tail(ERROR_BYTES)
        self._error_lines = LineBeginnings(on_error, _ERROR_LINE_BYTES)
        self._lines = LineSplitter(on_line, limits.line_bytes)
        self._budget = OutputBudget(limits.output_bytes)
        self._transports: list[asyncio.BaseTransport] = []
        self._stdin: asyncio.WriteTransport | None = None

    @property
    def error_output(self) -> bytes:
        """The end of stderr so far."""
        return self._errors.kept

    async def open(self, inner: ExitStack) -> list[int]:
        """Open the pipes and start reading; return the inner ends, of which `inner` closes our copies."""
        return [
            await self._open_stdin(inner),
            await self._open_output(inner, self._lines),
            await self._open_output(inner, self._errors, self._error_lines),
        ]

    def feed(self, data: bytes) -> None:
        """Send `data` to stdin and close it."""
        assert self._stdin
        self._stdin.write(data)
        self._stdin.write_eof()

    async def drain(self) -> None:
        """Read what is left in the pipes; they end by themselves, because nothing inside runs any more."""
        done, _ = await asyncio.wait(self.readers, timeout=_DRAIN_SECONDS)
        for task in done:
            task.result()

    async def close(self) -> None:
        """Stop reading and close our ends, even if data is left in them."""
        for task in self.readers:
            task.cancel()
        await asyncio.gather(*self.readers, return_exceptions=True)
        for transport in self._transports:
            transport.close()
        if self._stdin and self._stdin.get_write_buffer_size():
            self._stdin.abort()

    async def _open_stdin(self, inner: ExitStack) -> int:
        reader, writer = os.pipe()
        inner.callback(os.close, reader)
        loop = asyncio.get_running_loop()
        self._stdin, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(writer, "wb", 0))
        self._transports.append(self._stdin)
        return reader

    async def _open_output(self, inner: ExitStack, *sinks: _Sink) -> int:
        reader, writer = os.pipe()
        inner.callback(os.close, writer)
        stream = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(stream), os.fdopen(reader, "rb", 0)
        )
        self._transports.append(transport)
        self.readers.append(asyncio.create_task(self._read(stream, sinks)))
        return writer

    async def _read(self, stream: asyncio.StreamReader, sinks: Sequence[_Sink]) -> None:
        while data := await stream.read(_CHUNK):
            self._budget.spend(len(data))
            for sink in sinks:
                sink.feed(data)
        for sink in sinks:
            sink.finish()

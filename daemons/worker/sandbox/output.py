"""Reads what a hostile program writes, within bounds: whole lines, the beginnings of lines, or the last bytes."""

from collections.abc import Callable
from dataclasses import dataclass


class OutputLimit(Exception):
    """The program wrote more than the plan allows."""


@dataclass
class OutputBudget:
    """The bytes that stdout and stderr may still write together."""

    left: int

    def spend(self, count: int) -> None:
        """Count bytes. Raises OutputLimit once there are too many."""
        self.left -= count
        if self.left < 0:
            raise OutputLimit


class LineSplitter:
    """Cuts a byte stream into lines and passes each on without its newline; the last line may lack one."""

    def __init__(self, on_line: Callable[[bytes], None], most_bytes: int) -> None:
        self._on_line = on_line
        self._most_bytes = most_bytes
        self._rest = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes. Raises OutputLimit if a line is too long."""
        *whole, rest = data.split(b"\n")
        for line in whole:
            self._rest += line
            self._flush()
        self._rest += rest
        self._check()

    def finish(self) -> None:
        """End the stream: pass on what is left as a line."""
        if self._rest:
            self._flush()

    def _flush(self) -> None:
        self._check()
        line = bytes(self._rest)
        self._rest.clear()
        self._on_line(line)

    def _check(self) -> None:
        if len(self._rest) > self._most_bytes:
            raise OutputLimit


class LineBeginnings:
    """Cuts a byte stream into lines and passes on the first bytes of each, without its newline."""

    def __init__(self, on_line: Callable[[bytes], object], most_bytes: int) -> None:
        self._on_line = on_line
        self._most_bytes = most_bytes
        self._line = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        *whole, rest = data.split(b"\n")
        for line in whole:
            self._take(line)
            self._pass_on()
        self._take(rest)

    def finish(self) -> None:
        """End the stream: pass on what is left as a line."""
        if self._line:
            self._pass_on()

    def _take(self, data: bytes) -> None:
        self._line += data[: self._most_bytes - len(self._line)]

    def _pass_on(self) -> None:
        line, self._line = self._line, b""
        self._on_line(line)


class Tail:
    """Keeps the last bytes of a stream."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._kept = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._kept = (self._kept + data)[-self._most_bytes :]

    def finish(self) -> None:
        """End the stream: there is nothing to do."""

    @property
    def kept(self) -> bytes:
        return self._kept

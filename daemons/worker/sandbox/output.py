"""Bounded reading of what a hostile program writes: whole lines of stdout; of stderr their beginnings, and the tail."""

from collections.abc import Callable
from dataclasses import dataclass


class OutputLimit(Exception):
    """More output than the plan allows."""


@dataclass
class Budget:
    """The bytes that stdout and stderr may still write together."""

    left: int

    def spend(self, count: int) -> None:
        """Count bytes; raises OutputLimit when there are too many."""
        self.left -= count
        if self.left < 0:
            raise OutputLimit


class Lines:
    """Cuts a byte stream into lines and hands each on, without its newline; a last line without one counts too."""

    def __init__(self, on_line: Callable[[bytes], None], most_bytes: int) -> None:
        self._on_line = on_line
        self._most_bytes = most_bytes
        self._rest = bytearray()

    def feed(self, data: bytes) -> None:
        """Take the next bytes; raises OutputLimit for a line that is too long."""
        *whole, rest = data.split(b"\n")
        for line in whole:
            self._rest += line
            self._flush()
        self._rest += rest
        self._check()

    def finish(self) -> None:
        """The stream has ended."""
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


class Beginnings:
    """Cuts a byte stream into lines and hands on the first bytes of each, without its newline."""

    def __init__(self, on_line: Callable[[bytes], object], most_bytes: int) -> None:
        self._on_line = on_line
        self._most_bytes = most_bytes
        self._line = b""

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        *whole, rest = data.split(b"\n")
        for line in whole:
            self._take(line)
            self._hand_on()
        self._take(rest)

    def finish(self) -> None:
        """The stream has ended."""
        if self._line:
            self._hand_on()

    def _take(self, data: bytes) -> None:
        self._line += data[: self._most_bytes - len(self._line)]

    def _hand_on(self) -> None:
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
        """The stream has ended."""

    @property
    def kept(self) -> bytes:
        return self._kept

"""Load: threads that ask all the time, until they are told to stop."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.support.waiting import wait_until

_END_SECONDS = 120


@dataclass
class Load:
    """What those who asked have got, how long they had to wait for it at most, and what kept them from it."""

    answers: list[object] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    longest_seconds: float = 0

    def __str__(self) -> str:
        return f"{len(self.answers)} answers, {len(self.faults)} faults, at most {self.longest_seconds:.2f} s for one"

    def wait_for_more(self, number: int) -> None:
        """Until so many more answers have come; fails at the first fault."""
        wanted = len(self.answers) + number
        wait_until(lambda: self.faults or len(self.answers) >= wanted, f"{number} more answers")
        assert not self.faults, self.faults


@contextmanager
def running_load(*asks: Callable[[], object], pause: float = 0) -> Iterator[Load]:
    """For each of the questions there is somebody who asks it all the time, `pause` seconds apart."""
    load, stop = Load(), threading.Event()

    def go_on(ask: Callable[[], object]) -> None:
        while not stop.wait(pause):
            began = time.monotonic()
            try:
                load.answers.append(ask())
                load.longest_seconds = max(load.longest_seconds, time.monotonic() - began)
            except Exception as error:
                load.faults.append(error)

    threads = [threading.Thread(target=go_on, args=[ask]) for ask in asks]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        stop.set()
        for thread in threads:
            thread.join(_END_SECONDS)
            assert not thread.is_alive(), "a question was never answered"

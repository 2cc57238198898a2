"""Measures how the cost of reading grows with what is read: a time limit alone fails on a busy machine."""

import gc
import time
from collections.abc import Callable

_LARGER = 10
# Of input that is ten times as long, work in proportion takes ten times as long, and quadratic work a hundred times.
_MOST = 40
_NOISE_SECONDS = 0.2
# What else happens can only add to a cost, so the least of some measurements is the nearest to the truth.
_TRIES = 3


def costs_in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Whether `work(size)` takes about ten times the CPU of a tenth of the size, not a hundred times."""
    most = _MOST * min(_cpu_seconds(work, size // _LARGER) for _ in range(_TRIES)) + _NOISE_SECONDS
    return any(_cpu_seconds(work, size) <= most for _ in range(_TRIES))


def _cpu_seconds(work: Callable[[int], object], size: int) -> float:
    """Of this thread alone, without the garbage of all tests before, which one collection may take a second to read."""
    collects = gc.isenabled()
    gc.disable()
    try:
        started = time.thread_time()
        work(size)
        return time.thread_time() - started
    finally:
        if collects:
            gc.enable()

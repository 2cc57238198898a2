"""Measures how the cost of reading grows with what is read: a time limit alone fails on a busy machine."""

import time
from collections.abc import Callable

_LARGER = 10
# Of input that is ten times as long, work in proportion takes ten times as long, and quadratic work a hundred times.
_MOST = 40
_NOISE_SECONDS = 0.2


def costs_in_proportion(work: Callable[[int], object], size: int) -> bool:
    """Whether `work(size)` takes about ten times the CPU of a tenth of the size, not a hundred times."""
    small = _cpu_seconds(work, size // _LARGER)
    return _cpu_seconds(work, size) <= _MOST * small + _NOISE_SECONDS


def _cpu_seconds(work: Callable[[int], object], size: int) -> float:
    started = time.process_time()
    work(size)
    return time.process_time() - started

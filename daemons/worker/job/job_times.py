"""How many seconds a job gets at its end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class JobTimes:
    """Seconds of each kind.

    `commit` is for a commit in progress, `finish` for a job that is nearly done when its worker stops. `cleanup` is for
    what is cut off: a slow machine needs up to 20 s to end each of two sandboxes, and some more for the relay of one.
    After its first failed attempt at a job a worker claims nothing for `aside`; after the second, for twice as long.
    """

    commit: float = 60.0
    finish: float = 20.0
    cleanup: float = 60.0
    aside: float = 1.0


JOB_TIMES = JobTimes()

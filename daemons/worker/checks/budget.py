"""Decides how long the browser may look at a site: longer for more pages, but less than the sandbox's time."""

import os
from dataclasses import dataclass

_FIRST_SECONDS = 20.0
_SECONDS_A_PAGE = 0.25
# For pages that were never looked at, when others have to be looked at first: somebody waits for those.
_CATCH_UP_SECONDS = 3.0
# Shares of the sandbox's time: after the first no page is begun, after the second every page has ended.
_BEGIN_SHARE, _END_SHARE = 0.75, 0.92
_MOST_TABS = 4


@dataclass(frozen=True)
class TimeBudget:
    """Begin no page after `seconds`, and after `rest` only needed ones; stop everything at `end`."""

    seconds: float
    rest: float
    end: float
    tabs: int

    def less(self, seconds: float) -> "TimeBudget":
        """What is left of the budget after this time."""
        return TimeBudget(self.seconds - seconds, self.rest - seconds, self.end - seconds, self.tabs)


def budget(sandbox_seconds: float, pages: int, needed: int) -> TimeBudget:
    """The time for this many pages: `needed` of them changed, the others were never looked at."""
    most = sandbox_seconds * _BEGIN_SHARE
    seconds = min(most, _FIRST_SECONDS + _SECONDS_A_PAGE * needed)
    rest = min(seconds, _CATCH_UP_SECONDS) if pages > needed else seconds
    return TimeBudget(seconds, rest, sandbox_seconds * _END_SHARE, min(_MOST_TABS, max(2, os.cpu_count() or 1)))

"""How long the browser may look at a site: it grows with what there is to see, and ends before the sandbox does."""

import os
from dataclasses import dataclass

_FIRST_SECONDS = 20.0
_SECONDS_A_PAGE = 0.25
# Pages that nobody has looked at yet, in a version that has others to look at first.
_CATCH_UP_SECONDS = 10.0
# Of the sandbox's time: then no page is begun any more, and those that were begun may end.
_BEGIN_SHARE, _END_SHARE = 0.75, 0.92
_MOST_TABS = 4


@dataclass(frozen=True)
class Budget:
    """No page is begun after `seconds`, none that is not needed after `rest`; all is over at `end`."""

    seconds: float
    rest: float
    end: float
    tabs: int

    def less(self, seconds: float) -> "Budget":
        """What is left after some time."""
        return Budget(self.seconds - seconds, self.rest - seconds, self.end - seconds, self.tabs)


def budget(sandbox_seconds: float, pages: int, needed: int) -> Budget:
    """The time for `pages`, of which the first `needed` changed and the others were not looked at yet."""
    most = sandbox_seconds * _BEGIN_SHARE
    seconds = min(most, _FIRST_SECONDS + _SECONDS_A_PAGE * needed)
    rest = min(seconds, _CATCH_UP_SECONDS) if pages > needed else seconds
    return Budget(seconds, rest, sandbox_seconds * _END_SHARE, min(_MOST_TABS, max(2, os.cpu_count() or 1)))

"""Plans the runs of the browser over a site's pages: usually one; further ones if a page ended it. Pure bookkeeping.

What ended a run is one of the pages that were being looked at. They are tried again, one at a time, after all others:
so a hostile page loses its own observation and nobody else's.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from daemons.worker.checks.observation import PageObservation

_MOST_RUNS = 6
_NO_REPORT = "the browser sent no report on the page that can be read"
_ENDED_BROWSER = "the browser did not survive the page"
_observation = TypeAdapter(PageObservation)


@dataclass(frozen=True)
class Run:
    """One run of the browser; `needed` of the pages come first in it."""

    pages: tuple[str, ...]
    needed: int
    tabs: int


class Looking:
    """What is still to be looked at, and what has been seen."""

    def __init__(self, pages: Sequence[str], needed: int, tabs: int) -> None:
        self.seen: dict[str, PageObservation] = {}
        self.began = False
        self._needed = frozenset(pages[:needed])
        self._left = list(pages)
        self._suspects: list[str] = []
        self._tabs = tabs
        self._runs = 0

    def next(self) -> Run | None:
        """The next run, None if nothing is left to look at or it was tried often enough."""
        self._runs += 1
        pages, tabs = (self._left, self._tabs) if self._left else (self._suspects, 1)
        if not pages or self._runs > _MOST_RUNS:
            return None
        return Run(tuple(pages), sum(page in self._needed for page in pages), tabs)

    def take(self, run: Run, lines: Sequence[bytes], *, in_order: bool) -> list[PageObservation]:
        """What came of a run; one that ended in order has left out only what it had no time for."""
        begun, seen = _read(lines, run.pages)
        self.began = self.began or bool(begun)
        self.seen |= seen
        dark = [page for page in run.pages if page in begun and page not in seen]
        for page in dark if in_order or run.tabs == 1 else ():
            self.seen[page] = PageObservation(path=page, unseen=_NO_REPORT if in_order else _ENDED_BROWSER)
        self._suspects = [page for page in (*self._suspects, *dark) if page not in self.seen]
        done = {*dark, *self.seen}
        self._left = [] if in_order or not begun else [page for page in self._left if page not in done]
        return list(seen.values())

    def give_up(self) -> None:
        """There is no time for another run: suspects stay what they are."""
        for page in self._suspects:
            self.seen.setdefault(page, PageObservation(path=page, unseen=_ENDED_BROWSER))


def _read(lines: Sequence[bytes], pages: Sequence[str]) -> tuple[set[str], dict[str, PageObservation]]:
    """Which pages were begun, and what was seen of each; a line that can't be read is its own page's loss."""
    asked, begun = set(pages), set()
    seen: dict[str, PageObservation] = {}
    for line in lines:
        try:
            page = _observation.validate_json(line)
            if page.path in asked:
                seen.setdefault(page.path, page)
        except ValidationError:
            begun |= asked & {_begun(line)}
    return begun | seen.keys(), seen


def _begun(line: bytes) -> str:
    try:
        return str(json.loads(line)["begun"])
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""

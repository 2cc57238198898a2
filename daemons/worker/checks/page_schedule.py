"""Plans the runs of the browser over a site's pages: usually one, and more if a page ended the browser; does no I/O.

One of the pages that were loading must have ended it. The next runs load these suspects after all others and one at a
time, so that a hostile page loses its own observation only.
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
class ScheduledRun:
    """The pages of one run of the browser; the first `needed` of them must be looked at."""

    pages: tuple[str, ...]
    needed: int
    tabs: int


class PageSchedule:
    """The pages that are still to be loaded, and the observations so far."""

    def __init__(self, pages: Sequence[str], needed: int, tabs: int) -> None:
        self.seen: dict[str, PageObservation] = {}
        self.began = False
        self._needed = frozenset(pages[:needed])
        self._left = list(pages)
        self._suspects: list[str] = []
        self._tabs = tabs
        self._runs = 0

    def next(self) -> ScheduledRun | None:
        """The next run, None if no page is left or there were enough runs."""
        self._runs += 1
        pages, tabs = (self._left, self._tabs) if self._left else (self._suspects, 1)
        if not pages or self._runs > _MOST_RUNS:
            return None
        return ScheduledRun(tuple(pages), sum(page in self._needed for page in pages), tabs)

    def take(self, run: ScheduledRun, lines: Sequence[bytes], *, in_order: bool) -> list[PageObservation]:
        """Take what a run wrote and return what it saw. A run that ended `in_order` skipped pages for lack of time."""
        begun, seen = _read(lines, run.pages)
        self.began = self.began or bool(begun)
        self.seen |= seen
        unseen = [page for page in run.pages if page in begun and page not in seen]
        for page in unseen if in_order or run.tabs == 1 else ():
            self.seen[page] = PageObservation(path=page, unseen=_NO_REPORT if in_order else _ENDED_BROWSER)
        self._suspects = [page for page in (*self._suspects, *unseen) if page not in self.seen]
        done = {*unseen, *self.seen}
        self._left = [] if in_order or not begun else [page for page in self._left if page not in done]
        return list(seen.values())

    def give_up(self) -> None:
        """Make no further run: each suspect counts as the page that ended the browser."""
        for page in self._suspects:
            self.seen.setdefault(page, PageObservation(path=page, unseen=_ENDED_BROWSER))


def _read(lines: Sequence[bytes], pages: Sequence[str]) -> tuple[set[str], dict[str, PageObservation]]:
    """Which pages were begun, and what was seen of each; a page whose line can't be read was not seen."""
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

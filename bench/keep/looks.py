"""What PageWright sees of a run: the checks, as a worker makes them, and its judgement of the changes.

The checks are the product's own; what the browser sees they get from pages that were looked at for many runs at once.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bench.keep.page_views import PageViews
from bench.keep.players import Play
from bench.keep.scoring import Seen
from bench.keep.tasks import Task
from daemons.worker.builders import build_plain
from daemons.worker.checks.browser_run import BrowserRun, BrowserTask
from daemons.worker.checks.findings import Weight
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.report import decode_report
from daemons.worker.checks.run import Checker
from daemons.worker.checks.verdict import Reference
from daemons.worker.sandbox.session import RunResult
from daemons.worker.scope.judged_edit import judge_edit
from daemons.worker.scope.read_request import read_request
from daemons.worker.text.formats import restore_formats
from shared.domain.manifest import Blob, Check, CheckStatus, Screenshot
from shared.domain.tree import Tree, compare, digests
from tests.support.checks_run import PROGRAMS, worker_settings

_OLD = ("already in version", "still as in version")
_SETTINGS = worker_settings()
_FIRST = CheckHistory(1, is_base_line=True)
_SIZES = ("desktop", "phone", "small")


@dataclass(frozen=True)
class BaseLine:
    """A site's first version as the checks saw it, which is looked at once for all of its tasks."""

    source: Tree
    history: CheckHistory
    checks: tuple[Check, ...]


class _Asked(Exception):
    """The pages that the checks want to be looked at, and those of which they want pictures."""

    def __init__(self, pages: tuple[str, ...] = (), pictured: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.pages, self.pictured = pages, pictured


class ViewingBrowser(BrowserRun):
    """Answers with what was seen before; without views, raises what it is asked for."""

    def __init__(self, version: str, views: PageViews | None = None) -> None:
        super().__init__()
        self.read_line(version.encode())
        self._views = views

    async def look(self, task: BrowserTask, public: Tree, before: Tree) -> RunResult:
        """Give what was seen of the task's pages."""
        if not self._views:
            raise _Asked(task.pages, task.pictured)
        self.lines = self._views.of(public, task.pages)
        return RunResult(0, {}, b"")


async def asked(source: Tree, base: BaseLine | None, version: str) -> _Asked:
    """Which pages of a version the checks want to see."""
    public = build_plain(source)
    changes = compare(base.source if base else {}, source)
    try:
        await Checker(_SETTINGS, PROGRAMS, ViewingBrowser(version)).check(
            public, changes, base.history if base else _FIRST
        )
    except _Asked as wanted:
        return wanted
    return _Asked()  # only files changed that no page shows


async def base_line(source: Tree, views: PageViews) -> BaseLine:
    """The checks of a whole site, as of an import."""
    public = build_plain(source)
    browser = ViewingBrowser(views.version, views)
    checked = await Checker(_SETTINGS, PROGRAMS, browser).check(public, compare({}, public), _FIRST)
    report = decode_report(checked.report)
    assert report
    pictured = (await asked(source, None, views.version)).pictured
    image = Blob(sha256="0" * 64, size=1)
    history = CheckHistory(
        number=2,
        references=(Reference(1, report.past()),),
        records=report.records,
        pictures=tuple(Screenshot(page=page, viewport=size, image=image) for page in pictured for size in _SIZES),
        parent=public,
        files=digests(public),
    )
    return BaseLine(source, history, checked.checks)


async def look(task: Task, played: Play, base: BaseLine, views: PageViews) -> Seen:
    """What the checks and the judgement say of what a player left."""
    source, of_texts = restore_formats(base.source, played.tree)
    changes = compare(base.source, source)
    if not changes:
        return Seen(nothing_changed=True)
    browser = ViewingBrowser(views.version, views)
    checked = await Checker(_SETTINGS, PROGRAMS, browser).check(build_plain(source), changes, base.history)
    report = decode_report(checked.report)
    assert report and checked.changes
    judged = judge_edit(read_request(task.request, base.source), base.source, source, changes, checked.changes)
    new = [one.finding for one in report.told if one.since == base.history.number]
    return Seen(
        signals((*of_texts, *checked.checks, *judged.checks), base.checks),
        judged.changes,
        tuple(one.text for one in new if one.weight is not Weight.UNKNOWN),
        nothing_changed=judged.is_unseen,
    )


def signals(checks: Collection[Check], before: Collection[Check]) -> tuple[Check, ...]:
    """The checks that fail or warn of something that was not there before."""
    known = {(one.name, finding) for one in before for finding in one.findings}
    return tuple(one for one in checks if one.status is not CheckStatus.PASSED and _is_new(one, known))


def _is_new(check: Check, known: Collection[tuple[str, str]]) -> bool:
    new = (one for one in check.findings if not one.startswith(_OLD) and (check.name, one) not in known)
    return check.status is CheckStatus.FAILED or any(new)

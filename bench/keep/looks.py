"""What PageWright sees of a run: the checks in a real browser, as a worker makes them, and its judgement."""

from collections.abc import Collection
from dataclasses import dataclass

from bench.keep.players import Play
from bench.keep.scoring import Seen
from bench.keep.tasks import Task
from daemons.worker.builders import build_plain
from daemons.worker.checks.findings import Weight
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.report import Report, decode_report
from daemons.worker.checks.run import Checked, open_checker
from daemons.worker.checks.verdict import Reference
from daemons.worker.scope.judged_edit import judge_edit
from daemons.worker.text.formats import restore_formats
from shared.domain.manifest import Blob, Changes, Check, CheckStatus, Screenshot
from shared.domain.tree import Tree, compare, digests
from tests.support.checks_run import PROGRAMS, worker_settings

_OLD = ("already in version", "still as in version")
_SETTINGS = worker_settings(worker_check_seconds=300)


@dataclass(frozen=True)
class BaseLine:
    """A site's first version as the checks saw it, which is looked at once for all of its tasks."""

    source: Tree
    history: CheckHistory
    checks: tuple[Check, ...]


async def base_line(source: Tree) -> BaseLine:
    """Look at a whole site as an import does."""
    public = build_plain(source)
    checked = await _checked(public, compare({}, public), CheckHistory(1, is_base_line=True))
    report = _report(checked)
    image = Blob(sha256="0" * 64, size=1)
    pictures = tuple(Screenshot(page=one.page, viewport=one.viewport, image=image) for one in checked.pictures)
    history = CheckHistory(
        number=2,
        references=(Reference(1, report.past()),),
        records=report.records,
        pictures=pictures,
        parent=public,
        files=digests(public),
    )
    return BaseLine(source, history, checked.checks)


async def look(task: Task, played: Play, base: BaseLine) -> Seen:
    """What the checks and the judgement say of what a player left."""
    source, of_texts = restore_formats(base.source, played.tree)
    changes = compare(base.source, source)
    if not changes:
        return Seen(nothing_changed=True)
    checked = await _checked(build_plain(source), changes, base.history)
    assert checked.changes
    judged = judge_edit(task.request, base.source, source, changes, checked.changes)
    checks = (*of_texts, *checked.checks, *judged.checks)
    found = [one for one in _report(checked).told if one.since == base.history.number]
    new = tuple(one.finding.text for one in found if one.finding.weight is not Weight.UNKNOWN)
    return Seen(signals(checks, base.checks), judged.changes, new)


def signals(checks: Collection[Check], before: Collection[Check]) -> tuple[Check, ...]:
    """The checks that fail or warn of something that was not there before."""
    known = {(one.name, finding) for one in before for finding in one.findings}
    return tuple(one for one in checks if one.status is not CheckStatus.PASSED and _is_new(one, known))


def _is_new(check: Check, known: Collection[tuple[str, str]]) -> bool:
    new = (one for one in check.findings if not one.startswith(_OLD) and (check.name, one) not in known)
    return check.status is CheckStatus.FAILED or any(new)


async def _checked(public: Tree, changes: Changes, history: CheckHistory) -> Checked:
    async with open_checker(_SETTINGS, PROGRAMS) as checker:
        return await checker.check(public, changes, history)


def _report(checked: Checked) -> Report:
    report = decode_report(checked.report)
    assert report
    return report

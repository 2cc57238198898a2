"""Builds the site that a job has made, and lets the browser check it."""

from dataclasses import dataclass

from daemons.worker.builders import BUILDERS
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.run import Checked, Checker
from daemons.worker.job.editing import Edited
from daemons.worker.job.progress_reporter import ProgressReporter
from shared.domain.archive import check_precompressed
from shared.domain.manifest import Changes
from shared.domain.tree import Tree, check_tree, sizes
from shared.domain.vocabulary import Phase

BUILDER = "plain"


@dataclass(frozen=True)
class CheckedEdit:
    """What a job made, what of it is served, what it changes, and what its checks found."""

    edited: Edited
    public: Tree
    changes: Changes
    checked: Checked


async def check_edit(
    edited: Edited, changes: Changes, history: CheckHistory, checker: Checker, reporter: ProgressReporter
) -> CheckedEdit:
    """Build and check. Raises a PageWrightError if no site can be so, or the browser ended too early."""
    check_tree(sizes(edited.source))
    reporter.enter(Phase.BUILDING)
    public = BUILDERS[BUILDER](edited.source)
    check_precompressed(public)
    reporter.enter(Phase.CHECKING)
    return CheckedEdit(edited, public, changes, await checker.check(public, changes, history))

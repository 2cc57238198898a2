"""Lets the agent mend what its own edit broke, before a person sees it: twice at most, in the time that it has left."""

import logging
from dataclasses import dataclass

from daemons.worker.base import Base
from daemons.worker.checks.history import CheckHistory
from daemons.worker.checks.run import open_checker
from daemons.worker.job.checked_edit import CheckedEdit, check_edit
from daemons.worker.job.editing import edit_site
from daemons.worker.job.progress_reporter import ProgressReporter
from daemons.worker.job.repairing import MOST_ROUNDS, allowed_files, is_better, repair_request, repaired
from daemons.worker.programs import Programs
from shared.domain.errors import PageWrightError
from shared.domain.tree import compare
from shared.domain.vocabulary import JobRequest, Phase
from shared.runtime.settings import WorkerSettings

_log = logging.getLogger(__name__)
# In less time no agent reads a page and changes it.
_LEAST_SECONDS = 20


@dataclass(frozen=True)
class Mender:
    """What the repairs of one edit share."""

    request: JobRequest
    base: Base
    history: CheckHistory
    settings: WorkerSettings
    programs: Programs
    reporter: ProgressReporter

    async def mend(self, first: CheckedEdit) -> CheckedEdit:
        """The edit with the repairs that made it better. One that fails ends the attempts and costs nothing else."""
        best = first
        for _ in range(MOST_ROUNDS):
            if not best.checked.broken:
                break
            try:
                after = await self._repair(best)
            except PageWrightError as error:
                _log.warning("the repair of an edit failed: %s", error.detail)
                break
            if not after:
                break
            if is_better(after.checked, best.checked):
                best = after
        return best

    async def _repair(self, before: CheckedEdit) -> CheckedEdit | None:
        """One round: the agent works on its own edit; None if there is no time, or nothing comes of it.

        It counts as editing, in time too: a worker that has to stop does not wait for it.
        """
        left = self.settings.worker_edit_seconds - self.reporter.seconds.get(Phase.EDITING, 0)
        if left < _LEAST_SECONDS:
            return None
        self.reporter.enter(Phase.EDITING)
        self.reporter.say("Mending what the change has broken")
        async with open_checker(self.settings, self.programs) as checker:
            after = await edit_site(
                repair_request(self.request, before.edited, before.checked.broken),
                before.edited.source,
                settings=self.settings.model_copy(update={"worker_edit_seconds": left}),
                programs=self.programs,
                reporter=self.reporter,
            )
            allowed = allowed_files(before.changes, before.checked.broken)
            edited = repaired(before.edited, after, allowed)
            changes = compare(self.base.source, edited.source)
            if after.text or not changes or edited.source == before.edited.source:
                return None
            return await check_edit(edited, changes, self.history, checker, self.reporter)

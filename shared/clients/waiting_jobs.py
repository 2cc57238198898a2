"""Changes to jobs that wait and were never begun: one step decides each, so a worker claims before it or after."""

from collections.abc import Sequence
from enum import StrEnum

from shared.clients.queue_outcomes import CANCELLED
from shared.clients.queue_steps import QueueSteps
from shared.domain.vocabulary import JobId, JobRequest, JobState, SiteName


class EditResult(StrEnum):
    """What became of an edit; the queue does not know the job if it is `UNKNOWN`."""

    EDITED = "edited"
    BEGUN = "begun"
    ENDED = "ended"
    UNKNOWN = "unknown"


class WaitingJobs(QueueSteps):
    """The queue's jobs that no worker has begun. A worker of the release before takes them as it always did."""

    async def edit(self, request: JobRequest, number: int) -> EditResult:
        """Give a job its request anew; `number` counts its edits, and one that is not above the last does nothing."""
        return EditResult(await self._step("edit", request.id, request.model_dump_json(), number))

    async def arrange(self, site: SiteName, jobs: Sequence[JobId]) -> list[JobId]:
        """Put those of these jobs that wait into this order, among themselves; gives the order of all that wait."""
        return list(await self._step("arrange", site, *jobs))

    async def withdraw(self, jobs: Sequence[JobId]) -> dict[JobId, JobState]:
        """Cancel those of these jobs that were never begun; the states of all that are known, after that."""
        states = await self._step("withdraw", CANCELLED, *jobs)
        return {job: JobState(state) for job, state in zip(jobs, states, strict=True) if state}

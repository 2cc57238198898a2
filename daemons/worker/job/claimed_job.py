"""A claim from its announcement to its outcome: keeps the lease, obeys cancel and stop, reports how the job ended."""

import asyncio
import logging
from contextlib import suppress

from daemons.worker.job.own_fault import UNFORESEEN, LeftToAnother, is_own
from daemons.worker.job.pipeline import Story, Workshop
from daemons.worker.job.progress_reporter import Narrator
from daemons.worker.job.unchanged import NothingWorked
from daemons.worker.task_ending import TaskStuck, end_tasks
from shared.clients.job_queue import MOST_ATTEMPTS, Claim, JobQueue, Renewal
from shared.clients.retry import retry
from shared.domain.errors import InvalidInput, PageWrightError, StaleFence, Unavailable
from shared.domain.job_outcome import outcome_of
from shared.domain.vocabulary import Failure, JobState, Outcome, Phase, Progress, SiteHead
from shared.runtime import metrics

_log = logging.getLogger(__name__)
_COMMIT_SECONDS = 60.0
# Past these phases a job is nearly done, and finishing it is faster than doing it again.
_WORTH_FINISHING = {Phase.CHECKING, Phase.PACKAGING, Phase.COMMITTING}
_FINISH_SECONDS = 20.0
# Ending two sandboxes on a machine that is slow to: each 20 s, and the door of one.
_CLEAR_UP_SECONDS = 60.0
_CANCELLED = Outcome(state=JobState.CANCELLED)
# How long a worker steps aside after its first failed attempt at a job; after its second, twice as long.
_ASIDE_SECONDS = 1.0


class ClaimLost(Exception):
    """Another worker has the site now; what this one did is void."""


class Cancelled(Exception):
    """A person asked to stop."""


class Stopped(Exception):
    """This worker is told to stop."""


class ClaimedJob:
    """One job in this worker's hands, until it is done or the event `stop` is set."""

    def __init__(self, workshop: Workshop, queue: JobQueue, claim: Claim, stop: asyncio.Event) -> None:
        self._shop = workshop
        self._queue = queue
        self._stopping = stop
        self.claim = claim
        self.narrator = Narrator()

    async def run(self) -> None:
        """Do the job and tell the queue how it ended; a lost claim is left to its new holder.

        Told to stop, finish it if that is quick, else hand it back for another worker when nothing of it runs any more.
        An attempt that failed for a fault of ours is handed back too, and counted: the last one's failure is told.
        Raises TaskStuck if something of it does not end, and Unavailable if the queue can't be told.
        """
        claim = self.claim
        metrics.JOBS_CLAIMED.labels(str(claim.attempt)).inc()
        _log.info("%s job claimed, attempt %d", claim.request.kind.value, claim.attempt)
        try:
            await self._work_and_tell()
        except ClaimLost:
            _log.warning("claim lost, or dropped in mid-commit: the job's next worker looks what came of it")
            metrics.CLAIMS_LOST.inc()

    async def _work_and_tell(self) -> None:
        """Do the job and tell the queue; what it does not take from us, because the claim is lost, did not happen."""
        try:
            async with self.narrator.telling(self._tell):
                outcome = await self._work()
        except Stopped:
            await self._hand_back(counted=False)
            _log.info("job handed back")
            return
        except LeftToAnother:
            await self._hand_back(counted=True)
            metrics.JOB_RETRIES.labels(self.claim.request.kind.value).inc()
            await self._step_aside()
            return
        if not await retry(lambda: self._queue.finish(self.claim, outcome)):
            raise ClaimLost
        self._count(outcome)
        _log.info("job %s after %s", outcome.state.value, _seconds(self.narrator.seconds))

    async def _hand_back(self, *, counted: bool) -> None:
        if not await retry(lambda: self._queue.hand_back(self.claim, counted=counted)):
            raise ClaimLost

    def _count(self, outcome: Outcome) -> None:
        kind, state, phases = self.claim.request.kind.value, outcome.state.value, self.narrator.seconds
        metrics.JOBS_FINISHED.labels(kind, state, outcome_of(outcome.state, outcome.version)).inc()
        metrics.JOB_SECONDS.labels(kind, state).observe(sum(phases.values()))
        for phase, seconds in phases.items():
            metrics.JOB_PHASE_SECONDS.labels(phase.value, state).observe(seconds)

    async def _step_aside(self) -> None:
        """Claim nothing for a moment, so that another worker gets the job if one is free."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.claim.attempt * _ASIDE_SECONDS):
                await self._stopping.wait()

    async def _tell(self, progress: Progress) -> None:
        await self._queue.progress(self.claim, progress)

    async def _work(self) -> Outcome:
        story = asyncio.create_task(self._tell_story())
        guards = [
            asyncio.create_task(guard) for guard in (self._keep_lease(), self._await_cancel(), self._await_stop())
        ]
        try:
            await asyncio.wait([story, *guards], return_when=asyncio.FIRST_COMPLETED)
            if story.done():
                return story.result()
            return await self._stop(story, guards)
        finally:
            await end_tasks(story, *guards)

    async def _stop(self, story: asyncio.Task[Outcome], guards: list[asyncio.Task[None]]) -> Outcome:
        """A guard has spoken first. What is nearly done may end by itself: what a commit makes of the job has happened.

        One torn even so may still happen, so it is neither a cancelled job nor one to hand back: the claim is dropped,
        and the next worker looks.
        """
        error = next((task.exception() for task in guards if task.done() and not task.cancelled()), None)
        await asyncio.wait([story], timeout=self._grace(error))
        await end_tasks(story, round_seconds=_CLEAR_UP_SECONDS)
        if not story.cancelled():
            return story.result()
        if isinstance(error, Cancelled | Stopped) and self.narrator.phase is Phase.COMMITTING:
            raise ClaimLost
        if isinstance(error, Cancelled):
            return _CANCELLED
        raise error or ClaimLost

    def _grace(self, error: BaseException | None) -> float:
        """How many seconds a story gets that is to end."""
        if isinstance(error, Stopped):
            return _FINISH_SECONDS if self.narrator.phase in _WORTH_FINISHING else 0
        return _COMMIT_SECONDS if self.narrator.phase is Phase.COMMITTING else 0

    async def _tell_story(self) -> Outcome:
        """The story's outcome; what goes wrong becomes words for the person."""
        try:
            head = await self._announce()
            story = Story(self._shop, self.claim, head, self.narrator)
            if self.claim.cancel_asked:
                return await story.adopt() or _CANCELLED
            return await story.run()
        except StaleFence as error:
            raise ClaimLost from error
        except TaskStuck:
            raise
        except Exception as error:
            self._log_failure(error)
            if is_own(error) and self.claim.attempt < MOST_ATTEMPTS:
                self.narrator.say("Something went wrong on our side; it is tried once more")
                raise LeftToAnother from error
            return self._failed(error)

    def _log_failure(self, error: Exception) -> None:
        attempt = self.claim.attempt
        if isinstance(error, PageWrightError):
            level = logging.WARNING if error.status >= 500 else logging.INFO
            _log.log(level, "job failed: %s (attempt %d)", _reason(error), attempt)
        else:
            _log.exception("job failed unexpectedly (attempt %d)", attempt)

    def _failed(self, error: Exception) -> Outcome:
        """What the person is told when no further attempt is made."""
        if not isinstance(error, PageWrightError):
            self._count_failure("ours")
            return Outcome(state=JobState.FAILED, error=UNFORESEEN)
        self._count_failure("ours" if error.status >= 500 else "request")
        answer = error.answer if isinstance(error, NothingWorked) else ""
        return Outcome(state=JobState.FAILED, answer=answer, error=_failure(error))

    def _count_failure(self, fault: str) -> None:
        metrics.JOB_FAILURES.labels(self.claim.request.kind.value, fault).inc()

    async def _announce(self) -> SiteHead:
        """Make this claim's fence the highest that storage knows.

        If Redis lost its memory the fence is too low: the claim's holder draws again. Raises StaleFence otherwise.
        """
        while True:
            try:
                return await retry(self._announce_once)
            except StaleFence as error:
                floor = error.fence
                self.claim = await retry(lambda: self._queue.raise_fence(self.claim, floor))  # noqa: B023

    async def _announce_once(self) -> SiteHead:
        claim = self.claim
        return await self._shop.storage.announce(claim.request.site, claim.fence, claim.holder)

    async def _keep_lease(self) -> None:
        """Renew until the claim is lost or a cancel is asked for; a Redis that is away is waited for."""
        seconds = self._shop.settings.worker_lease_seconds
        while True:
            await asyncio.sleep(seconds / 3)
            try:
                renewal = await self._queue.renew(self.claim, seconds)
            except Unavailable:
                _log.warning("the lease can't be renewed: Redis is away")
                continue
            if renewal is Renewal.LOST:
                raise ClaimLost
            if renewal is Renewal.CANCEL_ASKED:
                raise Cancelled

    async def _await_cancel(self) -> None:
        while True:
            try:
                await self._queue.wait_for_cancel(self.claim)
            except Unavailable:
                await asyncio.sleep(1)
                continue
            raise Cancelled

    async def _await_stop(self) -> None:
        await self._stopping.wait()
        raise Stopped


def _failure(error: PageWrightError) -> Failure:
    choices = error.choices if isinstance(error, InvalidInput) else ()
    return Failure(detail=error.detail, hint=error.hint, choices=choices)


def _reason(error: PageWrightError) -> str:
    """An error's name, what the person is told, and the notes for operators; one line, whatever came from inside."""
    text = ": ".join([type(error).__name__, error.detail, *getattr(error, "__notes__", [])])
    return "".join(character if character.isprintable() else " " for character in text)


def _seconds(phases: dict[Phase, float]) -> str:
    return ", ".join(f"{phase.value} {seconds:.2f} s" for phase, seconds in phases.items()) or "no phase"

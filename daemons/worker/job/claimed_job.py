"""Runs one claimed job: keeps its lease, obeys cancel and stop, and reports to the queue how the job ended."""

import asyncio
import logging
from contextlib import suppress

from daemons.worker.job.job_times import JOB_TIMES, JobTimes
from daemons.worker.job.pipeline import JobPipeline, WorkerContext
from daemons.worker.job.progress_reporter import ProgressReporter
from daemons.worker.job.retryable import UNEXPECTED, TryOnceMore, is_retryable
from daemons.worker.job.unchanged import AllCommandsFailed
from daemons.worker.task_ending import TaskStuck, end_tasks
from shared.clients.job_queue import Claim, JobQueue, Renewal
from shared.clients.queue_outcomes import MOST_ATTEMPTS
from shared.clients.retry import retry
from shared.domain.claimed_site import ClaimedSite
from shared.domain.errors import InvalidInput, PageWrightError, StaleFence, Unavailable
from shared.domain.job_outcome import outcome_of
from shared.domain.vocabulary import Failure, JobState, Outcome, Phase, Progress
from shared.runtime import metrics

_log = logging.getLogger(__name__)
# A job in one of these phases is nearly done: finishing it is faster than doing it again.
_WORTH_FINISHING = {Phase.CHECKING, Phase.PACKAGING, Phase.COMMITTING}
_CANCELLED = Outcome(state=JobState.CANCELLED)


class ClaimLost(Exception):
    """Another worker has claimed the site; storage refuses whatever this one still sends."""


class Cancelled(Exception):
    """A person cancelled the job."""


class Stopped(Exception):
    """This worker was asked to stop."""


class ClaimedJob:
    """One claimed job, worked on until it ends or the event `stop` is set."""

    def __init__(
        self,
        context: WorkerContext,
        queue: JobQueue,
        claim: Claim,
        stop: asyncio.Event,
        times: JobTimes = JOB_TIMES,
    ) -> None:
        self._times = times
        self._context = context
        self._queue = queue
        self._stopping = stop
        self.claim = claim
        self.reporter = ProgressReporter()

    async def run(self) -> None:
        """Do the job and report to the queue how it ended; if the claim is lost, leave the job to its new holder.

        On `stop`, finish the job if it is nearly done; otherwise end all of it, then hand it back to another worker.
        Also hand back an attempt that failed by a fault of PageWright, and count it; report the last attempt's failure.
        Raises TaskStuck if a task of the job does not end, and Unavailable if the queue can't be reached.
        """
        claim = self.claim
        metrics.JOBS_CLAIMED.labels(str(claim.attempt)).inc()
        _log.info("%s job claimed, attempt %d", claim.request.kind.value, claim.attempt)
        try:
            await self._run_and_report()
        except ClaimLost:
            _log.warning("claim lost, or dropped during the commit: the job's next worker checks what was committed")
            metrics.CLAIMS_LOST.inc()

    async def _run_and_report(self) -> None:
        """Do the job and report its end. Raises ClaimLost if the queue refuses the report: then nothing is counted."""
        try:
            async with self.reporter.sending(self._send_step):
                outcome = await self._work()
        except Stopped:
            await self._hand_back(counted=False)
            _log.info("job handed back")
            return
        except TryOnceMore:
            await self._hand_back(counted=True)
            metrics.JOB_RETRIES.labels(self.claim.request.kind.value).inc()
            await self._step_aside()
            return
        if not await retry(lambda: self._queue.finish(self.claim, outcome)):
            raise ClaimLost
        self._count(outcome)
        _log.info("job %s after %s", outcome.state.value, _seconds(self.reporter.seconds))

    async def _hand_back(self, *, counted: bool) -> None:
        if not await retry(lambda: self._queue.hand_back(self.claim, counted=counted)):
            raise ClaimLost

    def _count(self, outcome: Outcome) -> None:
        kind, state, phases = self.claim.request.kind.value, outcome.state.value, self.reporter.seconds
        metrics.JOBS_FINISHED.labels(kind, state, outcome_of(outcome.state, outcome.version)).inc()
        metrics.JOB_SECONDS.labels(kind, state).observe(sum(phases.values()))
        for phase, seconds in phases.items():
            metrics.JOB_PHASE_SECONDS.labels(phase.value, state).observe(seconds)

    async def _step_aside(self) -> None:
        """Claim nothing for a moment, so that a free worker takes the job instead."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.claim.attempt * self._times.aside):
                await self._stopping.wait()

    async def _send_step(self, progress: Progress) -> None:
        await self._queue.progress(self.claim, progress)

    async def _work(self) -> Outcome:
        job = asyncio.create_task(self._run_job())
        watchers = [
            asyncio.create_task(watcher) for watcher in (self._keep_lease(), self._await_cancel(), self._await_stop())
        ]
        try:
            await asyncio.wait([job, *watchers], return_when=asyncio.FIRST_COMPLETED)
            if job.done():
                return job.result()
            return await self._stop(job, watchers)
        finally:
            await end_tasks(job, *watchers)

    async def _stop(self, job: asyncio.Task[Outcome], watchers: list[asyncio.Task[None]]) -> Outcome:
        """A watcher fired first. Let a commit in progress finish, and after `stop` whatever is nearly done.

        If a commit is cut off even so, its result is unknown: drop the claim and let the next worker check.
        """
        error = next((task.exception() for task in watchers if task.done() and not task.cancelled()), None)
        await asyncio.wait([job], timeout=self._grace(error))
        await end_tasks(job, round_seconds=self._times.cleanup)
        if not job.cancelled():
            return job.result()
        if isinstance(error, Cancelled | Stopped) and self.reporter.phase is Phase.COMMITTING:
            raise ClaimLost
        if isinstance(error, Cancelled):
            return _CANCELLED
        raise error or ClaimLost

    def _grace(self, error: BaseException | None) -> float:
        """How many seconds the job may take to finish after this error."""
        if isinstance(error, Stopped):
            return self._times.finish if self.reporter.phase in _WORTH_FINISHING else 0
        return self._times.commit if self.reporter.phase is Phase.COMMITTING else 0

    async def _run_job(self) -> Outcome:
        """Do the job; turn an error into an outcome that explains it, or raise TryOnceMore to try once more."""
        try:
            site = await self._announce()
            pipeline = JobPipeline(self._context, self.claim, site, self.reporter)
            if self.claim.cancel_asked:
                return await pipeline.adopt() or _CANCELLED
            return await pipeline.run()
        except StaleFence as error:
            raise ClaimLost from error
        except TaskStuck:
            raise
        except Exception as error:
            self._log_failure(error)
            if is_retryable(error) and self.claim.attempt < MOST_ATTEMPTS:
                self.reporter.say("Something went wrong on our side; it is tried once more")
                raise TryOnceMore from error
            return self._failed(error)

    def _log_failure(self, error: Exception) -> None:
        attempt = self.claim.attempt
        if isinstance(error, PageWrightError):
            level = logging.WARNING if error.status >= 500 else logging.INFO
            _log.log(level, "job failed: %s (attempt %d)", _reason(error), attempt)
        else:
            _log.exception("job failed unexpectedly (attempt %d)", attempt)

    def _failed(self, error: Exception) -> Outcome:
        """The outcome that tells the person what went wrong, when no attempt is left."""
        if not isinstance(error, PageWrightError):
            self._count_failure("ours")
            return Outcome(state=JobState.FAILED, error=UNEXPECTED)
        self._count_failure("ours" if error.status >= 500 else "request")
        answer = error.answer if isinstance(error, AllCommandsFailed) else ""
        return Outcome(state=JobState.FAILED, answer=answer, error=_failure(error))

    def _count_failure(self, fault: str) -> None:
        metrics.JOB_FAILURES.labels(self.claim.request.kind.value, fault).inc()

    async def _announce(self) -> ClaimedSite:
        """Make this claim's fence the highest that storage knows, and learn what the job needs to know of the site.

        The fence is too low if Redis lost its data: draw a higher one while we still hold the claim.
        Raises StaleFence if we do not.
        """
        while True:
            try:
                return await retry(self._announce_once)
            except StaleFence as error:
                floor = error.fence
                self.claim = await retry(lambda: self._queue.raise_fence(self.claim, floor))  # noqa: B023

    async def _announce_once(self) -> ClaimedSite:
        claim, request = self.claim, self.claim.request
        return await self._context.storage.announce(request.site, claim.fence, claim.holder, request.id)

    async def _keep_lease(self) -> None:
        """Renew the lease until the claim is lost or cancelled. A tick and no retry: the next one comes."""
        seconds = self._context.settings.worker_lease_seconds
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
        await self._queue.wait_for_cancel(self.claim)
        raise Cancelled

    async def _await_stop(self) -> None:
        await self._stopping.wait()
        raise Stopped


def _failure(error: PageWrightError) -> Failure:
    choices = error.choices if isinstance(error, InvalidInput) else ()
    return Failure(detail=error.detail, hint=error.hint, choices=choices)


def _reason(error: PageWrightError) -> str:
    """An error's name, its sentence for the person and its notes for operators, as one printable line."""
    text = ": ".join([type(error).__name__, error.detail, *getattr(error, "__notes__", [])])
    return "".join(character if character.isprintable() else " " for character in text)


def _seconds(phases: dict[Phase, float]) -> str:
    return ", ".join(f"{phase.value} {seconds:.2f} s" for phase, seconds in phases.items()) or "no phase"

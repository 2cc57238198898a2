"""The reconciler: writes how jobs ended from the queue into SQL, and gives the queue back what Redis lost.

Each api process runs one. That several do the same work is harmless: an outcome is recorded once, and the queue
takes a job that it knows no second time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

from daemons.api.jobs.events import JobEvents
from daemons.api.jobs.jobs import Jobs
from daemons.api.jobs.site_feed import SiteFeed
from daemons.api.jobs.waiting_requests import WaitingRequests
from daemons.api.jobs.waiting_rows import WaitingRow
from daemons.api.publishing.preview_gate import PreviewGate
from shared.clients.job_queue import JobQueue, KnownJob
from shared.clients.storage import StorageClient
from shared.domain.errors import Unavailable
from shared.domain.vocabulary import JobState, Outcome
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)

_BLOCK_SECONDS = 5.0
_RECONCILE_SECONDS = 3.0
_RETRY_SECONDS = 1.0
_ASKED_AT_ONCE = 200


class Reconciler:
    """Background work of the api, until it is told to stop."""

    def __init__(
        self,
        jobs: Jobs,
        queue: JobQueue,
        storage: StorageClient,
        gate: PreviewGate,
        job_events: JobEvents,
        feed: SiteFeed,
        waiting: WaitingRequests,
    ) -> None:
        self._jobs = jobs
        self._waiting = waiting
        self._job_events = job_events
        self._feed = feed
        self._queue = queue
        self._storage = storage
        self._gate = gate
        self._look_again = asyncio.Event()
        self._position = "0"

    async def work(self, stop: asyncio.Event) -> None:
        """Follow and reconcile until `stop` is set."""
        tasks = [asyncio.create_task(self._forever(step)) for step in (self._follow, self._reconcile_now_and_then)]
        await stop.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        """Repeat a step through every trouble, so that jobs don't stand still. No retry: lasts as long as the api."""
        while True:
            try:
                await step()
            except Unavailable as error:
                _log.warning("the reconciler has to wait: %s", error.detail)
            except Exception:
                _log.exception("the reconciler met something unexpected")
            await asyncio.sleep(_RETRY_SECONDS)
            # Redis may have come back empty.
            self._look_again.set()

    async def _follow(self) -> None:
        """Record outcomes as they happen, until the queue is lost."""
        while True:
            outcomes = await self._queue.outcomes(self._position, _BLOCK_SECONDS)
            await asyncio.gather(*(self._record_once(job, outcome) for _, job, outcome in outcomes))
            for at, _, _ in outcomes:
                self._position = at

    async def _record_once(self, job: str, outcome: Outcome) -> None:
        row = await self._jobs.unfinished_row(job)
        if row:
            await self._record(row, outcome)
        else:  # another api process was faster
            self._job_events.tell_recorded(job)

    async def _record(self, row: WaitingRow, outcome: Outcome) -> None:
        request = row.request
        if row.pending:
            await self._waiting.settle(row)
        await self._gate.until_shown(request.site, outcome)
        await self._jobs.finish(request, outcome)
        self._job_events.tell_recorded(request.id)
        self._feed.tell(request.site)

    async def _reconcile_now_and_then(self) -> None:
        """Reconcile at once, every few seconds, and whenever the queue was lost."""
        while True:
            self._look_again.clear()
            await self.reconcile()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look_again.wait(), _RECONCILE_SECONDS)

    async def reconcile(self) -> None:
        """Bring every unfinished job of SQL back in line with queue and storage; raises Unavailable."""
        lost: set[str] = set()
        rows = await self._jobs.unfinished()
        for row in rows:
            if row.pending:
                with log_context(site=row.request.site, job=row.id):
                    await self._waiting.settle(row)
        known = await self._ask_queue(rows)
        for row in rows:
            told = known.get(row.id)
            with log_context(site=row.request.site, job=row.id):
                if told is None:
                    await self._recover(row)
                    lost.add(row.request.site)
                elif told.status.outcome:
                    await self._record(row, told.status.outcome)
        for site in lost:
            await self._waiting.arrange(site)

    async def _ask_queue(self, rows: Sequence[WaitingRow]) -> dict[str, KnownJob]:
        """What the queue knows of them, in pieces that keep nobody else waiting there."""
        known: dict[str, KnownJob] = {}
        for at in range(0, len(rows), _ASKED_AT_ONCE):
            known |= await self._queue.known([row.id for row in rows[at : at + _ASKED_AT_ONCE]])
        return known

    async def _recover(self, row: WaitingRow) -> None:
        """Redis does not know the job: its version tells that it is done, else it is queued again."""
        manifest = await self._storage.version_of_job(row.request.site, row.id)
        if manifest:
            outcome = Outcome(state=JobState.SUCCEEDED, version=manifest.number, answer=manifest.answer)
            return await self._record(row, outcome)
        await self._waiting.submit_again(row.id)

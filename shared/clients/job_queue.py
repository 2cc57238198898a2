"""The queue of jobs in Redis: and every transition is one Lua step (`shared/clients/lua`).

Jobs of a site run one at a time, oldest first; sites take turns. Redis may lose everything at any time: jobs are then
unknown and may be submitted again, claims are lost, and fences start anew (see `raise_fence`). Redis must not evict
keys (`maxmemory-policy noeviction`, its default). Every method raises Unavailable if Redis can't be reached for some
seconds, which who opens the queue may set.
"""

import asyncio
import secrets
import time
from collections.abc import Sequence
from contextlib import suppress

from shared.clients.queue_outcomes import CANCELLED, GIVEN_UP, MOST_ATTEMPTS
from shared.clients.queue_steps import PREFIX, milliseconds
from shared.clients.redis_connection import LONGEST_BLOCK_SECONDS
from shared.clients.waiting_jobs import WaitingJobs
from shared.domain.errors import StaleFence, Unavailable
from shared.domain.job_records import (
    Claim,
    Event,
    EventKind,
    JobStatus,
    KnownJob,
    QueueDepth,
    Renewal,
    RunningJob,
    SiteEvent,
)
from shared.domain.vocabulary import JobId, JobRequest, JobState, Outcome, Progress

__all__ = [
    "Claim",
    "Event",
    "EventKind",
    "JobQueue",
    "JobStatus",
    "KnownJob",
    "QueueDepth",
    "Renewal",
    "RunningJob",
    "SiteEvent",
]

_NEWS_KEPT = 10_000


class JobQueue(WaitingJobs):
    """A connection to the queue; open it with `JobQueue.open`. Safe to share between tasks of one event loop."""

    async def ping(self) -> None:
        """Raises Unavailable unless Redis answers."""
        await self._ask("PING", waits=False)

    async def submit(self, request: JobRequest, edits: int = 0) -> bool:
        """Queue a job that was edited so often; False, and nothing happens, if the queue knows the job already."""
        return bool(await self._step("submit", request.id, request.site, request.model_dump_json(), edits))

    async def claim(self, worker: str, lease_seconds: float, wait_seconds: float) -> Claim | None:
        """The next job, with its site locked until the lease ends; None if there was none for `wait_seconds`.

        A cancelled call leaves no claim behind.
        """
        deadline = time.monotonic() + wait_seconds
        while True:
            claim = await self._try_claim(worker, lease_seconds)
            remaining = deadline - time.monotonic()
            if isinstance(claim, Claim) or remaining <= 0:
                return claim if isinstance(claim, Claim) else None
            # A lease taken from now on ends no sooner than `lease_seconds` from now: all workers use the same.
            await self._ask("BLPOP", PREFIX + "wake", max(0.01, min(remaining, claim)), waits=False)

    async def _try_claim(self, worker: str, lease_seconds: float) -> Claim | float:
        """A claim, or how many seconds to wait at most before the next try."""
        step = asyncio.ensure_future(self._claim_now(worker, lease_seconds))
        try:
            return await asyncio.shield(step)
        except asyncio.CancelledError:
            with suppress(Unavailable):
                claim = await step
                if isinstance(claim, Claim):
                    await self.hand_back(claim)
            raise

    async def _claim_now(self, worker: str, lease_seconds: float) -> Claim | float:
        holder = f"{worker}:{secrets.token_hex(8)}"
        reply = await self._step("claim", holder, worker, milliseconds(lease_seconds), MOST_ATTEMPTS, GIVEN_UP)
        if len(reply) == 1:
            next_expiry = reply[0] / 1000 if reply[0] >= 0 else LONGEST_BLOCK_SECONDS
            return min(next_expiry, lease_seconds, LONGEST_BLOCK_SECONDS)
        request, fence, attempt, cancel = reply
        return Claim(
            request=JobRequest.model_validate_json(request),
            fence=fence,
            attempt=attempt,
            holder=holder,
            cancel_asked=cancel == "1",
        )

    async def raise_fence(self, claim: Claim, floor: int) -> Claim:
        """The claim with a new fence above `floor`, which storage has seen; raises StaleFence if the claim was lost."""
        fence = await self._step("raise_fence", claim.request.id, claim.holder, floor)
        if not fence:
            raise StaleFence("Another worker has taken over this site.", "Try again in a moment.")
        return claim.model_copy(update={"fence": fence})

    async def renew(self, claim: Claim, lease_seconds: float) -> Renewal:
        """Hold the site for another `lease_seconds` from now. Late is fine as long as nobody has taken over."""
        return Renewal(await self._step("renew", claim.request.id, claim.holder, milliseconds(lease_seconds)))

    async def progress(self, claim: Claim, progress: Progress) -> bool:
        """Tell those who watch the job; False if the claim was lost."""
        return bool(await self._step("progress", claim.request.id, claim.holder, progress.model_dump_json()))

    async def finish(self, claim: Claim, outcome: Outcome) -> bool:
        """End the job and unlock its site; False, and nothing happens, if the claim was lost or has an old fence."""
        return bool(
            await self._step(
                "finish", claim.request.id, claim.holder, claim.fence, outcome.state, outcome.model_dump_json()
            )
        )

    async def hand_back(self, claim: Claim, *, counted: bool = False) -> bool:
        """Put a job back at the head of its site's queue; False if it was lost. A failed attempt is `counted`."""
        return bool(await self._step("hand_back", claim.request.id, claim.holder, CANCELLED, int(counted)))

    async def cancel(self, job: JobId) -> JobState | None:
        """Cancel a job: at once if it was never begun, else by asking its worker; None if it is unknown."""
        state = await self._step("cancel", job, CANCELLED)
        return None if state is None else JobState(state)

    async def wait_for_cancel(self, claim: Claim) -> None:
        """Return when the job's cancellation has been asked for. A watch and no retry: lasts as long as its job."""
        position, asked = "0", claim.cancel_asked
        while not asked:
            try:
                events = await self.events(claim.request.id, position, LONGEST_BLOCK_SECONDS)
            except Unavailable:
                await asyncio.sleep(1)
                continue
            position = events[-1][0] if events else position
            asked = any(event.kind is EventKind.CANCEL_ASKED for _, event in events)

    async def events(self, job: JobId, after: str = "0", block_seconds: float = 0) -> list[tuple[str, Event]]:
        """What happened to a job after a position, as (position, event); waits if there is nothing new."""
        return [
            (at, Event.from_fields(fields)) for at, fields in await self._read("events:" + job, after, block_seconds)
        ]

    async def outcomes(self, after: str = "0", block_seconds: float = 0) -> list[tuple[str, JobId, Outcome]]:
        """How jobs ended after a position, as (position, job, outcome); waits if there is nothing new."""
        entries = await self._read("outcomes", after, block_seconds)
        return [(at, fields["job"], Outcome.model_validate_json(fields["outcome"])) for at, fields in entries]

    async def tell_changed(self, site: str) -> None:
        """Tell who has the page of this site open that something else than a job's progress has changed."""
        command = ("XADD", PREFIX + "news", "MAXLEN", "~", _NEWS_KEPT, "*", "site", site, "job", "")
        await self._ask(*command, waits=True)

    async def news(self, after: str, block_seconds: float) -> list[tuple[str, SiteEvent]]:
        """What happened to any site after a position, as (position, event); waits if there is nothing new."""
        entries = await self._read("news", after, block_seconds)
        return [(at, SiteEvent(site=fields["site"], job=fields["job"] or None)) for at, fields in entries]

    async def newest_news(self) -> str:
        """The position of the last news."""
        entries = await self._ask("XREVRANGE", PREFIX + "news", "+", "-", "COUNT", 1, waits=True)
        return str(entries[0][0]) if entries else "0"

    async def state(self, job: JobId) -> JobStatus | None:
        """What the queue knows of a job; None if it is unknown or ended long ago."""
        fields = await self._ask("HGETALL", f"{PREFIX}job:{job}", waits=True)
        return JobStatus.from_fields(job, fields) if fields else None

    async def known(self, jobs: Sequence[JobId]) -> dict[JobId, KnownJob]:
        """What the queue knows of these jobs, in one step; those that it has forgotten are left out."""
        replies = zip(jobs, await self._step("known", *jobs), strict=True)
        return {job: KnownJob.from_reply(job, *reply) for job, reply in replies if reply[0]}

    async def depth(self) -> QueueDepth:
        """How much is in the queue."""
        queued, running, oldest, dead, expired = await self._step("depth", waits=False)
        return QueueDepth(queued=queued, running=running, oldest_seconds=oldest / 1000, dead=dead, expired=expired)

    async def running(self) -> list[RunningJob]:
        """The jobs that workers hold, the one that was claimed first at the head."""
        jobs = [RunningJob.from_reply(reply) for reply in await self._step("running", waits=False)]
        return sorted(jobs, key=lambda job: (job.claimed_at is not None, job.claimed_at, job.job))

    async def redis_version(self) -> str:
        """The version of Redis itself."""
        told = iter(await self._ask("HELLO", 2, waits=False))
        return str(dict(zip(told, told, strict=True))["version"])

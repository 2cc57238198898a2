"""The queue against a pure model (I2, I3): whatever happens in whatever order, both agree on every answer."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from shared.clients.job_queue import Claim, EventKind, JobQueue, Renewal
from shared.clients.queue_outcomes import MOST_ATTEMPTS
from shared.clients.waiting_jobs import EditResult
from shared.domain.errors import StaleFence
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome, Phase, Progress, new_id
from tests.support.redis_server import RedisServer

T = TypeVar("T")
SITES = ("bakery", "florist", "lawyer")
DONE = Outcome(state=JobState.SUCCEEDED, version=1)


@dataclass
class ModelJob:
    site: str
    state: JobState = JobState.QUEUED
    attempt: int = 0
    cancel_asked: bool = False
    message: str = "Blue, please."
    edits: int = 0

    @property
    def waits(self) -> bool:
        return self.state is JobState.QUEUED and not self.attempt


@dataclass
class Model:
    """What the queue should be: jobs, their order, whose turn it is, who holds what."""

    jobs: dict[str, ModelJob] = field(default_factory=dict)
    waiting: dict[str, list[str]] = field(default_factory=lambda: {site: [] for site in SITES})
    turns: list[str] = field(default_factory=list)
    running: dict[str, tuple[str, str]] = field(default_factory=dict)
    expired: list[str] = field(default_factory=list)
    fences: dict[str, int] = field(default_factory=dict)
    ended: list[tuple[str, JobState]] = field(default_factory=list)
    given_up: int = 0
    finished: set[tuple[str, int]] = field(default_factory=set)

    def give_turn(self, site: str) -> None:
        if self.waiting[site] and site not in self.running and site not in self.turns:
            self.turns.append(site)

    def submit(self, job: str, site: str) -> bool:
        if job in self.jobs:
            return False
        self.jobs[job] = ModelJob(site)
        self.waiting[site].append(job)
        self.give_turn(site)
        return True

    def holds(self, claim: Claim) -> bool:
        return self.running.get(claim.request.site) == (claim.request.id, claim.holder)

    def end(self, job: str, state: JobState) -> None:
        assert not self.jobs[job].state.final
        self.jobs[job].state = state
        self.ended.append((job, state))

    def unlock(self, site: str) -> None:
        del self.running[site]
        if site in self.expired:
            self.expired.remove(site)
        self.give_turn(site)

    def requeue(self, job: str) -> None:
        self.jobs[job].state = JobState.QUEUED
        self.waiting[self.jobs[job].site].insert(0, job)

    def reap(self) -> None:
        for site in list(self.expired):
            job, _ = self.running[site]
            if self.jobs[job].attempt >= MOST_ATTEMPTS:
                self.end(job, JobState.FAILED)
                self.given_up += 1
            else:
                self.requeue(job)
            self.unlock(site)

    def claim(self) -> str | None:
        self.reap()
        if not self.turns:
            return None
        site = self.turns.pop(0)
        job = self.waiting[site].pop(0)
        self.jobs[job].state = JobState.RUNNING
        self.jobs[job].attempt += 1
        self.fences[site] = self.fences.get(site, 0) + 1
        return job

    def hand_back(self, claim: Claim, *, counted: bool) -> bool:
        if not self.holds(claim):
            return False
        job = claim.request.id
        self.jobs[job].attempt -= not counted
        if self.jobs[job].cancel_asked and not self.jobs[job].attempt:
            self.end(job, JobState.CANCELLED)
        else:
            self.requeue(job)
        self.unlock(claim.request.site)
        return True

    def cancel(self, job: str) -> JobState | None:
        if job not in self.jobs:
            return None
        known = self.jobs[job]
        if known.waits:
            self.waiting[known.site].remove(job)
            if not self.waiting[known.site] and known.site in self.turns:
                self.turns.remove(known.site)
            self.end(job, JobState.CANCELLED)
        elif not known.state.final:
            known.cancel_asked = True
        return known.state

    def edit(self, job: str, message: str) -> EditResult:
        known = self.jobs[job]
        if known.waits:
            known.message, known.edits = message, known.edits + 1
            return EditResult.EDITED
        return EditResult.ENDED if known.state.final else EditResult.BEGUN

    def arrange(self, site: str, wanted: list[str]) -> list[str]:
        waiting = self.waiting[site]
        chosen = iter([job for job in wanted if job in waiting])
        self.waiting[site] = [next(chosen) if job in wanted else job for job in waiting]
        return self.waiting[site]


class QueueMachine(RuleBasedStateMachine):
    """Every call goes to the queue and to the model; claims stay in the bundle when they are long lost."""

    redis: RedisServer
    requests = Bundle("requests")
    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        self.redis.command("FLUSHALL")
        self.model = Model()
        self.loop = asyncio.Runner()
        self.context = JobQueue.open(self.redis.url)
        self.queue = self.do(self.context.__aenter__())
        self.deadlines = 0

    def do(self, call: Coroutine[Any, Any, T]) -> T:
        return self.loop.run(call)

    def teardown(self) -> None:
        """Nothing is lost: whatever happened, workers that go on bring every job to an end."""
        try:
            for site in self.model.running:
                self.redis.command(f"ZADD pagewright:leases 1 {site}")
            while claim := self.do(self.queue.claim("last", 60, 0)):
                assert self.do(self.queue.finish(claim, DONE))
            for job in self.model.jobs:
                status = self.do(self.queue.state(job))
                assert status and status.state.final
                kinds = [event.kind for _, event in self.do(self.queue.events(job))]
                assert kinds.index(EventKind.FINAL) == len(kinds) - 1, "nothing happens after the end"
            assert self.do(self.queue.depth()).queued == self.do(self.queue.depth()).running == 0
        finally:
            self.do(self.context.__aexit__(None, None, None))
            self.loop.close()

    @rule(target=requests, sites=st.lists(st.sampled_from(SITES), min_size=1, max_size=5))
    def submit(self, sites: list[str]) -> MultipleResults[JobRequest]:
        requests = [make_request(site) for site in sites]
        for request in requests:
            assert self.do(self.queue.submit(request)) is self.model.submit(request.id, request.site) is True
        return multiple(*requests)

    @rule(request=requests)
    def submit_again(self, request: JobRequest) -> None:
        assert self.do(self.queue.submit(request)) is self.model.submit(request.id, request.site)

    @rule(target=claims)
    def claim(self) -> Claim | MultipleResults[Claim]:
        expected = self.model.claim()
        claim = self.do(self.queue.claim("worker", 60, 0))
        assert (claim.request.id if claim else None) == expected
        if not claim:
            return multiple()
        site, job = claim.request.site, self.model.jobs[claim.request.id]
        assert site not in self.model.running, "one holder per site"
        assert (claim.fence, claim.attempt) == (self.model.fences[site], job.attempt), "fences grow"
        assert claim.cancel_asked is job.cancel_asked
        assert claim.request.message == job.message, "a worker does the newest text"
        self.model.running[site] = (claim.request.id, claim.holder)
        return claim

    @rule(claim=claims)
    def renew(self, claim: Claim) -> None:
        answer = self.do(self.queue.renew(claim, 60))
        if not self.model.holds(claim):
            assert answer is Renewal.LOST
            return
        asked = self.model.jobs[claim.request.id].cancel_asked
        assert answer is (Renewal.CANCEL_ASKED if asked else Renewal.HELD)
        if claim.request.site in self.model.expired:
            self.model.expired.remove(claim.request.site)

    @rule(claim=claims)
    def progress(self, claim: Claim) -> None:
        step = Progress(phase=Phase.EDITING, text="on it")
        assert self.do(self.queue.progress(claim, step)) is self.model.holds(claim)

    @rule(target=claims, claim=claims, floor=st.integers(0, 50))
    def raise_fence(self, claim: Claim, floor: int) -> Claim:
        site = claim.request.site
        if not self.model.holds(claim):
            with pytest.raises(StaleFence):
                self.do(self.queue.raise_fence(claim, floor))
            return claim
        raised = self.do(self.queue.raise_fence(claim, floor))
        assert raised.fence == max(self.model.fences[site], floor) + 1
        self.model.fences[site] = raised.fence
        return raised

    @rule(claim=claims)
    def finish(self, claim: Claim) -> None:
        """Only the holder with the newest fence can; its second call is told the same, and does nothing."""
        site, job = claim.request.site, claim.request.id
        before = self.do(self.queue.state(job))
        done = self.do(self.queue.finish(claim, DONE))
        if self.model.holds(claim) and claim.fence == self.model.fences[site]:
            assert done
            self.model.end(job, DONE.state)
            self.model.unlock(site)
            self.model.finished.add((claim.holder, claim.fence))
        else:
            assert done is ((claim.holder, claim.fence) in self.model.finished)
            assert self.do(self.queue.state(job)) == before

    @rule(claim=claims, counted=st.booleans())
    def hand_back(self, claim: Claim, counted: bool) -> None:
        """As workers do: a failed attempt is handed back, and counted, only while another one is left."""
        counted = counted and claim.attempt < MOST_ATTEMPTS
        handed_back = self.do(self.queue.hand_back(claim, counted=counted))
        assert handed_back is self.model.hand_back(claim, counted=counted)

    @invariant()
    def no_job_circles(self) -> None:
        """However attempts end, no job has more of them than is allowed."""
        assert all(job.attempt <= MOST_ATTEMPTS for job in self.model.jobs.values())

    @rule(request=requests)
    def cancel(self, request: JobRequest) -> None:
        assert self.do(self.queue.cancel(request.id)) is self.model.cancel(request.id)

    @rule(request=requests, message=st.text(max_size=3))
    def edit(self, request: JobRequest, message: str) -> None:
        edited = request.model_copy(update={"message": message})
        if request.id not in self.model.jobs:
            assert self.do(self.queue.edit(edited, 1)) is EditResult.UNKNOWN
            return
        number = self.model.jobs[request.id].edits + 1
        assert self.do(self.queue.edit(edited, number)) is self.model.edit(request.id, message)

    @rule(site=st.sampled_from(SITES), data=st.data())
    def arrange(self, site: str, data: st.DataObject) -> None:
        wanted = data.draw(st.permutations([job for job in self.model.jobs if self.model.jobs[job].site == site]))
        wanted = wanted[: data.draw(st.integers(0, len(wanted)))]
        assert self.do(self.queue.arrange(site, wanted)) == self.model.arrange(site, wanted)

    @rule(chosen=st.lists(requests, max_size=4))
    def withdraw(self, chosen: list[JobRequest]) -> None:
        jobs = [request.id for request in chosen]
        expected = {}
        for job in jobs:
            if job in self.model.jobs:
                known = self.model.jobs[job]
                expected[job] = JobState.CANCELLED if known.waits and self.model.cancel(job) else known.state
        assert self.do(self.queue.withdraw(jobs)) == expected

    @precondition(lambda self: self.model.running)
    @rule(data=st.data())
    def expire(self, data: st.DataObject) -> None:
        """Some workers stay away until their leases are over."""
        running = sorted(self.model.running)
        for site in data.draw(st.lists(st.sampled_from(running), min_size=1, max_size=len(running), unique=True)):
            self.deadlines += 1
            self.redis.command(f"ZADD pagewright:leases {self.deadlines} {site}")
            self.model.expired = [other for other in self.model.expired if other != site] + [site]

    @rule(chance=st.integers(0, 4))
    def lose_everything(self, chance: int) -> None:
        if chance == 4:
            self.redis.command("FLUSHALL")
            self.model = Model()

    @invariant()
    def agree(self) -> None:
        states = [job.state for job in self.model.jobs.values()]
        depth = self.do(self.queue.depth())
        assert (depth.queued, depth.running) == (states.count(JobState.QUEUED), states.count(JobState.RUNNING))
        outcomes = self.do(self.queue.outcomes())
        assert [(job, outcome.state) for _, job, outcome in outcomes] == self.model.ended
        assert depth.dead == self.model.given_up


def make_request(site: str) -> JobRequest:
    return JobRequest(
        id=new_id(), site=site, kind=JobKind.EDIT, message="Blue, please.", author="anna", created_at=datetime.now(UTC)
    )


def test_i2_i3_queue_agrees_with_its_model(shared_redis: RedisServer) -> None:
    machine = type("Machine", (QueueMachine,), {"redis": shared_redis})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=50, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

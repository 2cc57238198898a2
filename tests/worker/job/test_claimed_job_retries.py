"""A failure of our own is tried again by another worker before it is told; what would fail again is told at once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from daemons.worker.job.claimed_job import ClaimedJob
from daemons.worker.job.job_times import JobTimes
from daemons.worker.job.pipeline import WorkerContext
from daemons.worker.programs import Programs
from daemons.worker.sandbox.jail import Jail, SandboxUnavailable
from daemons.worker.sandbox.plan import Plan
from shared.clients.job_queue import JobQueue, JobStatus
from shared.clients.queue_outcomes import MOST_ATTEMPTS
from shared.domain.vocabulary import JobKind, JobRequest, JobState, new_id
from shared.runtime.metrics import JOBS_FINISHED
from shared.runtime.settings import WorkerSettings
from tests.support.codex_run import CODEX
from tests.support.manifests import SIGNING_KEY
from tests.support.sandbox_run import BACKEND
from tests.support.storage_process import StorageProcess


class ShakyMachine:
    """A machine whose first sandboxes do not come up."""

    def __init__(self, failures: int) -> None:
        self.failures = failures

    @asynccontextmanager
    async def open(self, plan: Plan) -> AsyncIterator[Jail]:
        """The backend of its sandboxes."""
        if self.failures:
            self.failures -= 1
            raise SandboxUnavailable("The sandbox did not come up.")
        async with BACKEND(plan) as jail:
            yield jail


def _settings(directory: Path, storage: StorageProcess) -> WorkerSettings:
    nowhere = f"unix:{directory}/nobody.sock"
    return WorkerSettings.model_validate(
        {
            "worker_admin_listen": nowhere,
            "worker_directory": directory,
            "redis_url": "unix:///unused",
            "storage_address": storage.address,
            "storage_worker_token": storage.tokens["worker"],
            "model_address": nowhere,
            "model_ticket_key": "k" * 32,
            "worker_signing_key": "unused",
            "worker_codex": CODEX,
        }
    )


def _request() -> JobRequest:
    return JobRequest(
        id=new_id(),
        site="bakery",
        kind=JobKind.CREATE,
        message="",
        author="ana",
        template="personal-page",
        created_at=datetime.now(UTC),
    )


async def _worked(url: str, storage: StorageProcess, directory: Path, failures: int, *, cancel: bool) -> JobStatus:
    """A new site's job as the queue sees it once workers of a shaky machine have no more work."""
    settings = _settings(directory, storage)
    programs = Programs(CODEX, "codex-cli", settings.worker_chromium, ShakyMachine(failures).open)
    request = _request()
    async with JobQueue.open(url) as queue, storage.client("worker") as client:
        await queue.submit(request)
        while claim := await queue.claim("one", 60, 0):
            context = WorkerContext(settings, programs, client, SIGNING_KEY)
            await ClaimedJob(context, queue, claim, asyncio.Event(), JobTimes(aside=0.01)).run()
            if cancel:
                await queue.cancel(request.id)
        status = await queue.state(request.id)
    assert status
    return status


@pytest.fixture
def worked(redis_url: str, storage: StorageProcess, tmp_path: Path) -> Callable[..., JobStatus]:
    """Does a job on a machine where this many sandboxes fail first."""

    def work(failures: int, *, cancel: bool = False) -> JobStatus:
        return asyncio.run(_worked(redis_url, storage, tmp_path, failures, cancel=cancel))

    return work


def _retries() -> float:
    return REGISTRY.get_sample_value("pagewright_job_retries_total", {"kind": "create"}) or 0


def _counts() -> tuple[float, ...]:
    """Retries, finished jobs, lost claims."""
    finished = (metric for metric in JOBS_FINISHED.collect()[0].samples if metric.name.endswith("_total"))
    lost = REGISTRY.get_sample_value("pagewright_claims_lost_total") or 0
    return _retries(), sum(sample.value for sample in finished), lost


def test_a_sandbox_that_fails_once_costs_an_attempt_and_not_the_job(worked: Callable[..., JobStatus]) -> None:
    before = _retries()
    status = worked(1)
    assert (status.state, status.version, status.attempt) == (JobState.SUCCEEDED, 1, 2)
    assert _retries() == before + 1


@pytest.mark.parametrize("failures", [0, 1])
def test_what_a_worker_without_its_claim_did_is_not_counted(
    redis_url: str, storage: StorageProcess, tmp_path: Path, failures: int
) -> None:
    """Neither the job's end nor its retry has happened: another worker has it."""
    settings = _settings(tmp_path, storage)
    programs = Programs(CODEX, "codex-cli", settings.worker_chromium, ShakyMachine(failures).open)

    async def play() -> JobStatus | None:
        async with JobQueue.open(redis_url) as queue, storage.client("worker") as client:
            request = _request()
            await queue.submit(request)
            claim = await queue.claim("slow", 0.01, 5)
            assert await queue.claim("other", 60, 5)
            assert claim
            await ClaimedJob(
                WorkerContext(settings, programs, client, SIGNING_KEY), queue, claim, asyncio.Event()
            ).run()
            return await queue.state(request.id)

    retries, finished, lost = _counts()
    status = asyncio.run(play())
    assert status
    assert (status.state, status.attempt) == (JobState.RUNNING, 2)
    assert _counts() == (retries, finished, lost + 1)


def test_a_job_does_not_circle_for_ever(worked: Callable[..., JobStatus]) -> None:
    """The last attempt's failure is what the person is told."""
    status = worked(100)
    assert (status.state, status.attempt) == (JobState.FAILED, MOST_ATTEMPTS)
    assert status.outcome
    assert status.outcome.error
    assert status.outcome.error.detail == "The sandbox did not come up."


def test_a_job_that_was_cancelled_meanwhile_is_not_tried_again(worked: Callable[..., JobStatus]) -> None:
    status = worked(100, cancel=True)
    assert (status.state, status.attempt) == (JobState.CANCELLED, 2)

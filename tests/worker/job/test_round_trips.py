"""A job asks storage once before it begins, and for nothing twice: counted, not timed."""

import asyncio
from collections import Counter
from datetime import UTC, datetime

from daemons.worker.job.claimed_job import ClaimedJob
from daemons.worker.job.pipeline import WorkerContext
from shared.clients.job_queue import JobQueue
from shared.domain.vocabulary import JobKind, JobRequest, JobState, new_id
from tests.support.checks_run import PROGRAMS, worker_settings
from tests.support.manifests import SIGNING_KEY, fill_site
from tests.support.round_trips import storage_requests
from tests.support.storage_process import StorageProcess


async def _asked(url: str, storage: StorageProcess, state: JobState, **request: object) -> Counter[str]:
    """What a job asks of storage, by route, until it ends in this state."""
    before = storage_requests(storage)
    now = datetime.now(UTC)
    async with JobQueue.open(url) as queue, storage.client() as client:
        usual = {"id": new_id(), "site": "bakery", "message": "", "author": "ana", "created_at": now}
        job = JobRequest.model_validate(usual | request)
        await queue.submit(job)
        claim = await queue.claim("one", 30, 0)
        assert claim
        claim = await queue.raise_fence(claim, 1)  # above those that the test itself has used
        context = WorkerContext(worker_settings(), PROGRAMS, client, SIGNING_KEY)
        await ClaimedJob(context, queue, claim, asyncio.Event()).run()
        status = await queue.state(job.id)
    assert status
    assert status.state is state, status.outcome
    return storage_requests(storage) - before


def test_a_new_site_takes_seven_requests(redis_url: str, storage: StorageProcess) -> None:
    """The claim; the artifact, the list of files and the report of the checks; the version; its preview."""
    asked = asyncio.run(_asked(redis_url, storage, JobState.SUCCEEDED, kind=JobKind.CREATE, template="personal-page"))
    pictures = asked.pop("put_blob") - 3
    assert pictures >= 1
    assert asked == {"post_claim": 1, "post_version": 1, "post_deployment": 1}


def test_a_job_that_was_done_before_takes_two_requests(redis_url: str, storage: StorageProcess) -> None:
    """The claim tells the version of the job; preview may not show it yet."""

    async def play() -> Counter[str]:
        async with storage.client() as client:
            [made] = await fill_site(client, 1)
        return await _asked(redis_url, storage, JobState.SUCCEEDED, kind=JobKind.EDIT, id=made.job)

    assert asyncio.run(play()) == {"post_claim": 1, "post_deployment": 1}


def test_a_job_that_changes_nothing_takes_its_base_and_no_more(redis_url: str, storage: StorageProcess) -> None:
    """The claim; the newest version's record, artifact and list of files. It is the one to restore, too."""

    async def play() -> Counter[str]:
        async with storage.client() as client:
            await fill_site(client, 1)
        return await _asked(redis_url, storage, JobState.SUCCEEDED, kind=JobKind.RESTORE, base=1)

    assert asyncio.run(play()) == {"post_claim": 1, "get_version": 1, "get_blob": 2}


def test_undoing_a_change_takes_that_version_and_its_parent_besides(redis_url: str, storage: StorageProcess) -> None:
    """Here the change was none: nothing is changed, which is told."""

    async def play() -> Counter[str]:
        async with storage.client() as client:
            await fill_site(client, 3)
        return await _asked(redis_url, storage, JobState.SUCCEEDED, kind=JobKind.RESTORE, base=1, undo=2)

    assert asyncio.run(play()) == {"post_claim": 1, "get_version": 3, "get_blob": 4}

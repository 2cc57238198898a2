"""I3: a job whose version exists already adopts it; preview shows it unless newer versions have followed."""

import asyncio
from datetime import UTC, datetime

import pytest

from daemons.worker.job.pipeline import JobPipeline, WorkerContext
from daemons.worker.job.progress_reporter import ProgressReporter
from shared.clients.job_queue import Claim
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome, Slot, new_id
from tests.support.checks_run import PROGRAMS, worker_settings
from tests.support.manifests import SIGNING_KEY, commit_version
from tests.support.storage_process import StorageProcess


async def _adopted(storage: StorageProcess, job: str, versions: list[str]) -> tuple[Outcome | None, int | None]:
    """What a job adopts of a site whose versions these jobs have committed, and what preview shows then."""
    request = JobRequest(
        id=job, site="bakery", kind=JobKind.EDIT, message="Blue.", author="ana", created_at=datetime.now(UTC)
    )
    async with storage.client() as client:
        await client.announce("bakery", 1, "one")
        for number, committer in enumerate(versions, 1):
            await commit_version(client, number, job=committer)
        claim = Claim(request=request, fence=2, attempt=2, holder="two", cancel_asked=False)
        site = await client.announce("bakery", claim.fence, claim.holder, job)
        context = WorkerContext(worker_settings(), PROGRAMS, client, SIGNING_KEY)
        outcome = await JobPipeline(context, claim, site, ProgressReporter()).adopt()
        shown = (await client.head("bakery")).slots.get(Slot.PREVIEW)
        return outcome, shown.version if shown else None


@pytest.mark.parametrize(("after", "preview"), [(0, 2), (1, None)])
def test_i3_a_committed_version_is_adopted(storage: StorageProcess, after: int, preview: int | None) -> None:
    job = new_id()
    outcome, shown = asyncio.run(_adopted(storage, job, [new_id(), job, *(new_id() for _ in range(after))]))
    assert outcome
    assert (outcome.state, outcome.version, shown) == (JobState.SUCCEEDED, 2, preview)


def test_a_job_without_a_version_adopts_nothing(storage: StorageProcess) -> None:
    assert asyncio.run(_adopted(storage, new_id(), [new_id()])) == (None, None)

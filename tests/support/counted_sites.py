"""Sites with versions and jobs, written where they belong without waiting for workers, and who is signed in to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import insert

from daemons.api.accounts.accounts import Account
from daemons.api.database.tables import sites
from daemons.api.jobs.rows import finish_job, insert_job
from daemons.api.services import Services
from shared.domain.vocabulary import JobKind, JobRequest, JobState, Outcome, Slot, new_id
from tests.support.manifests import fill_site
from tests.support.round_trips import CountedApi, counted_api
from tests.support.storage_process import StorageProcess


async def add_site(services: Services, storage: StorageProcess, owner: Account, name: str, versions: int = 1) -> None:
    """A site whose every version was made by a job, and whose newest is in preview."""
    row = {"name": name, "owner_id": owner.id, "title": name.title(), "created_at": datetime.now(UTC)}
    async with storage.client() as worker:
        manifests = await fill_site(worker, versions, site=name)
        if versions:
            await worker.deploy(name, Slot.PREVIEW, versions, "worker-1", 1)
    async with services.database.writing() as connection:
        await connection.execute(insert(sites).values(row))
        for manifest in manifests:
            request = edit_of(name, manifest.job)
            await insert_job(connection, request)
            outcome = Outcome(state=JobState.SUCCEEDED, version=manifest.number, answer="Done.")
            await finish_job(connection, request, outcome, [])


def edit_of(site: str, job: str = "") -> JobRequest:
    """A request of ana's."""
    return JobRequest(
        id=job or new_id(),
        site=site,
        kind=JobKind.EDIT,
        message="Change it.",
        author="ana@example.org",
        created_at=datetime.now(UTC),
    )


async def ask_for_edits(services: Services, user: Account, site: str, count: int) -> list[str]:
    """The ids of so many jobs that wait."""
    owned = await services.site_access.own(user, site)
    return [(await services.jobs.start_edit(owned, "Change it.", None, new_id())).id for _ in range(count)]


@asynccontextmanager
async def signed_in(
    redis_url: str, storage: StorageProcess, folder: Path, web_host: str = "127.0.0.1:1"
) -> AsyncIterator[tuple[CountedApi, Account]]:
    """The application with ana's session in its client, and ana."""
    async with counted_api(redis_url, storage, f"sqlite:///{folder}/api.sqlite", web_host) as api:
        ana = await api.services.accounts.add("ana@example.org", admin=False, by="tests")
        api.client.cookies.set("pagewright", await api.services.credentials.open_session(ana.id))
        yield api, ana

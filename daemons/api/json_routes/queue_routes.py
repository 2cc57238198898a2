"""Operations on requests that wait: what they say, their order, whether they are made at all."""

from typing import Annotated

from pydantic import Field

from daemons.api.database.paging import Page
from daemons.api.jobs.rows import Job
from daemons.api.jobs.waiting_requests import Withdrawal
from daemons.api.json_routes.operation import ApiRequest, Operation
from shared.domain.scope import Scope
from shared.domain.vocabulary import JobId, Record


class EditedMessage(Record):
    """What a request says from now on; attached files and base stay."""

    message: Annotated[str, Field(description="1 to 20,000 characters, not only spaces.")]
    edits: Annotated[
        int | None, Field(description="How often it was edited when you saw it: refused if somebody was faster.")
    ] = None
    scope: Annotated[
        Scope | None, Field(description="What it concerns, if you know better than its words; `source` is ignored.")
    ] = None


class NewPlace(Record):
    """Where a request goes: directly before another one of its site, or last."""

    before: JobId | None = None


class SeenJobs(Record):
    """Which jobs to withdraw as far as they wait; none: all that wait."""

    jobs: Annotated[tuple[JobId, ...], Field(max_length=100)] = ()


async def list_queue(request: ApiRequest) -> Page[Job]:
    """What waits."""
    return Page(items=await request.services.waiting.list_waiting(await request.owned_site()))


async def withdraw_jobs(request: ApiRequest, body: SeenJobs) -> Withdrawal:
    """Empty the queue."""
    return await request.services.waiting.withdraw(await request.owned_site(), body.jobs)


async def edit_job(request: ApiRequest, body: EditedMessage) -> Job:
    """Change what it says."""
    await request.services.waiting.edit(await request.owned_job(), body.message, body.edits, body.scope)
    return (await request.services.jobs.show(await request.owned_job())).job


async def move_job(request: ApiRequest, body: NewPlace) -> Page[Job]:
    """Change when it runs."""
    job = await request.owned_job()
    await request.services.waiting.move(job, body.before)
    site = await request.services.site_access.own(request.user, job.request.site)
    return Page(items=await request.services.waiting.list_waiting(site))


OPERATIONS = (
    Operation("GET", "/sites/{site}/queue", "The jobs of a site that wait, in the order in which they will run.",
              list_queue, answer=Page[Job]),
    Operation("POST", "/sites/{site}/queue/cancel", "Withdraw the jobs that wait; what has begun goes on.",
              withdraw_jobs, body=SeenJobs, answer=Withdrawal),
    Operation("PATCH", "/jobs/{job}", "Change the message of a job that waits; 409 if it has begun.", edit_job,
              body=EditedMessage, answer=Job),
    Operation("POST", "/jobs/{job}/move", "Let a job that waits run before another one, or last; gives what waits.",
              move_job, body=NewPlace, answer=Page[Job]),
)  # fmt: skip

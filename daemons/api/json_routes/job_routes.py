"""Operations on jobs and the chat."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Annotated

from pydantic import Field
from starlette.responses import Response, StreamingResponse

from daemons.api.database.paging import Cursor, Page
from daemons.api.jobs.events import Heartbeat
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.jobs.rows import Job, Message
from daemons.api.json_routes.operation import ApiRequest, Operation
from shared.clients.job_queue import Event
from shared.domain.errors import NotSignedIn
from shared.domain.job_outcome import outcome_of
from shared.domain.vocabulary import Record, SiteName, VersionNumber

_POSITION = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")
# A browser that lost the connection waits this long before it asks again.
_RETRY_MILLISECONDS = 1000


class EditInput(Record):
    """What should change; `base` is the version to start from, by default the newest."""

    message: Annotated[str, Field(description="1 to 20,000 characters, not only spaces.")]
    base: VersionNumber | None = None


class JobList(Cursor):
    """A page of jobs; with `site`, all of that site instead of all of yours."""

    site: SiteName | None = None


async def start_edit(request: ApiRequest, body: EditInput) -> Job:
    """Ask for a change."""
    return await request.services.jobs.start_edit(await request.owned_site(), body.message, body.base, request.id)


async def list_jobs(request: ApiRequest, query: JobList) -> Page[Job]:
    """Jobs, newest first."""
    jobs = request.services.jobs
    if query.site is None:
        return await jobs.list_own(request.user, query.cursor, query.limit)
    site = await request.services.site_access.own(request.user, query.site)
    return await jobs.list_of_site(site, query.cursor, query.limit)


async def show_job(request: ApiRequest) -> Job:
    """One job."""
    return (await request.services.jobs.show(await request.owned_job())).job


async def cancel_job(request: ApiRequest) -> Job:
    """Cancel a job."""
    return (await request.services.jobs.cancel(await request.owned_job())).job


async def list_messages(request: ApiRequest, query: Cursor) -> Page[Message]:
    """A site's chat."""
    return await request.services.jobs.chat(await request.owned_site(), query.cursor, query.limit)


async def follow_job(request: ApiRequest) -> Response:
    """A job's events, live."""
    request.services.job_events.check_room(request.user)
    job = await request.owned_job()
    last = request.http.headers.get("last-event-id", "")
    # A position that is none comes from elsewhere: from the start is right, an error would repeat for ever.
    after = last if _POSITION.fullmatch(last) else "0"
    return StreamingResponse(
        _event_stream(request, job, after),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _event_stream(request: ApiRequest, job: OwnedJob, after: str) -> AsyncIterator[str]:
    job_events = request.services.job_events
    with job_events.watching(request.user):
        yield f"retry: {_RETRY_MILLISECONDS}\n\n"
        async for item in job_events.follow(job, after, partial(_is_still_welcome, request)):
            yield ": still here\n\n" if isinstance(item, Heartbeat) else _server_sent(*item)


async def _is_still_welcome(request: ApiRequest) -> bool:
    """Whether what the request showed, a session or a token, is still good."""
    with suppress(NotSignedIn):
        return await request.services.identity.find(request.http) == request.account
    return False


def _server_sent(position: str, event: Event) -> str:
    data = event.model_dump(mode="json", exclude_none=True)
    if event.outcome:
        data["outcome"]["outcome"] = outcome_of(event.outcome.state, event.outcome.version)
    return f"id: {position}\nevent: {event.kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


OPERATIONS = (
    Operation("POST", "/sites/{site}/jobs", "Ask for a change to a site.", start_edit,
              body=EditInput, answer=Job, status=202, location=lambda job: f"/api/v1/jobs/{job.id}"),
    Operation("GET", "/sites/{site}/messages", "What was said about a site, newest first.", list_messages,
              answer=Page[Message], query=Cursor),
    Operation("GET", "/jobs", "The jobs that you asked for, newest first.", list_jobs,
              answer=Page[Job], query=JobList),
    Operation("GET", "/jobs/{job}", "One job as it stands now.", show_job, answer=Job),
    Operation("GET", "/jobs/{job}/events", "A job's events as they happen, to the final one; resumes by Last-Event-ID.",
              follow_job, media_type="text/event-stream"),
    Operation("POST", "/jobs/{job}/cancel", "Cancel a job; one that ended stays as it is.", cancel_job, answer=Job),
)  # fmt: skip

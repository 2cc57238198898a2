"""Operations on jobs and the chat."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from typing import Annotated

from pydantic import Field
from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from daemons.api.database.paging import Cursor, Page
from daemons.api.jobs.events import Heartbeat
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.jobs.rows import Job, Message
from daemons.api.jobs.uploads import Attachment, KeptFile, Upload, keep_file
from daemons.api.json_routes.operation import ApiRequest, Operation
from shared.clients.job_queue import Event
from shared.domain.attachments import MOST_FILES
from shared.domain.errors import InvalidInput, NotSignedIn
from shared.domain.job_outcome import outcome_of
from shared.domain.vocabulary import JobId, Record, SiteName, VersionNumber

_POSITION = re.compile(r"[0-9]{1,19}-[0-9]{1,19}")
# A browser that lost the connection waits this long before it asks again.
_RETRY_MILLISECONDS = 1000


class EditInput(Record):
    """What should change; `base` is the version to start from, by default the newest."""

    message: Annotated[str, Field(description="1 to 20,000 characters, not only spaces.")]
    base: VersionNumber | None = None
    attachments: Annotated[
        tuple[JobId | Attachment, ...], Field(max_length=MOST_FILES, description="Ids of uploads, or what each is for.")
    ] = ()

    @property
    def attached(self) -> list[Attachment]:
        """The attachments, each with what it is for."""
        return [one if isinstance(one, Attachment) else Attachment(upload=one) for one in self.attachments]


class UploadInput(Record):
    """A file for a request, as a form; the file part is called `file`."""

    file: Annotated[str, Field(json_schema_extra={"contentMediaType": "application/octet-stream"})]


class JobList(Cursor):
    """A page of jobs; with `site`, all of that site instead of all of yours."""

    site: SiteName | None = None


async def start_edit(request: ApiRequest, body: EditInput) -> Job:
    """Ask for a change."""
    site, services = await request.owned_site(), request.services
    attached = await services.uploads.attach(site, body.attached)
    return await services.jobs.start_edit(site, body.message, body.base, request.id, attached)


async def read_upload(request: ApiRequest) -> KeptFile:
    """The form of an upload; its bytes go into storage, but none of a stranger's."""
    await request.owned_site()
    async with request.http.form(max_files=1, max_fields=1) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise InvalidInput("The file part file is missing.", "Send one file as `file`.")
        return await keep_file(request.services.uploads.storage, file, file.filename or "", file.content_type or "")


async def upload_file(request: ApiRequest, body: KeptFile) -> Upload:
    """Keep a file for a request."""
    return await request.services.uploads.add(await request.owned_site(), body, request.id)


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
    Operation("POST", "/sites/{site}/uploads", "Send a file that a request can name within a day.", upload_file,
              forms={"multipart/form-data": UploadInput}, read_form=read_upload, answer=Upload, status=201),
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

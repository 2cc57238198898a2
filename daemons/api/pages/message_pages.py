"""What is said to the agent: taken once however often it is sent, and given back whole if it is not taken."""

import json
from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.responses import JSONResponse, Response

from daemons.api.accounts.idempotency import KeyReused, StoredResponse, request_text
from daemons.api.accounts.site_access import OwnedSite
from daemons.api.pages.message_files import MOST_FIELDS, MessageFiles, keep_files, named_files
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.site_pages import answer_asked
from daemons.api.pages.site_view import gather_site, site_query
from daemons.api.sites.addresses import version_number
from htmx_ui import links
from htmx_ui.parts import Notice
from shared.domain.attachments import MOST_FILES
from shared.domain.errors import Conflict, InvalidInput, PageWrightError, TooLarge, TooMany, Unavailable
from shared.domain.vocabulary import new_id


@dataclass(frozen=True)
class WrittenMessage:
    """A form of the composer; `key` names this message however often it is sent, `writer` is an account's id."""

    text: str
    base: str
    key: str
    writer: str
    files: MessageFiles


async def send(request: PageRequest) -> Response:
    """Ask the agent for a change. Without JavaScript a message that is not taken comes back in the form."""
    form = await request.form(MOST_FILES + 2, MOST_FIELDS)  # two inputs may be empty
    message = _written(form)
    if message.writer and message.writer != request.user.id:
        raise Conflict("This was written by another account.", "Sign in as its writer to send it.")
    site = await request.owned_site()
    try:
        message = replace(message, files=message.files.with_uploads(await keep_files(request, site, form)))
        if form.get("look"):
            return await _with_draft(request, form, message)
        await _take(request, site, message)
    except (InvalidInput, TooLarge, TooMany, Unavailable, Conflict) as error:
        if request.wants_fragment:
            raise
        return await _with_draft(request, form, message, error)
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await answer_asked(request, site_query(form), {"HX-Trigger": json.dumps({"taken": message.key})})


async def look(request: PageRequest) -> Response:
    """Whether a message whose answer was lost has been taken; null while it is not decided."""
    await request.owned_site()
    key = _stored_key(request.path("key"))
    return JSONResponse({"taken": await request.services.idempotency.is_answered(request.user, key)})


async def _take(request: PageRequest, site: OwnedSite, message: WrittenMessage) -> None:
    """Start a job, once per key and text: another text under the same key, as the Back button gives, is another."""
    number = version_number(message.base) if message.base else None
    attached = await request.services.uploads.attach(site, message.files.wanted)

    async def start(job: str) -> StoredResponse:
        await request.services.jobs.start_edit(site, message.text, number, job, attached)
        return StoredResponse(202, None, job)

    if not message.key:
        await start(new_id())
        return
    parts = [message.text, message.base, *([attached.upload] if attached else [])]
    asked = request_text("POST", request.http.url.path, parts)
    once = request.services.idempotency.once
    try:
        await once(request.user, _stored_key(message.key), asked, start, secret=False)
    except KeyReused:
        await start(new_id())


async def _with_draft(
    request: PageRequest, form: FormData, message: WrittenMessage, error: PageWrightError | None = None
) -> Response:
    """The page anew, what was written in its form; with the error if there is one."""
    page = await gather_site(request, site_query(form))
    notice: Notice | None = notice_of(error) if error else page.frame.notice
    draft = replace(page, draft=message.text, message_key=message.key, attached=message.files.chips)
    page = replace(draft, frame=replace(page.frame, notice=notice))
    return request.show(page, int(error.status) if error else 200)


def _written(form: FormData) -> WrittenMessage:
    fields = {name: str(form.get(name, "")) for name in ("base", "key", "writer")}
    text = str(form.get("message", "")).replace("\r\n", "\n")
    return WrittenMessage(text=text, files=named_files(form), **fields)


def _stored_key(key: str) -> str:
    """Apart from the keys of the JSON API."""
    return f"page:{key}"


MESSAGE_ROUTES = (
    PageRoute("POST", links.messages("{site}"), send),
    PageRoute("GET", links.message("{site}", "{key}"), look),
)

"""Requests that wait: another text, another place in the order, withdrawn."""

from dataclasses import replace

from starlette.responses import Response

from daemons.api.jobs.waiting_requests import Withdrawal
from daemons.api.pages.job_pages import site_job
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.site_pages import answer_live
from daemons.api.pages.site_view import gather_site, site_query
from htmx_ui import links
from htmx_ui.parts import Notice
from shared.domain.errors import Conflict, InvalidInput, Unavailable

_MOST_JOBS = 300
_NAMED_CHARACTERS = 60


async def edit(request: PageRequest) -> Response:
    """Change what it says. Without JavaScript a text that is not taken comes back in the message box."""
    job, form = await site_job(request), await request.form()
    text = str(form.get("message", "")).replace("\r\n", "\n")
    edits = str(form.get("edits", ""))
    try:
        await request.services.waiting.edit(job, text, int(edits) if edits.isdecimal() and len(edits) < 9 else None)
    except (InvalidInput, Conflict, Unavailable) as error:
        if request.wants_fragment:
            raise
        page = await gather_site(request, site_query(form))
        frame = replace(page.frame, notice=notice_of(error))
        return request.show(replace(page, draft=text, frame=frame), int(error.status))
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await answer_live(request, site_query(form))


async def move(request: PageRequest) -> Response:
    """Let it run before another one, or last."""
    job, form = await site_job(request), await request.form()
    await request.services.waiting.move(job, str(form.get("ahead", "")) or None)
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await answer_live(request, site_query(form))


async def withdraw(request: PageRequest) -> Response:
    """Withdraw those that the page showed waiting; says how many that were, and which had begun."""
    site, form = await request.owned_site(), await request.form(max_fields=_MOST_JOBS)
    seen = [str(job) for job in form.getlist("job")]
    notice = _told(await request.services.waiting.withdraw(site, seen))
    if request.wants_fragment:
        return await answer_live(request, site_query(form), notice=notice)
    page = await gather_site(request, site_query(form))
    return request.show(replace(page, frame=replace(page.frame, notice=notice)))


def _told(withdrawal: Withdrawal) -> Notice:
    number = len(withdrawal.withdrawn)
    few = {0: "Nothing was withdrawn.", 1: "1 request was withdrawn."}
    hints = [f"Had begun: “{_shortened(job.message)}”." for job in withdrawal.begun]
    return Notice(few.get(number, f"{number} requests were withdrawn."), " ".join(hints), bad=bool(hints))


def _shortened(message: str) -> str:
    line = " ".join(message.split())
    return line if len(line) <= _NAMED_CHARACTERS else f"{line[:_NAMED_CHARACTERS]}…"


QUEUE_ROUTES = (
    PageRoute("POST", links.edit("{site}", "{job}"), edit),
    PageRoute("POST", links.move("{site}", "{job}"), move),
    PageRoute("POST", links.withdraw("{site}"), withdraw),
)

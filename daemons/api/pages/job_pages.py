"""One request to the agent: how far it is, stopping it, trying again."""

from urllib.parse import quote

from starlette.responses import Response

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.jobs.live_job import LiveJob
from daemons.api.jobs.owned_job import OwnedJob
from daemons.api.jobs.uploads import attached_to
from daemons.api.pages.double_click import ask_once
from daemons.api.pages.page_request import PageRequest, PageRoute
from daemons.api.pages.site_pages import answer_asked
from daemons.api.pages.site_view import site_query
from daemons.api.pages.views import places, turn_view
from htmx_ui import links
from htmx_ui.contexts import TurnFragment
from shared.domain.attachments import without_names
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.vocabulary import JobKind

# Tells the page that a request has ended, so that it fetches everything that may have changed with it.
_SETTLED = {"HX-Trigger": "settled"}


async def job(request: PageRequest) -> Response:
    """How far it is."""
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await _turn(request, await request.services.jobs.show(await site_job(request)))


async def stop(request: PageRequest) -> Response:
    """Stop it: at once if it waits, soon if it runs."""
    stopped = await request.services.jobs.cancel(await site_job(request))
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await _turn(request, stopped)


async def retry(request: PageRequest) -> Response:
    """Ask the same once more; whoever is impatient asks it once."""
    asked, site = await site_job(request), await request.owned_site()
    form = await request.form()
    root = str(form.get("root", ""))
    base = None if form.get("newest") else asked.request.base

    async def start(job: str) -> None:
        await _ask_again(request, site, asked, root, base, job)

    if not await request.services.jobs.repeated.asks_already(asked, base, root):
        await ask_once(request, site, f"retry:{asked.id}:{base}:{quote(root)}"[:150], start)
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await answer_asked(request, site_query(form))


async def site_job(request: PageRequest) -> OwnedJob:
    """The request that the address names; raises NotFound if it is none of its site's."""
    found = await request.owned_job()
    if found.recorded.site != request.site:
        raise NotFound("This site has no such request.", "Look at the site’s chat.")
    return found


async def _turn(request: PageRequest, shown: LiveJob) -> Response:
    waiting = await request.services.waiting.list_waiting(await request.owned_site()) if shown.waits else []
    turn = turn_view(shown.job, {}, stopping=shown.stopping, waits=places(waiting).get(shown.job.id))
    return request.show(TurnFragment(name=request.site, turn=turn), headers=_SETTLED if shown.job.state.final else {})


async def _ask_again(
    request: PageRequest, site: OwnedSite, asked: OwnedJob, root: str, base: int | None, again: str
) -> None:
    """The same once more as the job `again`, from `base`; an import gets its answer which folder is the site."""
    services = request.services
    job = (await services.jobs.show(asked)).job
    if job.kind is JobKind.EDIT:
        message = without_names(job.message, job.attachments)
        await services.jobs.start_edit(site, message, base, again, attached_to(asked.request))
    elif job.kind is JobKind.RESTORE and asked.request.undo:
        await services.jobs.start_undo(site, asked.request.undo, again)
    elif job.kind is JobKind.RESTORE and asked.request.keep_asked:
        await services.jobs.start_keep_asked(site, asked.request.keep_asked, again)
    elif job.kind is JobKind.RESTORE and job.base:
        await services.jobs.start_restore(site, job.base, again)
    elif job.kind is JobKind.CREATE:
        await services.sites.create_again(site, again)
    elif job.error and root in job.error.choices:
        await services.sites.import_again(site, asked.request, root, again)
    else:
        raise InvalidInput("An archive can’t be imported again from here.", "Make the site once more.")


JOB_ROUTES = (
    PageRoute("GET", links.job("{site}", "{job}"), job),
    PageRoute("POST", links.stop("{site}", "{job}"), stop),
    PageRoute("POST", links.retry("{site}", "{job}"), retry),
)

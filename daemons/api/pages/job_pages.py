"""One request to the agent: how far it is, stopping it, trying again."""

from starlette.responses import Response

from daemons.api.jobs.rows import Job
from daemons.api.pages.page_request import PageRequest, PageRoute
from daemons.api.pages.site_pages import answer_live
from daemons.api.pages.site_view import live_turn, wanted_by
from daemons.api.sites.sites import NewSite
from htmx_ui import links
from htmx_ui.contexts import TurnFragment
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.vocabulary import JobKind, new_id

# Tells the page that a request has ended, so that it fetches everything that may have changed with it.
_SETTLED = {"HX-Trigger": "settled"}


async def job(request: PageRequest) -> Response:
    """How far it is."""
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await _turn(request, await _job(request))


async def stop(request: PageRequest) -> Response:
    """Stop it: at once if it waits, soon if it runs."""
    asked = await _job(request)
    stopped = await request.services.jobs.cancel(request.user, asked.id)
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await _turn(request, stopped)


async def retry(request: PageRequest) -> Response:
    """Ask the same once more."""
    asked = await _job(request)
    form = await request.form()
    await _ask_again(request, asked, str(form.get("root", "")), newest=bool(form.get("newest")))
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await answer_live(request, wanted_by(form))


async def _job(request: PageRequest) -> Job:
    found = await request.services.jobs.show(request.user, request.job)
    if found.site != request.site:
        raise NotFound("This site has no such request.", "Look at the site’s chat.")
    return found


async def _turn(request: PageRequest, shown: Job) -> Response:
    turn = await live_turn(request, shown)
    return request.show(TurnFragment(name=request.site, turn=turn), headers=_SETTLED if shown.state.final else {})


async def _ask_again(request: PageRequest, asked: Job, root: str, *, newest: bool) -> None:
    """The same once more, or from the newest version; an import gets its answer which folder is the site."""
    jobs = request.services.jobs
    if asked.kind is JobKind.EDIT:
        await jobs.start_edit(request.user, request.site, asked.message, None if newest else asked.base, new_id())
    elif asked.kind is JobKind.RESTORE and asked.base:
        await jobs.start_restore(request.user, request.site, asked.base, new_id())
    elif asked.kind is JobKind.CREATE:
        row = await request.services.sites.row(request.user, request.site)
        new = NewSite(name=row.name, title=row.title, template=row.template)
        await request.services.sites.create(request.user, new, new_id())
    elif asked.error and root in asked.error.choices:
        await request.services.sites.import_again(request.user, asked, root, new_id())
    else:
        raise InvalidInput("An archive can’t be imported again from here.", "Make the site once more.")


JOB_ROUTES = (
    PageRoute("GET", links.job("{site}", "{job}"), job),
    PageRoute("POST", links.stop("{site}", "{job}"), stop),
    PageRoute("POST", links.retry("{site}", "{job}"), retry),
)

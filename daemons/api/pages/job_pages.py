"""One request to the agent: how far it is, stopping it, trying again."""

from starlette.responses import Response

from daemons.api.jobs.rows import Job
from daemons.api.pages.site_pages import answer_live
from daemons.api.pages.site_view import live_turn, wanted_by
from daemons.api.pages.visit import PageRoute, Visit
from daemons.api.sites.sites import NewSite
from htmx_ui import links
from htmx_ui.contexts import TurnFragment
from shared.domain.errors import InvalidInput, NotFound
from shared.domain.vocabulary import JobKind, new_id

# Tells the page that a request has ended, so that it fetches everything that may have changed with it.
_SETTLED = {"HX-Trigger": "settled"}


async def job(visit: Visit) -> Response:
    """How far it is."""
    if not visit.wants_fragment:
        return visit.go(links.site(visit.site))
    return await _turn(visit, await _job(visit))


async def stop(visit: Visit) -> Response:
    """Stop it: at once if it waits, soon if it runs."""
    asked = await _job(visit)
    stopped = await visit.services.jobs.cancel(visit.asker, asked.id)
    if not visit.wants_fragment:
        return visit.go(links.site(visit.site))
    return await _turn(visit, stopped)


async def retry(visit: Visit) -> Response:
    """Ask the same once more."""
    asked = await _job(visit)
    form = await visit.form()
    await _ask_again(visit, asked, str(form.get("root", "")), newest=bool(form.get("newest")))
    if not visit.wants_fragment:
        return visit.go(links.site(visit.site))
    return await answer_live(visit, wanted_by(form))


async def _job(visit: Visit) -> Job:
    found = await visit.services.jobs.show(visit.asker, visit.job)
    if found.site != visit.site:
        raise NotFound("This site has no such request.", "Look at the site’s chat.")
    return found


async def _turn(visit: Visit, shown: Job) -> Response:
    turn = await live_turn(visit, shown, {})
    return visit.show(TurnFragment(name=visit.site, turn=turn), headers=_SETTLED if shown.state.final else {})


async def _ask_again(visit: Visit, asked: Job, root: str, *, newest: bool) -> None:
    """The same once more, or from the newest version; an import gets its answer which folder is the site."""
    jobs = visit.services.jobs
    if asked.kind is JobKind.EDIT:
        await jobs.start_edit(visit.asker, visit.site, asked.message, None if newest else asked.base, new_id())
    elif asked.kind is JobKind.RESTORE and asked.base:
        await jobs.start_restore(visit.asker, visit.site, asked.base, new_id())
    elif asked.kind is JobKind.CREATE:
        row = await visit.services.sites.row(visit.asker, visit.site)
        new = NewSite(name=row.name, title=row.title, template=row.template)
        await visit.services.sites.create(visit.asker, new, new_id())
    elif asked.error and root in asked.error.choices:
        await visit.services.sites.import_again(visit.asker, asked, root, new_id())
    else:
        raise InvalidInput("An archive can’t be imported again from here.", "Make the site once more.")


JOB_ROUTES = (
    PageRoute("GET", links.job("{site}", "{job}"), job),
    PageRoute("POST", links.stop("{site}", "{job}"), stop),
    PageRoute("POST", links.retry("{site}", "{job}"), retry),
)

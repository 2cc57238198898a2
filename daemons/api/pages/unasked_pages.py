"""The ways on after a change that did more than was asked for: keep what was asked alone, or keep all."""

from starlette.responses import Response

from daemons.api.pages.page_request import PageRequest, PageRoute
from daemons.api.pages.site_pages import ask_and_show
from htmx_ui import links


async def keep_asked(request: PageRequest) -> Response:
    """Make a new version without what nobody asked for."""
    form, site = await request.form(), await request.owned_site()
    version, jobs = request.version, request.services.jobs
    what = f"keep-asked:{version}"
    return await ask_and_show(request, form, site, what, lambda job: jobs.start_keep_asked(site, version, job))


async def keep_all(request: PageRequest) -> Response:
    """Keep all of it: preview shows it from now on."""
    await request.services.keeping_all.keep_all(await request.owned_site(), request.version)
    return request.go(links.site(request.site, notice="kept-all"))


UNASKED_ROUTES = (
    PageRoute("POST", links.keep_asked("{site}", "{number}"), keep_asked),
    PageRoute("POST", links.keep_all("{site}", "{number}"), keep_all),
)

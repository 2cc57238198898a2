"""One site: its page, the parts of it that change, and what is said to the agent."""

from dataclasses import fields, replace

from starlette.responses import Response

from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.site_view import SiteQuery, gather_site, site_query
from daemons.api.sites.addresses import version_number
from htmx_ui import links
from htmx_ui.contexts import LiveFragment, SitePage
from shared.domain.errors import InvalidInput, TooMany, Unavailable
from shared.domain.vocabulary import new_id


async def site(request: PageRequest) -> Response:
    """The whole page."""
    return request.show(await gather_site(request, site_query(request.http.query_params)))


async def live(request: PageRequest) -> Response:
    """What may have changed since the page was loaded."""
    return await answer_live(request, site_query(request.http.query_params))


async def send_message(request: PageRequest) -> Response:
    """A request to the agent."""
    form = await request.form()
    base, text = str(form.get("base", "")), str(form.get("message", "")).replace("\r\n", "\n")
    query = site_query(form)
    try:
        number = version_number(base) if base else None
        await request.services.jobs.start_edit(await request.owned_site(), text, number, new_id())
    except (InvalidInput, TooMany, Unavailable) as error:
        if request.wants_fragment:
            raise
        # Without JavaScript the form is gone: it comes back with what was written.
        page = await gather_site(request, query)
        frame = replace(page.frame, notice=notice_of(error))
        return request.show(replace(page, draft=text, frame=frame), int(error.status))
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await answer_asked(request, query)


async def answer_asked(request: PageRequest, query: SiteQuery) -> Response:
    """The changing parts for somebody who has asked for a change: what comes of it is shown, whatever is in view."""
    return await answer_live(request, replace(query, until=query.until or query.latest))


async def answer_live(request: PageRequest, query: SiteQuery) -> Response:
    """The changing parts; the preview unless the page shows this version live already."""
    page = await gather_site(request, query)
    is_shown = page.preview is None or (page.preview.version == query.have and bool(page.preview.url) and query.framed)
    values = {field.name: getattr(page, field.name) for field in fields(SitePage)}
    return request.show(LiveFragment(**values, refresh_preview=not is_shown))


SITE_ROUTES = (
    PageRoute("GET", links.site("{site}"), site),
    PageRoute("GET", links.live("{site}"), live),
    PageRoute("POST", links.messages("{site}"), send_message),
)

"""One site: its page, and the parts of it that change."""

from collections.abc import Awaitable, Callable
from dataclasses import fields, replace

from starlette.datastructures import FormData
from starlette.responses import Response

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.pages.double_click import ask_once
from daemons.api.pages.page_request import PageRequest, PageRoute
from daemons.api.pages.site_view import SiteQuery, gather_site, site_query
from htmx_ui import links
from htmx_ui.contexts import EarlierFragment, LiveFragment, SitePage
from htmx_ui.parts import Notice

# A page that was loaded from the release before would replace the thread itself.
_INTO_THREAD = {"HX-Reswap": "innerHTML"}


async def site(request: PageRequest) -> Response:
    """The whole page."""
    return request.show(await gather_site(request, site_query(request.http.query_params)))


async def live(request: PageRequest) -> Response:
    """What may have changed since the page was loaded."""
    return await answer_live(request, site_query(request.http.query_params))


async def earlier_messages(request: PageRequest) -> Response:
    """The requests before one that is shown already."""
    query = site_query(request.http.query_params)
    if not request.wants_fragment:
        return request.go(links.site(request.site, before=query.span.before or None))
    page = await gather_site(request, query)
    return request.show(EarlierFragment(name=page.name, turns=page.turns, earlier_turns=page.earlier_turns))


async def ask_and_show(
    request: PageRequest, form: FormData, owned: OwnedSite, what: str, start: Callable[[str], Awaitable[object]]
) -> Response:
    """Ask once for a job by a button, and show the site with it."""
    await ask_once(request, owned, what, start)
    if not request.wants_fragment:
        return request.go(links.site(request.site))
    return await answer_asked(request, site_query(form))


async def answer_asked(request: PageRequest, query: SiteQuery, headers: dict[str, str] | None = None) -> Response:
    """The changing parts for somebody who has asked for a change: what comes of it is shown, whatever is in view."""
    return await answer_live(request, replace(query, until=query.until or query.latest), headers)


async def answer_live(
    request: PageRequest, query: SiteQuery, headers: dict[str, str] | None = None, notice: Notice | None = None
) -> Response:
    """The changing parts; the preview unless the page shows this version live already."""
    page = await gather_site(request, query)
    is_shown = page.preview is None or (page.preview.version == query.have and bool(page.preview.url) and query.framed)
    values = {field.name: getattr(page, field.name) for field in fields(SitePage)}
    context = LiveFragment(**values, refresh_preview=not is_shown)
    context = replace(context, frame=replace(context.frame, notice=notice))
    return request.show(context, headers={**_INTO_THREAD, **(headers or {})})


SITE_ROUTES = (
    PageRoute("GET", links.site("{site}"), site),
    PageRoute("GET", links.live("{site}"), live),
    PageRoute("GET", links.messages("{site}"), earlier_messages),
)

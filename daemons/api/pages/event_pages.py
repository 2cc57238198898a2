"""The live events of a site's page: which request has moved on, and that something else has changed."""

import re
from collections.abc import AsyncIterator
from contextlib import suppress

from starlette.responses import Response, StreamingResponse

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.jobs.events import Heartbeat
from daemons.api.jobs.site_feed import SiteChanged
from daemons.api.pages.page_request import PageRequest, PageRoute
from htmx_ui import links
from shared.domain.errors import NotFound, NotSignedIn

_POSITION = re.compile(r"[0-9]{1,19}(-[0-9]{1,19})?")


async def events(request: PageRequest) -> Response:
    """What happens to the site from now on; `after` is what the page has seen."""
    request.services.job_events.check_room(request.user)
    site = await request.owned_site()
    last = request.http.headers.get("last-event-id") or request.http.query_params.get("after", "")
    return StreamingResponse(
        _stream(request, site, last if _POSITION.fullmatch(last) else ""),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(request: PageRequest, site: OwnedSite, after: str) -> AsyncIterator[str]:
    with request.services.job_events.watching(request.user):
        async for item in request.services.feed.watch(site, after, lambda: _is_still_welcome(request)):
            yield ": still here\n\n" if isinstance(item, Heartbeat) else _server_sent(item)


async def _is_still_welcome(request: PageRequest) -> bool:
    """Whether whoever opened the page is still signed in, and may still see the site."""
    with suppress(NotSignedIn, NotFound):
        if await request.services.identity.find(request.http) == request.account:
            await request.owned_site()
            return True
    return False


def _server_sent(change: SiteChanged) -> str:
    kind, data = ("job", change.job) if change.job else ("changed", "")
    return f"id: {change.position}\nevent: {kind}\ndata: {data}\n\n"


EVENT_ROUTES = (PageRoute("GET", links.events("{site}"), events),)

"""One site: its page, the parts of it that change, and what is said to the agent."""

from dataclasses import fields, replace

from starlette.responses import Response

from daemons.api.pages.site_view import Wanted, gather_site, wanted_by
from daemons.api.pages.visit import PageRoute, Visit, notice_of
from daemons.api.sites.addresses import version_number
from htmx_ui import links
from htmx_ui.contexts import LiveFragment, SitePage
from shared.domain.errors import InvalidInput, TooMany, Unavailable
from shared.domain.vocabulary import new_id


async def site(visit: Visit) -> Response:
    """The whole page."""
    return visit.show(await gather_site(visit, wanted_by(visit.request.query_params)))


async def live(visit: Visit) -> Response:
    """What may have changed since the page was loaded."""
    return await answer_live(visit, wanted_by(visit.request.query_params))


async def send_message(visit: Visit) -> Response:
    """A request to the agent."""
    form = await visit.form()
    base, text = str(form.get("base", "")), str(form.get("message", "")).replace("\r\n", "\n")
    wanted = wanted_by(form)
    try:
        number = version_number(base) if base else None
        await visit.services.jobs.start_edit(visit.asker, visit.site, text, number, new_id())
    except (InvalidInput, TooMany, Unavailable) as error:
        if visit.wants_fragment:
            raise
        # Without JavaScript the form is gone: it comes back with what was written.
        page = await gather_site(visit, wanted)
        frame = replace(page.frame, notice=notice_of(error))
        return visit.show(replace(page, draft=text, frame=frame), int(error.status))
    if not visit.wants_fragment:
        return visit.go(links.site(visit.site))
    return await answer_live(visit, wanted)


async def answer_live(visit: Visit, wanted: Wanted) -> Response:
    """The changing parts; the preview only if the page has another version than it should."""
    page = await gather_site(visit, wanted)
    shown = str(page.preview.version) if page.preview else ""
    values = {field.name: getattr(page, field.name) for field in fields(SitePage)}
    return visit.show(LiveFragment(**values, refresh_preview=shown != wanted.have))


SITE_ROUTES = (
    PageRoute("GET", links.site("{site}"), site),
    PageRoute("GET", links.live("{site}"), live),
    PageRoute("POST", links.messages("{site}"), send_message),
)

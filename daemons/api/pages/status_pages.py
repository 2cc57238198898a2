"""The whole system at one look, for administrators; for everybody else the page does not exist."""

from starlette.responses import Response

from daemons.api.pages.page_request import PageRequest, PageRoute
from daemons.api.pages.status_view import failed_rows, job_rows, part_rows, publication_rows, tiles
from htmx_ui import links
from htmx_ui.contexts import StatusFragment, StatusPage
from shared.domain.errors import NotFound


async def status(request: PageRequest) -> Response:
    """The page, or what of it has changed since."""
    if not request.user.admin:
        raise NotFound("There is nothing at this address.", "Check its spelling.")
    report = await request.services.status.report()
    page = StatusFragment if request.wants_fragment else StatusPage
    return request.show(
        page(
            frame=request.frame,
            at=report.at,
            troubles=tuple(report.troubles),
            tiles=tiles(report),
            parts=part_rows(report),
            jobs=job_rows(report),
            failed_jobs=failed_rows(report),
            publications=publication_rows(report),
        )
    )


STATUS_ROUTES = (PageRoute("GET", links.STATUS, status),)

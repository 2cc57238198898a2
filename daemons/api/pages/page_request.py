"""One request to a page: who comes, what they sent, and the ways to answer. Errors become pages or notices."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from daemons.api.accounts.site_access import OwnedSite
from daemons.api.pages.assets import asset_folder
from daemons.api.pages.model_note import ModelNote
from daemons.api.pages.way_back import sign_in_address
from daemons.api.publishing.publishing import SlotSeen
from daemons.api.request_context import RequestContext
from daemons.api.services import Services
from htmx_ui import links
from htmx_ui.contexts import Context, ErrorPage, NoticeFragment
from htmx_ui.languages import chosen_language
from htmx_ui.notices import NOTICES, OTHER_TITLE, TITLES
from htmx_ui.parts import Frame, Notice
from htmx_ui.render import render
from shared.domain.errors import InvalidInput, PageWrightError
from shared.domain.vocabulary import Slot
from shared.runtime.journal import log_context

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PageRequest(RequestContext):
    """A request to a page, and what pages need besides to answer it."""

    note: ModelNote

    @property
    def frame(self) -> Frame:
        """What surrounds the page."""
        notice = NOTICES.get(self.http.query_params.get("notice", ""))
        return Frame(
            email=self.account.email if self.account else None,
            account=self.account.id if self.account else "",
            operator=self.account is not None and self.account.admin,
            notice=Notice(notice) if notice else None,
        )

    @property
    def wants_fragment(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return "hx-request" in self.http.headers

    async def slot(self, site: OwnedSite, name: Slot) -> SlotSeen | None:
        """What the web hosts show of the site; None if that can't be found out now."""
        with suppress(PageWrightError):
            return await self.services.publishing.look(site, name)
        return None

    async def form(self, max_files: int = 1, max_fields: int = 20) -> FormData:
        """The form that was sent; raises InvalidInput if it can't be read."""
        try:
            return await self.http.form(max_files=max_files, max_fields=max_fields)
        except HTTPException as error:
            raise InvalidInput("The form can't be read.", error.detail[:200]) from None

    def show(self, context: Context, status: int = 200, headers: dict[str, str] | None = None) -> Response:
        """The page or fragment."""
        return html_response(self.http, context, status, headers, asset_folder(self.services.settings.api_assets))

    def go(self, address: str) -> Response:
        """On to another page."""
        if self.wants_fragment:
            return Response(status_code=204, headers={"HX-Redirect": address})
        return RedirectResponse(address, HTTPStatus.SEE_OTHER)


@dataclass(frozen=True)
class PageRoute:
    """One method at one path; a public one is for people who are not signed in too."""

    method: str
    path: str
    handler: Callable[[PageRequest], Awaitable[Response]]
    is_public: bool = False


def make_route(page: PageRoute, services: Services, note: ModelNote) -> Route:
    """The route of a page."""

    async def endpoint(http: Request) -> Response:
        request = PageRequest(http, services, None, note)
        site = str(http.path_params.get("site", ""))[:60]
        try:
            with log_context(**({"site": site} if site else {})):
                request = PageRequest(http, services, await services.identity.find(http), note)
                if not page.is_public and request.account is None:
                    return _to_sign_in(request)
                return await page.handler(request)
        except PageWrightError as error:
            return error_answer(request, error)
        except Exception:
            _log.exception("unexpected error in %s %s", http.method, page.path)
            return error_answer(request, PageWrightError("Something went wrong on our side.", "Try again in a moment."))

    # The metrics name a route by its endpoint.
    endpoint.__name__ = f"page_{page.handler.__name__}"
    return Route(page.path, endpoint, methods=[page.method])


def error_answer(request: PageRequest, error: PageWrightError) -> Response:
    """An error as a page, or as a notice if htmx asks."""
    status = int(error.status)
    notice = notice_of(error)
    if request.wants_fragment:
        return request.show(NoticeFragment(notice=notice), status, error.headers)
    title = TITLES.get(status, OTHER_TITLE)
    page = ErrorPage(frame=request.frame, status=status, title=title, detail=notice.text, hint=notice.hint)
    return request.show(page, status, error.headers)


def unknown_address(http: Request, status: int) -> Response:
    """The answer to an address that is none, or that does not take this method."""
    title = TITLES.get(status, OTHER_TITLE)
    page = ErrorPage(status=status, title=title, detail="There is nothing at this address.", hint="Check its spelling.")
    return html_response(http, page, status)


def error_without_account(http: Request, error: PageWrightError) -> Response:
    """An error as a page or notice, when nobody can be asked any more who is signed in."""
    status, notice = int(error.status), notice_of(error)
    if "hx-request" in http.headers:
        return html_response(http, NoticeFragment(notice=notice), status, error.headers)
    title = TITLES.get(status, OTHER_TITLE)
    page = ErrorPage(status=status, title=title, detail=notice.text, hint=notice.hint)
    return html_response(http, page, status, error.headers)


def html_response(
    http: Request,
    context: Context,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    assets: str = links.STATIC,
) -> HTMLResponse:
    """A page or fragment in the language that the browser asks for."""
    language = chosen_language(http.headers.get("accept-language", ""))
    html = render(context, language=language, assets=assets)
    return HTMLResponse(html, status, {"Vary": "HX-Request, Accept-Language", **(headers or {})})


def notice_of(error: PageWrightError) -> Notice:
    """An error as a notice."""
    return Notice(error.detail, error.hint, bad=True)


def _to_sign_in(request: PageRequest) -> Response:
    http = request.http
    site = str(http.path_params.get("site", ""))
    return request.go(sign_in_address(http.method, http.url.path, http.url.query, site, http.headers))

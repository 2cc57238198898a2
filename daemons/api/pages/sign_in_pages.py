"""Signing in by password or one-time link, and signing out."""

from starlette.responses import Response

from daemons.api.accounts.identity import network_of
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.way_back import own_address
from htmx_ui import links
from htmx_ui.contexts import SignInLinkPage, SignInPage
from shared.domain.errors import NotSignedIn, TooMany


async def start(request: PageRequest) -> Response:
    """The bare address."""
    return request.go(links.SITES)


async def sign_in_form(request: PageRequest) -> Response:
    """The form; who is signed in already has no need of it."""
    wanted = own_address(request.http.query_params.get("next", ""))
    if request.account:
        return request.go(wanted or links.SITES)
    return request.show(SignInPage(wanted=wanted, local=_is_local(request)))


async def sign_in(request: PageRequest) -> Response:
    """E-mail address and password."""
    form = await request.form()
    email, wanted = str(form.get("email", "")), own_address(str(form.get("next", "")))
    password, network = str(form.get("password", "")), network_of(request.http)
    try:
        session = await request.services.accounts.sign_in(email, password, network)
    except (NotSignedIn, TooMany) as error:
        page = SignInPage(email=email[:254], wanted=wanted, error=notice_of(error), local=_is_local(request))
        return request.show(page, int(error.status))
    return _welcome(request, session, wanted)


async def open_link(request: PageRequest) -> Response:
    """Only asks: a program that looks into mails must not use the link up."""
    token = str(request.http.path_params["token"])
    return request.show(SignInLinkPage(action=links.sign_in_link(token)))


async def use_link(request: PageRequest) -> Response:
    """The link, used up; the page knows where its browser was sent to sign in from."""
    wanted = own_address(str((await request.form()).get("next", "")))
    try:
        session = await request.services.accounts.use_sign_in_link(str(request.http.path_params["token"]))
    except NotSignedIn as error:
        hint = "Start PageWright again: `make run` prints a new link." if _is_local(request) else error.hint
        raise NotSignedIn(error.detail, hint) from None
    return _welcome(request, session, wanted)


async def sign_out(request: PageRequest) -> Response:
    """The end of the session."""
    response = request.go(links.SIGN_IN)
    await request.services.identity.forget(request.http, response)
    return response


def _welcome(request: PageRequest, session: str, wanted: str) -> Response:
    response = request.go(wanted or links.SITES)
    request.services.identity.remember(response, session)
    return response


def _is_local(request: PageRequest) -> bool:
    return request.services.settings.api_public_url.startswith("http://localhost")


SIGN_IN_ROUTES = (
    PageRoute("GET", "/", start),
    PageRoute("GET", links.SIGN_IN, sign_in_form, is_public=True),
    PageRoute("POST", links.SIGN_IN, sign_in, is_public=True),
    PageRoute("GET", links.sign_in_link("{token}"), open_link, is_public=True),
    PageRoute("POST", links.sign_in_link("{token}"), use_link, is_public=True),
    PageRoute("POST", links.SIGN_OUT, sign_out, is_public=True),
)

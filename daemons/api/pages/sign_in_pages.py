"""Signing in by password or one-time link, asking for one by mail, and signing out."""

from dataclasses import replace

from starlette.responses import Response

from daemons.api.accounts.identity import network_of
from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from daemons.api.pages.way_back import own_address
from htmx_ui import links
from htmx_ui.account_contexts import ForgottenPasswordPage, SignInLinkPage, SignInPage
from shared.domain.errors import NotSignedIn, TooMany, Unavailable


async def start(request: PageRequest) -> Response:
    """The bare address."""
    return request.go(links.SITES)


async def sign_in_form(request: PageRequest) -> Response:
    """The form; who is signed in already has no need of it."""
    wanted = own_address(request.http.query_params.get("next", ""))
    if request.account:
        return request.go(wanted or links.SITES)
    return request.show(_page(request, wanted))


async def sign_in(request: PageRequest) -> Response:
    """E-mail address and password."""
    form = await request.form()
    email, wanted = str(form.get("email", "")), own_address(str(form.get("next", "")))
    password, network = str(form.get("password", "")), network_of(request.http)
    try:
        session = await request.services.accounts.sign_in(email, password, network, request.agent)
    except (NotSignedIn, TooMany) as error:
        page = replace(_page(request, wanted), email=email[:254], error=notice_of(error))
        return request.show(page, int(error.status))
    return _welcome(request, session, wanted)


async def open_link(request: PageRequest) -> Response:
    """Only asks: a program that looks into mails must not use the link up."""
    token, wanted = str(request.http.path_params["token"]), request.http.query_params.get("next", "")
    return request.show(SignInLinkPage(action=links.sign_in_link(token), wanted=own_address(wanted)))


async def use_link(request: PageRequest) -> Response:
    """The link, used up; the page knows where its browser was sent to sign in from."""
    token, wanted = str(request.http.path_params["token"]), own_address(str((await request.form()).get("next", "")))
    try:
        session = await request.services.accounts.use_sign_in_link(token, request.agent)
    except NotSignedIn as error:
        hint = "Start PageWright again: `make run` prints a new link." if _is_local(request) else error.hint
        raise NotSignedIn(error.detail, hint) from None
    return _welcome(request, session, wanted)


async def forgotten_password(request: PageRequest) -> Response:
    """Asks for an address."""
    if not request.services.accounts.sends_mail:
        return request.go(links.SIGN_IN)
    return request.show(ForgottenPasswordPage())


async def mail_link(request: PageRequest) -> Response:
    """A mail with a link, if there is such an account: the answer is the same either way."""
    email = str((await request.form()).get("email", "")).strip()[:254]
    try:
        await request.services.accounts.mail_sign_in_link(email, network_of(request.http), request.language)
    except (TooMany, Unavailable) as error:
        return request.show(ForgottenPasswordPage(email=email, error=notice_of(error)), int(error.status))
    return request.show(ForgottenPasswordPage(sent_to=email))


async def sign_out(request: PageRequest) -> Response:
    """The end of the session."""
    response = request.go(links.SIGN_IN)
    await request.services.identity.forget(request.http, response)
    return response


def _welcome(request: PageRequest, session: str, wanted: str) -> Response:
    response = request.go(wanted or links.SITES)
    request.services.identity.remember(response, session)
    return response


def _page(request: PageRequest, wanted: str) -> SignInPage:
    return SignInPage(wanted=wanted, local=_is_local(request), sends_mail=request.services.accounts.sends_mail)


def _is_local(request: PageRequest) -> bool:
    return request.services.settings.api_public_url.startswith("http://localhost")


SIGN_IN_ROUTES = (
    PageRoute("GET", "/", start),
    PageRoute("GET", links.SIGN_IN, sign_in_form, is_public=True),
    PageRoute("POST", links.SIGN_IN, sign_in, is_public=True),
    PageRoute("GET", links.sign_in_link("{token}"), open_link, is_public=True),
    PageRoute("POST", links.sign_in_link("{token}"), use_link, is_public=True),
    PageRoute("GET", links.FORGOTTEN_PASSWORD, forgotten_password, is_public=True),
    PageRoute("POST", links.FORGOTTEN_PASSWORD, mail_link, is_public=True),
    PageRoute("POST", links.SIGN_OUT, sign_out, is_public=True),
)

"""Signing in by password or one-time link, and signing out."""

import re

from starlette.responses import Response

from daemons.api.accounts.identity import network_of
from daemons.api.pages.visit import PageRoute, Visit, notice_of
from htmx_ui import links
from htmx_ui.contexts import SignInLinkPage, SignInPage
from shared.domain.errors import NotSignedIn, TooMany

# What ends up in a header must be plain: no line break, no query, nothing that a browser reads in its own way.
_OWN_PATH = re.compile(rf"{links.STATUS}|{links.SITES}(/[a-z0-9-]+)+")


async def start(visit: Visit) -> Response:
    """The bare address."""
    return visit.go(links.SITES)


async def sign_in_form(visit: Visit) -> Response:
    """The form; who is signed in already has no need of it."""
    if visit.account:
        return visit.go(links.SITES)
    return visit.show(_page(visit, wanted=visit.request.query_params.get("next", "")))


async def sign_in(visit: Visit) -> Response:
    """E-mail address and password."""
    form = await visit.form()
    email, wanted = str(form.get("email", "")), str(form.get("next", ""))
    password, network = str(form.get("password", "")), network_of(visit.request)
    try:
        session = await visit.services.accounts.sign_in(email, password, network)
    except (NotSignedIn, TooMany) as error:
        page = SignInPage(email=email[:254], wanted=_own_path(wanted), error=notice_of(error), local=_is_local(visit))
        return visit.show(page, int(error.status))
    return _welcome(visit, session, _own_path(wanted))


async def open_link(visit: Visit) -> Response:
    """Only asks: a program that looks into mails must not use the link up."""
    token = str(visit.request.path_params["token"])
    return visit.show(SignInLinkPage(action=links.sign_in_link(token)))


async def use_link(visit: Visit) -> Response:
    """The link, used up."""
    try:
        session = await visit.services.accounts.use_sign_in_link(str(visit.request.path_params["token"]))
    except NotSignedIn as error:
        hint = "Start PageWright again: `make run` prints a new link." if _is_local(visit) else error.hint
        raise NotSignedIn(error.detail, hint) from None
    return _welcome(visit, session, "")


async def sign_out(visit: Visit) -> Response:
    """The end of the session."""
    response = visit.go(links.SIGN_IN)
    await visit.services.identity.forget(visit.request, response)
    return response


def _welcome(visit: Visit, session: str, wanted: str) -> Response:
    response = visit.go(wanted or links.SITES)
    visit.services.identity.remember(response, session)
    return response


def _page(visit: Visit, wanted: str) -> SignInPage:
    return SignInPage(wanted=_own_path(wanted), local=_is_local(visit))


def _own_path(wanted: str) -> str:
    """Where to go afterwards, if it is one of our pages: never another website."""
    return wanted if _OWN_PATH.fullmatch(wanted) else ""


def _is_local(visit: Visit) -> bool:
    return visit.services.settings.api_public_url.startswith("http://localhost")


SIGN_IN_ROUTES = (
    PageRoute("GET", "/", start),
    PageRoute("GET", links.SIGN_IN, sign_in_form, is_public=True),
    PageRoute("POST", links.SIGN_IN, sign_in, is_public=True),
    PageRoute("GET", links.sign_in_link("{token}"), open_link, is_public=True),
    PageRoute("POST", links.sign_in_link("{token}"), use_link, is_public=True),
    PageRoute("POST", links.SIGN_OUT, sign_out, is_public=True),
)

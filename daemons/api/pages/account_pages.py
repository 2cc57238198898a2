"""The user's own account: a password, where they are signed in, and their API tokens."""

from starlette.responses import Response

from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from htmx_ui import links
from htmx_ui.account_contexts import AccountPage
from htmx_ui.account_parts import SessionView, TokenView
from htmx_ui.browser_names import browser_name
from htmx_ui.parts import Notice
from shared.domain.errors import InvalidInput


async def account(request: PageRequest) -> Response:
    """The form, and what may act as this user."""
    return request.show(await _page(request))


async def set_password(request: PageRequest) -> Response:
    """A new password; what is wrong with it is said on the form."""
    form = await request.form()
    try:
        session = request.services.identity.session(request.http)
        password = str(form.get("password", ""))
        await request.services.accounts.set_password(request.user, password, session, request.language)
    except InvalidInput as error:
        return request.show(await _page(request, notice_of(error)), int(error.status))
    return request.go(f"{links.ACCOUNT}?notice=password-set")


async def end_session(request: PageRequest) -> Response:
    """Sign the user out in another browser."""
    chosen = str((await request.form()).get("id", ""))
    await request.services.credentials.end_session_of(request.user.id, chosen, by=request.user.email)
    return request.go(f"{links.ACCOUNT}?notice=session-ended")


async def end_token(request: PageRequest) -> Response:
    """An API token stops working."""
    chosen = str((await request.form()).get("id", ""))
    await request.services.credentials.revoke_token(request.user.id, chosen, by=request.user.email)
    return request.go(f"{links.ACCOUNT}?notice=token-ended")


async def _page(request: PageRequest, error: Notice | None = None) -> AccountPage:
    user, credentials = request.user, request.services.credentials
    sessions = await credentials.sessions(user.id, request.services.identity.session(request.http))
    return AccountPage(
        frame=request.frame,
        email=user.email,
        sessions=[SessionView(one.id, browser_name(one.agent), one.created_at, one.is_this) for one in sessions],
        tokens=[TokenView(one.id, one.name, one.created_at) for one in await credentials.tokens(user.id)],
        error=error,
    )


ACCOUNT_ROUTES = (
    PageRoute("GET", links.ACCOUNT, account),
    PageRoute("POST", links.ACCOUNT, set_password),
    PageRoute("POST", links.END_SESSION, end_session),
    PageRoute("POST", links.END_TOKEN, end_token),
)

"""The user's own account: a password of their own."""

from starlette.responses import Response

from daemons.api.pages.page_request import PageRequest, PageRoute, notice_of
from htmx_ui import links
from htmx_ui.contexts import AccountPage
from shared.domain.errors import InvalidInput


async def account(request: PageRequest) -> Response:
    """The form."""
    return request.show(AccountPage(frame=request.frame, email=request.user.email))


async def set_password(request: PageRequest) -> Response:
    """A new password; what is wrong with it is said on the form."""
    form = await request.form()
    try:
        session = request.services.identity.session(request.http)
        await request.services.accounts.set_password(request.user, str(form.get("password", "")), session)
    except InvalidInput as error:
        page = AccountPage(frame=request.frame, email=request.user.email, error=notice_of(error))
        return request.show(page, int(error.status))
    return request.go(f"{links.ACCOUNT}?notice=password-set")


ACCOUNT_ROUTES = (
    PageRoute("GET", links.ACCOUNT, account),
    PageRoute("POST", links.ACCOUNT, set_password),
)

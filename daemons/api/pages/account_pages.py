"""The asker's own account: a password of their own."""

from starlette.responses import Response

from daemons.api.pages.visit import PageRoute, Visit, notice_of
from htmx_ui import links
from htmx_ui.contexts import AccountPage
from shared.domain.errors import InvalidInput


async def account(visit: Visit) -> Response:
    """The form."""
    return visit.show(AccountPage(frame=visit.frame, email=visit.asker.email))


async def set_password(visit: Visit) -> Response:
    """A new password; what is wrong with it is said on the form."""
    form = await visit.form()
    try:
        session = visit.services.identity.session(visit.request)
        await visit.services.accounts.set_password(visit.asker, str(form.get("password", "")), session)
    except InvalidInput as error:
        page = AccountPage(frame=visit.frame, email=visit.asker.email, error=notice_of(error))
        return visit.show(page, int(error.status))
    return visit.go(f"{links.ACCOUNT}?notice=password-set")


ACCOUNT_ROUTES = (
    PageRoute("GET", links.ACCOUNT, account),
    PageRoute("POST", links.ACCOUNT, set_password),
)

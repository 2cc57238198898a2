"""The contexts of signing in and of the account page."""

from collections.abc import Sequence
from dataclasses import dataclass

from htmx_ui.account_parts import SessionView, TokenView
from htmx_ui.contexts import Context
from htmx_ui.parts import Notice


@dataclass(frozen=True, kw_only=True)
class SignInPage(Context):
    """Email and password; `email` is what was typed before, `wanted` where to go afterwards."""

    template = "sign_in.html"
    email: str = ""
    wanted: str = ""
    error: Notice | None = None
    local: bool = False
    sends_mail: bool = False


@dataclass(frozen=True, kw_only=True)
class ForgottenPasswordPage(Context):
    """Asks for the address that a sign-in link is sent to; `sent_to` is what was asked for, once it was."""

    template = "forgotten_password.html"
    email: str = ""
    sent_to: str = ""
    error: Notice | None = None


@dataclass(frozen=True, kw_only=True)
class SignInLinkPage(Context):
    """A one-time link was opened: the button posts, so that a mail scanner does not use the link up."""

    template = "sign_in_link.html"
    action: str
    wanted: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountPage(Context):
    """The account of whoever is signed in."""

    template = "account.html"
    email: str
    sessions: Sequence[SessionView] = ()
    tokens: Sequence[TokenView] = ()
    error: Notice | None = None

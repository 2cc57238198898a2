"""Operations on people, tokens, sessions and the audit trail."""

from typing import Annotated

from pydantic import StringConstraints
from starlette.responses import Response

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.audit import AuditEntry
from daemons.api.accounts.credentials import ApiToken, NewApiToken, OpenSession
from daemons.api.accounts.identity import network_of
from daemons.api.database.paging import Cursor, Page
from daemons.api.json_routes.operation import ApiRequest, Nothing, Operation
from shared.domain.vocabulary import Record, SiteName

Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class UserInput(Record):
    """A new user."""

    email: Annotated[str, StringConstraints(max_length=254)]
    admin: bool = False


class UserCreated(Record):
    """A new user, and the link by which they sign in, once, within 24 hours."""

    user: Account
    sign_in_link: str


class SignInLink(Record):
    """A link that signs a user in, once, within 24 hours."""

    sign_in_link: str


class EmailInput(Record):
    """Which user."""

    email: Annotated[str, StringConstraints(max_length=254)]


class TokenInput(Record):
    """What a token is for, so that it can be told from others later."""

    name: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")
    ]


class SessionInput(Record):
    """How to sign in: the token of a sign-in link, or address and password."""

    sign_in_token: Secret | None = None
    email: Annotated[str, StringConstraints(max_length=254)] = ""
    password: Annotated[str, StringConstraints(max_length=1000)] = ""


class PasswordInput(Record):
    """A new password."""

    password: Secret


class AuditQuery(Cursor):
    """A page of the audit trail, of one site or of everything."""

    site: SiteName | None = None


async def add_user(request: ApiRequest, body: UserInput) -> UserCreated:
    """Add a user."""
    accounts = request.services.accounts
    account = await accounts.add(body.email, admin=body.admin, by=request.user.email)
    return UserCreated(user=account, sign_in_link=await accounts.create_sign_in_link(account))


async def make_sign_in_link(request: ApiRequest, body: EmailInput) -> SignInLink:
    """A new link for a user who can't sign in."""
    accounts = request.services.accounts
    account = await accounts.by_email(body.email)
    await request.services.audit.record(request.user.email, "user.sign-in-link", email=account.email)
    return SignInLink(sign_in_link=await accounts.create_sign_in_link(account))


async def create_token(request: ApiRequest, body: TokenInput) -> NewApiToken:
    """A token of the user's."""
    return await request.services.credentials.create_token(request.user.id, body.name, by=request.user.email)


async def list_tokens(request: ApiRequest) -> Page[ApiToken]:
    """The user's tokens."""
    return Page(items=await request.services.credentials.tokens(request.user.id))


async def revoke_token(request: ApiRequest) -> Nothing:
    """End one of the user's tokens."""
    await request.services.credentials.revoke_token(request.user.id, request.path("token"), by=request.user.email)
    return Nothing()


async def show_me(request: ApiRequest) -> Account:
    """Who is asking."""
    return request.user


async def set_password(request: ApiRequest, body: PasswordInput) -> Nothing:
    """Set the user's password; other sessions end."""
    session = request.services.identity.session(request.http)
    await request.services.accounts.set_password(request.user, body.password, session, request.language)
    return Nothing()


async def sign_in(request: ApiRequest, body: SessionInput) -> Response:
    """Open a session, kept in a cookie."""
    accounts = request.services.accounts
    if body.sign_in_token:
        session = await accounts.use_sign_in_link(body.sign_in_token, request.agent)
    else:
        session = await accounts.sign_in(body.email, body.password, network_of(request.http), request.agent)
    response = Response(status_code=204)
    request.services.identity.remember(response, session)
    return response


async def sign_out(request: ApiRequest) -> Response:
    """End the session."""
    response = Response(status_code=204)
    await request.services.identity.forget(request.http, response)
    return response


async def list_sessions(request: ApiRequest) -> Page[OpenSession]:
    """Where the user is signed in."""
    session = request.services.identity.session(request.http)
    return Page(items=await request.services.credentials.sessions(request.user.id, session))


async def end_session(request: ApiRequest) -> Nothing:
    """Sign the user out somewhere."""
    credentials = request.services.credentials
    await credentials.end_session_of(request.user.id, request.path("session"), by=request.user.email)
    return Nothing()


async def list_audit(request: ApiRequest, query: AuditQuery) -> Page[AuditEntry]:
    """Who did what."""
    return await request.services.audit.entries(query.site, query.cursor, query.limit)


OPERATIONS = (
    Operation("GET", "/me", "Who you are.", show_me, answer=Account),
    Operation("PUT", "/me/password", "Set your password.", set_password,
              body=PasswordInput, answer=Nothing, status=204),
    Operation("POST", "/session", "Sign in; the session is a cookie.", sign_in,
              body=SessionInput, answer=Nothing, status=204, is_public=True),
    Operation("DELETE", "/session", "Sign out.", sign_out, answer=Nothing, status=204, is_public=True),
    Operation("GET", "/sessions", "Where you are signed in, newest first.", list_sessions, answer=Page[OpenSession]),
    Operation("DELETE", "/sessions/{session}", "Sign out somewhere.", end_session, answer=Nothing, status=204),
    Operation("GET", "/tokens", "Your API tokens, without their secrets.", list_tokens, answer=Page[ApiToken]),
    Operation("POST", "/tokens", "Create an API token; it is shown this once.", create_token,
              body=TokenInput, answer=NewApiToken, status=201, is_secret=True),
    Operation("DELETE", "/tokens/{token}", "Revoke one of your API tokens.", revoke_token, answer=Nothing, status=204),
    Operation("POST", "/users", "Add a user (administrators).", add_user,
              body=UserInput, answer=UserCreated, status=201, is_secret=True, for_admins=True),
    Operation("POST", "/sign-in-links", "Make a new sign-in link for a user (administrators).", make_sign_in_link,
              body=EmailInput, answer=SignInLink, status=201, is_secret=True, for_admins=True),
    Operation("GET", "/audit", "Who did what, newest first (administrators).", list_audit,
              answer=Page[AuditEntry], query=AuditQuery, for_admins=True),
)  # fmt: skip

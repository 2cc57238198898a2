"""Who is asking: an API token as bearer, or a browser's session cookie."""

from ipaddress import IPv4Address, IPv6Network, ip_address

from starlette.requests import Request
from starlette.responses import Response

from daemons.api.accounts.accounts import Account, Accounts
from daemons.api.accounts.credentials import SESSION_LIFE
from shared.domain.errors import NotSignedIn


class Identity:
    """Finds the account behind a request, and keeps the session cookie."""

    def __init__(self, accounts: Accounts, public_url: str) -> None:
        self._accounts = accounts
        self._is_secure = public_url.startswith("https:")
        # With this prefix a browser lets no other host, such as a hostile site below ours, plant the cookie.
        self.cookie = "__Host-pagewright" if self._is_secure else "pagewright"

    async def find(self, request: Request) -> Account | None:
        """Who is asking, None if nobody says; raises NotSignedIn for a bearer token that is not good."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            account = await self._accounts.by_token(token.strip())
            if account is None:
                raise NotSignedIn("The API token is not known.", "Create one with `pagewright token create`.")
            return account
        session = self.session(request)
        return await self._accounts.by_session(session) if session else None

    async def require(self, request: Request) -> Account:
        """Who is asking; raises NotSignedIn if nobody is."""
        account = await self.find(request)
        if account is None:
            raise NotSignedIn("You are not signed in.", "Sign in, or send an API token as `Authorization: Bearer …`.")
        return account

    def session(self, request: Request) -> str:
        """The session token that a request shows; empty if it shows none."""
        return request.cookies.get(self.cookie, "")

    def remember(self, response: Response, session: str) -> None:
        """Let the browser keep a session."""
        response.set_cookie(
            self.cookie,
            session,
            max_age=int(SESSION_LIFE.total_seconds()),
            path="/",
            secure=self._is_secure,
            httponly=True,
            samesite="lax",
        )

    async def forget(self, request: Request, response: Response) -> None:
        """End the request's session, here and in the browser."""
        session = self.session(request)
        if session:
            await self._accounts.sign_out(session)
        response.delete_cookie(self.cookie, path="/", secure=self._is_secure, httponly=True, samesite="lax")


def network_of(request: Request) -> str:
    """Where a request comes from, to count attempts by: an IPv4 address, or the /64 that one IPv6 host may choose from.

    nginx says so, and nobody else reaches the api: its socket is open to nginx alone, and between hosts the packet
    filter lets only web hosts in.
    """
    said = request.headers.get("x-forwarded-for", "")[:100] or (request.client.host if request.client else "")
    try:
        address = ip_address(said)
    except ValueError:
        return said or "this machine"
    if isinstance(address, IPv4Address):
        return said
    return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))

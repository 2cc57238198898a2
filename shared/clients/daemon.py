"""How one daemon calls another, and how the command line calls the public API: the only user of httpx."""

import ssl

import httpx
from starlette.types import ASGIApp

from shared.domain.errors import PageWrightError, from_problem
from shared.runtime.journal import CONTEXT_HEADERS, log_field

AsyncClient = httpx.AsyncClient
Response = httpx.Response
PublicClient = httpx.Client
TransportError = httpx.RequestError  # whatever kept an answer from coming, a body that can't be decoded too
ConnectError = httpx.ConnectError
ReadError = httpx.ReadError
ReadTimeout = httpx.ReadTimeout
PoolFull = httpx.PoolTimeout
IDLE_SECONDS = 3.0  # below the 5 s after which our servers close: no request is sent into a closing connection
Timeout = httpx.TimeoutException


def open_client(address: str, headers: dict[str, str] | None = None, timeout: float = 30.0) -> httpx.AsyncClient:
    """A client for `unix:/path` or `host:port`; the environment's proxies are never used."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=IDLE_SECONDS)
    socket = address.removeprefix("unix:") if address.startswith("unix:") else None
    # Daemons talk plain HTTP: without this, each client would load all certificates of the system first.
    transport = httpx.AsyncHTTPTransport(verify=False, uds=socket, limits=limits)
    base = "http://daemon" if socket else f"http://{address}"
    return httpx.AsyncClient(
        transport=transport,
        base_url=base,
        headers=headers,
        timeout=timeout,
        trust_env=False,
        event_hooks={"request": [_pass_context_on]},
    )


def context_headers() -> dict[str, str]:
    """For which request and job something is asked, so that the other daemon's journal says it too."""
    return {header: value for field, header in CONTEXT_HEADERS.items() if (value := log_field(field))}


async def _pass_context_on(request: httpx.Request) -> None:
    request.headers.update(context_headers())


def open_public_client(url: str, headers: dict[str, str], timeout: float = 60.0) -> PublicClient:
    """A client for the API at an URL; raises ValueError for what is none.

    Proxies from the environment are used for other hosts, never for this one.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise ValueError("not a URL") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise ValueError("not an http or https URL")
    is_here = parsed.host in ("localhost", "127.0.0.1", "::1") or parsed.host.endswith(".localhost")
    trusted = ssl.create_default_context() if parsed.scheme == "https" else False
    return httpx.Client(base_url=parsed, headers=headers, timeout=timeout, verify=trusted, trust_env=not is_here)


def open_endpoint(url: str, headers: dict[str, str], silence: float) -> AsyncClient:
    """A client for an HTTP API outside of PageWright; raises ValueError if `url` is none that can be called.

    It trusts the system's certificates, follows no redirect, keeps no cookie for another host, and never uses the
    environment's proxies. `silence` is the longest pause in seconds before and within an answer.
    """
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise ValueError("not a URL") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo:
        raise ValueError("not an http or https URL without a user name")
    timeout = httpx.Timeout(30.0, connect=10.0, read=silence)
    trusted = ssl.create_default_context() if parsed.scheme == "https" else False
    limits = httpx.Limits(max_connections=256, max_keepalive_connections=16, keepalive_expiry=IDLE_SECONDS)
    transport = httpx.AsyncHTTPTransport(verify=trusted, limits=limits)
    return httpx.AsyncClient(
        transport=transport, base_url=parsed, headers=headers, timeout=timeout, trust_env=False, follow_redirects=False
    )


def open_application(app: ASGIApp) -> AsyncClient:
    """A client of an application in this process; each answer is collected before it is given."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://application", trust_env=False)


def error_from(response: httpx.Response) -> PageWrightError:
    """The error in an answer whose body has been read."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    return from_problem(response.status_code, problem)

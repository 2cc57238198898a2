"""How one daemon calls another: the only user of httpx."""

import httpx

from shared.errors import PageWrightError, from_problem

Client = httpx.AsyncClient
Response = httpx.Response
TransportError = httpx.TransportError
ConnectError = httpx.ConnectError


def open_client(address: str, headers: dict[str, str] | None = None, timeout: float = 30.0) -> httpx.AsyncClient:
    """A client for `unix:/path` or `host:port`; the environment's proxies are never used."""
    limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
    if address.startswith("unix:"):
        transport = httpx.AsyncHTTPTransport(uds=address.removeprefix("unix:"), limits=limits, retries=1)
        base = "http://daemon"
    else:
        transport = httpx.AsyncHTTPTransport(limits=limits, retries=1)
        base = f"http://{address}"
    return httpx.AsyncClient(transport=transport, base_url=base, headers=headers, timeout=timeout, trust_env=False)


def error_from(response: httpx.Response) -> PageWrightError:
    """The error in an answer whose body has been read."""
    try:
        problem = response.json()
    except ValueError:
        problem = None
    return from_problem(response.status_code, problem)

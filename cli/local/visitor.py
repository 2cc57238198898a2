"""Visits local sites: asks nginx as a browser would."""

from urllib.parse import urlsplit

from shared.clients.daemon import TransportError, open_public_client
from shared.domain.errors import Unavailable


def visit(url: str) -> bytes:
    """The page at an address such as `http://demo.localhost:8080/`; raises Unavailable if there is none.

    Connects to 127.0.0.1 with the name in the header, because not every resolver knows names below `localhost`.
    """
    parts = urlsplit(url)
    try:
        with open_public_client(f"http://127.0.0.1:{parts.port}", {"Host": parts.netloc}) as http:
            response = http.get(parts.path or "/")
    except TransportError:
        raise Unavailable(f"Nobody answers at {url}.", "Look into .run/logs/nginx.log.") from None
    if not response.is_success:
        raise Unavailable(f"{url} answered {response.status_code}.", "Look into .run/nginx/error.log.")
    return response.content

"""Where somebody gets to after signing in: the address that they came from, if it is one of our pages; pure."""

import re
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

from htmx_ui import links

# What ends up in a header must be plain: no line break, nothing that a browser reads in its own way.
_OWN_PATH = re.compile(rf"{links.STATUS}|{links.ACCOUNT}|{links.NEW_SITE}|{links.SITES}(/[a-z0-9-]+)*")
_LONGEST = 1000
# A notice tells what has just been done: an address from elsewhere may not say so.
_LEFT_OUT = frozenset({"notice"})


def own_address(wanted: str) -> str:
    """The path and query of one of our pages; empty for every other address. Never another website."""
    if len(wanted) > _LONGEST:
        return ""
    try:
        parts = urlsplit(wanted)
        query = [(name, value) for name, value in parse_qsl(parts.query) if name not in _LEFT_OUT]
    except ValueError:
        return ""
    if parts.scheme or parts.netloc or not _OWN_PATH.fullmatch(parts.path):
        return ""
    return parts.path + (f"?{urlencode(query)}" if query else "")


def _local_part(address: str) -> str:
    """The path and query of an address of our own website, as htmx sends it."""
    with suppress(ValueError):
        parts = urlsplit(address)
        return f"{parts.path}?{parts.query}" if parts.path else ""
    return ""


def sign_in_address(method: str, path: str, query: str, site: str, headers: Mapping[str, str]) -> str:
    """The sign-in page that leads back to what was asked for, or to the page from which a part or a post came."""
    if current := _local_part(headers.get("hx-current-url", "")[:_LONGEST]):
        wanted = current
    elif method == "GET" and "hx-request" not in headers:
        wanted = f"{path}?{query}"
    else:
        wanted = links.site(site) if site else ""
    address = own_address(wanted)
    return links.SIGN_IN if address in ("", "/", links.SITES) else f"{links.SIGN_IN}?{urlencode({'next': address})}"

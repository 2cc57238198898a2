"""Decides what the web hosts would answer to a request, so that checks and visitors see the same; does no I/O."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, unquote_to_bytes

from shared.domain.serving.addresses import Moved, locate
from shared.domain.serving.charset import text_charset
from shared.domain.serving.media_types import PROGRAMS, extension, media_type

_NOT_FOUND_PAGE = "404.html"
_NOWHERE = b"There is no such page here.\n"
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})|%00")
_ALWAYS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Content-Security-Policy": "frame-ancestors 'self'",
}


@dataclass(frozen=True)
class WebAnswer:
    """An HTTP answer: status, headers, and the body of a GET."""

    status: HTTPStatus
    headers: dict[str, str]
    body: bytes = b""


def web_answer(target: str, files: Collection[str], read: Callable[[str], bytes]) -> WebAnswer:
    """The answer to a request for a target such as `/about?x=1`; `read` returns the bytes of a file."""
    address, _, query = target.partition("#")[0].partition("?")
    path = _normal(address)
    if path is None:
        return _text(HTTPStatus.BAD_REQUEST, b"")
    found = locate(path, files)
    if isinstance(found, Moved):
        location = quote(found.path, safe="/!$&'()*+,:;=@~") + (f"?{query}" if query else "")
        return WebAnswer(HTTPStatus.MOVED_PERMANENTLY, _ALWAYS | {"Location": location})
    if found is not None:
        return _file(HTTPStatus.OK, found, read(found))
    if _NOT_FOUND_PAGE in files:
        return _file(HTTPStatus.NOT_FOUND, _NOT_FOUND_PAGE, read(_NOT_FOUND_PAGE))
    return _text(HTTPStatus.NOT_FOUND, _NOWHERE)


def _normal(address: str) -> str | None:
    """The address decoded and without dot segments; None if nginx refuses it."""
    if not address.startswith("/") or _BAD_ESCAPE.search(address):
        return None
    parts: list[str] = []
    *folders, name = unquote_to_bytes(address).decode("utf-8", "surrogateescape").split("/")
    for part in (*filter(None, folders), name):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part != ".":
            parts.append(part)
    ends_in_folder = name in ("", ".", "..") and parts and parts[-1]
    return "/" + "/".join(parts) + ("/" if ends_in_folder else "")


def _file(status: HTTPStatus, path: str, data: bytes) -> WebAnswer:
    charset = text_charset(path, data)
    headers = {"Content-Type": media_type(path) + (f"; charset={charset}" if charset else "")}
    if extension(path) == "svgz":
        headers["Content-Encoding"] = "gzip"
    if extension(path) in PROGRAMS:
        headers["Content-Disposition"] = "attachment"
    return WebAnswer(status, _ALWAYS | headers, data)


def _text(status: HTTPStatus, body: bytes) -> WebAnswer:
    return WebAnswer(status, _ALWAYS | {"Content-Type": "text/plain; charset=utf-8"}, body)

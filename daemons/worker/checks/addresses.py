"""Tells the checks which files are pages, and which file an address on a page leads to."""

from collections.abc import Collection
from urllib.parse import unquote

from shared.domain.serving.addresses import resolve
from shared.domain.serving.media_types import media_type

_PAGES = ("text/html", "application/xhtml+xml")


def is_page(path: str) -> bool:
    """Whether people read this file as a page; other documents, such as feeds and drawings, get no picture."""
    return media_type(path) in _PAGES


def file_of(address: str, files: Collection[str]) -> str | None:
    """The file that answers an address of an observation, or None. The address is the site's own."""
    return resolve(unquote(address.partition("#")[0]), files)


def home_page(files: Collection[str]) -> str | None:
    """The file that answers `/`, or None."""
    return resolve("/", files)

"""Finds the file that answers an address, as nginx does it (nginx/sites.conf)."""

import re
from collections.abc import Collection
from dataclasses import dataclass

INDEXES = ("index.html", "index.htm")
_PAGE = ".html"
_SLASHES = re.compile("/+")


@dataclass(frozen=True)
class Moved:
    """The browser shall ask for this path instead: the relative links of the answer start from there."""

    path: str


def locate(address: str, files: Collection[str]) -> str | Moved | None:
    """The file that answers an address (its path, percent-decoded), or where the answer has moved, or None.

    `/about` is answered by the file `about`, or else by `about.html`. A folder is answered by its index page, under its
    address with a slash at the end. `/about/` without such a page moves to `/about`, if that is answered by a page.
    """
    path = _relative(address)
    if is_hidden(path):
        return None
    if not path or path.endswith("/"):
        return _index(path, files) or (Moved("/" + path[:-1]) if path[:-1] + _PAGE in files else None)
    if page := _page(path, files):
        return page
    folder = path + "/"
    return Moved("/" + folder) if any(file.startswith(folder) for file in files) else None


def resolve(address: str, files: Collection[str]) -> str | None:
    """The file that a browser ends up with at an address (its path, percent-decoded), or None."""
    path = _relative(address)
    if is_hidden(path):
        return None
    if not path or path.endswith("/"):
        return _index(path, files) or (_page(path[:-1], files) if path[:-1] + _PAGE in files else None)
    return _page(path, files) or _index(path + "/", files)


def is_hidden(path: str) -> bool:
    """Whether a name in this path begins with a dot; only the folder `.well-known` may be part of a site."""
    *folders, name = path.split("/")
    return name.startswith(".") or any(folder.startswith(".") and folder != ".well-known" for folder in folders)


def _relative(address: str) -> str:
    return _SLASHES.sub("/", address).removeprefix("/")


def _page(path: str, files: Collection[str]) -> str | None:
    return next((file for file in (path, path + _PAGE) if file in files), None)


def _index(folder: str, files: Collection[str]) -> str | None:
    return next((folder + name for name in INDEXES if folder + name in files), None)

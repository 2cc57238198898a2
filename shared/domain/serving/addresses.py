"""Finds the file that answers an address, as nginx does it (nginx/sites.conf)."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from shared.domain.serving.media_types import PROGRAMS, extension

INDEXES = ("index.html", "index.htm")
_PAGE = ".html"
_SLASHES = re.compile("/+")
# Names that nginx opens without looking for a page first: a folder of such a name comes before `node.js.html`.
ENDINGS = frozenset(
    "html htm css js mjs json map xml svg txt webmanifest rss atom svgz"
    " png jpg jpeg gif webp avif ico woff woff2 ttf otf mp3 m4a mp4 webm pdf zip".split()
)
_WITH_DIGEST = re.compile(r"[0-9a-f]{8}[^/]*\.[^/.]+$")


@dataclass(frozen=True)
class Moved:
    """Redirects the browser to this path, from which the relative links of the answer start."""

    path: str


def locate(address: str, files: Collection[str]) -> str | Moved | None:
    """The file that answers an address (its path, percent-decoded), or where the answer has moved, or None.

    `/about` is answered by the file `about`, or else by `about.html`. A folder is answered by its index page, under its
    address with a slash at the end. `/about/` without such a page moves to `/about`, if that is answered by a page.
    """
    path = _SLASHES.sub("/", address).removeprefix("/")
    if is_hidden(path):
        return None
    if not path or path.endswith("/"):
        return _index(path, files) or (Moved("/" + path[:-1]) if _is_page(path[:-1], files) else None)
    page = path + _PAGE if path + _PAGE in files else None
    if path in files or (page and not _is_like_file(path)):
        return path if path in files else page
    return Moved(f"/{path}/") if any(file.startswith(path + "/") for file in files) else page


def resolve(address: str, files: Collection[str]) -> str | None:
    """The file that a browser ends up with at an address (its path, percent-decoded), or None."""
    path = _SLASHES.sub("/", address).removeprefix("/")
    if path and not path.endswith("/") and path not in files and path + _PAGE not in files:
        address = path + "/"  # a folder, or nothing: `locate` would look through all files to tell
    found = locate(address, files)
    found = locate(found.path, files) if isinstance(found, Moved) else found
    return None if isinstance(found, Moved) else found


def is_hidden(path: str) -> bool:
    """Whether a name in this path begins with a dot; only the folder `.well-known` may be part of a site."""
    *folders, name = path.split("/")
    return name.startswith(".") or any(folder.startswith(".") and folder != ".well-known" for folder in folders)


def _is_page(path: str, files: Collection[str]) -> bool:
    """Whether `/path/` leads to `/path`, which is answered by a page; names with a dot are taken for files."""
    return path + _PAGE in files and "." not in path.rpartition("/")[2]


def _is_like_file(path: str) -> bool:
    return extension(path) in ENDINGS | PROGRAMS or bool(_WITH_DIGEST.search(path))


def _index(folder: str, files: Collection[str]) -> str | None:
    return next((folder + name for name in INDEXES if folder + name in files), None)

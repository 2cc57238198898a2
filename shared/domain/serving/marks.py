"""Finds the files that nginx is to serve otherwise than their names say: each gets a mark in the release.

nginx can't look into files. A mark is an empty file in a hidden folder, where no site can have files. Its name ends in
a dot, unlike any name in a site, so a mark never collides with the folder of another mark.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping

from shared.domain.serving.charset import text_charset
from shared.domain.serving.media_types import media_type, takes_charset

_PLAIN, _IMMUTABLE = ".pagewright/plain", ".pagewright/immutable"
_MAY_BE_DIGEST = re.compile("[0-9a-f]{8,128}")
_PAGES = frozenset(("text/html", "application/xhtml+xml"))
_ALGORITHMS = ("md5", "sha1", "sha256", "sha384", "sha512")


def marks(public: Mapping[str, bytes]) -> Iterator[str]:
    """The path of each mark that a release of these files has, in order."""
    for path, data in sorted(public.items()):
        if is_not_utf8(path, data):
            yield f"{_PLAIN}/{path}."
        if path.endswith(".gz") and path[:-3] not in public:
            yield f"{_PLAIN}/{path[:-3]}."
        if names_its_digest(path, data):
            yield f"{_IMMUTABLE}/{path}."


def is_not_utf8(path: str, data: bytes) -> bool:
    """Whether this is text that nginx must not call UTF-8."""
    return takes_charset(media_type(path)) and text_charset(path, data) is None


def names_its_digest(path: str, data: bytes) -> bool:
    """Whether the file's name holds the digest of its bytes, or at least 8 hexadecimal digits of its beginning.

    Such a file never changes under this name. A page does not count: people ask for pages by names that stay.
    """
    found = _MAY_BE_DIGEST.findall(path.rpartition("/")[2])
    if not found or media_type(path) in _PAGES:
        return False
    digests = [hashlib.new(name, data, usedforsecurity=False).hexdigest() for name in _ALGORITHMS]
    return any(digest.startswith(text) for digest in digests for text in found)

"""Decides which character encoding nginx names in the Content-Type of a file; a browser obeys it before the page."""

from shared.domain.serving.media_types import is_document, media_type, takes_charset
from shared.domain.serving.text_encoding import declared_encoding

_UTF8 = "utf-8"


def text_charset(path: str, data: bytes) -> str | None:
    """The charset parameter of this file's Content-Type, or None for none.

    Text is said to be UTF-8, unless it declares another encoding itself or is not valid UTF-8: then nothing is said,
    and the browser goes by the declaration, or guesses.
    """
    if not takes_charset(media_type(path)) or not _is_utf8(data):
        return None
    declared = declared_encoding(data) if is_document(path) else None
    return _UTF8 if declared in (None, _UTF8) else None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode(_UTF8)
    except UnicodeDecodeError:
        return False
    return True

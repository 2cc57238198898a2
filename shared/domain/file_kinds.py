"""Tells from its name what a served file is to the site's owner."""

from enum import StrEnum

from shared.domain.serving.media_types import extension


class FileKind(StrEnum):
    """What a served file is to the site's owner."""

    PAGE = "page"
    PICTURE = "picture"
    STYLE = "style sheet"
    SCRIPT = "script"
    DOCUMENT = "document"
    OTHER = "other file"


_ENDINGS = {
    FileKind.PAGE: ("html", "htm"),
    FileKind.PICTURE: ("jpg", "jpeg", "png", "gif", "webp", "avif", "svg", "ico", "bmp"),
    FileKind.STYLE: ("css",),
    FileKind.SCRIPT: ("js", "mjs"),
    FileKind.DOCUMENT: ("pdf", "doc", "docx", "odt", "xls", "xlsx", "ods", "txt", "csv"),
}
_KINDS = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}


def file_kind(path: str) -> FileKind:
    """What a file is to the site's owner, by its name."""
    return _KINDS.get(extension(path), FileKind.OTHER)

"""Tells by its first bytes what an attached file is; its name and declared type count for nothing. Pure."""

import re
from enum import StrEnum

HEAD_BYTES = 4096


class AttachmentKind(StrEnum):
    """What can be attached, as people call it."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"
    AVIF = "AVIF"
    HEIC = "HEIC"
    GIF = "GIF"
    SVG = "SVG"
    PDF = "PDF"

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of such files' names, the usual one first."""
        return _ENDINGS[self]


_ENDINGS = {
    AttachmentKind.JPEG: ("jpg", "jpeg", "jpe", "jfif"),
    AttachmentKind.PNG: ("png",),
    AttachmentKind.WEBP: ("webp",),
    AttachmentKind.AVIF: ("avif",),
    AttachmentKind.HEIC: ("heic", "heif"),
    AttachmentKind.GIF: ("gif",),
    AttachmentKind.SVG: ("svg",),
    AttachmentKind.PDF: ("pdf",),
}

_SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), AttachmentKind.JPEG),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), AttachmentKind.PNG),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), AttachmentKind.WEBP),
    (re.compile(rb"GIF8[79]a"), AttachmentKind.GIF),
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*%PDF-\d"), AttachmentKind.PDF),
    # Comments, processing instructions and a document type may come before the drawing.
    (re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*\?>\s*|<!--.*?-->\s*|<!DOCTYPE\s+svg[^\[>]*(?:\[[^\]]*\]\s*)?>\s*)*"
                rb"<(?:\w+:)?svg[\s>/]", re.DOTALL), AttachmentKind.SVG),
)  # fmt: skip
_AVIF_BRANDS = frozenset((b"avif", b"avis"))
_HEIC_BRANDS = frozenset((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"))

_OTHERS = (
    (re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]|_rels/|word/|xl/|ppt/|mimetypeapplication/vnd)", re.DOTALL),
     "It is a document of an office program: save it as PDF and attach that."),
    (re.compile(rb"\xd0\xcf\x11\xe0"), "It is a document of an old office program: save it as PDF and attach that."),
    (re.compile(rb"PK\x03\x04|\x1f\x8b|BZh|7z\xbc\xaf|Rar!|\xfd7zXZ"),
     "It is an archive: unpack it and attach the files in it."),
    (re.compile(rb"....ftyp|\x1aE\xdf\xa3|RIFF....AVI ", re.DOTALL), "It is a video, which can’t be attached yet."),
    (re.compile(rb"ID3|OggS|fLaC|RIFF....WAVE|\xff[\xf2\xf3\xfa\xfb]", re.DOTALL),
     "It is a sound, which can’t be attached yet."),
    (re.compile(rb"MZ|\x7fELF|#!|\xcf\xfa\xed\xfe|\xca\xfe\xba\xbe"), "It is a program."),
    (re.compile(rb"II\*\x00|MM\x00\*|BM"), "Save the picture as JPEG or PNG and attach that."),
    (re.compile(rb"\s*<(?:!doctype\s+)?(?:html|head|body|script)", re.IGNORECASE), "It is a web page."),
)  # fmt: skip
USABLE = "Attach a JPEG, PNG, WebP, AVIF, HEIC, GIF, SVG or PDF."


def kind_of(head: bytes) -> AttachmentKind | None:
    """What a file is that begins with these bytes; None for everything that can't be attached."""
    found = next((kind for signature, kind in _SIGNATURES if signature.match(head)), None)
    return found or _kind_by_brand(head)


def why_not(head: bytes) -> str:
    """A sentence that says why a file of no kind can't be used."""
    return next(
        (why for signature, why in _OTHERS if signature.match(head)), "It is none of the kinds that can be used."
    )


def _kind_by_brand(head: bytes) -> AttachmentKind | None:
    """HEIC and AVIF are boxes, like a video; the first box lists what may read it."""
    if head[4:8] != b"ftyp":
        return None
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12]} | {head[start : start + 4] for start in range(16, end - 3, 4)}
    if brands & _AVIF_BRANDS:
        return AttachmentKind.AVIF
    return AttachmentKind.HEIC if brands & _HEIC_BRANDS else None


def named_for(name: str, kind: AttachmentKind) -> bool:
    """Whether a file's name promises what the file is; a name without an ending promises nothing."""
    _, dot, ending = name.rpartition(".")
    return not dot or ending.lower() in kind.endings

"""Finds the character encoding that a text declares in its own bytes, as the WHATWG's standards want it."""

import re
from collections.abc import Iterator
from pathlib import Path

# The standard wants the declaration in the first 1,024 bytes; browsers also obey one that comes later in the head.
_LOOKED_AT = 32 << 10
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))
_XML_IN_UTF16 = ((b"<\0?\0x\0", "utf-16le"), (b"\0<\0?\0x", "utf-16be"))
_XML = re.compile(rb"<\?xml[^>]*?\bencoding[\x00-\x20]*=[\x00-\x20]*(?:\"([^\">]*)\"|'([^'>]*)')")
_META = re.compile(rb"<meta(?=[\t\n\f\r /])", re.IGNORECASE)
_TAG = re.compile(rb"</?[a-z][^\t\n\f\r >]*", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    rb"[\t\n\f\r /]*(?P<name>[^\t\n\f\r />][^\t\n\f\r />=]*)"
    rb"(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|(?P<cut_off>[\"'])|([^\t\n\f\r >]*)))?"
)
_END = re.compile(rb"[\t\n\f\r /]*>")
_IN_CONTENT = re.compile(
    rb"charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:\"([^\"]*)\"|'([^']*)'|([^\t\n\f\r ;\"'][^\t\n\f\r ;]*))", re.IGNORECASE
)
# What a declaration that can be read as ASCII can't mean.
_MEANT = {"utf-16be": "utf-8", "utf-16le": "utf-8", "x-user-defined": "windows-1252"}


def declared_encoding(data: bytes) -> str | None:
    """The encoding that these bytes declare by a byte order mark, a meta element or an XML declaration, or None.

    It has the standard's name in lower case: `windows-1252` for a page that says `iso-8859-1`.
    """
    for mark, encoding in (*_BYTE_ORDER_MARKS, *_XML_IN_UTF16):
        if data.startswith(mark):
            return encoding
    head = data[:_LOOKED_AT]
    return _by_meta(head) or _by_xml(head)


def encoding_named(label: str) -> str | None:
    """The encoding that browsers understand by a label, such as `windows-1252` for `Latin1`; None for no label."""
    return _LABELS.get(label.strip("\t\n\f\r ").lower())


def _by_meta(head: bytes) -> str | None:
    """The standard's "prescan": meta elements outside of comments and of other tags."""
    position = 0 if b"charset" in head.lower() else len(head)
    while (position := head.find(b"<", position)) >= 0:
        if head.startswith(b"<!--", position):
            position = _behind(b"-->", head, position + 2)
        elif meta := _META.match(head, position):
            attributes = list(_attributes(head, meta.end()))
            position = attributes[-1].end() if attributes else meta.end()
            if _END.match(head, position) and (encoding := _of_meta(attributes)):
                return encoding
        elif tag := _TAG.match(head, position):
            position = max([tag.end(), *(attribute.end() for attribute in _attributes(head, tag.end()))])
        elif head[position + 1 : position + 2] in (b"!", b"/", b"?"):
            position = _behind(b">", head, position)
        else:
            position += 1
    return None


def _behind(end: bytes, head: bytes, position: int) -> int:
    found = head.find(end, position)
    return found + len(end) if found >= 0 else len(head)


def _attributes(head: bytes, position: int) -> Iterator[re.Match[bytes]]:
    """The attributes of the tag whose name ends here; one that is cut off takes all the rest."""
    while attribute := _ATTRIBUTE.match(head, position):
        yield attribute
        position = len(head) if attribute["cut_off"] else attribute.end()


def _of_meta(attributes: list[re.Match[bytes]]) -> str | None:
    """What a meta element says, or None if it says nothing of an encoding."""
    values: dict[bytes, bytes] = {}
    for attribute in attributes:
        values.setdefault(attribute["name"].lower(), attribute[2] or attribute[3] or attribute[5] or b"")
    label = values.get(b"charset")
    if label is None and values.get(b"http-equiv", b"").lower() == b"content-type":
        content = _IN_CONTENT.search(values.get(b"content", b""))
        label = content and (content[1] or content[2] or content[3])
    return _meant(label or b"")


def _by_xml(head: bytes) -> str | None:
    declaration = _XML.match(head)
    return _meant(declaration[1] or declaration[2] or b"") if declaration else None


def _meant(label: bytes) -> str | None:
    encoding = encoding_named(label.decode("latin-1"))
    return _MEANT.get(encoding, encoding) if encoding else None


def _read_labels(text: str) -> dict[str, str]:
    lines = (line.split() for line in text.splitlines() if line and not line.startswith("#"))
    return {label: name for name, *labels in lines for label in labels}


_LABELS = _read_labels(Path(__file__).with_name("encodings.txt").read_text(encoding="utf-8"))

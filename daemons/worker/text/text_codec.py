"""Finds the encoding of a text file, and Python's codec for each encoding of the web."""

import codecs
from dataclasses import dataclass

from shared.domain.serving.media_types import is_document
from shared.domain.serving.text_encoding import declared_encoding

UTF8 = "utf-8"
UTF8_MARK = codecs.BOM_UTF8
# Python has another name for these, or takes them for older and smaller encodings than browsers do.
_PYTHON_NAMES = {
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "iso-8859-8-i": "iso-8859-8",
    "macintosh": "mac-roman",
    "shift_jis": "cp932",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
}
_WIDE = frozenset(("big5", "euc-kr", "gb18030", "gbk", "shift_jis"))


@dataclass(frozen=True)
class Encoding:
    """An encoding by its standard name; `codec` is Python's. In a `wide` one an ASCII byte may end a character."""

    name: str
    codec: str

    @property
    def wide(self) -> bool:
        return self.name in _WIDE

    def can_read(self, data: bytes) -> bool:
        """Whether these bytes are text in this encoding."""
        try:
            data.decode(self.codec)
        except UnicodeDecodeError:
            return False
        return True


UTF_8 = Encoding(UTF8, UTF8)
# For text in no known encoding: only ASCII can be added to it safely.
UNKNOWN = Encoding("unknown", "ascii")


def encoding_of(path: str, data: bytes) -> Encoding:
    """The encoding of a text: UTF-8 if its non-ASCII bytes are, whatever it declares; else the declared one."""
    declared = declared_in(path, data)
    is_utf8 = UTF_8.can_read(data)
    return UTF_8 if is_utf8 and (declared is None or not data.isascii()) else declared or UNKNOWN


def declared_in(path: str, data: bytes) -> Encoding | None:
    """The encoding that a text declares, None if it declares no known one.

    Only a document declares one in words: `<meta charset=…>` in a script says nothing. A byte order mark always counts.
    """
    name = declared_encoding(data if is_document(path) else data[:3])
    codec = _PYTHON_NAMES.get(name or "", name or "")
    try:
        codecs.lookup(codec)
    except LookupError:
        return None
    return Encoding(name, codec) if name else None

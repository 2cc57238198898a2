"""Turns a file's bytes into text and back, in the page's encoding, and keeps unchanged text byte for byte."""

import codecs
import re
from dataclasses import dataclass

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED_WITHIN = 1024  # bytes, as in browsers
_COMMENT = re.compile(rb"<!--.*?(?:-->|$)", re.DOTALL)
_DECLARATION = re.compile(
    rb"""<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)|<meta[^>]*?charset\s*=\s*["']?\s*([^\s"'/>;]+)""", re.IGNORECASE
)
# What browsers read by the standard's table of labels, under Python's names.
_READ_AS = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "utf-16": "utf-8",
    "utf-16-be": "utf-8",
    "utf-16-le": "utf-8",
}
_OF_BROWSERS = re.compile(
    r"utf-8|cp(866|874|932|949|125\d)|iso8859-\d+|koi8-[ru]|mac-(roman|cyrillic)|gb18030|big5hkscs|euc_jp|iso2022_jp"
)


@dataclass(frozen=True)
class Coding:
    """How a file writes its characters: Python's codec, and the byte order mark that it begins with."""

    codec: str = "utf-8"
    mark: bytes = b""


def coding_of(data: bytes) -> Coding:
    """Decide by the mark, else by the page's declaration, else UTF-8 if valid, else as browsers do."""
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return Coding(codec, mark)
    match = _DECLARATION.search(_COMMENT.sub(b"", data[:_DECLARED_WITHIN]))
    declared = match and _codec((match[1] or match[2]).decode("latin-1"))
    return Coding(declared or ("utf-8" if _is_utf_8(data) else "cp1252"))


def _codec(label: str) -> str | None:
    """The codec for a label; None if browsers know none."""
    try:
        name = codecs.lookup(label.strip().lower().removeprefix("x-")).name
    except (LookupError, ValueError):
        return None
    name = _READ_AS.get(name, name)
    return name if _OF_BROWSERS.fullmatch(name) else None


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def decode_text(data: bytes, coding: Coding) -> str | None:
    """The text without its mark, undecodable bytes kept in it; None if encoding it would give other bytes."""
    try:
        text = data.removeprefix(coding.mark).decode(coding.codec, "surrogateescape")
    except UnicodeDecodeError:  # only bytes from 128 on can survive: not half a UTF-16 character, nor an escape cut off
        return None
    return text if encode_text(text, coding) == data else None


def encode_text(text: str, coding: Coding) -> bytes:
    """The bytes; a character that the encoding lacks becomes a reference, which HTML shows as that character."""
    return coding.mark + text.encode(coding.codec, _KEEP)


def _kept(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    code = ord(error.object[error.start])
    return bytes([code - 0xDC00]) if 0xDC80 <= code <= 0xDCFF else f"&#{code};", error.start + 1


_KEEP = "pagewright-keep"
codecs.register_error(_KEEP, _kept)

"""Lists the members of a .zip: the standard library parses the directory only, this module reads the contents."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

from daemons.worker.importing.members import Kind, Member
from shared.domain.errors import InvalidInput, TooLarge

_HINT = "Make the archive again, with the site's own files only."
_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OverflowError)
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_IN_ZIP64 = 0xFFFFFFFF
_SIZES_FOLLOW = 1 << 3
_UTF8 = 1 << 11
_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13
_KINDS = {0: Kind.FILE, stat.S_IFREG: Kind.FILE, stat.S_IFLNK: Kind.LINK}


def zip_members(data: bytes, most: int) -> Iterator[Member]:
    """Every member of the archive.

    Raises InvalidInput if it is damaged or contradicts itself, TooLarge if it has more than `most`.
    """
    count = data.count(b"PK\x01\x02")
    if count > most:  # refused before zipfile makes an object of each
        found = f"The archive has {count:,} files; at most {most:,} can be read."
        raise TooLarge(found, "Remove files that the site does not need.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            contents = _locate_contents(data, archive.infolist(), archive.start_dir)
    except _FAULTS:
        raise InvalidInput("The archive is damaged: it can't be read as .zip.", _HINT) from None
    for info, packed in reversed(contents):
        yield Member(_name(info), _kind(info), info.file_size, partial(_decompress, info, packed))


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name: macOS writes UTF-8 without saying so, and old programs write code page 437."""
    raw = _raw_name(info)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp437")


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & _UTF8 else "cp437")


def _kind(info: zipfile.ZipInfo) -> Kind:
    mode = stat.S_IFMT(info.external_attr >> 16)
    if info.orig_filename.endswith("/") and mode in (0, stat.S_IFDIR):
        return Kind.FOLDER
    return _KINDS.get(mode, Kind.OTHER)


def _locate_contents(data: bytes, infos: list[zipfile.ZipInfo], end: int) -> list[tuple[zipfile.ZipInfo, memoryview]]:
    """Each entry with its packed bytes. Raises InvalidInput if entries overlap or contradict their own headers.

    zipfile itself treats such entries differently from one Python version to the next.
    """
    contents = []
    for info in sorted(infos, key=lambda info: info.header_offset, reverse=True):
        start = _content_offset(data, info)
        if start + info.compress_size > end:
            raise InvalidInput("The archive contradicts itself: entries in it overlap.", _HINT)
        contents.append((info, memoryview(data)[start : start + info.compress_size]))
        end = info.header_offset
    return contents


def _content_offset(data: bytes, info: zipfile.ZipInfo) -> int:
    """Where the entry's bytes begin. Raises InvalidInput if its own header differs from the directory's."""
    fields = _LOCAL_HEADER.unpack_from(data, info.header_offset)
    magic, _, flags, method, _, _, _, packed, size, name_size, extra_size = fields  # PKZIP APPNOTE 4.3.7
    if (flags | info.flag_bits) & _ENCRYPTED:
        raise InvalidInput("The archive is encrypted.", "Make it again without a password.")
    name_offset = info.header_offset + _LOCAL_HEADER.size
    same_name = data[name_offset : name_offset + name_size] == _raw_name(info)
    same_size = (packed, size) in (
        (info.compress_size, info.file_size),
        (_IN_ZIP64, _IN_ZIP64),
    ) or flags & _SIZES_FOLLOW
    if magic != b"PK\x03\x04" or method != info.compress_type or not same_name or not same_size:
        raise InvalidInput("The archive contradicts itself: a file in it has two descriptions.", _HINT)
    return name_offset + int(name_size) + int(extra_size)


def _decompress(info: zipfile.ZipInfo, packed: memoryview) -> bytes:
    """The entry's bytes, exactly as many as the directory declares; it never expands more than that."""
    if info.compress_type == zipfile.ZIP_STORED:
        content, whole = bytes(packed), True
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = stream.decompress(packed, info.file_size + 1)
        except zlib.error:
            content = b""
        whole = stream.eof and not stream.unused_data
    else:
        raise InvalidInput("The archive uses a rare compression method.", "Make it again as an ordinary .zip.")
    if not whole or len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise InvalidInput(f"The archive is damaged: {ascii(_name(info))[:120]} can't be read.", _HINT)
    return content

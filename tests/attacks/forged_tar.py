"""Builds tar archives in which every field may be a lie."""

import itertools
import tarfile

from shared.domain.archive import compress

HOME = b"<!doctype html><title>Home</title>"
END = bytes(1024)
SIZE_FIELD, _CHECKSUM_FIELD = slice(124, 136), slice(148, 156)


def member(name: str, data: bytes = b"evil", kind: bytes = tarfile.REGTYPE, **fields: object) -> bytes:
    """One tar member with its header, whose fields may be anything."""
    info = tarfile.TarInfo(name)
    info.type, info.size = kind, len(data)
    for field, value in fields.items():
        setattr(info, field, value)
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape") + data + bytes(-len(data) % 512)


def forged(header: bytes, field: slice, value: bytes) -> bytes:
    """The member with a field of its header overwritten, and a checksum that fits again."""
    block = bytearray(header)
    block[field] = value
    block[_CHECKSUM_FIELD] = b" " * 8
    block[_CHECKSUM_FIELD] = b"%06o\0 " % sum(block[:512])
    return bytes(block)


def pax(content: bytes, kind: bytes = tarfile.XHDTYPE) -> bytes:
    """An extended header with any content."""
    return member("pax", content, kind)


def record(key: str, value: str) -> bytes:
    """One PAX record with its right length."""
    rest = f" {key}={value}\n".encode("utf-8", "surrogateescape")
    length = next(n for n in itertools.count(len(rest)) if len(str(n)) + len(rest) == n)
    return str(length).encode() + rest


def home(root: str) -> bytes:
    return member(f"{root}index.html", HOME)


def site(root: str, *members: bytes, end: bytes = END) -> bytes:
    """A compressed tar of the home page and these members."""
    return compress(home(root) + b"".join(members) + end)

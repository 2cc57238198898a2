"""Hostile uploads that are no tar: zip archives, and things that only look like an archive."""

import io
import struct
import zipfile
from collections.abc import Callable
from functools import cache, partial

from shared.domain.archive import compress
from tests.attacks.forged_tar import END, HOME
from tests.attacks.hostile_names import NAMES

UploadCase = Callable[[], bytes]


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, attributes: int = 0) -> bytes:
    """A zip of the home page and these files, whose Unix attributes are `attributes`."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        archive.writestr(_info("index.html", method), HOME)
        for name, data in files.items():
            info = _info(name, method)
            info.external_attr = attributes << 16
            archive.writestr(info, data)
    return target.getvalue()


def _info(name: str, method: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("placeholder")
    info.filename, info.compress_type = name, method
    return info


def _central(data: bytes, name: bytes) -> int:
    """Where the directory's entry of this name begins."""
    return data.rindex(b"PK\x01\x02", 0, data.rindex(name))


def _patched(data: bytes, offset: int, layout: str, *values: int) -> bytes:
    patch = struct.pack(layout, *values)
    return data[:offset] + patch + data[offset + len(patch) :]


def _zip_encrypted() -> bytes:
    data = zipped({"page.html": b"evil"})
    return _patched(data, _central(data, b"page.html") + 8, "<H", 1)


def _zip_encrypted_in_local_header_only() -> bytes:
    data = zipped({"page.html": b"evil"})
    return _patched(data, data.index(b"page.html") - 24, "<H", 1)


def _zip_other_local_name() -> bytes:
    data = zipped({"page.html": b"evil"})
    return data.replace(b"page.html", b"evil.html", 1)


def _zip_other_local_size() -> bytes:
    data = zipped({"page.txt": b"evil" * 100})
    return _patched(data, data.index(b"page.txt") - 8, "<I", 7)


def _zip_local_header_elsewhere() -> bytes:
    data = zipped({"page.html": b"evil"})
    return _patched(data, _central(data, b"page.html") + 42, "<I", 0x7FFFFFFF)


def _zip_overlap() -> bytes:
    """Two names for one content, the principle of the densest bombs."""
    data = zipped({"page.html": b"evil", "twin.html": b"evil"})
    first = struct.unpack_from("<I", data, _central(data, b"page.html") + 42)[0]
    return _patched(data, _central(data, b"twin.html") + 42, "<I", first)


def _zip_content_reaches_the_directory() -> bytes:
    data = zipped({"page.txt": b"evil" * 100}, zipfile.ZIP_STORED)
    longer = _patched(data, _central(data, b"page.txt") + 20, "<II", 4000, 4000)
    return _patched(longer, data.index(b"page.txt") - 12, "<II", 4000, 4000)


def _zip_declares_less_than_it_holds() -> bytes:
    data = zipped({"page.txt": bytes(100 << 20)})
    smaller = _patched(data, _central(data, b"page.txt") + 24, "<I", 100)
    return _patched(smaller, data.index(b"page.txt") - 8, "<I", 100)


def _zip_declares_more_than_it_holds() -> bytes:
    data = zipped({"page.txt": b"evil" * 10})
    larger = _patched(data, _central(data, b"page.txt") + 24, "<I", 1 << 20)
    return _patched(larger, data.index(b"page.txt") - 8, "<I", 1 << 20)


def _zip_wrong_checksum() -> bytes:
    data = zipped({"page.txt": b"evil" * 10})
    return _patched(data, _central(data, b"page.txt") + 16, "<I", 1)


def _zip_without_directory() -> bytes:
    data = zipped({"page.html": b"evil"})
    return data[: data.index(b"PK\x01\x02")]


def _one_file(name: str) -> bytes:
    return zipped({name: b"evil"})


_CASES: dict[str, UploadCase] = {
    "empty_tar": lambda: compress(END),
    "zip_absolute": lambda: zipped({"/tmp/escape.html": b"evil"}),
    "zip_nul_in_name": lambda: zipped({"page.html": b"evil", "escapeA.html": b"evil"}).replace(b"escapeA", b"escape\0"),
    "zip_not_utf8": lambda: zipped({"\u00fcb.html": b"evil"}).replace("\u00fcb".encode(), b"\xff\xfeb"),
    "zip_symlink": lambda: zipped({"page.html": b"/etc/passwd"}, attributes=0o120777),
    "zip_fifo": lambda: zipped({"page.html": b""}, attributes=0o010666),
    "zip_device": lambda: zipped({"page.html": b""}, attributes=0o020666),
    "zip_folder_that_is_a_symlink": lambda: zipped({"x/": b"/tmp"}, attributes=0o120777),
    "zip_encrypted": _zip_encrypted,
    "zip_encrypted_in_local_header_only": _zip_encrypted_in_local_header_only,
    "zip_other_local_name": _zip_other_local_name,
    "zip_other_local_size": _zip_other_local_size,
    "zip_local_header_elsewhere": _zip_local_header_elsewhere,
    # Two names for one content, the principle of the densest bombs.
    "zip_overlap": _zip_overlap,
    "zip_content_reaches_the_directory": _zip_content_reaches_the_directory,
    "zip_declares_less_than_it_holds": _zip_declares_less_than_it_holds,
    "zip_declares_more_than_it_holds": _zip_declares_more_than_it_holds,
    "zip_wrong_checksum": _zip_wrong_checksum,
    "zip_bomb": lambda: zipped({"page.txt": bytes(100 << 20)}),
    "zip_bomb_in_many_files": lambda: zipped({f"{n}.txt": bytes(2 << 20) for n in range(70)}),
    "zip_many_files": lambda: zipped({f"{n}.txt": b"" for n in range(6000)}),
    "zip_directory_flood": lambda: zipped({}) + b"PK\x01\x02" * 60_000,
    "zip_rare_compression": lambda: zipped({"page.html": b"evil"}, zipfile.ZIP_LZMA),
    "zip_twice": lambda: zipped({"page.html": b"a", "twin.html": b"b"}).replace(b"twin.html", b"page.html"),
    "zip_cut": lambda: zipped({"page.html": b"evil"})[:-30],
    "zip_without_directory": _zip_without_directory,
    "zip_magic_only": lambda: b"PK\x03\x04",
    "zip_compressed_twin": lambda: zipped({"index.html.gz": compress(b"<!doctype html>evil")}),
}
_CASES |= {f"name_{label}": partial(_one_file, name) for label, name in NAMES.items()}
UPLOADS: dict[str, UploadCase] = {name: cache(case) for name, case in _CASES.items()}

"""Reads the archive of a site that a person imports: .zip, .tar.gz or .tar, told apart by content, never by name.

Nothing is extracted to disk. Clutter is left out, the folder of the home page becomes the site's root, and
everything else must be regular files with the names and sizes that a site may have.
"""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from shared.archive import Entry, check_precompressed, gunzip, read_tar
from shared.errors import InvalidInput, TooLarge
from shared.tree import DEFAULT_LIMITS, Tree, check_tree, sizes

_MOST_ENTRIES = 50_000  # clutter such as node_modules counts, though it is left out
_MOST_BYTES = 256 << 20  # a tar with its clutter, decompressed
_CLUTTER = frozenset({"__MACOSX", "node_modules", "Thumbs.db", "desktop.ini"})
_ORDINARY = frozenset({".", "..", ".well-known"})
_LIKELY_ROOTS = ("dist", "public", "site", "docs", "build")
_HINT = "Make the archive again, with the site's own files only."
_ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError, OverflowError)
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_IN_ZIP64 = 0xFFFFFFFF
_SIZES_FOLLOW = 1 << 3
_UTF8 = 1 << 11
_ENCRYPTED = 1 << 0 | 1 << 6 | 1 << 13


def read_upload(data: bytes, filename: str) -> Tree:
    """The site in an archive; `filename` only serves the message. Raises InvalidInput or TooLarge, and nothing else."""
    files: dict[str, bytes] = {}
    for entry in _entries(data, filename):
        name = _safe_name(entry.name)
        if entry.is_folder or _is_clutter(name):
            continue
        if entry.data is None:
            raise InvalidInput(f"{_shown(name)} in the archive is a link or device, not a file.", _HINT)
        if name in files:
            raise InvalidInput(f"The archive holds {_shown(name)} twice.", _HINT)
        files[name] = entry.data
    tree = _below_root(files)
    check_tree(sizes(tree))
    check_precompressed(tree)
    return tree


def _entries(data: bytes, filename: str) -> Iterator[Entry]:
    if data.startswith(b"PK"):
        return _zip_entries(data)
    tar = gunzip(data, _MOST_BYTES) if data.startswith(b"\x1f\x8b") else data
    if tar[257:262] == b"ustar":
        return read_tar(tar, _MOST_ENTRIES)
    raise InvalidInput(f"{_shown(filename)} is no .zip, .tar.gz or .tar archive.", "Upload one of these.")


def _shown(name: str) -> str:
    return ascii(name)[:120]


def _safe_name(name: str) -> str:
    """The relative path without `./` and trailing slash; raises InvalidInput if it could leave the archive."""
    parts = [part for part in name.rstrip("/").split("/") if part != "."]
    if name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise InvalidInput(f"The archive holds {_shown(name)}, which is no safe name.", _HINT)
    return "/".join(parts)


def _is_clutter(name: str) -> bool:
    """Whether tools and operating systems left this there; what is hidden is no part of a site."""
    return any(part in _CLUTTER or (part.startswith(".") and part not in _ORDINARY) for part in name.split("/"))


def _below_root(files: Mapping[str, bytes]) -> Tree:
    """The files in and below the most likely folder with an index.html, named relative to it."""
    homes = [PurePosixPath(name).parent for name in files if name == "index.html" or name.endswith("/index.html")]
    if not homes:
        raise InvalidInput("The archive has no home page.", "A site needs an index.html.")
    root = min(homes, key=_unlikeliness)
    prefix = "" if root == PurePosixPath() else f"{root}/"
    return {name.removeprefix(prefix): data for name, data in files.items() if name.startswith(prefix)}


def _unlikeliness(folder: PurePosixPath) -> tuple[int, int, str]:
    rank = _LIKELY_ROOTS.index(folder.name) if folder.name in _LIKELY_ROOTS else len(_LIKELY_ROOTS)
    return len(folder.parts), rank, str(folder)


def _zip_entries(data: bytes) -> Iterator[Entry]:
    if data.count(b"PK\x01\x02") > _MOST_ENTRIES:  # before zipfile makes an object of each
        raise TooLarge("The archive has too many files.", "Remove files that the site does not need.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            contents = _locate_contents(data, archive.infolist(), archive.start_dir)
        for info, packed in contents:
            yield _zip_entry(info, packed)
    except _ZIP_FAULTS:
        raise InvalidInput("The archive is damaged: it can't be read as .zip.", _HINT) from None


def _locate_contents(data: bytes, infos: list[zipfile.ZipInfo], end: int) -> list[tuple[zipfile.ZipInfo, memoryview]]:
    """Each entry with its packed bytes; refuses entries that overlap, disagree with their own header, or hold too much.

    zipfile reads the directory only: what it does with such entries differs between Python's versions.
    """
    if sum(info.file_size for info in infos if not _is_clutter(info.filename)) > DEFAULT_LIMITS.total_bytes:
        raise TooLarge("The archive holds far more than a site may have.", "Remove or shrink large files.")
    contents = []
    for info in sorted(infos, key=lambda info: info.header_offset, reverse=True):
        start = _content_offset(data, info)
        if start + info.compress_size > end:
            raise InvalidInput("The archive contradicts itself: entries in it overlap.", _HINT)
        contents.append((info, memoryview(data)[start : start + info.compress_size]))
        end = info.header_offset
    return contents


def _content_offset(data: bytes, info: zipfile.ZipInfo) -> int:
    """Where the entry's bytes begin; refuses an entry whose own header differs from the directory's."""
    fields = _LOCAL_HEADER.unpack_from(data, info.header_offset)
    magic, _, flags, method, _, _, _, packed, size, name_size, extra_size = fields  # PKZIP APPNOTE 4.3.7
    if (flags | info.flag_bits) & _ENCRYPTED:
        raise InvalidInput("The archive is encrypted.", "Make it again without a password.")
    name_offset = info.header_offset + _LOCAL_HEADER.size
    name = data[name_offset : name_offset + name_size].decode("utf-8" if flags & _UTF8 else "cp437")
    same_size = (packed, size) in (
        (info.compress_size, info.file_size),
        (_IN_ZIP64, _IN_ZIP64),
    ) or flags & _SIZES_FOLLOW
    if magic != b"PK\x03\x04" or method != info.compress_type or name != info.orig_filename or not same_size:
        raise InvalidInput("The archive contradicts itself: a file in it has two descriptions.", _HINT)
    return name_offset + int(name_size) + int(extra_size)


def _zip_entry(info: zipfile.ZipInfo, packed: memoryview) -> Entry:
    kind = stat.S_IFMT(info.external_attr >> 16)
    name = info.orig_filename
    is_folder = name.endswith("/") and kind in (0, stat.S_IFDIR)
    is_file = not is_folder and kind in (0, stat.S_IFREG)
    return Entry(name, _decompress(info, packed) if is_file and not _is_clutter(name) else None, is_folder)


def _decompress(info: zipfile.ZipInfo, packed: memoryview) -> bytes:
    """Exactly the bytes that the directory declares; never expands to more than that."""
    if info.compress_type == zipfile.ZIP_STORED:
        content, whole = bytes(packed), True
    elif info.compress_type == zipfile.ZIP_DEFLATED:
        stream = zlib.decompressobj(-zlib.MAX_WBITS)
        content = stream.decompress(packed, info.file_size + 1)
        whole = stream.eof and not stream.unused_data
    else:
        raise InvalidInput("The archive uses a rare compression method.", "Make it again as an ordinary .zip.")
    if not whole or len(content) != info.file_size or zlib.crc32(content) != info.CRC:
        raise InvalidInput(f"The archive is damaged: {_shown(info.filename)} can't be read.", _HINT)
    return content

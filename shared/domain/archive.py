"""The artifact: packs `source/` and `public/` into one .tar.gz, and reads tar without ever extracting to disk.

The reader takes regular files and folders only, under caps that hold while it decompresses. What tar can
express beyond that (links, devices, sparse files, …) is refused, not interpreted.
"""

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass

from isal import igzip_lib, isal_zlib

from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.tree import DEFAULT_LIMITS, Tree, TreeLimits, check_tree, sizes

_BLOCK = 512
_GZIP = 31  # zlib's `wbits` for a deflate stream with gzip header and trailer
_LEVEL = 2
_TWIN_LEVEL = 3  # what visitors download is worth a little more time
_MAX_RATIO = 250  # of what people upload: text compresses 5 to 20 times, deflate can't exceed 1032
_RATIO_FREE_BYTES = 16 << 20
_MAX_EXTENDED_HEADER = 64 << 10
_PAX_RECORD_BYTES = 32  # around the path in its record: length, ` path=`, `source/`, newline
_EXTENDED_TYPES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)
_LONG_NAMES = {tarfile.GNUTYPE_LONGNAME: b"path", tarfile.GNUTYPE_LONGLINK: b"linkpath"}
_LINK_TYPES = (tarfile.SYMTYPE, tarfile.LNKTYPE)
_FILE_TYPES = (tarfile.REGTYPE, tarfile.AREGTYPE)
_HINT = "Make the archive again, with regular files and folders only."


@dataclass(frozen=True)
class Artifact:
    """What a version is made of: `source` may be edited, `public` is served."""

    source: Tree
    public: Tree


@dataclass(frozen=True)
class Entry:
    """One member of a tar: `data` is None for anything but a regular file, `link` is the target of a link."""

    name: str
    data: bytes | None
    is_folder: bool
    link: str | None = None
    is_hard_link: bool = False


def pack(source: Tree, public: Tree) -> bytes:
    """The artifact's bytes; the same trees give the same bytes, whatever their order.

    Does not check the trees: `unpack` reads the artifact of any two trees that `check_tree` accepts.
    """
    tree = {f"source/{path}": data for path, data in source.items()}
    tree |= {f"public/{path}": data for path, data in public.items()}
    parts: list[bytes] = []
    for name in sorted(tree):
        data = tree[name]
        parts += (_header(name, len(data)), data, bytes(-len(data) % _BLOCK))
    return isal_zlib.compress(b"".join((*parts, bytes(2 * _BLOCK))), _LEVEL, _GZIP)


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.PAX_FORMAT, "utf-8", "strict")


def _most_tar_bytes(limits: TreeLimits) -> int:
    """The size of the largest tar that two trees within these limits can make."""
    extended = -(-(limits.path_bytes + _PAX_RECORD_BYTES) // _BLOCK)
    blocks_beside_content = 1 + extended + 1 + 1  # the extended header, its content, the header, the last block's rest
    return 2 * (limits.total_bytes + limits.files * blocks_beside_content * _BLOCK) + 2 * _BLOCK


def unpack(data: bytes, limits: TreeLimits = DEFAULT_LIMITS) -> Artifact:
    """The artifact in these bytes, in memory. Raises InvalidInput or TooLarge, and nothing else.

    Limits the size, not the compression ratio: a site of equal bytes may shrink to almost nothing.
    """
    trees: dict[str, dict[str, bytes]] = {"source": {}, "public": {}}
    tar = _inflate(data, _most_tar_bytes(limits))
    for entry in read_tar(tar, 2 * limits.files):
        root, _, path = entry.name.partition("/")
        if entry.data is None or root not in trees:
            raise InvalidInput(f"The artifact holds {ascii(entry.name)[:120]}, which is no file of a version.", _HINT)
        if path in trees[root]:
            raise InvalidInput(f"The artifact holds {ascii(entry.name)[:120]} twice.", _HINT)
        trees[root][path] = entry.data
    for tree in trees.values():
        check_tree(sizes(tree), limits)
    check_precompressed(trees["public"])
    return Artifact(**trees)


MOST_ARTIFACT_BYTES = _most_tar_bytes(DEFAULT_LIMITS) * 65 // 64  # what can't be compressed grows a little


def compress(data: bytes) -> bytes:
    """These bytes as one gzip member without name or time."""
    return isal_zlib.compress(data, _TWIN_LEVEL, _GZIP)


def check_precompressed(public: Tree) -> None:
    """Refuse `page.html.gz` beside `page.html` unless it is just that, compressed; raises InvalidInput.

    Web servers send the .gz to every browser that accepts gzip, so it could show what no check has seen.
    """
    for path in public:
        if path.endswith(".gz") and path[:-3] in public:
            original = public[path[:-3]]
            try:
                same = _inflate(public[path], len(original)) == original
            except (InvalidInput, TooLarge):
                same = False
            if not same:
                raise InvalidInput(f"{path} is not the compressed form of {path[:-3]}.", f"Remove {path}.")


def gunzip(data: bytes, limit: int) -> bytes:
    """What one gzip member from outside holds, at most `limit` bytes and never wildly more than went in.

    Raises InvalidInput for anything but exactly one whole member, TooLarge for a bomb.
    """
    return _inflate(data, min(limit, max(_RATIO_FREE_BYTES, _MAX_RATIO * len(data))))


def _inflate(data: bytes, limit: int) -> bytes:
    """What one gzip member holds, at most `limit` bytes, however far they had shrunk; raises as `gunzip`."""
    stream = isal_zlib.decompressobj(_GZIP)
    try:
        content = stream.decompress(data, limit + 1)
    except (igzip_lib.IsalError, ValueError, EOFError):  # type: ignore[misc]  # isal declares its exception as a value
        raise InvalidInput("The archive is damaged: it can't be decompressed.", _HINT) from None
    if len(content) > limit:
        raise TooLarge("The archive holds far more than a site may have.", "Remove or shrink large files.")
    if not stream.eof:
        raise InvalidInput("The archive is cut off.", "Send it again.")
    if stream.unused_data:
        raise InvalidInput("The archive has something behind its end.", _HINT)
    return content


def read_tar(tar: bytes, most_entries: int) -> Iterator[Entry]:
    """Every member of an uncompressed tar (USTAR, PAX or GNU), names as they are: the caller judges them.

    Raises InvalidInput for a tar that breaks the format, TooLarge for too many members.
    """
    offset, headers = 0, 0
    extended: dict[bytes, bytes] = {}
    while any(block := tar[offset : offset + _BLOCK]):
        info = _parse_header(block)
        start = offset + _BLOCK
        offset = start + info.size + -info.size % _BLOCK
        headers += 1
        if headers > 2 * most_entries:  # each member may have one extended header
            raise TooLarge("The archive has too many files.", "Remove files that the site does not need.")
        if offset > len(tar):
            raise InvalidInput("The archive is cut off.", "Send it again.")
        content = tar[start : start + info.size]
        if info.type in _EXTENDED_TYPES:
            extended |= _extended_header(info.type, content)
        else:
            yield _entry(info, content, extended)
            extended = {}
    if offset + 2 * _BLOCK > len(tar) or extended or tar.count(0, offset) != len(tar) - offset:
        raise InvalidInput("The archive has no proper end.", "Send it again.")


def _parse_header(block: bytes) -> tarfile.TarInfo:
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
    except (tarfile.TarError, ValueError):
        raise InvalidInput("The archive is damaged: a header in it can't be read.", _HINT) from None
    if info.size < 0 or (info.size and info.isdir()):
        raise InvalidInput("The archive is damaged: something in it has an impossible size.", _HINT)
    return info


def _entry(info: tarfile.TarInfo, content: bytes, extended: dict[bytes, bytes]) -> Entry:
    if extended.get(b"size", b"%d" % info.size) != b"%d" % info.size:
        raise InvalidInput("The archive states two sizes for one file.", _HINT)
    try:
        name = extended[b"path"].decode() if b"path" in extended else info.name
        target = extended[b"linkpath"].decode() if b"linkpath" in extended else info.linkname
    except ValueError:
        raise InvalidInput("The archive is damaged: a name in it is not valid UTF-8.", _HINT) from None
    if info.type in _LINK_TYPES:
        if content:
            raise InvalidInput("The archive is damaged: a link in it has content.", _HINT)
        return Entry(name, None, is_folder=False, link=target, is_hard_link=info.type == tarfile.LNKTYPE)
    return Entry(name, content if info.type in _FILE_TYPES else None, info.type == tarfile.DIRTYPE)


def _extended_header(kind: bytes, content: bytes) -> dict[bytes, bytes]:
    """What an extended header says of the member behind it; a global one may not say anything that matters."""
    if len(content) > _MAX_EXTENDED_HEADER:
        raise InvalidInput("The archive is damaged: a header in it is too long.", _HINT)
    if kind in _LONG_NAMES:
        return {_LONG_NAMES[kind]: content.rstrip(b"\0")}
    try:
        records = _pax_records(content)
    except ValueError:
        raise InvalidInput("The archive is damaged: a header in it can't be read.", _HINT) from None
    if any(key.startswith(b"GNU.sparse") for key in records):
        raise InvalidInput("The archive holds a sparse file.", _HINT)
    if kind == tarfile.XHDTYPE:
        return records
    if records.keys() & {b"path", b"linkpath", b"size"}:
        raise InvalidInput("The archive gives one name or size to all its files.", _HINT)
    return {}


def _pax_records(content: bytes) -> dict[bytes, bytes]:
    """The records `LENGTH KEY=VALUE\\n` of a PAX header; raises ValueError if they don't fill it exactly."""
    records: dict[bytes, bytes] = {}
    offset = 0
    while offset < len(content):
        space = content.index(b" ", offset, offset + 8)
        end = offset + int(content[offset:space])
        key, equals, value = content[space + 1 : end - 1].partition(b"=")
        if not (space < end - 1 < len(content) and equals and content[end - 1] == ord("\n")):
            raise ValueError("a PAX record has a wrong length")
        records[key] = value
        offset = end
    return records

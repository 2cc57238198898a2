"""A corpus of hostile archives, built by code: each function gives one archive, with a harmless home page in it.

`root` is where a site lies in the archive: empty for what a person uploads, `public/` for a version's artifact.
"""

import io
import itertools
import struct
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache

from shared.archive import compress

HOME = b"<!doctype html><title>Home</title>"
_END = bytes(1024)
_SIZE_FIELD, _CHECKSUM_FIELD = slice(124, 136), slice(148, 156)

TarCase = Callable[[str], bytes]
UploadCase = Callable[[], bytes]
TARS: dict[str, TarCase] = {}
UPLOADS: dict[str, UploadCase] = {}


def _tar(case: TarCase) -> TarCase:
    TARS[case.__name__] = cache(case)
    return case


def _upload(case: UploadCase) -> UploadCase:
    UPLOADS[case.__name__] = cache(case)
    return case


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


def site(root: str, *members: bytes, end: bytes = _END) -> bytes:
    """A compressed tar of the home page and these members."""
    return compress(home(root) + b"".join(members) + end)


def _named(label: str, name: str) -> None:
    """A case whose only evil is a file's name, as tar and as zip."""
    TARS[f"name_{label}"] = lambda root: site(root, member(root + name))
    UPLOADS[f"name_{label}"] = lambda: zipped({name: b"evil"})


for _label, _name in {
    "dotdot": "../escape.html",
    "dotdot_inside": "a/../../../escape.html",
    "dotdot_only": "..",
    "empty_component": "a//b.html",
    "backslash": "..\\..\\escape.html",
    "drive": "C:/escape.html",
    "newline": "a\nb.html",
    "escape_code": "a\x1b[31m.html",
    "right_to_left": "a\u202elmth.exe.html",
    "zero_width": "a\u200bb.html",
    "leading_dash": "-rf.html",
    "leading_blank": " a.html",
    "trailing_blank": "a/b.html ",
    "trailing_dot": "a.html.",
    "tilde": "~root.html",
    "decomposed": "u\u0308ber.html",
    "too_long": "x" * 250 + ".html",
    "too_deep": "d/" * 40 + "x.html",
    "php": "shell.php",
    "php_inside": "shell.php.jpg",
    "server_side_includes": "x.shtml",
    "wildcard": "*.html",
    "dollar": "$HOME.html",
    "case_twin": "INDEX.HTML",
    "ligature_twin": "index.html/x",
}.items():
    _named(_label, _name)


# --- names that only tar can express


@_tar
def absolute(root: str) -> bytes:
    return site(root, member("/tmp/escape.html"))


@_tar
def outside_of_both_trees(root: str) -> bytes:
    return site(root, member("elsewhere/../../x.html"))


@_tar
def not_utf8(root: str) -> bytes:
    return site(root, member(root + "a\udcff.html"))


@_tar
def folder_twins(root: str) -> bytes:
    return site(root, member(root + "Docs/a.html"), member(root + "docs/b.html"))


@_tar
def twice(root: str) -> bytes:
    return site(root, home(root))


@_tar
def compatibility_twins(root: str) -> bytes:
    return site(root, member(root + "\ufb01sh.html"), member(root + "fish.html"))


@_tar
def folder_outside(root: str) -> bytes:
    return site(root, member("../../escape/", b"", tarfile.DIRTYPE))


@_tar
def long_name_outside(root: str) -> bytes:
    return site(root, member("long", b"../" * 50 + b"x.html\0", tarfile.GNUTYPE_LONGNAME), member(root + "x.html"))


@_tar
def long_name_absolute(root: str) -> bytes:
    return site(root, member("long", b"/tmp/escape.html\0", tarfile.GNUTYPE_LONGNAME), member(root + "x.html"))


@_tar
def pax_path_outside(root: str) -> bytes:
    return site(root, pax(record("path", "../escape.html")), member(root + "x.html"))


@_tar
def pax_path_with_nul(root: str) -> bytes:
    return site(root, pax(record("path", root + "x.html\0.jpg")), member(root + "x.html"))


@_tar
def pax_path_not_utf8(root: str) -> bytes:
    return site(root, pax(record("path", root + "\udcff.html")), member(root + "x.html"))


@_tar
def pax_path_for_all(root: str) -> bytes:
    return site(root, pax(record("path", root + "other.html"), tarfile.XGLTYPE), member(root + "x.html"))


# --- links, devices and other things that are no files


@_tar
def symlink_out(root: str) -> bytes:
    return site(root, member(root + "x.html", b"", tarfile.SYMTYPE, linkname="/etc/passwd"))


@_tar
def symlink_inside(root: str) -> bytes:
    return site(root, member(root + "x.html", b"", tarfile.SYMTYPE, linkname="index.html"))


@_tar
def write_through_symlink(root: str) -> bytes:
    return site(root, member(root + "d", b"", tarfile.SYMTYPE, linkname="/tmp"), member(root + "d/escape.html"))


@_tar
def symlink_chain(root: str) -> bytes:
    """Nested links whose resolved path outgrows PATH_MAX (the shape of CVE-2025-4517), then a file through them."""
    chain, path = [], root
    for letter in "abcdefghijklmnop":
        folder = "d" * 247
        chain.append(member(path + folder, b"", tarfile.DIRTYPE))
        chain.append(member(path + letter, b"", tarfile.SYMTYPE, linkname=folder))
        path += letter + "/"
    chain.append(member(path + "l" * 254, b"", tarfile.SYMTYPE, linkname="../" * 16))
    chain.append(
        member(root + "escape", b"", tarfile.SYMTYPE, linkname=path.removeprefix(root) + "l" * 254 + "/../../..")
    )
    chain.append(member(root + "escape/x.html"))
    return site(root, *chain)


@_tar
def hardlink_out(root: str) -> bytes:
    return site(root, member(root + "x.html", b"", tarfile.LNKTYPE, linkname="/etc/passwd"))


@_tar
def hardlink_inside(root: str) -> bytes:
    return site(root, member(root + "x.html", b"", tarfile.LNKTYPE, linkname=root + "index.html"))


@_tar
def hardlink_with_content(root: str) -> bytes:
    return site(root, member(root + "x.html", b"evil", tarfile.LNKTYPE, linkname=root + "index.html"))


def _kind(label: str, kind: bytes) -> None:
    TARS[label] = lambda root: site(root, member(root + "x.html", b"", kind, devmajor=1, devminor=3))


_kind("character_device", tarfile.CHRTYPE)
_kind("block_device", tarfile.BLKTYPE)
_kind("fifo", tarfile.FIFOTYPE)
_kind("contiguous_file", tarfile.CONTTYPE)
_kind("sparse_file", tarfile.GNUTYPE_SPARSE)
_kind("long_link", tarfile.GNUTYPE_LONGLINK)
_kind("dump_folder", b"D")
_kind("multi_volume", b"M")
_kind("volume_label", b"V")
_kind("unknown_kind", b"Z")


@_tar
def pax_sparse(root: str) -> bytes:
    sparse = record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0") + record("GNU.sparse.realsize", "9" * 12)
    return site(root, pax(sparse), member(root + "x.html"))


# --- sizes and structure that lie


@_tar
def negative_size(root: str) -> bytes:
    """CVE-2025-8194: tarfile went backwards and read the same header for ever."""
    return site(root, forged(member(root + "x.html"), _SIZE_FIELD, b"\xff" * 10 + b"\xfe\x00"))


@_tar
def size_beyond_the_end(root: str) -> bytes:
    return site(root, forged(member(root + "x.html"), _SIZE_FIELD, b"\x80" + bytes(3) + b"\x7f" * 8))


@_tar
def size_is_no_number(root: str) -> bytes:
    return site(root, forged(member(root + "x.html"), _SIZE_FIELD, b"0x7fffffff\0\0"))


@_tar
def folder_with_content(root: str) -> bytes:
    return site(root, member(root + "d/", home(root), tarfile.DIRTYPE))


@_tar
def pax_size_differs(root: str) -> bytes:
    return site(root, pax(record("size", "0")), member(root + "x.html", member(root + "hidden.html")))


@_tar
def pax_size_for_all(root: str) -> bytes:
    return site(root, pax(record("size", "0"), tarfile.XGLTYPE), member(root + "x.html"))


@_tar
def pax_size_is_no_number(root: str) -> bytes:
    return site(root, pax(record("size", "-4")), member(root + "x.html"))


def _pax_content(label: str, content: bytes) -> None:
    TARS[label] = lambda root: site(root, pax(content), member(root + "x.html"))


_pax_content("pax_length_too_long", b"999 path=x\n")
_pax_content("pax_length_zero", b"0 path=x\n")
_pax_content("pax_length_negative", b"-9 path=x\n")
_pax_content("pax_length_many_digits", b"9" * 6000 + b" path=x\n")
_pax_content("pax_without_equals", b"8 pathx\n")
_pax_content("pax_without_newline", b"10 path=xx")
_pax_content("pax_garbage", bytes(range(256)))
_pax_content("pax_flood", record("comment", "x" * 100_000))


@_tar
def extended_header_for_nothing(root: str) -> bytes:
    return site(root, pax(record("path", root + "x.html")))


@_tar
def extended_header_flood(root: str) -> bytes:
    return site(root, pax(record("comment", "x")) * 101_000)


@_tar
def bad_checksum(root: str) -> bytes:
    return site(root, home(root).replace(b"index", b"other", 1))


@_tar
def cut_in_header(root: str) -> bytes:
    return site(root, member(root + "x.html")[:200], end=b"")


@_tar
def cut_in_content(root: str) -> bytes:
    return site(root, member(root + "x.html", b"x" * 5000)[:3000], end=b"")


@_tar
def without_end(root: str) -> bytes:
    return site(root, end=b"")


@_tar
def half_an_end(root: str) -> bytes:
    return site(root, end=bytes(512))


@_tar
def garbage_behind_the_end(root: str) -> bytes:
    return site(root, end=_END + b"hello")


@_tar
def second_tar_behind_the_end(root: str) -> bytes:
    return site(root, _END, member(root + "../escape.html"))


@_tar
def second_gzip_member(root: str) -> bytes:
    return site(root) + site(root)


@_tar
def garbage_behind_gzip(root: str) -> bytes:
    return site(root) + b"hello"


@_tar
def gzip_wrong_checksum(root: str) -> bytes:
    return site(root)[:-8] + b"abcd" + site(root)[-4:]


@_tar
def gzip_wrong_length(root: str) -> bytes:
    return site(root)[:-4] + b"abcd"


@_tar
def gzip_cut(root: str) -> bytes:
    return site(root)[:-20]


@_tar
def gzip_damaged(root: str) -> bytes:
    data = bytearray(site(root, member(root + "x.txt", bytes(range(256)) * 40)))
    data[60:80] = b"\xff" * 20
    return bytes(data)


@_tar
def gzip_of_gzip(root: str) -> bytes:
    return compress(site(root))


@_tar
def gzip_of_nothing(root: str) -> bytes:
    return compress(b"")


@_tar
def gzip_header_only(root: str) -> bytes:
    return site(root)[:10]


@_upload
def empty_tar() -> bytes:
    return compress(_END)


@_tar
def no_bytes(root: str) -> bytes:
    return b""


# --- bombs


@_tar
def bomb_one_file(root: str) -> bytes:
    return site(root, member(root + "x.txt", bytes(100 << 20)))


@_tar
def bomb_file_above_limit(root: str) -> bytes:
    return site(root, member(root + "x.txt", bytes(17 << 20)))


@_tar
def bomb_sum_above_limit(root: str) -> bytes:
    return site(root, *(member(f"{root}{n}.txt", bytes(15 << 20)) for n in range(5)))


@_tar
def bomb_many_files(root: str) -> bytes:
    return site(root, *(member(f"{root}{n}.txt", b"") for n in range(12_000)))


@_tar
def bomb_many_folders(root: str) -> bytes:
    return site(root, member(f"{root}d/", b"", tarfile.DIRTYPE) * 101_000)


# --- what visitors would get instead of what was checked


@_tar
def other_page_as_compressed_twin(root: str) -> bytes:
    return site(root, member(root + "index.html.gz", compress(b"<!doctype html>evil")))


@_tar
def bomb_as_compressed_twin(root: str) -> bytes:
    return site(root, member(root + "index.html.gz", compress(bytes(100 << 20))))


# --- harmless: strange to look at, and without effect because only names and bytes are taken


@_tar
def harmless_modes_and_owners(root: str) -> bytes:
    fields = {"mode": 0o6777, "uid": 0, "gid": 0, "uname": "root", "mtime": 2**33}
    return site(root, member(root + "about.html", HOME, **fields))


@_tar
def harmless_global_comment(root: str) -> bytes:
    return site(root, pax(record("comment", "made by git"), tarfile.XGLTYPE), member(root + "about.html", HOME))


# --- zip


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


@_upload
def zip_absolute() -> bytes:
    return zipped({"/tmp/escape.html": b"evil"})


@_upload
def zip_nul_in_name() -> bytes:
    return zipped({"page.html": b"evil", "escapeA.html": b"evil"}).replace(b"escapeA", b"escape\0")


@_upload
def zip_not_utf8() -> bytes:
    return zipped({"\u00fcb.html": b"evil"}).replace("\u00fcb".encode(), b"\xff\xfeb")


@_upload
def zip_symlink() -> bytes:
    return zipped({"page.html": b"/etc/passwd"}, attributes=0o120777)


@_upload
def zip_fifo() -> bytes:
    return zipped({"page.html": b""}, attributes=0o010666)


@_upload
def zip_device() -> bytes:
    return zipped({"page.html": b""}, attributes=0o020666)


@_upload
def zip_folder_that_is_a_symlink() -> bytes:
    return zipped({"x/": b"/tmp"}, attributes=0o120777)


@_upload
def zip_encrypted() -> bytes:
    data = zipped({"page.html": b"evil"})
    return _patched(data, _central(data, b"page.html") + 8, "<H", 1)


@_upload
def zip_encrypted_in_local_header_only() -> bytes:
    data = zipped({"page.html": b"evil"})
    return _patched(data, data.index(b"page.html") - 24, "<H", 1)


@_upload
def zip_other_local_name() -> bytes:
    data = zipped({"page.html": b"evil"})
    return data.replace(b"page.html", b"evil.html", 1)


@_upload
def zip_other_local_size() -> bytes:
    data = zipped({"page.txt": b"evil" * 100})
    return _patched(data, data.index(b"page.txt") - 8, "<I", 7)


@_upload
def zip_local_header_elsewhere() -> bytes:
    data = zipped({"page.html": b"evil"})
    return _patched(data, _central(data, b"page.html") + 42, "<I", 0x7FFFFFFF)


@_upload
def zip_overlap() -> bytes:
    """Two names for one content, the principle of the densest bombs."""
    data = zipped({"page.html": b"evil", "twin.html": b"evil"})
    first = struct.unpack_from("<I", data, _central(data, b"page.html") + 42)[0]
    return _patched(data, _central(data, b"twin.html") + 42, "<I", first)


@_upload
def zip_content_reaches_the_directory() -> bytes:
    data = zipped({"page.txt": b"evil" * 100}, zipfile.ZIP_STORED)
    longer = _patched(data, _central(data, b"page.txt") + 20, "<II", 4000, 4000)
    return _patched(longer, data.index(b"page.txt") - 12, "<II", 4000, 4000)


@_upload
def zip_declares_less_than_it_holds() -> bytes:
    data = zipped({"page.txt": bytes(100 << 20)})
    smaller = _patched(data, _central(data, b"page.txt") + 24, "<I", 100)
    return _patched(smaller, data.index(b"page.txt") - 8, "<I", 100)


@_upload
def zip_declares_more_than_it_holds() -> bytes:
    data = zipped({"page.txt": b"evil" * 10})
    larger = _patched(data, _central(data, b"page.txt") + 24, "<I", 1 << 20)
    return _patched(larger, data.index(b"page.txt") - 8, "<I", 1 << 20)


@_upload
def zip_wrong_checksum() -> bytes:
    data = zipped({"page.txt": b"evil" * 10})
    return _patched(data, _central(data, b"page.txt") + 16, "<I", 1)


@_upload
def zip_bomb() -> bytes:
    return zipped({"page.txt": bytes(100 << 20)})


@_upload
def zip_bomb_in_many_files() -> bytes:
    return zipped({f"{n}.txt": bytes(2 << 20) for n in range(40)})


@_upload
def zip_many_files() -> bytes:
    return zipped({f"{n}.txt": b"" for n in range(6000)})


@_upload
def zip_directory_flood() -> bytes:
    return zipped({}) + b"PK\x01\x02" * 60_000


@_upload
def zip_rare_compression() -> bytes:
    return zipped({"page.html": b"evil"}, zipfile.ZIP_LZMA)


@_upload
def zip_twice() -> bytes:
    return zipped({"page.html": b"a", "twin.html": b"b"}).replace(b"twin.html", b"page.html")


@_upload
def zip_cut() -> bytes:
    return zipped({"page.html": b"evil"})[:-30]


@_upload
def zip_without_directory() -> bytes:
    data = zipped({"page.html": b"evil"})
    return data[: data.index(b"PK\x01\x02")]


@_upload
def zip_magic_only() -> bytes:
    return b"PK\x03\x04"


@_upload
def zip_compressed_twin() -> bytes:
    return zipped({"index.html.gz": compress(b"<!doctype html>evil")})

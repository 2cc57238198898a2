"""Hostile tar archives, each with a harmless home page in it.

`root` is where a site lies in the archive: empty for what a person uploads, `public/` for a version's artifact.
"""

import tarfile
from collections.abc import Callable
from functools import cache, partial

from shared.domain.archive import compress
from tests.attacks.forged_tar import END, HOME, SIZE_FIELD, forged, home, member, pax, record, site
from tests.attacks.hostile_names import NAMES

TarCase = Callable[[str], bytes]


def _symlink_chain(root: str) -> bytes:
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


def _pax_sparse(root: str) -> bytes:
    sparse = record("GNU.sparse.major", "1") + record("GNU.sparse.minor", "0") + record("GNU.sparse.realsize", "9" * 12)
    return site(root, pax(sparse), member(root + "x.html"))


def _gzip_damaged(root: str) -> bytes:
    data = bytearray(site(root, member(root + "x.txt", bytes(range(256)) * 40)))
    data[60:80] = b"\xff" * 20
    return bytes(data)


def _harmless_modes_and_owners(root: str) -> bytes:
    fields = {"mode": 0o6777, "uid": 0, "gid": 0, "uname": "root", "mtime": 2**33}
    return site(root, member(root + "about.html", HOME, **fields))


def _one_file(name: str, root: str) -> bytes:
    return site(root, member(root + name))


def _of_kind(kind: bytes, root: str) -> bytes:
    return site(root, member(root + "x.html", b"", kind, devmajor=1, devminor=3))


def _with_extended_header(content: bytes, root: str) -> bytes:
    return site(root, pax(content), member(root + "x.html"))


_KINDS = {
    "character_device": tarfile.CHRTYPE,
    "block_device": tarfile.BLKTYPE,
    "fifo": tarfile.FIFOTYPE,
    "contiguous_file": tarfile.CONTTYPE,
    "sparse_file": tarfile.GNUTYPE_SPARSE,
    "long_link": tarfile.GNUTYPE_LONGLINK,
    "dump_folder": b"D",
    "multi_volume": b"M",
    "volume_label": b"V",
    "unknown_kind": b"Z",
}
_EXTENDED_HEADERS = {
    "pax_length_too_long": b"999 path=x\n",
    "pax_length_zero": b"0 path=x\n",
    "pax_length_negative": b"-9 path=x\n",
    "pax_length_many_digits": b"9" * 6000 + b" path=x\n",
    "pax_without_equals": b"8 pathx\n",
    "pax_without_newline": b"10 path=xx",
    "pax_garbage": bytes(range(256)),
    "pax_flood": record("comment", "x" * 100_000),
}
_CASES: dict[str, TarCase] = {
    # --- names that only tar can express
    "absolute": lambda root: site(root, member("/tmp/escape.html")),
    "outside_of_both_trees": lambda root: site(root, member("elsewhere/../../x.html")),
    "not_utf8": lambda root: site(root, member(root + "a\udcff.html")),
    "folder_twins": lambda root: site(root, member(root + "Docs/a.html"), member(root + "docs/b.html")),
    "twice": lambda root: site(root, home(root)),
    "compatibility_twins": lambda root: site(root, member(root + "\ufb01sh.html"), member(root + "fish.html")),
    "folder_outside": lambda root: site(root, member("../../escape/", b"", tarfile.DIRTYPE)),
    "long_name_outside": lambda root: site(
        root, member("long", b"../" * 50 + b"x.html\0", tarfile.GNUTYPE_LONGNAME), member(root + "x.html")
    ),
    "long_name_absolute": lambda root: site(
        root, member("long", b"/tmp/escape.html\0", tarfile.GNUTYPE_LONGNAME), member(root + "x.html")
    ),
    "pax_path_outside": lambda root: site(root, pax(record("path", "../escape.html")), member(root + "x.html")),
    "pax_path_with_nul": lambda root: site(root, pax(record("path", root + "x.html\0.jpg")), member(root + "x.html")),
    "pax_path_not_utf8": lambda root: site(root, pax(record("path", root + "\udcff.html")), member(root + "x.html")),
    "pax_path_for_all": lambda root: site(
        root, pax(record("path", root + "other.html"), tarfile.XGLTYPE), member(root + "x.html")
    ),
    # --- links, devices and other things that are no files
    "symlink_out": lambda root: site(root, member(root + "x.html", b"", tarfile.SYMTYPE, linkname="/etc/passwd")),
    "symlink_inside": lambda root: site(root, member(root + "x.html", b"", tarfile.SYMTYPE, linkname="index.html")),
    "write_through_symlink": lambda root: site(
        root, member(root + "d", b"", tarfile.SYMTYPE, linkname="/tmp"), member(root + "d/escape.html")
    ),
    # Nested links whose resolved path outgrows PATH_MAX (the shape of CVE-2025-4517), then a file through them.
    "symlink_chain": _symlink_chain,
    "hardlink_out": lambda root: site(root, member(root + "x.html", b"", tarfile.LNKTYPE, linkname="/etc/passwd")),
    "hardlink_inside": lambda root: site(
        root, member(root + "x.html", b"", tarfile.LNKTYPE, linkname=root + "index.html")
    ),
    "hardlink_with_content": lambda root: site(
        root, member(root + "x.html", b"evil", tarfile.LNKTYPE, linkname=root + "index.html")
    ),
    "pax_sparse": _pax_sparse,
    # --- sizes and structure that lie
    # CVE-2025-8194: tarfile went backwards and read the same header for ever.
    "negative_size": lambda root: site(root, forged(member(root + "x.html"), SIZE_FIELD, b"\xff" * 10 + b"\xfe\x00")),
    "size_beyond_the_end": lambda root: site(
        root, forged(member(root + "x.html"), SIZE_FIELD, b"\x80" + bytes(3) + b"\x7f" * 8)
    ),
    "size_is_no_number": lambda root: site(root, forged(member(root + "x.html"), SIZE_FIELD, b"0x7fffffff\0\0")),
    "folder_with_content": lambda root: site(root, member(root + "d/", home(root), tarfile.DIRTYPE)),
    "pax_size_differs": lambda root: site(
        root, pax(record("size", "0")), member(root + "x.html", member(root + "hidden.html"))
    ),
    "pax_size_for_all": lambda root: site(root, pax(record("size", "0"), tarfile.XGLTYPE), member(root + "x.html")),
    "pax_size_is_no_number": lambda root: site(root, pax(record("size", "-4")), member(root + "x.html")),
    "extended_header_for_nothing": lambda root: site(root, pax(record("path", root + "x.html"))),
    "extended_header_flood": lambda root: site(root, pax(record("comment", "x")) * 101_000),
    "bad_checksum": lambda root: site(root, home(root).replace(b"index", b"other", 1)),
    "cut_in_header": lambda root: site(root, member(root + "x.html")[:200], end=b""),
    "cut_in_content": lambda root: site(root, member(root + "x.html", b"x" * 5000)[:3000], end=b""),
    "without_end": lambda root: site(root, end=b""),
    "half_an_end": lambda root: site(root, end=bytes(512)),
    "garbage_behind_the_end": lambda root: site(root, end=END + b"hello"),
    "second_tar_behind_the_end": lambda root: site(root, END, member(root + "../escape.html")),
    "second_gzip_member": lambda root: site(root) + site(root),
    "garbage_behind_gzip": lambda root: site(root) + b"hello",
    "gzip_wrong_checksum": lambda root: site(root)[:-8] + b"abcd" + site(root)[-4:],
    "gzip_wrong_length": lambda root: site(root)[:-4] + b"abcd",
    "gzip_cut": lambda root: site(root)[:-20],
    "gzip_damaged": _gzip_damaged,
    "gzip_of_gzip": lambda root: compress(site(root)),
    "gzip_of_nothing": lambda _: compress(b""),
    "gzip_header_only": lambda root: site(root)[:10],
    "no_bytes": lambda _: b"",
    # --- bombs
    "bomb_one_file": lambda root: site(root, member(root + "x.txt", bytes(100 << 20))),
    "bomb_file_above_limit": lambda root: site(root, member(root + "x.txt", bytes(17 << 20))),
    "bomb_sum_above_limit": lambda root: site(root, *(member(f"{root}{n}.txt", bytes(15 << 20)) for n in range(9))),
    "bomb_many_files": lambda root: site(root, *(member(f"{root}{n}.txt", b"") for n in range(12_000))),
    "bomb_many_folders": lambda root: site(root, member(f"{root}d/", b"", tarfile.DIRTYPE) * 101_000),
    # --- what visitors would get instead of what was checked
    "other_page_as_compressed_twin": lambda root: site(
        root, member(root + "index.html.gz", compress(b"<!doctype html>evil"))
    ),
    "bomb_as_compressed_twin": lambda root: site(root, member(root + "index.html.gz", compress(bytes(100 << 20)))),
    # --- harmless: strange to look at, and without effect because only names and bytes are taken
    "harmless_modes_and_owners": _harmless_modes_and_owners,
    "harmless_global_comment": lambda root: site(
        root, pax(record("comment", "made by git"), tarfile.XGLTYPE), member(root + "about.html", HOME)
    ),
}
_CASES |= {f"name_{label}": partial(_one_file, name) for label, name in NAMES.items()}
_CASES |= {label: partial(_of_kind, kind) for label, kind in _KINDS.items()}
_CASES |= {label: partial(_with_extended_header, content) for label, content in _EXTENDED_HEADERS.items()}
TARS: dict[str, TarCase] = {name: cache(case) for name, case in _CASES.items()}

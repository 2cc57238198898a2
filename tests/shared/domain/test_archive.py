"""Packing and unpacking artifacts: lossless, deterministic, readable by other tools (I1, I6)."""

import io
import tarfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.archive import Artifact, check_precompressed, compress, pack, unpack
from shared.domain.errors import InvalidInput, PageWrightError, TooLarge
from shared.domain.tree import TreeLimits

_NAMES = st.text("abcxyz012äß語 -", min_size=1, max_size=12).filter(lambda name: name.strip(" -") == name)
_PATHS = st.lists(_NAMES, min_size=1, max_size=4).map("/".join).map(lambda path: path + ".html")
_TREES = st.dictionaries(_PATHS, st.binary(max_size=2000), max_size=8)
_SITE = {"index.html": b"<h1>Hello</h1>", "über/" + "sehr-lang/" * 12 + "seite.html": b"x" * 513, "empty.txt": b""}


@given(_TREES, _TREES)
def test_unpack_gives_what_was_packed(source: dict[str, bytes], public: dict[str, bytes]) -> None:
    """I6: lossless, unless the names are none a site may have."""
    try:
        artifact = unpack(pack(source, public))
    except InvalidInput as error:
        assert any(word in error.detail for word in ("case", "file and a folder", "accents"))
    else:
        assert artifact == Artifact(source, public)


def test_the_same_tree_gives_the_same_bytes() -> None:
    """I1: whatever the order in which the files came, and for ever: the tar may not depend on Python's version."""
    backwards = dict(reversed(_SITE.items()))
    assert pack(_SITE, backwards) == pack(backwards, _SITE)
    tar = zlib.decompress(pack({"a.html": b"1"}, {"b.html": b"2"}), 31)
    assert tar == _expected_tar()


def _expected_tar() -> bytes:
    """The tar of two files, built by hand from the USTAR standard."""
    return b"".join(_block(n, d) for n, d in ((b"public/b.html", b"2"), (b"source/a.html", b"1"))) + bytes(1024)


def _block(name: bytes, data: bytes) -> bytes:
    zero, mode, size = b"0000000\0", b"0000644\0", b"%011o\0" % len(data)
    fields = [
        name.ljust(100, b"\0"),
        mode,
        zero,
        zero,
        size,
        b"%011o\0" % 0,
        b" " * 8,
        b"0",
        bytes(100),
        b"ustar\x0000",
    ]
    header = b"".join(fields).ljust(512, b"\0")
    return header[:148] + b"%06o\0 " % sum(header) + header[156:] + data.ljust(512, b"\0")


def test_other_tools_read_it() -> None:
    with tarfile.open(fileobj=io.BytesIO(pack(_SITE, _SITE))) as archive:
        members = archive.getmembers()
        assert {m.name for m in members} == {f"{root}/{path}" for root in ("source", "public") for path in _SITE}
        assert {(m.mode, m.uid, m.gid, m.uname, m.mtime, m.type) for m in members} == {(0o644, 0, 0, "", 0, b"0")}
        read = {m.name: archive.extractfile(m).read() for m in members}
    assert all(read[f"source/{path}"] == data for path, data in _SITE.items())


@given(st.data())
def test_damaged_bytes_never_crash_it(data: st.DataObject) -> None:
    """A damaged artifact is refused with a sentence, or gives what was packed: gzip's checksum sees to it."""
    archive = bytearray(pack(_SITE, _SITE))
    position = data.draw(st.integers(10, len(archive) - 1))
    archive[position] ^= data.draw(st.integers(1, 255))
    try:
        assert unpack(bytes(archive)) == Artifact(_SITE, _SITE)  # a few bits of padding mean nothing
    except PageWrightError as error:
        assert error.detail.endswith(".")


@given(st.data())
def test_a_damaged_tar_never_crashes_it(data: st.DataObject) -> None:
    """The same below the checksum: refused, or another artifact of lawful names."""
    tar = bytearray(zlib.decompress(pack(_SITE, {}), 31))
    for _ in range(data.draw(st.integers(1, 5))):
        tar[data.draw(st.integers(0, len(tar) - 1))] = data.draw(st.integers(0, 255))
    try:
        unpack(compress(bytes(tar)))
    except PageWrightError as error:
        assert error.detail.endswith(".")


@pytest.mark.parametrize("limits", [TreeLimits(files=2), TreeLimits(total_bytes=400), TreeLimits(file_bytes=400)])
def test_limits_are_kept(limits: TreeLimits) -> None:
    with pytest.raises(TooLarge):
        unpack(pack(_SITE, {}), limits)


def test_a_precompressed_file_must_be_the_same_page() -> None:
    """I6: a web server sends page.html.gz for page.html, so it may not say anything else."""
    check_precompressed({"a.html": b"hello", "a.html.gz": compress(b"hello"), "alone.gz": b"anything"})
    for twin in (compress(b"other"), b"no gzip", compress(b"hello") + b"x"):
        with pytest.raises(InvalidInput, match=r"a\.html\.gz"):
            check_precompressed({"a.html": b"hello", "a.html.gz": twin})

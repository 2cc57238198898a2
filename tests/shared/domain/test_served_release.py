"""What may be served: signed manifests, and blobs that are theirs to the last byte; and all of that can be (I6)."""

import hashlib
import tempfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.deployer.site_directory import SiteDirectory
from shared.domain.archive import Artifact, check_precompressed, compress, pack, unpack
from shared.domain.errors import InvalidInput
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.manifest import Blob
from shared.domain.served_release import ServedFile, check_blob, check_manifest, served_files
from shared.domain.tree import DEFAULT_LIMITS, Tree, check_tree, sizes
from tests.support.manifests import TRUSTED_KEYS, signed_manifest

_PUBLIC = {"index.html": b"<p>Hello</p>" * 200, "small.css": b"a{}", "photo.jpg": b"\xff\xd8" * 4000}


def _version(public: Tree, listed: Tree, stamp: int = 1001) -> tuple[bytes, bytes, int]:
    """A version's artifact and its list of files, and 1001, the version's stamp."""
    return pack({}, public), encode_file_list(public_files(listed, None, stamp)), 1001


def test_every_file_is_served_and_text_has_a_compressed_twin() -> None:
    served = {file.path: file for file in served_files(*_version(_PUBLIC, _PUBLIC))}
    twin = served.pop("index.html.gz")
    assert served == {path: ServedFile(path, data, 1001) for path, data in _PUBLIC.items()}
    assert (zlib.decompress(twin.data, 31), twin.changed_at) == (_PUBLIC["index.html"], 1001)


def test_a_twin_of_the_site_itself_is_served_as_it_is() -> None:
    with_twin = _PUBLIC | {"index.html.gz": zlib.compress(_PUBLIC["index.html"], 9, 31)}
    served = {file.path: file.data for file in served_files(*_version(with_twin, with_twin))}
    assert served == with_twin


@pytest.mark.parametrize(
    "listed",
    [
        _PUBLIC | {"index.html": b"<p>other</p>"},
        _PUBLIC | {"more.html": b""},
        {"index.html": _PUBLIC["index.html"]},
        {},
    ],
    ids=["other bytes", "one more", "fewer", "none"],
)
def test_the_list_must_be_exactly_that_of_the_artifact(listed: Tree) -> None:
    with pytest.raises(InvalidInput, match="not that of the artifact"):
        served_files(*_version(_PUBLIC, listed))


def test_blobs_must_be_those_of_the_manifest() -> None:
    blob = Blob(sha256=hashlib.sha256(b"abc").hexdigest(), size=3)
    check_blob("artifact", blob, b"abc")
    for data in (b"abx", b"abcd", b""):
        with pytest.raises(InvalidInput, match="The artifact has other bytes than the manifest says"):
            check_blob("artifact", blob, data)


@pytest.mark.parametrize("stamp", [1002, -1])
def test_no_file_is_from_the_future_or_from_before_time(stamp: int) -> None:
    with pytest.raises(InvalidInput, match="impossible times"):
        served_files(*_version(_PUBLIC, _PUBLIC, stamp))


def test_a_manifest_must_be_signed_and_of_this_version() -> None:
    blob = Blob(sha256="0" * 64, size=1)
    manifest = signed_manifest(1, artifact=blob, public=blob)
    check_manifest(manifest, "bakery", 1, TRUSTED_KEYS)
    with pytest.raises(InvalidInput, match="not of what was asked for"):
        check_manifest(manifest, "bakery", 2, TRUSTED_KEYS)
    with pytest.raises(InvalidInput, match="not of what was asked for"):
        check_manifest(manifest, "lawyer", 1, TRUSTED_KEYS)
    with pytest.raises(InvalidInput, match="not trusted"):
        check_manifest(manifest, "bakery", 1, {})
    with pytest.raises(InvalidInput, match="wrong signature"):
        check_manifest(manifest.model_copy(update={"stamp": 5}), "bakery", 1, TRUSTED_KEYS)


def test_no_twin_takes_a_name_that_the_site_has() -> None:
    page = b"<p>filler</p>" * 200
    for taken in ("index.html.gz/x.txt", "index.html.gz/deep/x.txt"):
        public = {"index.html": page, taken: b"x"}
        assert {file.path for file in served_files(*_version(public, public))} == set(public)


def test_a_tree_at_every_limit_is_readable() -> None:
    """What a site may be can be deployed, however well or badly it compresses: equal bytes, longest paths."""
    equal = {f"{number}.bmp": b"\xff" * DEFAULT_LIMITS.file_bytes for number in range(2)}
    folder = "/".join(["d" * 99] * 4)
    many = {f"{folder}/{number:0>111}": b"x" for number in range(DEFAULT_LIMITS.files)}
    assert max(map(len, many)) == DEFAULT_LIMITS.path_bytes - 1
    for tree in (equal, many):
        check_tree(sizes(tree))
        assert unpack(pack(tree, tree)) == Artifact(tree, tree)


_NAMES = st.sampled_from(["index.html", "index.html.gz", "a", "a.gz", "a.js", "a.js.gz", ".well-known", "ü.txt"])
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)
_LONG = b"a" * 4000
_FILES = st.sampled_from([b"", b"x", _LONG, compress(_LONG)])


def _accepted(tree: Tree) -> bool:
    try:
        check_tree(sizes(tree))
        check_precompressed(tree)
    except InvalidInput:
        return False
    return True


@given(st.dictionaries(_PATHS, _FILES, max_size=8).filter(_accepted))
def test_i6_whatever_a_site_may_be_can_be_deployed(tree: Tree) -> None:
    """I6: a tree that the checks of names and twins accept is packed and verified, and written byte for byte."""
    with tempfile.TemporaryDirectory() as root:
        SiteDirectory(Path(root), "bakery").release(1, served_files(*_version(tree, tree)))
        release = Path(root) / "bakery/releases/1"
        assert {path: (release / path).read_bytes() for path in tree} == tree

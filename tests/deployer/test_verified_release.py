"""What the deployer believes: signed manifests, and blobs that are theirs to the last byte (I6)."""

import hashlib
import zlib

import pytest

from daemons.deployer.verified_release import ServedFile, check_manifest, served_files
from shared.archive import pack
from shared.errors import InvalidInput
from shared.file_list import encode_file_list, public_files
from shared.manifest import Blob, Manifest
from shared.tree import Tree
from tests.support.manifests import TRUSTED_KEYS, signed_manifest

_PUBLIC = {"index.html": b"<p>Hello</p>" * 200, "small.css": b"a{}", "photo.jpg": b"\xff\xd8" * 4000}


def _blob(data: bytes) -> Blob:
    return Blob(sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def _version(public: Tree, listed: Tree, stamp: int = 1001) -> tuple[Manifest, bytes, bytes]:
    artifact, files = pack({}, public), encode_file_list(public_files(listed, None, stamp))
    return signed_manifest(1, artifact=_blob(artifact), public=_blob(files)), artifact, files


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
    manifest, artifact, files = _version(_PUBLIC, _PUBLIC)
    for bad_artifact, bad_files in ((artifact + b"x", files), (pack({}, {}), files), (artifact, files + b" ")):
        with pytest.raises(InvalidInput, match="other bytes than the manifest says"):
            served_files(manifest, bad_artifact, bad_files)


@pytest.mark.parametrize("stamp", [1002, -1])
def test_no_file_is_from_the_future_or_from_before_time(stamp: int) -> None:
    with pytest.raises(InvalidInput, match="impossible times"):
        served_files(*_version(_PUBLIC, _PUBLIC, stamp))


def test_a_manifest_must_be_signed_and_of_this_version() -> None:
    manifest, _, _ = _version(_PUBLIC, _PUBLIC)
    check_manifest(manifest, "bakery", 1, TRUSTED_KEYS)
    with pytest.raises(InvalidInput, match="not of what was asked for"):
        check_manifest(manifest, "bakery", 2, TRUSTED_KEYS)
    with pytest.raises(InvalidInput, match="not of what was asked for"):
        check_manifest(manifest, "lawyer", 1, TRUSTED_KEYS)
    with pytest.raises(InvalidInput, match="not trusted"):
        check_manifest(manifest, "bakery", 1, {})
    with pytest.raises(InvalidInput, match="wrong signature"):
        check_manifest(manifest.model_copy(update={"stamp": 5}), "bakery", 1, TRUSTED_KEYS)

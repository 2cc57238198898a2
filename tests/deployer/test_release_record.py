"""A release says which manifest it was made from and which files it has; what is damaged says nothing."""

from pathlib import Path

import pytest

from daemons.deployer.release_record import RECORD_FILES, read_record, read_written, record_files
from shared.domain.manifest import Blob
from shared.domain.served_release import ServedFile
from shared.domain.signing import manifest_digest
from tests.support.manifests import signed_manifest

_BLOB = Blob(sha256="0" * 64, size=1)
_MANIFEST = signed_manifest(3, artifact=_BLOB, public=_BLOB)


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with the record of a release of one file."""
    (tmp_path / ".pagewright").mkdir()
    for file in record_files(_MANIFEST, [ServedFile("index.html", b"<p>", 1)]):
        (tmp_path / file.path).write_bytes(file.data)
    return tmp_path


def test_i6_a_release_knows_its_manifest_and_files(release: Path) -> None:
    record = read_record(release)
    assert record
    assert (record.site, record.version, record.manifest) == ("bakery", 3, manifest_digest(_MANIFEST))
    written = read_written(release, record)
    assert written
    assert {path: file.size for path, file in written.items()} == {"index.html": 3}


def test_a_list_of_files_that_was_changed_counts_as_none(release: Path) -> None:
    record = read_record(release)
    assert record
    listed = release / RECORD_FILES[1]
    listed.write_bytes(listed.read_bytes().replace(b'"size":3', b'"size":4'))
    assert read_written(release, record) is None


def test_a_release_of_an_older_deployer_has_no_record(release: Path, tmp_path: Path) -> None:
    (release / RECORD_FILES[0]).write_bytes(b"{")
    assert read_record(release) is None
    assert read_record(tmp_path / "elsewhere") is None

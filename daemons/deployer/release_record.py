"""What a release says of itself: the manifest that it was made from, and each of its files with size and digest.

It is two hidden files, in a folder that no site can have, because no name in a site begins with a dot. nginx answers
with the first under `/.well-known/pagewright.json`. Releases of an older deployer have neither.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from shared.domain.manifest import Manifest
from shared.domain.served_release import ServedFile
from shared.domain.signing import manifest_digest
from shared.domain.vocabulary import Digest, Record, SiteName, VersionNumber

RECORD_FILES = _RELEASE, _FILES = (".pagewright/release.json", ".pagewright/files.json")


class ReleaseRecord(Record):
    """Which manifest a release was made from, by digest, and the digest of the list of its files."""

    site: SiteName
    version: VersionNumber
    manifest: Digest
    files: Digest


class WrittenFile(Record):
    """One file of a release as it was written, a compressed twin too."""

    path: str
    size: int
    sha256: Digest


class WrittenFiles(Record):
    """Every file of a release."""

    files: tuple[WrittenFile, ...]


def record_files(manifest: Manifest, files: Sequence[ServedFile]) -> list[ServedFile]:
    """The hidden files that record what a release of these files was made from."""
    written = WrittenFiles(files=tuple(_written(file) for file in files)).model_dump_json().encode()
    record = ReleaseRecord(
        site=manifest.site, version=manifest.number, manifest=manifest_digest(manifest), files=_sha256(written)
    )
    mark = record.model_dump_json().encode() + b"\n"
    return [ServedFile(_RELEASE, mark, manifest.stamp), ServedFile(_FILES, written, manifest.stamp)]


def read_record(release: Path) -> ReleaseRecord | None:
    """The record in a release's folder; None if it has none that can be read."""
    try:
        return ReleaseRecord.model_validate_json((release / _RELEASE).read_bytes())
    except (OSError, ValidationError):
        return None


def read_written(release: Path, record: ReleaseRecord) -> dict[str, WrittenFile] | None:
    """Path → file of all that was written into a release; None if the list is damaged."""
    try:
        data = (release / _FILES).read_bytes()
        if _sha256(data) != record.files:
            return None
        return {file.path: file for file in WrittenFiles.model_validate_json(data).files}
    except (OSError, ValidationError):
        return None


def _written(file: ServedFile) -> WrittenFile:
    return WrittenFile(path=file.path, size=len(file.data), sha256=_sha256(file.data))


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

"""From a manifest and its blobs to the exact files that a web host may serve; does no I/O and trusts no byte.

The deployer serves exactly these files. The worker runs this before it signs a version, and `verify` runs it over
storage, so that every committed version can be deployed.
"""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath

from shared.domain.archive import compress, unpack
from shared.domain.errors import InvalidInput
from shared.domain.file_list import decode_file_list, matches
from shared.domain.manifest import Blob, FileList, Manifest
from shared.domain.serving.marks import is_not_utf8, marks
from shared.domain.serving.media_types import is_compressible
from shared.domain.signing import TrustedKeys, verify_manifest
from shared.domain.tree import Tree

_WORTH_COMPRESSING = 1024


@dataclass(frozen=True)
class ServedFile:
    """One file of a release; `changed_at` (Unix seconds) becomes its modification time."""

    path: str
    data: bytes
    changed_at: int


def check_manifest(manifest: Manifest, site: str, version: int, trusted: TrustedKeys) -> None:
    """Accept the signed manifest of exactly this version; raises InvalidInput otherwise."""
    verify_manifest(manifest, trusted)
    if (manifest.site, manifest.number) != (site, version):
        raise InvalidInput(f"The manifest is of {manifest.site} version {manifest.number}, not of what was asked for.")


def served_files(artifact: bytes, file_list: bytes, stamp: int) -> list[ServedFile]:
    """The files that a version with this stamp serves, with a compressed twin of each text file, and marks for nginx.

    A twin is left out if its name is taken, by a file or a folder. Raises as `verified_files`.
    """
    files, public = verified_files(artifact, file_list, stamp)
    taken = {*public, *(str(folder) for path in public for folder in PurePosixPath(path).parents)}
    served = [ServedFile(file.path, public[file.path], file.changed_at) for file in files.files]
    twins = [twin for file in served if file.path + ".gz" not in taken for twin in _compressed_twin(file)]
    return [*served, *twins, *(ServedFile(path, b"", stamp) for path in marks(public))]


def verified_files(artifact: bytes, file_list: bytes, stamp: int) -> tuple[FileList, Tree]:
    """The list of a version's files and the files themselves; raises InvalidInput or TooLarge unless they agree."""
    files = decode_file_list(file_list)
    public = unpack(artifact).public
    if not matches(files, public):
        raise InvalidInput("The list of served files is not that of the artifact.")
    _check_times(files, stamp)
    return files, public


def check_blob(name: str, expected: Blob, data: bytes) -> None:
    """Raises InvalidInput unless these are the blob's bytes."""
    if len(data) != expected.size or hashlib.sha256(data).hexdigest() != expected.sha256:
        raise InvalidInput(f"The {name} has other bytes than the manifest says.")


def _check_times(files: FileList, stamp: int) -> None:
    """No file can have changed after its version was made, or before the Unix epoch."""
    if any(not 0 <= file.changed_at <= stamp for file in files.files):
        raise InvalidInput("The list of served files has impossible times.")


def _compressed_twin(file: ServedFile) -> list[ServedFile]:
    """`page.html.gz` for `page.html`, if a visitor gains by it: the web server sends it instead."""
    if len(file.data) < _WORTH_COMPRESSING or not is_compressible(file.path) or is_not_utf8(file.path, file.data):
        return []
    data = compress(file.data)
    return [ServedFile(file.path + ".gz", data, file.changed_at)] if len(data) < len(file.data) else []

"""One site is proven from its bytes to its signatures: each damage is found, and said."""

import asyncio
import hashlib
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from daemons.storage.checksummed_file import checksummed
from daemons.storage.verify import verify_directory
from shared.domain.archive import pack
from shared.domain.manifest import Blob
from shared.domain.signing import generate_private_key, load_private_key, manifest_bytes, sign_manifest
from tests.storage.stored_files import change_manifest, fill, manifest_of, move, site_folder, take_down, version_file
from tests.support.manifests import SIGNING_KEY, TRUSTED_KEYS
from tests.support.storage_process import StorageProcess


def _blob(root: Path, sha256: str) -> Path:
    return root / "blobs" / sha256[:2] / sha256


def _sign_by_stranger(root: Path) -> None:
    manifest = sign_manifest(manifest_of(root, 2), load_private_key(generate_private_key()))
    version_file(root, 2).write_bytes(checksummed(manifest_bytes(manifest)))


def _swap_artifact(root: Path) -> None:
    """A signed manifest whose artifact serves something else than its list says."""
    data = pack({}, {"index.html": b"other"})
    sha256 = hashlib.sha256(data).hexdigest()
    _blob(root, sha256).write_bytes(data)
    changed = manifest_of(root, 4).model_copy(update={"artifact": Blob(sha256=sha256, size=len(data))})
    version_file(root, 4).write_bytes(checksummed(manifest_bytes(sign_manifest(changed, SIGNING_KEY))))


_DAMAGES: list[tuple[str, Callable[[Path], object]]] = [
    ("bytes or its place", lambda root: _blob(root, manifest_of(root, 1).artifact.sha256).write_bytes(b"!")),
    ("version 1: blob", lambda root: _blob(root, manifest_of(root, 1).artifact.sha256).unlink()),
    ("version 2: .*it is missing", lambda root: version_file(root, 2).unlink()),
    (
        "version 2: .*checksum",
        lambda root: version_file(root, 2).write_bytes(version_file(root, 2).read_bytes() + b" "),
    ),
    ("version 4: .*checksum", lambda root: version_file(root, 4).write_bytes(b"")),
    ("version 2: .*wrong signature", lambda root: change_manifest(root, 2, message="Something else.")),
    ("version 2: .*not trusted", _sign_by_stranger),
    (
        "version 2: its manifest is another",
        lambda root: version_file(root, 2).write_bytes(version_file(root, 3).read_bytes()),
    ),
    ("version 2: its parent", lambda root: change_manifest(root, 2, parent=2)),
    ("version 3: its stamp", lambda root: change_manifest(root, 2, stamp=5000)),
    ("version 3: its fence", lambda root: change_manifest(root, 2, fence=5)),
    ("version 2: the index", lambda root: (site_folder(root) / "jobs" / manifest_of(root, 2).job).unlink()),
    ("version 4: it can't be deployed: The list of served files is not that", _swap_artifact),
    ("highest fence is 0", lambda root: (site_folder(root) / "fence").unlink()),
    ("deployment 2: .*missing", lambda root: (site_folder(root) / "deployments/000000/2").unlink()),
    (
        "deployment 2: it does not follow",
        lambda root: (site_folder(root) / "deployments/000000/2").write_bytes(
            (site_folder(root) / "deployments/000000/1").read_bytes()
        ),
    ),
    ("address 2: .*missing", lambda root: (site_folder(root) / "addresses/000000/2").unlink()),
    (
        "address 3: it does not follow",
        lambda root: (site_folder(root) / "addresses/000000/3").write_bytes(
            (site_folder(root) / "addresses/000000/2").read_bytes()
        ),
    ),
    ("deployment 3: version 3 does not", lambda root: [version_file(root, number).unlink() for number in (3, 4)]),
]


def test_each_damage_is_found(storage: StorageProcess, tmp_path: Path) -> None:
    asyncio.run(fill(storage))
    asyncio.run(take_down(storage))
    asyncio.run(move(storage))
    storage.stop()
    assert verify_directory(storage.directory, TRUSTED_KEYS) == []
    for number, (finding, damage) in enumerate(_DAMAGES):
        copy = tmp_path / str(number)
        subprocess.run(["cp", "-a", storage.directory, copy], check=True)
        damage(copy)
        findings = "\n".join(verify_directory(copy, TRUSTED_KEYS))
        with pytest.raises(AssertionError, match=finding):
            raise AssertionError(findings)

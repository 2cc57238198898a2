"""A release is sound as it was written, marks for nginx and all, and not when a mark is lost or foreign (I6)."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from daemons.deployer.integrity import find_fault
from daemons.deployer.release_record import record_files
from daemons.deployer.site_directory import SiteDirectory
from shared.domain.archive import pack
from shared.domain.file_list import encode_file_list, public_files
from shared.domain.manifest import Blob
from shared.domain.served_release import served_files
from shared.domain.signing import manifest_digest
from tests.support.manifests import signed_manifest

_PUBLIC = {"index.html": b"<p>", "old/page.html": "für".encode("cp1252"), "login.html.gz": b"\x1f\x8b"}
_MARK = ".pagewright/plain/old/page.html."


def _blob(data: bytes) -> Blob:
    return Blob(sha256=hashlib.sha256(data).hexdigest(), size=len(data))


@pytest.mark.parametrize(
    ("damage", "is_sound"),
    [
        (lambda release: None, True),
        (lambda release: (release / _MARK).unlink(), False),
        (lambda release: (release / _MARK).write_text("x"), False),
        (lambda release: (release / ".pagewright/plain/index.html.").touch(), False),
        (lambda release: (release / ".pagewright/foreign").touch(), False),
    ],
    ids=["as it was", "lost", "not empty", "foreign mark", "foreign file"],
)
def test_i6_marks_are_part_of_a_release(tmp_path: Path, damage: Callable[[Path], None], is_sound: bool) -> None:
    artifact, listed = pack({}, _PUBLIC), encode_file_list(public_files(_PUBLIC, None, 1001))
    manifest = signed_manifest(1, artifact=_blob(artifact), public=_blob(listed))
    files = served_files(artifact, listed, manifest.stamp)
    SiteDirectory(tmp_path, "bakery").release(1, [*files, *record_files(manifest, files)])
    release = tmp_path / "bakery/releases/1"
    damage(release)
    for deep in (False, True):
        assert (find_fault(release, manifest_digest(manifest), deep=deep) is None) == is_sound

"""A page costs the same however many versions there are: counted in files opened and folders listed."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from daemons.storage.append_only_log import AppendOnlyLog
from daemons.storage.checksummed_file import checksummed
from daemons.storage.fences import FenceClaim
from daemons.storage.stored_site import StoredSite
from shared.domain.manifest import Blob
from shared.domain.signing import manifest_bytes
from tests.support.manifests import signed_manifest

_counters: list[list[str]] = []


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    """Stays for the life of the process, as audit hooks do, and does nothing while nobody counts."""
    for counter in _counters:
        if event in ("open", "os.listdir", "os.scandir"):
            counter.append(f"{event} {arguments[0]}")


sys.addaudithook(_watch)


@contextmanager
def _counting() -> Iterator[list[str]]:
    touched: list[str] = []
    _counters.append(touched)
    try:
        yield touched
    finally:
        _counters.remove(touched)


def _fill(root: Path, versions: int) -> None:
    """A site with this many versions; all names lead to one file, which is quick, and a page does not compare them."""
    site = root / "sites" / "bakery"
    site.mkdir(parents=True)
    (site / "fence").write_bytes(checksummed(FenceClaim(fence=1, holder="w").model_dump_json().encode()))
    blob = Blob(sha256="0" * 64, size=1)
    manifest = root / "manifest"
    manifest.write_bytes(checksummed(manifest_bytes(signed_manifest(1, artifact=blob, public=blob))))
    for number in range(1, versions + 1):
        path = _path(root, number)
        if number == 1 or number % 1000 == 0:
            path.parent.mkdir(parents=True)
        path.hardlink_to(manifest)


def _path(root: Path, number: int) -> Path:
    return AppendOnlyLog(root / "sites" / "bakery" / "versions", root).path(number)


@pytest.mark.parametrize("versions", [30, 20_000])
def test_a_page_opens_its_own_files_only(versions: int) -> None:
    """However long the series: the newest page, and one in the middle."""
    with tempfile.TemporaryDirectory(prefix="pw") as name:
        root = Path(name)
        _fill(root, versions)
        site = StoredSite("bakery", root / "sites" / "bakery", root)
        for before, limit in ((None, 25), (versions // 2, 10)):
            with _counting() as touched:
                site.versions.page(before, limit)
            newest = versions if before is None else before - 1
            assert touched == [f"open {_path(root, number)}" for number in range(newest, newest - limit, -1)]


def test_the_newest_of_many_versions_is_found_in_two_folders() -> None:
    """After a restart: by the names of one folder and of its newest subfolder."""
    with tempfile.TemporaryDirectory(prefix="pw") as name, _counting() as touched:
        _fill(Path(name), 5000)
        touched.clear()
        assert AppendOnlyLog(Path(name) / "sites" / "bakery" / "versions", Path(name)).latest() == 5000
        assert len(touched) == 2

"""A release is what was written: it is read back before it appears (I6, I10)."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemons.deployer.file_writing import check_files, opened, write_files
from daemons.deployer.plan import OnDisk
from daemons.deployer.releasing import disk_failure
from daemons.deployer.site_directory import SiteDirectory
from shared.domain.served_release import ServedFile

_FILES = [ServedFile("a/page.html", b"deep", 1_600_000_001), ServedFile("index.html", b"home", 1_600_000_002)]


def _change(folder: Path) -> None:
    (folder / "a/page.html").write_bytes(b"dEep")


def _cut(folder: Path) -> None:
    (folder / "index.html").write_bytes(b"hom")


def _lose(folder: Path) -> None:
    (folder / "index.html").unlink()


def _link(folder: Path) -> None:
    (folder / "index.html").rename(folder / "other")
    (folder / "index.html").symlink_to("other")


def _lock(folder: Path) -> None:
    """As a disk does that is mounted with modes of its own."""
    (folder / "a/page.html").chmod(0o640)


@pytest.mark.parametrize("harm", [_change, _cut, _lose, _link, _lock])
def test_what_does_not_come_back_as_it_was_written_is_an_error(tmp_path: Path, harm: Callable[[Path], None]) -> None:
    with opened(tmp_path) as folder:
        write_files(_FILES, folder)
        check_files(_FILES, folder)
        harm(tmp_path)
        with pytest.raises(OSError) as caught:
            check_files(_FILES, folder)
    assert disk_failure(caught.value).reason.startswith("Its disk can't be used (")


class _Forgetful(list[ServedFile]):
    """Files that differ the second time one looks, as if the disk had forgotten some of them."""

    def __iter__(self) -> Iterator[ServedFile]:
        yield from super().__iter__()
        self[0] = ServedFile(self[0].path, b"other", self[0].changed_at)


@pytest.mark.parametrize("existing", [True, False])
def test_a_release_that_does_not_come_back_never_appears(tmp_path: Path, existing: bool) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    if existing:
        directory.release(1, _FILES)
    with pytest.raises(OSError, match="does not give back what was written"):
        (directory.renew if existing else directory.release)(1, _Forgetful(_FILES))
    assert directory.read() == OnDisk(frozenset({1} if existing else ()))
    if existing:
        assert (tmp_path / "bakery/releases/1/index.html").read_bytes() == b"home"

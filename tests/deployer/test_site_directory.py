"""The directory of a site: atomic, readable for the web server, and never led astray by a symlink (I5)."""

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daemons.deployer.plan import OnDisk
from daemons.deployer.site_directory import SiteDirectory
from shared.domain.served_release import ServedFile
from shared.domain.vocabulary import Slot

_FILES = [ServedFile("a/b/c.html", b"deep", 1_600_000_001), ServedFile("index.html", b"home", 1_600_000_002)]


@pytest.fixture
def private_umask() -> Iterator[None]:
    previous = os.umask(0o077)
    yield
    os.umask(previous)


@pytest.mark.usefixtures("private_umask")
def test_a_release_is_readable_with_exact_modes_and_times(tmp_path: Path) -> None:
    SiteDirectory(tmp_path, "bakery").release(3, _FILES)
    release = tmp_path / "bakery/releases/3"
    for file in _FILES:
        status = (release / file.path).stat()
        assert (status.st_mode & 0o7777, status.st_mtime_ns) == (0o644, file.changed_at * 10**9)
        assert (release / file.path).read_bytes() == file.data
    folders = [tmp_path / "bakery", release.parent, release, release / "a", release / "a/b"]
    assert {folder.stat().st_mode & 0o7777 for folder in folders} == {0o755}


def test_it_reads_back_what_it_did(tmp_path: Path) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    assert directory.read() == OnDisk()
    for version in (1, 2):
        directory.release(version, _FILES)
        directory.switch(Slot.CURRENT, version)
    directory.switch(Slot.PREVIEW, 1)
    assert directory.read() == OnDisk(frozenset({1, 2}), {Slot.CURRENT: 2, Slot.PREVIEW: 1}, is_public=True)
    directory.switch(Slot.PREVIEW, 2)
    directory.remove(1)
    assert directory.read() == OnDisk(frozenset({2}), {Slot.CURRENT: 2, Slot.PREVIEW: 2}, is_public=True)


def test_leftovers_of_a_crash_are_seen_and_swept(tmp_path: Path) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    directory.release(1, _FILES)
    site = tmp_path / "bakery"
    (site / ".incoming-2/a").mkdir(parents=True)
    (site / ".current-next").symlink_to("releases/1")
    (site / ".outgoing-9").symlink_to("/")
    for name in directory.read().leftovers:
        directory.sweep(name)
    assert directory.read() == OnDisk(frozenset({1}))


def test_a_symlink_in_the_place_of_a_release_goes_without_what_it_leads_to(tmp_path: Path) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    directory.release(1, _FILES)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/mine.txt").write_text("not ours")
    (tmp_path / "bakery/releases/2").symlink_to(tmp_path / "elsewhere")
    directory.remove(2)
    assert directory.read() == OnDisk(frozenset({1}))
    assert (tmp_path / "elsewhere/mine.txt").exists()


def test_a_release_never_changes(tmp_path: Path) -> None:
    """I6: a version that is there is not written again, whatever comes."""
    directory = SiteDirectory(tmp_path, "bakery")
    directory.release(1, _FILES)
    with pytest.raises(OSError):
        directory.release(1, [ServedFile("index.html", b"other", 1)])
    assert (tmp_path / "bakery/releases/1/index.html").read_bytes() == b"home"


def test_symlinks_in_its_way_are_not_followed(tmp_path: Path) -> None:
    """A symlink in place of a site or of its releases leads nowhere."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "linked").symlink_to(elsewhere)
    (tmp_path / "half").mkdir()
    (tmp_path / "half/releases").symlink_to(elsewhere)
    for site in ("linked", "half"):
        with pytest.raises(OSError):
            SiteDirectory(tmp_path, site).release(1, _FILES)
    assert not list(elsewhere.iterdir())


def test_two_files_can_not_share_a_name(tmp_path: Path) -> None:
    with pytest.raises(FileExistsError):
        SiteDirectory(tmp_path, "bakery").release(1, [_FILES[0], _FILES[0]])
    assert SiteDirectory(tmp_path, "bakery").read().releases == frozenset()


def test_strange_things_in_a_site_are_no_releases_and_no_slots(tmp_path: Path) -> None:
    site = tmp_path / "bakery"
    (site / "releases/007").mkdir(parents=True)
    (site / "releases/x").mkdir()
    (site / "current").symlink_to("/etc")
    (site / "preview").mkdir()
    assert SiteDirectory(tmp_path, "bakery").read() == OnDisk(is_public=True)


def test_a_release_is_made_anew_without_an_instant_in_which_it_is_away(tmp_path: Path) -> None:
    """I5: whoever looks finds the old file or the new one."""
    directory = SiteDirectory(tmp_path, "bakery")
    page = tmp_path / "bakery/releases/1/index.html"
    texts = [b"0" * 100, b"1" * 100]
    directory.release(1, [ServedFile("index.html", texts[0], 1)])
    seen: list[bytes] = []
    stopped = threading.Event()

    def look() -> None:
        while not stopped.is_set():
            try:
                seen.append(page.read_bytes())
            except OSError as error:
                seen.append(str(error).encode())

    with ThreadPoolExecutor() as pool:
        looking = pool.submit(look)
        for number in range(1, 50):
            directory.renew(1, [ServedFile("index.html", texts[number % 2], number)])
        stopped.set()
        looking.result()
    assert set(seen) <= {*texts}
    assert directory.read() == OnDisk(frozenset({1})), "nothing is left behind"


def test_what_was_shown_before_is_remembered_for_a_day(tmp_path: Path) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    for version in (1, 2):
        directory.release(version, _FILES)
    directory.keep_before(1)
    assert (tmp_path / "bakery/before/index.html").read_bytes() == b"home"
    assert (directory.read().before, directory.read().is_before_outdated) == (1, False)
    day = time.time() - 24 * 3600
    for age, outdated in ((60, False), (-60, True), (24 * 3600 + 99, False), (48 * 3600 + 99, True)):
        os.utime(tmp_path / "bakery/before", (day + age, day + age), follow_symlinks=False)
        assert directory.read().is_before_outdated is outdated
    directory.keep_before(2)
    assert (directory.read().before, directory.read().is_before_outdated) == (2, False)
    directory.forget_before()
    assert directory.read().before is None


def test_files_beside_the_releases_are_written_whole_and_no_symlink_is_followed(tmp_path: Path) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    assert directory.read_file("seen.json") is None
    directory.write_file("seen.json", b"1", 0o600)
    directory.write_file("seen.json", b"2", 0o600)
    assert directory.read_file("seen.json") == b"2"
    assert (tmp_path / "bakery/seen.json").stat().st_mode & 0o777 == 0o600
    assert directory.read().leftovers == frozenset()
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "bakery/link.json").symlink_to(tmp_path / "secret")
    assert directory.read_file("link.json") is None


def test_current_goes_at_one_stroke_whatever_it_is(tmp_path: Path) -> None:
    directory = SiteDirectory(tmp_path, "bakery")
    directory.release(1, _FILES)
    directory.switch(Slot.PREVIEW, 1)
    current = tmp_path / "bakery/current"
    for make in (lambda: directory.switch(Slot.CURRENT, 1), lambda: (current / "foreign").mkdir(parents=True)):
        make()
        assert directory.read().is_public
        directory.take_down()
        assert directory.read() == OnDisk(frozenset({1}), {Slot.PREVIEW: 1})

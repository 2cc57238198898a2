"""The marks on a real disk: they are what was decided, and nothing that is not ours is touched."""

import os
import shutil
from pathlib import Path

import pytest

from daemons.deployer.address_marks import AddressMarks
from daemons.deployer.addresses import DropTarget, LeadOn, Marks, Serve, Unmark, Unserve, steps
from daemons.deployer.site_directory import SiteDirectory, site_names
from shared.domain.served_release import ServedFile
from shared.domain.vocabulary import Slot


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A host with two published sites."""
    for site in ("bakery", "cafe"):
        directory = SiteDirectory(tmp_path, site)
        directory.release(1, [ServedFile("index.html", site.encode(), 1)])
        directory.switch(Slot.CURRENT, 1)
    return tmp_path


def carry_out(root: Path, wanted: Marks) -> None:
    marks = AddressMarks(root)
    for step in steps(wanted, marks.read()):
        marks.carry_out(step)


@pytest.mark.parametrize(
    "wanted",
    [
        Marks(served={"brot": "bakery"}, moved={"bakery": "brot"}),
        Marks(served={"brot": "bakery", "link": "cafe"}, moved={"bakery": None, "cafe": "link", "to": "brot"}),
        Marks(served={"releases": "cafe", "gone": "bakery"}, moved={"new": "gone", "from": "releases"}),
        Marks(moved={"brot": "bakery"}),
        Marks(),
    ],
)
def test_what_is_written_is_read_again_and_goes_without_a_rest(wanted: Marks, root: Path) -> None:
    """Whatever the labels are called."""
    carry_out(root, wanted)
    found = AddressMarks(root).read()
    assert (found.served, found.moved) == (wanted.served, wanted.moved)
    assert {address: (root / address / "current/index.html").read_text() for address in found.served} == wanted.served
    assert site_names(root) == {"bakery", "cafe"}, "a deployer of the release before takes none of it for a site"
    carry_out(root, Marks())
    assert AddressMarks(root).read() == Marks()
    assert {path.name for path in root.iterdir()} - {".moved"} == {"bakery", "cafe"}


def test_an_address_has_no_views_of_versions(root: Path) -> None:
    SiteDirectory(root, "bakery").switch(Slot.PREVIEW, 1)
    carry_out(root, Marks(served={"brot": "bakery"}))
    assert sorted(path.name for path in (root / "brot").iterdir()) == ["before", "current"]


def test_an_address_that_another_site_takes_shows_that_one(root: Path) -> None:
    carry_out(root, Marks(served={"brot": "bakery"}))
    carry_out(root, Marks(served={"brot": "cafe"}))
    assert (root / "brot/current/index.html").read_bytes() == b"cafe"


@pytest.mark.parametrize("step", [Serve("bakery", "cafe"), LeadOn("bakery", "cafe", "brot")])
def test_a_folder_that_is_there_is_not_touched(step: Serve | LeadOn, root: Path) -> None:
    with pytest.raises(FileExistsError, match="A folder is in the way"):
        AddressMarks(root).carry_out(step)
    assert (root / "cafe/current/index.html").read_bytes() == b"cafe"
    assert AddressMarks(root).read() == Marks()


def test_a_file_or_a_link_in_the_way_is_not_touched(root: Path) -> None:
    (root / "notes").write_text("mine")
    (root / "linked").symlink_to("nowhere")
    for address in ("notes", "linked"):
        with pytest.raises(FileExistsError):
            AddressMarks(root).carry_out(Serve("bakery", address))
    assert (root / "notes").read_text() == "mine"


def test_a_site_that_comes_where_an_address_was_is_left_alone(root: Path) -> None:
    """Whoever has the name has the folder, and it is whole."""
    carry_out(root, Marks(served={"brot": "bakery"}))
    directory = SiteDirectory(root, "brot")
    directory.release(1, [ServedFile("index.html", b"a new site", 1)])
    directory.switch(Slot.CURRENT, 1)
    marks = AddressMarks(root)
    assert marks.read() == Marks(targets=frozenset({"brot"}))
    with pytest.raises(FileExistsError):
        marks.carry_out(Serve("bakery", "brot"))
    marks.carry_out(Unserve("bakery", "brot"))
    assert (root / "brot/current/index.html").read_bytes() == b"a new site"


def test_what_an_interrupted_run_left_is_in_nobodys_way(root: Path) -> None:
    (root / ".moved/.new/more").mkdir(parents=True)
    (root / ".moved/.link").symlink_to("x")
    wanted = Marks(served={"brot": "bakery"}, moved={"bakery": "brot"})
    carry_out(root, wanted)
    for left in (("current", "before"), ("current",), ()):
        for name in {"current", "before"} - {*left}:
            (root / "brot" / name).unlink(missing_ok=True)
        carry_out(root, wanted)
        assert (root / "brot/current/index.html").read_bytes() == b"bakery", left
    (root / "brot/current").unlink()
    carry_out(root, Marks())
    assert not (root / "brot").exists()


@pytest.mark.parametrize("lost", ["to", "from", "gone", ""])
def test_what_somebody_deleted_is_made_anew(lost: str, root: Path) -> None:
    wanted = Marks(served={"brot": "bakery"}, moved={"bakery": "brot", "kaffee": "cafe", "other": None})
    carry_out(root, wanted)
    shutil.rmtree(root / ".moved" / lost)
    carry_out(root, wanted)
    found = AddressMarks(root).read()
    assert (found.served, found.moved) == (wanted.served, wanted.moved)


def test_the_web_server_can_enter_whatever_the_umask(root: Path) -> None:
    before = os.umask(0o077)
    try:
        carry_out(root, Marks(served={"brot": "bakery"}, moved={"bakery": "brot", "cafe": None}))
    finally:
        os.umask(before)
    folders = ("brot", ".moved", ".moved/from", ".moved/to", ".moved/to/brot", ".moved/gone")
    assert {name: (root / name).stat().st_mode & 0o777 for name in folders} == dict.fromkeys(folders, 0o755)


def test_a_step_that_was_done_can_be_done_again(root: Path) -> None:
    marks = AddressMarks(root)
    for step in (Serve("bakery", "brot"), LeadOn("bakery", "bakery", "brot"), Unmark("bakery", "bakery")):
        for _ in range(2):
            marks.carry_out(step)
    marks.carry_out(Unserve("bakery", "brot"))
    marks.carry_out(DropTarget("bakery", "brot"))
    assert marks.read() == Marks()

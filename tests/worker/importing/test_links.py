"""Links in an archive: followed while they stay inside, left out and told when they lead nowhere or out of it."""

import io
import stat
import tarfile
import zipfile

import pytest

from daemons.worker.importing.imported_site import Imported, read_site
from daemons.worker.importing.report import Topic
from shared.domain.errors import TooLarge
from tests.support.packed import PAGE, tar_of


def _import(files: list[str], links: dict[str, str], hard_links: dict[str, str] | None = None) -> Imported:
    return read_site(tar_of(files, links, hard_links or {}), "x.tar")


def _names(imported: Imported, topic: Topic) -> list[str]:
    return [name for note in imported.report.notes if note.topic is topic for name in note.names]


@pytest.mark.parametrize(
    ("files", "links", "new"),
    [
        (["index.html", "v2/a.html"], {"latest": "v2"}, ["latest/a.html"]),
        (["index.html", "v2/a.html"], {"latest": "./v2/"}, ["latest/a.html"]),
        (["index.html"], {"home.html": "index.html"}, ["home.html"]),
        (["index.html", "img/a.png"], {"deep/logo.png": "../img/a.png"}, ["deep/logo.png"]),
        (["index.html", "v2/a.html"], {"latest": "v2", "new": "latest"}, ["latest/a.html", "new/a.html"]),
        (["index.html", "v2/a.html"], {"latest": "v2", "first.html": "latest/a.html"}, ["first.html", "latest/a.html"]),
        (
            ["index.html", "v2/a.html"],
            {"v2/b.html": "a.html", "latest": "v2"},
            ["latest/a.html", "latest/b.html", "v2/b.html"],
        ),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else None,
)
def test_a_link_that_stays_inside_is_replaced_by_what_it_points_at(
    files: list[str], links: dict[str, str], new: list[str]
) -> None:
    imported = _import(files, links)
    assert sorted(imported.tree) == sorted([*files, *new])
    assert set(imported.tree.values()) == {PAGE}
    assert _names(imported, Topic.FOLLOWED) == sorted(links)


def test_hard_links_are_named_from_the_top_of_the_archive() -> None:
    imported = _import(["site/index.html", "site/a/x.css"], {}, {"site/b/y.css": "site/a/x.css"})
    assert sorted(imported.tree) == ["a/x.css", "b/y.css", "index.html"]


@pytest.mark.parametrize("tar_format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_targets_are_read(tar_format: int) -> None:
    folder = "d" * 120
    archive = tar_of(["index.html", f"{folder}/a.html"], {"latest": folder}, tar_format=tar_format)
    assert "latest/a.html" in read_site(archive, "x.tar").tree


@pytest.mark.parametrize("target", ["nowhere.html", "latest", "other", "."])
def test_a_link_that_leads_nowhere_is_left_out_and_said(target: str) -> None:
    imported = _import(["index.html"], {"latest": target, "other": "latest"})
    assert list(imported.tree) == ["index.html"]
    assert _names(imported, Topic.DANGLING) == ["latest", "other"]


def test_links_that_lead_out_are_left_out_and_said() -> None:
    imported = _import(["index.html"], {"a.html": "/etc/passwd", "b": "../../..", "fine.html": "index.html", "c": "b"})
    assert sorted(imported.tree) == ["fine.html", "index.html"]
    assert set(imported.tree.values()) == {PAGE}
    assert _names(imported, Topic.LEADING_OUT) == ["a.html", "b", "c"]
    assert "tar -h" in imported.report.answer()


def test_links_that_multiply_files_are_bounded() -> None:
    """Each folder holds ten links to the one before it: 10 ** 8 files if all were followed."""
    links = {f"f{level}/l{number}": f"../f{level - 1}" for level in range(1, 9) for number in range(10)}
    with pytest.raises(TooLarge, match=r"multiply|files"):
        _import(["index.html", "f0/a.txt"], links)


def test_a_zip_may_hold_links_too() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("index.html", PAGE)
        archive.writestr("v2/a.html", PAGE)
        info = zipfile.ZipInfo("latest")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "v2")
    assert sorted(read_site(target.getvalue(), "x.zip").tree) == ["index.html", "latest/a.html", "v2/a.html"]

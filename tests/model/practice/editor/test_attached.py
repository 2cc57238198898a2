"""Files that came with a request are put on a page, or in the place of a file of the site."""

from pathlib import Path

import pytest

from tests.support.practice_editor import page, run_editor

MENU = "menu.pdf"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    (folder / "img").mkdir(parents=True)
    (folder / "index.html").write_text(page("<main>\n  <section><h1>Tea</h1></section>\n</main>"))
    (folder / "files").mkdir()
    (folder / "files" / MENU).write_bytes(b"old")
    return folder


def home_with(tmp_path: Path, **files: bytes) -> Path:
    folder = tmp_path / "home/uploads"
    (folder / "look").mkdir(parents=True)
    for name, data in files.items():
        (folder / name.replace("_", ".")).write_bytes(data)
    return folder.parent


def test_a_picture_is_shown_at_the_end_beside_other_pictures(site: Path, tmp_path: Path) -> None:
    (site / "img/oven.jpg").write_bytes(b"another")
    home = home_with(tmp_path, oven_jpg=b"picture")
    result = run_editor(site, {"action": "put_attached", "page": None}, write=True, home=home)
    assert (site / "img/oven-2.jpg").read_bytes() == b"picture"
    assert (site / "img/oven.jpg").read_bytes() == b"another"
    shown = '<p><img src="img/oven-2.jpg" alt="oven" style="max-width: 100%; height: auto"></p>'
    assert shown in (site / "index.html").read_text()
    told = "I can't see pictures, so its alt text is its name, “oven”: tell me what it shows."
    assert result["done"] == [f"Put img/oven-2.jpg at the end of index.html. {told}"]


def test_a_document_is_linked(site: Path, tmp_path: Path) -> None:
    home = home_with(tmp_path, prices_pdf=b"document")
    result = run_editor(site, {"action": "put_attached", "page": None}, home=home)
    assert '<a href="prices.pdf">prices</a>' in str(result["patch"])
    assert (site / "prices.pdf").read_bytes() == b"document"


@pytest.mark.parametrize("named", [MENU, "files/menu.pdf", "/files/Menu.PDF"])
def test_the_new_file_has_the_address_of_the_old_one(site: Path, tmp_path: Path, named: str) -> None:
    home = home_with(tmp_path, a_jpg=b"picture", prices_pdf=b"new")
    result = run_editor(site, {"action": "replace_file", "old": named}, home=home)
    assert (site / "files" / MENU).read_bytes() == b"new"
    assert result["done"] == ["Put prices.pdf in the place of files/menu.pdf; its address is the same."]
    assert not (site / "prices.pdf").exists()


@pytest.mark.parametrize(
    ("old", "files", "why"),
    [
        ("card.pdf", {"a_pdf": b"x"}, "The site has no file called card.pdf."),
        (MENU, {"a_jpg": b"x"}, "No attached file is of the kind of files/menu.pdf, so it stays as it is."),
        (MENU, {}, "No file came with this request. Attach it, and ask again."),
    ],
)
def test_what_can_not_be_is_said(site: Path, tmp_path: Path, old: str, files: dict[str, bytes], why: str) -> None:
    result = run_editor(site, {"action": "replace_file", "old": old}, home=home_with(tmp_path, **files))
    assert (result["refused"], result["done"]) == ([why], [])
    assert (site / "files" / MENU).read_bytes() == b"old"


def test_two_files_of_a_name_are_a_question(site: Path, tmp_path: Path) -> None:
    (site / MENU).write_bytes(b"other")
    (site / "menus").mkdir()
    (site / "menus" / "card.pdf").write_bytes(b"x")
    (site / "files/card.pdf").write_bytes(b"y")
    result = run_editor(site, {"action": "replace_file", "old": "card.pdf"}, home=home_with(tmp_path, a_pdf=b"x"))
    assert result["refused"] == ["There are 2 files called card.pdf: say which, such as files/card.pdf."]

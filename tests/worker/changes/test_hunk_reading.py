"""A difference in a file makes a change if its words, addresses or declarations are those that the change tells."""

import pytest

from daemons.worker.changes.hunk_reading import ReadHunk, Sureness, how_sure
from daemons.worker.changes.hunks import FilePart
from shared.domain.visible_changes import ChangeOf, VisibleChange

NONE, WEAK, STRONG = Sureness


def _sure(of: ChangeOf, before: str, after: str, old: str, new: str, path: str = "index.html") -> Sureness:
    change = VisibleChange(of=of, before=before, after=after)
    return how_sure(ReadHunk(path, FilePart(old.encode(), new.encode())), change)


@pytest.mark.parametrize(
    ("old", "new", "sure"),
    [
        ("<h1>Fresh bread</h1>", "<h1>Fresh rolls</h1>", STRONG),
        ("<h1>Fresh <b>bread</b></h1>", "<h1>Fresh <i>rolls</i></h1>", STRONG),
        ("FRESH BREAD", "FRESH ROLLS", STRONG),
        ("bread", "", WEAK),
        ("<h1>Old cake</h1>", "<h1>New cake</h1>", NONE),
        ("  <p>", "<p>", NONE),
    ],
)
def test_words(old: str, new: str, sure: Sureness) -> None:
    assert _sure(ChangeOf.TEXT, "Fresh bread", "Fresh rolls", old, new) is sure


def test_letters_may_be_written_as_entities_and_in_an_old_encoding() -> None:
    assert _sure(ChangeOf.TEXT, "Käse", "Öl", "K&auml;se", "&Ouml;l") is STRONG
    change = VisibleChange(of=ChangeOf.TEXT, before="Käse", after="Öl")
    assert how_sure(ReadHunk("a.html", FilePart("Käse".encode("cp1252"), "Öl".encode("cp1252"))), change) is STRONG


def test_what_moved_is_gone_here_and_new_there() -> None:
    change = VisibleChange(of=ChangeOf.MOVED, named="Opening hours", before="footer", after="header")
    for old, new in ((b"", b"<h2>Opening hours</h2>"), (b"<h2>Opening hours</h2>", b"")):
        assert how_sure(ReadHunk("a.html", FilePart(old, new)), change) is STRONG
    assert how_sure(ReadHunk("a.html", FilePart(b"", b"<h2>Prices</h2>")), change) is NONE


@pytest.mark.parametrize(
    ("path", "old", "new", "sure"),
    [
        ("about.html", '<img src="images/a.jpg">', '<img src="images/b.jpg">', STRONG),
        ("de/about.html", '<img src="../images/a.jpg">', '<img src="../images/b.jpg">', STRONG),
        ("css/s.css", "url('../images/a.jpg')", "url('../images/b.jpg')", STRONG),
        ("de/about.html", '<img src="images/a.jpg">', '<img src="images/b.jpg">', NONE),
        ("about.html", '<a href="http://[">', '<a href="x">', NONE),
    ],
)
def test_addresses(path: str, old: str, new: str, sure: Sureness) -> None:
    assert _sure(ChangeOf.PICTURE, "/images/a.jpg", "/images/b.jpg", old, new, path) is sure


def test_a_picture_under_the_same_address_is_another_file_and_no_difference_of_the_page() -> None:
    assert _sure(ChangeOf.PICTURE, "/a.jpg", "/a.jpg", '<img src="a.jpg">', '<img src="a.jpg" alt="x">') is NONE


@pytest.mark.parametrize(
    ("of", "before", "after", "old", "new", "sure"),
    [
        (ChangeOf.COLOUR, "rgb(17, 17, 17)", "rgb(0, 0, 255)", "color: #111", "color: blue", STRONG),
        (ChangeOf.COLOUR, "rgb(17, 17, 17)", "rgb(0, 0, 255)", "--ink: #111111", "--ink: #0000ff", STRONG),
        (ChangeOf.COLOUR, "rgb(17, 17, 17)", "rgb(0, 0, 255)", "color: var(--a)", "color: var(--b)", WEAK),
        (ChangeOf.COLOUR, "rgb(17, 17, 17)", "rgb(0, 0, 255)", "margin: 0", "margin: 1em", NONE),
        (ChangeOf.BACKGROUND, "", "rgb(255, 0, 0)", "", "background-color: red", STRONG),
        (ChangeOf.BACKGROUND, "", "rgb(255, 0, 0)", "", '<body bgcolor="#ff0000">', STRONG),
        (ChangeOf.SIZE, "16px", "20px", "font-size: 16px", "font-size: 20px", STRONG),
        (ChangeOf.SIZE, "16px", "20px", "font-size: 1em", "font-size: 1.25em", WEAK),
        (ChangeOf.WEIGHT, "400", "700", "", "font-weight: bold", STRONG),
        (ChangeOf.FONT, "system-ui", "Arial", "font-family: system-ui", 'font-family: "Arial", serif', STRONG),
        (ChangeOf.FONT, "system-ui", "Arial", "color: red", "color: blue", NONE),
    ],
)
def test_styles(of: ChangeOf, before: str, after: str, old: str, new: str, sure: Sureness) -> None:
    assert _sure(of, before, after, old, new, "s.css") is sure

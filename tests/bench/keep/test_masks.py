"""Bytes outside of a mask have to be those of before."""

import pytest

from bench.keep.edits import Hunk, SiteEdit, spliced
from bench.keep.masks import excess, is_kept, strays

OLD = b"<p>one</p><p>two</p><p>three</p>"
EDIT = Hunk(3, 6, b"1"), Hunk(23, 28, b"3")


@pytest.mark.parametrize(
    ("new", "kept"),
    [
        (b"<p>1</p><p>two</p><p>3</p>", True),
        (b"<p>uno</p><p>two</p><p>tres</p>", True),
        (b"<p>1</p><p>Two</p><p>3</p>", False),
        (b"<p>1</p><p>two</p><p>3</p>\n", False),
        (b"<p>1</p><p>3</p>", False),
        (b"", False),
    ],
)
def test_only_masked_bytes_may_differ(new: bytes, kept: bool) -> None:
    assert is_kept(OLD, new, EDIT) is kept


def test_pieces_that_overlap_are_no_room() -> None:
    """`aXa` became `a`: the first and the last piece need a byte each."""
    assert not is_kept(b"aXa", b"a", [Hunk(1, 2, b"")])
    assert is_kept(b"aXa", b"aa", [Hunk(1, 2, b"")])


def test_files_that_nobody_should_touch_are_strays() -> None:
    before = {"a.html": OLD, "b.html": OLD, "c.css": b""}
    edit = SiteEdit({"a.html": EDIT}, {"new.svg": b"x"})
    after = {**edit.apply(before), "b.html": OLD + b" ", "junk.txt": b""}
    assert list(strays(before, after, edit)) == ["b.html", "junk.txt"]
    assert list(strays(before, {"a.html": OLD, "b.html": OLD}, edit)) == ["c.css"]


def test_on_a_free_page_the_place_is_the_editors_choice() -> None:
    before = {"a.html": OLD}
    edit = SiteEdit({"a.html": (Hunk(0, 0, b"<p>zero</p>"),)})
    behind = {"a.html": OLD + b"<p>zero</p>"}
    assert list(strays(before, behind, edit)) == ["a.html"]
    assert list(strays(before, behind, edit, {"a.html"})) == []
    assert list(strays(before, {"a.html": OLD[10:] + b"<p>zero</p>"}, edit, {"a.html"})) == ["a.html"]
    assert list(strays(before, {"a.html": OLD + b"<p>zero</p>" * 90}, edit, {"a.html"})) == ["a.html"]


def test_excess_counts_what_is_otherwise_than_the_oracle_made_it() -> None:
    expected = {"a.html": spliced(OLD, EDIT)}
    assert excess(expected, expected) == 0
    assert excess(expected, {"a.html": expected["a.html"].replace(b"two", b"zwei")}) == 4
    assert excess(expected, {**expected, "b.css": b"12345"}) == 5

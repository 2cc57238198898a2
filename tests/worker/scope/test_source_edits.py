"""How a source file was edited: hunks that mean something, and what is only written otherwise."""

import pytest

from daemons.worker.scope.source_edits import source_edit

PAGE = b'<h1 class="a" id=b>Bread</h1>\n<p>One</p>\n<ul>\n<li>Ann</li>\n<li>Bob</li>\n</ul>\n<p>Two</p><p>Three</p>\n'


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.html", PAGE, PAGE.replace(b"\n", b"\n    ")),
        ("a.html", PAGE, PAGE.replace(b'class="a" id=b', b"ID='b' class=a")),
        ("a.html", PAGE, b"<!-- tidied -->" + PAGE.replace(b"<p>One</p>", b"<P>One</P>")),
        ("a.html", b"<br><img src=a>", b'<br/><img src="a" />'),
        ("a.css", b"h1{color:red}p{margin:0}", b"h1 {\n  color: red\n}\n/* x */\np {\n  margin: 0\n}\n"),
        ("a.js", b"a()\n  b()", b"  a()\n\nb()\n"),
    ],
)
def test_what_nobody_sees_is_no_hunk(path: str, before: bytes, after: bytes) -> None:
    edit = source_edit(path, before, after)
    assert edit.hunks == ()
    assert edit.rewritten > 0


def test_hunks_hold_what_was_replaced() -> None:
    [hunk] = source_edit("a.html", PAGE, PAGE.replace(b"Ann", b"Eve")).hunks
    assert (hunk.removed, hunk.added, hunk.text) == (("Ann",), ("Eve",), "Ann Eve")
    assert source_edit("a.html", PAGE, PAGE.replace(b"Ann", b"Eve")).rewritten == 0


def test_rewriting_far_from_the_edit_is_counted() -> None:
    after = PAGE.replace(b"Ann", b"Eve").replace(b"<p>Two</p><p>Three</p>", b"<p>\n Two\n</p>\n<p>\n Three\n</p>")
    edit = source_edit("a.html", PAGE, after)
    assert len(edit.hunks) == 1
    assert edit.rewritten == 3


def test_addresses_and_descriptions_are_known_and_names_of_classes_are_not() -> None:
    [hunk] = source_edit("a.html", b"<p>x</p>", b'<p>x</p><img class="shadow" src="team.jpg" alt="Us">').hunks
    assert set(hunk.text.split()) == {"team.jpg", "Us"}


@pytest.mark.parametrize(
    ("removed", "whole"),
    [
        (b"<li>Ann</li>\n", True),
        (b"<ul>\n<li>Ann</li>\n<li>Bob</li>\n</ul>", True),
        (b"</h1>\n<p>One</p>\n<ul>\n", False),
    ],
)
def test_whole_elements_are_told_from_a_cut(removed: bytes, whole: bool) -> None:
    hunks = source_edit("a.html", PAGE, PAGE.replace(removed, b"")).hunks
    assert all(hunk.is_whole for hunk in hunks) is whole


def test_hunks_that_change_styles() -> None:
    def styles(before: bytes, after: bytes) -> bool:
        return any(hunk.styles for hunk in source_edit("a.html", before, after).hunks)

    assert styles(b'<p class="a">x</p>', b'<p class="b">x</p>')
    assert styles(b"<style>p{}</style>", b"<style>p{color:red}</style>")
    assert not styles(b"<p>x</p>", b'<p>x</p><p class="new">y</p>')


def test_large_files_are_one_hunk_in_reasonable_time() -> None:
    before = b"".join(b"<p>%d</p>" % n for n in range(3000))
    edit = source_edit("a.html", before, b"<b>x</b>" + before[::-1].replace(b">p<", b"<p>") + b"<b>y</b>")
    assert len(edit.hunks) == 1

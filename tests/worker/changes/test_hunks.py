"""A file is parted into what is the same and what differs, and put together again without any byte of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.changes.hunks import FilePart, by_lines, by_tokens, is_closed, take_back

BYTES = st.lists(
    st.sampled_from([b"a", b"b c", b"<p>", b"</p>", b"{", b"}", b";", b"\n", b"\r\n", b"\xff", b" "]), max_size=20
).map(b"".join)


@given(BYTES, BYTES, st.sampled_from(["a.html", "a.css"]))
def test_the_parts_make_both_forms(old: bytes, new: bytes, path: str) -> None:
    lines = by_lines(old, new)
    tokens = [fine for part in lines for fine in by_tokens(part, path)]
    for parts in (lines, tokens):
        assert take_back(parts, lambda _: True) == old
        assert take_back(parts, lambda _: False) == new


def test_lines_that_are_alike_are_one_difference_each() -> None:
    parts = by_lines(b"Mo 8 to 12\nTu 9 to 12\n", b"New line\nMo 8 to 14\nTu 9 to 14\n")
    assert [part for part in parts if part.differs] == [
        FilePart(b"", b"New line\n"),
        FilePart(b"Mo 8 to 12\n", b"Mo 8 to 14\n"),
        FilePart(b"Tu 9 to 12\n", b"Tu 9 to 14\n"),
    ]


@pytest.mark.parametrize(
    ("path", "old", "new", "closed"),
    [
        ("a.html", b"", b"<div><img><br/><p>x</div>", True),
        ("a.html", b"", b"<div>", False),
        ("a.html", b"<DIV>", b"<div class=a>", True),
        ("a.html", b"<div>", b"<section>", False),
        ("a.css", b"", b"a{color:red}", True),
        ("a.css", b"a{", b"", False),
    ],
)
def test_what_would_be_left_open_is_known(path: str, old: bytes, new: bytes, closed: bool) -> None:
    assert is_closed([FilePart(old, new)], path) is closed


def test_two_differences_may_close_each_other() -> None:
    assert is_closed([FilePart(b"", b"<div>"), FilePart(b"", b"</div>")], "a.html")

"""Line ends and the final newline are as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.text.line_ends import join_lines, restore_line_ends, split_lines


@given(st.text("ab\r\n").map(str.encode))
def test_a_text_is_its_lines_and_ends(text: bytes) -> None:
    assert join_lines(*split_lines(text)) == text
    assert restore_line_ends(text, text) == text


@pytest.mark.parametrize(
    ("base", "text", "restored"),
    [
        (b"a\r\nb\r\n", b"a\nc\nb\n", b"a\r\nc\r\nb\r\n"),
        (b"a\r\nb\nc", b"a\nb\nnew\nc", b"a\r\nb\nnew\nc"),
        (b"a\nb", b"x\nb\n", b"x\nb"),
        (b"a\nb\n", b"x\nb", b"x\nb\n"),
    ],
)
def test_an_edited_text_gets_the_ends_of_its_base(base: bytes, text: bytes, restored: bytes) -> None:
    assert restore_line_ends(base, text) == restored

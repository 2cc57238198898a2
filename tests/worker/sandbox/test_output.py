"""What a program writes is read within bounds, however it arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.sandbox.output import LineBeginnings, LineSplitter, OutputBudget, OutputLimit, Tail

PARTS = st.lists(st.binary(max_size=20).map(lambda data: data.replace(b"x", b"\n")))


@given(PARTS)
def test_lines_do_not_depend_on_how_they_arrive(parts: list[bytes]) -> None:
    lines: list[bytes] = []
    splitter = LineSplitter(lines.append, 10_000)
    for part in parts:
        splitter.feed(part)
    splitter.finish()
    assert lines == b"".join(parts).removesuffix(b"\n").split(b"\n") if b"".join(parts) else lines == []


def test_a_line_that_is_too_long_ends_the_reading() -> None:
    splitter = LineSplitter(print, 3)
    splitter.feed(b"abc")
    with pytest.raises(OutputLimit):
        splitter.feed(b"d")


@given(PARTS)
def test_the_beginning_of_each_line_is_kept(parts: list[bytes]) -> None:
    lines: list[bytes] = []
    beginnings = LineBeginnings(lines.append, 2)
    for part in parts:
        beginnings.feed(part)
    beginnings.finish()
    *whole, last = b"".join(parts).split(b"\n")
    assert lines == [line[:2] for line in (*whole, *filter(None, [last]))]


def test_the_tail_is_what_came_last() -> None:
    tail = Tail(3)
    for part in (b"abcd", b"", b"ef"):
        tail.feed(part)
    assert tail.kept == b"def"


def test_a_budget_may_be_spent_to_the_last_byte() -> None:
    budget = OutputBudget(3)
    budget.spend(3)
    with pytest.raises(OutputLimit):
        budget.spend(1)

"""Blocks are matched by content, likeness and place, and each at most once."""

from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.changes.matching import Matching, match
from daemons.worker.checks.page_blocks import Block, BlockRole
from tests.support.page_blocks import block

texts = st.lists(st.sampled_from(["soup", "soup of the day", "bread", "fresh bread", "hours"]), max_size=8)


def _match(before: str, after: str) -> Matching:
    """Of two pages with these texts."""
    return match(*([block(text) for text in texts.split(", ")] for texts in (before, after)))


def _texts(*blocks: Block) -> list[str]:
    return [one.text for one in blocks]


def test_a_changed_text_is_the_same_block() -> None:
    matching = _match("Hours, 7:00 to 14:00, Closed", "Hours, 7:00 to 15:00, Closed")
    assert [(pair.old.text, pair.new.text) for pair in matching.pairs][1] == ("7:00 to 14:00", "7:00 to 15:00")
    assert (matching.added, matching.removed) == ((), ())


def test_what_is_new_and_what_is_gone_are_told_apart_from_what_changed() -> None:
    matching = _match("Rye bread, Staff wanted!", "Rye breads, x, y, Rolls fresh daily")
    assert [(pair.old.text, pair.new.text) for pair in matching.pairs] == [("Rye bread", "Rye breads")]
    assert (_texts(*matching.added), _texts(*matching.removed)) == (["x", "y", "Rolls fresh daily"], ["Staff wanted!"])


def test_a_block_that_moved_is_neither_new_nor_gone() -> None:
    matching = _match("Hours, A, B, C", "A, B, C, Hours")
    assert [pair.new.text for pair in matching.pairs if pair.moved] == ["Hours"]
    assert (matching.added, matching.removed) == ((), ())


def test_a_picture_under_another_address_is_the_same_part() -> None:
    before, after = (
        block("Team", BlockRole.PICTURE, address="/old.jpg"),
        block("Team", BlockRole.PICTURE, address="/new.jpg"),
    )
    (pair,) = match([before], [after]).pairs
    assert (pair.old.address, pair.new.address) == ("/old.jpg", "/new.jpg")


@given(texts, texts)
def test_each_block_is_told_of_exactly_once(before: list[str], after: list[str]) -> None:
    matching = match([block(text) for text in before], [block(text) for text in after])
    old = [*(pair.old.text for pair in matching.pairs), *_texts(*matching.removed)]
    new = [*(pair.new.text for pair in matching.pairs), *_texts(*matching.added)]
    assert (sorted(old), sorted(new)) == (sorted(before), sorted(after))


@given(texts)
def test_an_unchanged_page_has_no_change(blocks: list[str]) -> None:
    matching = match([block(text) for text in blocks], [block(text) for text in blocks])
    assert all(pair.old == pair.new and not pair.moved for pair in matching.pairs)


def test_a_page_made_to_be_slow_is_matched_all_the_same() -> None:
    """Repeated blocks cost difflib the cube of their number, unless each occurrence is one of its own."""
    before, after = ([block(f"{(n * step) % 7}") for n in range(1000)] for step in (1, 3))
    assert len(match(before, after).pairs) > 900

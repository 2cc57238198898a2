"""Two long texts are shown where they differ."""

import pytest

from daemons.worker.changes.excerpts import excerpts
from shared.domain.visible_changes import LONGEST_WORDS

LONG = "We bake every morning from seven until two, except on Sundays, in our shop by the old river."
REST = "except on Sundays, …"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("7:00", "8:00", ("7:00", "8:00")),
        (LONG, LONG.replace("two,", "6,"), (f"… from seven until two, {REST}", f"… from seven until 6, {REST}")),
        (LONG, f"New: {LONG}", ("We bake every …", "New: We bake every …")),
        (LONG, LONG.removesuffix(" by the old river."), ("… in our shop by the old river.", "… in our shop")),
        ("a " * 50, "", ("a " * 49 + "a", "")),
    ],
)  # fmt: skip
def test_the_difference_is_shown_with_words_around(old: str, new: str, shown: tuple[str, str]) -> None:
    assert excerpts(old, new) == shown


def test_no_excerpt_is_longer_than_a_change_can_hold() -> None:
    old, new = excerpts("x" * 900, " ".join(["word"] * 400))
    assert max(len(old), len(new)) <= LONGEST_WORDS

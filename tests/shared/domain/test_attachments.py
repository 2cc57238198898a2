"""What a request may bring along, and how its message names it."""

import pytest

from shared.domain.attachments import check_together, shown_name, with_names, without_names
from shared.domain.errors import InvalidInput, TooLarge


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\Users\\me\\menu.pdf", "menu.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\nb\x00.png", "ab.png"),
        ("  two  words.png ", "two words.png"),
        ("", "file"),
        ("x" * 200 + ".jpg", "x" * 96 + ".jpg"),
    ],
)
def test_a_name_is_one_short_line(name: str, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_message_names_its_files_and_loses_the_names_again() -> None:
    named = with_names("Use these.", ["menu.pdf", "oven.jpg"])
    assert named == "Use these.\n\n📎 menu.pdf, oven.jpg"
    assert without_names(named, ["menu.pdf", "oven.jpg"]) == "Use these."
    assert without_names(named, ["menu.pdf"]) == named, "only what was attached is taken for that"
    assert with_names("Hello", []) == without_names("Hello", []) == "Hello"


def test_a_request_takes_ten_files_and_96_mebibytes() -> None:
    check_together([1] * 10)
    with pytest.raises(InvalidInput, match="11 files"):
        check_together([1] * 11)
    with pytest.raises(TooLarge, match="120 MiB together"):
        check_together([60 << 20] * 2)

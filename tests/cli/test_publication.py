"""What `promote` and `edit` tell of a publication before it happens."""

from typing import Any

from cli.publication import blocks, publication_lines

PAGES = {"added": ["menu.html"], "modified": [], "removed": [f"{number}.html" for number in range(12)], "unnamed": 0}
FOUND: dict[str, Any] = {
    "version": 2,
    "live": 3,
    "newest": 5,
    "changes": PAGES | {"other": [{"kind": "picture", "change": "added", "count": 1200}]},
    "problems": {"new": [], "unclear": [], "mended_count": 2},
    "home_page": "",
}


def test_what_visitors_get_and_lose_is_told_in_a_few_lines() -> None:
    assert list(publication_lines(FOUND)) == [
        "Visitors get: menu.html, 1,200 picture(s).",
        "Visitors lose: 0.html, 1.html, 2.html, 3.html, 4.html, 5.html, 6.html, 7.html, 8.html, 9.html and 2 more.",
        "Version 5 is newer.",
        "2 problems are gone.",
    ]


def test_nothing_is_told_of_a_first_publication_or_of_what_nobody_knows() -> None:
    assert list(publication_lines(FOUND | {"live": None})) == []
    assert list(publication_lines(FOUND | {"changes": None})) == []


def test_what_is_new_or_may_be_has_to_be_accepted() -> None:
    assert blocks({"problems": {"new": [{}], "unclear": []}})
    assert blocks({"problems": {"new": [], "unclear": [{}]}})
    assert not blocks(FOUND)

"""Which page of a version the preview shows."""

import pytest

from daemons.api.pages.page_choice import page_to_show

PAGES = {"index.html": "a", "about.html": "b", "contact.html": "c"}


@pytest.mark.parametrize(
    ("wanted", "changed", "shown"),
    [
        ("index.html", {"contact.html": "x"}, "contact.html"),
        ("about.html", {"contact.html": "x", "about.html": "x"}, "about.html"),
        ("contact.html", {"index.html": "x", "about.html": "x"}, "index.html"),
        ("about.html", {}, "about.html"),
        ("index.html", {"new.html": "x"}, "new.html"),
        ("gone.html", {}, "index.html"),
    ],
)
def test_a_new_version_shows_what_changed(wanted: str, changed: dict[str, str], shown: str) -> None:
    assert page_to_show(wanted, PAGES | changed, PAGES) == shown


def test_a_removed_page_leads_home_and_an_added_one_is_shown() -> None:
    assert page_to_show("contact.html", {"index.html": "a"}, PAGES) == "index.html"
    assert page_to_show("index.html", PAGES, {"index.html": "a", "about.html": "b"}) == "contact.html"


def test_without_a_version_before_the_wanted_page_is_shown() -> None:
    assert page_to_show("about.html", PAGES) == "about.html"
    assert page_to_show("no.html", {"sub/page.html": "a"}) == "sub/page.html"
    assert page_to_show("no.html", {}) == "index.html"

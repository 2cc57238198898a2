"""Pages are found by the names that people use, and links by the files that they show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.model.practice.editor.website import CannotDo, Website, slug, target
from tests.support.practice_editor import page


def test_pages_are_known_by_many_names() -> None:
    nav = '<a href="about.html#top">Who we are</a>'
    site = Website(
        {
            "index.html": page(nav),
            "about.html": page("<h1>Our story</h1>", "<title>About · Bakery</title>"),
            "blog/index.html": page(""),
        }
    )
    for name in ("about.html", "/about.html", "About", "the about page", "Who we are", "our story", "About · Bakery"):
        assert site.page(name) == "about.html", name
    for name in ("home page", "the home page", "Homepage", "index.html", None):
        assert site.page(name) == "index.html", name
    with pytest.raises(
        CannotDo, match=r"could not find a page called “nope”\. The pages are: index\.html, about\.html"
    ):
        site.page("nope")


def test_targets_of_links() -> None:
    assert target("a/b.html", "../c.html?x#y") == "c.html"
    assert target("a/b.html", "/c/") == "c/index.html"
    assert target("a/b.html", "./") == "a/index.html"
    assert target("b.html", "./") == "index.html"
    assert target("b.html", "/") == "index.html"
    for elsewhere in ("", "#x", "https://a.example/b.html", "//a.example/b.html", "mailto:x", "HTTP://x"):
        assert target("b.html", elsewhere) is None


@given(st.text())
def test_any_title_makes_a_file_name(title: str) -> None:
    name = slug(title)
    assert name
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")

"""What stands in a page's HTML was written by no script."""

import pytest

from daemons.worker.checks.page_source import PageSource

PAGE = PageSource(
    b"<!doctype html><title>Mill</title><h1>Fresh <em>b</em>read &amp;\n butter</h1>"
    b"<img alt='Our team' src='img/a%20b.png'>"
    b"<script>document.write('<p>Written')</script><style>.drawn {}</style><a href=/menu/>Menu</a>"
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Fresh bread & butter", ""),
        ("Our team", "/img/a%20b.png"),
        ("Menu", "/menu/"),
        ("", "/img/a b.png"),
    ],
)
def test_texts_and_addresses_are_found(text: str, address: str) -> None:
    assert PAGE.has(text, address)


@pytest.mark.parametrize(
    ("text", "address"), [("Written", ""), ("drawn", ""), ("Menu", "/card"), ("Fresh rolls", ""), ("", "")]
)
def test_others_are_not(text: str, address: str) -> None:
    assert not PAGE.has(text, address)


def test_a_huge_page_is_not_searched() -> None:
    assert not PageSource(b"<p>Bread" + b" " * 3_000_000).has("Bread", "")
    assert PageSource(b"<p>\xff Bread <b").has("Bread", ""), "broken HTML is read as far as it can be"

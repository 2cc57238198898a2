"""Addresses of renamed files are rewritten where they stand, and nothing else is."""

import pytest

from daemons.worker.importing.link_rewriter import LinkRewriter

REWRITER = LinkRewriter({"Default.htm": "index.html", "a b.html": "ab.html"}, {"index.html", "ab.html", "menü.html"})


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("x.html", b'<a href="Default.htm#top">', b'<a href="index.html#top">'),
        ("blog/x.html", b'<a href="../Default.htm">', b'<a href="../index.html">'),
        ("blog/x.html", b'<a href="Default.htm">', b'<a href="Default.htm">'),
        ("x.html", b'<a href="a%20b.html">', b'<a href="ab.html">'),
        ("x.html", b'<img srcset="a%20b.html 1x, Default.htm 2x">', b'<img srcset="ab.html 1x, index.html 2x">'),
        ("blog/x.js", b"go('Default.htm')", b"go('index.html')"),
        ("x.html", b'<a href="https://x.invalid/Default.htm">', b'<a href="https://x.invalid/Default.htm">'),
        ("x.html", b"<p>Default.htm is a name", b"<p>Default.htm is a name"),
        ("x.png", b'"Default.htm"', b'"Default.htm"'),
    ],
)
def test_the_address_of_a_renamed_file_is_rewritten(path: str, before: bytes, after: bytes) -> None:
    assert REWRITER.rewrite(path, before) == after


def test_decomposed_addresses_are_composed_even_if_nothing_was_renamed() -> None:
    link = "<a href='menu\u0308.html'>".encode()
    assert LinkRewriter({}, {"menü.html"}).rewrite("x.html", link) == "<a href='menü.html'>".encode()

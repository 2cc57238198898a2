"""A generated site is recognised by its marks, and the owner hears what an edit of it does not reach."""

import pytest

from daemons.worker.importing.generators import base_path, generator_name
from daemons.worker.importing.imported_site import read_site
from tests.support.packed import PAGE, zip_of


def _page(head: str = "", body: str = "") -> bytes:
    return f"<!doctype html><html><head><title>A</title>{head}</head><body><h1>A</h1>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("files", "name"),
    [
        ({"index.html": _page('<meta name="generator" content="mkdocs-1.6.1, mkdocs-material-9.5">')}, "mkdocs-1.6.1"),
        ({"index.html": _page('<meta name=generator content="Hugo 0.140.0">')}, "Hugo 0.140.0"),
        ({"index.html": _page("<meta content='Jekyll v4.3.3' name='generator' />")}, "Jekyll v4.3.3"),
        ({"index.html": _page('<meta name="generator" content="Docusaurus v3.6.0">')}, "Docusaurus v3.6.0"),
        ({"index.htm": _page('<META NAME="Generator" CONTENT="Astro v5.0.1">')}, "Astro v5.0.1"),
        ({"index.html": _page(), "_static/documentation_options.js": b""}, "Sphinx"),
        ({"index.html": _page(), "search/search_index.json": b"{}"}, "MkDocs"),
        ({"index.html": _page(), "_next/static/chunks/a.js": b""}, "Next.js"),
        ({"index.html": _page(body="<script>window.__NUXT__={}</script>")}, "Nuxt"),
        ({"index.html": _page(), "hashmap.json": b"{}"}, "VitePress"),
        ({"index.html": _page(), "about.html": _page('<meta name="generator" content="Hugo">')}, None),
        ({"index.html": _page('<meta name="generator" content="">')}, None),
    ],
    ids=str,
)
def test_a_generator_is_known_by_its_marks(files: dict[str, bytes], name: str | None) -> None:
    assert generator_name(files) == name


def test_the_owner_hears_what_an_edit_does_not_reach() -> None:
    home = _page('<meta name="generator" content="VitePress v1.5.0">')
    files = {"index.html": home, "assets/index.md.a1.js": b"", "search-index.json": b"{}", "feed.xml": b"<rss/>"}
    answer = read_site(zip_of(files), "x.zip").report.answer()
    assert answer.removesuffix(".").splitlines()[1].split("; ") == [
        "Made by a program: VitePress v1.5.0",
        "an edit here changes the finished pages, and a new export of that program replaces it",
        "the search index search-index.json keeps the old words when a page is edited",
        "the feed feed.xml keeps the old words when a page is edited",
        "its scripts hold a copy of the text and may put the old words back when a page is opened",
    ]


_KITE = _page('<link rel="stylesheet" href="/kite/s.css">', '<a href="/kite/guide/">G</a> <a href=/kite/>K</a>')


@pytest.mark.parametrize(
    ("files", "base"),
    [
        ({"index.html": _KITE, "s.css": b"", "guide/index.html": PAGE}, "kite"),
        ({"index.html": _KITE, "s.css": b"", "guide.html": PAGE, "kite/x.txt": b""}, None),
        ({"index.html": _KITE}, None),
        ({"index.html": PAGE, "404.html": _KITE, "s.css": b"", "guide/index.html": PAGE}, "kite"),
        ({"index.html": _page(body='<a href="/s.css">1</a><a href="/gone/">2</a>'), "s.css": b""}, None),
        ({"index.html": _page(body='<a href="//host/kite/s.css">1</a>' * 3), "s.css": b""}, None),
    ],
    ids=range(6),
)
def test_a_base_path_is_where_the_addresses_agree_on(files: dict[str, bytes], base: str | None) -> None:
    assert base_path(files) == base


def test_a_base_path_is_named() -> None:
    files = {"index.html": _KITE, "s.css": b"", "guide/index.html": PAGE}
    answer = read_site(zip_of(files), "x.zip").report.answer()
    assert "Addresses that expect another place: they begin with /kite/, which is not there." in answer

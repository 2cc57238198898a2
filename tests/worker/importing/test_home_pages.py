"""Home pages of every spelling are found: served as they are, or renamed with the addresses that name them."""

import pytest

from daemons.worker.importing.home_pages import home_renames
from daemons.worker.importing.imported_site import read_site
from tests.support.packed import PAGE, zip_of


@pytest.mark.parametrize(
    ("names", "renames"),
    [
        (["index.html"], {}),
        (["index.htm", "prices/index.htm"], {}),
        (["index.html", "Index.html", "default.htm"], {}),
        (["Index.html"], {"Index.html": "index.html"}),
        (["INDEX.HTML", "sub/INDEX.HTM"], {"INDEX.HTML": "index.html", "sub/INDEX.HTM": "sub/index.html"}),
        (["Default.htm", "sub/default.html"], {"Default.htm": "index.html", "sub/default.html": "sub/index.html"}),
        (["index.de.html"], {"index.de.html": "index.html"}),
        (["index.de.html", "index.en.html"], {"index.en.html": "index.html"}),
        (["index.pt-br.html", "about.html"], {"index.pt-br.html": "index.html"}),
        (
            ["index.html.de", "index.html.en", "about.html.de"],
            {"index.html.en": "index.html", "index.html.de": "index.de.html", "about.html.de": "about.html"},
        ),
        (["index.html", "about.html", "about.html.fr"], {"about.html.fr": "about.fr.html"}),
        (["index.html", "about.html.br", "index.min.html", "index.html.zz", "home.html"], {}),
        (["home.html", "sub/home.html"], {"home.html": "index.html"}),
    ],
    ids=str,
)
def test_a_folder_gets_a_home_page_that_nginx_finds(names: list[str], renames: dict[str, str]) -> None:
    assert home_renames(names) == renames


def test_addresses_of_a_renamed_page_are_mended_and_nothing_else_changes() -> None:
    about = b"<a href=Default.htm>Home</a> <a href='./Default.htm?x=1#top'>Top</a> Default.htm is a name."
    files = {
        "Default.htm": PAGE,
        "about.html": about,
        "deep/page.html": b'<a href="../Default.htm">1</a><a href="/Default.htm">2</a><a href="Default.htm">no</a>',
        "img/Default.htm.png": b"\x89PNG Default.htm",
        "nav.js": b'location.href = "Default.htm";',
    }
    imported = read_site(zip_of(files), "x.zip")
    assert imported.tree == {
        "index.html": PAGE,
        "about.html": b"<a href=index.html>Home</a> <a href='./index.html?x=1#top'>Top</a> Default.htm is a name.",
        "deep/page.html": b'<a href="../index.html">1</a><a href="/index.html">2</a><a href="Default.htm">no</a>',
        "img/Default.htm.png": b"\x89PNG Default.htm",
        "nav.js": b'location.href = "index.html";',
    }
    assert "Renamed: Default.htm is index.html now." in imported.report.check().findings

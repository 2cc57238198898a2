"""Pages and sections are added and removed, with the links to them."""

from daemons.model.practice.editor.pages import add_page, add_section, remove_page
from daemons.model.practice.editor.website import Website
from tests.support.practice_editor import page


def test_a_page_in_a_folder_is_linked_from_everywhere() -> None:
    nav = '<nav><a href="{0}index.html">Home</a> <a href="{0}blog/index.html">Blog</a></nav>'
    site = Website(
        {
            "index.html": page(nav.format("") + "<main><h1>Hi</h1></main>"),
            "blog/index.html": page(nav.format("../") + "<main><h1>Blog</h1></main>"),
            "404.html": page(nav.format("/") + "<main><h1>Lost</h1></main>"),
        }
    )
    add_page(site, "Menü", "")
    assert '<a href="menu.html">Menü</a>' in site.files["index.html"]
    assert '<a href="../menu.html">Menü</a>' in site.files["blog/index.html"]
    assert '<a href="/menu.html">Menü</a>' in site.files["404.html"]
    remove_page(site, "Menü")
    assert site.files == site.before


def test_a_page_without_navigation_says_so() -> None:
    site = Website({"index.html": page("<h1>Hi</h1>")})
    assert "found no navigation" in add_page(site, "Menu", "Soup")
    assert "<p>Soup</p>" in site.files["menu.html"]


def test_the_sites_name_in_the_header_stays() -> None:
    header = '<header><h1>Bakery</h1><nav><a href="index.html">Home</a></nav></header>'
    site = Website({"index.html": page(header + "<section><h2>News</h2></section><footer>Bye</footer>")})
    add_page(site, "Menu", "Soup")
    assert "<h1>Bakery</h1>" in site.files["menu.html"]
    assert "<h1>Menu</h1>" in site.files["menu.html"]
    assert "News" not in site.files["menu.html"]


def test_a_section_takes_the_shape_of_the_last_one() -> None:
    old = '<section id="a" class="band" data-x="1"><div class="wrap"><h2 id="b" class="big">A</h2></div></section>'
    site = Website({"index.html": page(f"<main>\n  {old}\n</main>")})
    add_section(site, "B & C", "One\n\ntwo", None)
    new = '<section class="band"><div class="wrap">\n    <h2 class="big">B &amp; C</h2>'
    new += "\n    <p>One</p>\n    <p>two</p>\n  </div></section>"
    assert site.files["index.html"] == page(f"<main>\n  {old}\n\n  {new}\n</main>")

"""A new page is linked in the list of pages: not beside the logo, not in a trail, a sub-menu or a footer."""

import pytest

from daemons.model.practice.editor.pages import add_page
from daemons.model.practice.editor.website import Website
from tests.support.practice_editor import page

HOME = '<a href="index.html">Home</a>'
ABOUT = '<a href="about.html">About</a>'
MENU = '<a href="menu.html">Menu</a>'
LISTED = f"<ul><li>{HOME}</li><li>{ABOUT}</li>"


# Material for MkDocs: a bar with the logo, then the list, whose current page has its own places inside.
MATERIAL = """<header><nav class="md-header__inner"><a href="." class="md-logo"><img alt=""></a></nav></header>
<nav class="md-nav"><label><a class="md-logo" href=".">Site</a></label><ul>
<li class="md-nav__item md-nav__item--active"><a href="./">Home</a>
<nav><ul><li><a href="#a">A</a></li><li><a href="#b">B</a></li><li><a href="#c">C</a></li></ul></nav></li>
<li class="md-nav__item"><a href="about.html">About</a></li>"""
# Sphinx: neighbours and a trail come first, and the logo stands in the side bar.
SPHINX = f"""<div class="related" role="navigation"><ul><li>{HOME}</li><li>{ABOUT}</li><li>{HOME}</li></ul></div>
<div class="sphinxsidebar" role="navigation"><h1 class="logo"><a href="index.html">Kite</a></h1>
<ul><li class="toctree-l1 current"><a href="index.html">Home</a></li><li class="toctree-l1">{ABOUT}</li>"""
# A sub-menu that is longer than the menu, and a list of other sites.
SUBMENU = """<li>More<ul><li><a href="about.html#a">a</a></li><li><a href="about.html#b">b</a></li>
<li><a href="about.html#c">c</a></li></ul></li></ul><ul><li><a href="https://a.example">A</a></li></ul></nav>"""
FOOTER = f"<footer><nav>{LISTED}<li>{HOME}</li></ul></nav></footer>"


@pytest.mark.parametrize(
    ("before", "item", "after"),
    [
        (MATERIAL, f' <li class="md-nav__item">{MENU}</li>', "</ul></nav>"),
        (SPHINX, f' <li class="toctree-l1">{MENU}</li>', "</ul></div>"),
        (f'<nav><a class="navbar-brand" href="/">Joe</a>{LISTED}', f" <li>{MENU}</li>", "</ul></nav>"),
        (f'<nav><a href="index.html">Joe</a><div>{HOME} {ABOUT}', f" {MENU}", "</div></nav>"),
        (f"<nav>\n  {HOME}\n  {ABOUT}", f"\n  {MENU}", "\n<a class=logo href=/><svg></svg></a></nav>"),
        (f"<nav>{LISTED}", f" <li>{MENU}</li>", SUBMENU),
        (f'<div id="main-menu">{HOME} | {ABOUT}', f" {MENU}", "</div>"),
        (f'<nav class="breadcrumbs">{LISTED}</ul></nav>{FOOTER}<nav>{LISTED}', f" <li>{MENU}</li>", "</ul></nav>"),
        # A site of one page: places are what its list holds.
        ('<nav><ul><li><a href="#a">A</a></li><li><a href="#b">B</a></li>', f" <li>{MENU}</li>", "</ul></nav>"),
    ],
)
def test_a_new_page_is_linked_in_the_list_of_pages(before: str, item: str, after: str) -> None:
    rest = "<main><h1>Hi</h1></main>"
    site = Website({"index.html": page(before + after + rest), "about.html": page("<main><h1>About</h1></main>")})
    assert "linked it in the navigation" in add_page(site, "Menu", "")
    assert site.files["index.html"] == page(before + item + after + rest)


def test_beside_a_logo_alone_nothing_is_linked() -> None:
    site = Website({"index.html": page('<nav><a class="logo" href="/">Joe</a></nav><main><h1>Hi</h1></main>')})
    assert "found no navigation to link it in" in add_page(site, "Menu", "")
    assert site.files["index.html"] == site.before["index.html"]


def test_a_clean_address_is_a_link_to_the_page() -> None:
    site = Website(
        {"index.html": page('<nav><ul><li><a href="/about">About</a></li></ul></nav>'), "about.html": page("x")}
    )
    for href, path in (("about", "about.html"), ("/about/", "about.html"), ("..", "index.html"), ("no", "no")):
        assert site.leads_to("about.html", href) == path
    add_page(site, "Our menu", "")
    assert '<li><a href="/our-menu.html">Our menu</a></li>' in site.files["index.html"]

"""The editor on HTML that is not ours: what it does not mean to change keeps its bytes."""

import ast
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.model.practice.editor.colours import change_colour
from daemons.model.practice.editor.headlines import headline
from daemons.model.practice.editor.markup import Document, escape
from daemons.model.practice.editor.pages import add_page, add_section, remove_page
from daemons.model.practice.editor.patches import make_patch
from daemons.model.practice.editor.text_edits import change_link, replace_text, set_headline, set_title
from daemons.model.practice.editor.website import CannotDo, Website, slug, target
from daemons.model.practice.editor.words import find_text
from daemons.model.practice.program_text import program_text
from tests.support.practice_editor import page, run_editor

MARKUP = st.sampled_from(
    [*"<>/!-ab \"'=&;\n", "<p>", "</p>", "<li>", "<br>", "<script>", "</script>", "<!--", "-->", "<svg/>"]
)


@given(st.lists(MARKUP).map("".join))
def test_any_text_has_a_tree_with_sound_offsets(text: str) -> None:
    document = Document(text)
    for element in document.root.walk():
        assert 0 <= element.start <= element.inner_start <= element.inner_end <= element.end <= len(text)
        assert element.parent is document.root or (element.parent and element.parent.start <= element.start)
    ends = [offset for run in document.runs for offset in run]
    assert ends == sorted(ends)


@given(st.text(), st.text(min_size=1), st.text())
def test_words_are_found_as_they_were_written(before: str, words: str, after: str) -> None:
    if " ".join(words.split()):
        found = find_text(f"{escape(before)} {escape(words.strip())} {escape(after)}", words)
        assert any(not longer for _, _, longer in found)


def test_text_is_found_through_entities_blanks_and_quotes() -> None:
    site = Website(
        {"index.html": page("<P CLASS=x>Jos&eacute; &amp;\n\t it&#8217;s&nbsp;open<br/>now</P><!-- José -->")}
    )
    assert "1 place on index.html" in replace_text(site, "José & it's open", "Bar", None)
    assert site.files["index.html"] == page("<P CLASS=x>Bar<br/>now</P><!-- José -->")


def test_programs_and_addresses_are_no_text() -> None:
    body = "<script>var cake = 'cake';</script><style>.cake{}</style><a href='cake.html' class=cake>x</a><!--cake-->"
    site = Website({"index.html": page(body, "<meta name=viewport content=cake>")})
    with pytest.raises(CannotDo, match="could not find the text “cake” on any page"):
        replace_text(site, "cake", "tea", None)
    assert site.files == site.before


def test_text_is_found_in_what_is_read_aloud() -> None:
    site = Website({"index.html": page("<img alt=\"A &quot;cake&quot;\"><input placeholder='cake'>")})
    replace_text(site, "cake", 'b"c', None)
    assert site.files["index.html"] == page("<img alt=\"A &quot;b&quot;c&quot;\"><input placeholder='b&quot;c'>")


def test_the_modules_make_one_program() -> None:
    """No two of them use the same name at their top."""
    names: list[str] = []
    for node in ast.parse(program_text()).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            names.append(ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target))
    assert sorted(names) == sorted(set(names))
    assert len(program_text()) < 60_000, "a command has room for 128 KiB"


def test_links_out_of_the_site_are_left_alone(tmp_path: Path) -> None:
    outside = tmp_path / "outside.html"
    outside.write_text("<title>cake</title>\n")
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").symlink_to(outside)
    os.mkfifo(site / "pipe.html")
    (site / "a.html").write_text("<title>cake</title>\n")
    result = run_editor(site, {"action": "replace_text", "old": "cake", "new": "tea", "page": None}, write=True)
    assert result["done"]
    assert outside.read_text() == "<title>cake</title>\n"
    assert (site / "a.html").read_text() == "<title>tea</title>\n"


def test_a_site_without_pages(tmp_path: Path) -> None:
    assert run_editor(tmp_path, {"action": "set_title", "text": "x", "page": None}) == {
        "done": [],
        "refused": ["This site has no HTML page that I could change."],
        "patch": None,
    }


def test_a_title_where_there_was_none() -> None:
    site = Website({"index.html": "<html><head></head><body><svg><title>pic</title></svg></body></html>"})
    set_title(site, "A & B", None)
    assert "<head><title>A &amp; B</title></head>" in site.files["index.html"]
    assert "<title>pic</title>" in site.files["index.html"]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<h1><img src=x></h1><h1>One</h1>", "One"),
        ("<div class='hero-subheading'>No</div><div class='hero-heading'>Yes</div>", "Yes"),
        ("<h3>Small</h3><h2>Two</h2>", "Two"),
    ],
)
def test_the_headline_is_found(body: str, words: str) -> None:
    document = Document(page(body))
    element = headline(document)
    assert element
    assert document.words(element) == words


def test_no_headline_is_said_plainly() -> None:
    site = Website({"index.html": page("<p>x</p>")})
    with pytest.raises(CannotDo, match=r"could not find a headline on index\.html"):
        set_headline(site, "x", None)


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


def test_a_link_is_changed_by_its_words_or_its_picture() -> None:
    site = Website(
        {"index.html": page("<a>Mail</a><a href=old.html title=x><img alt='MAIL'></a><a href='#'>Mail us</a>")}
    )
    change_link(site, "mail", "mailto:a@b.example", None)
    expected = '<a href="mailto:a@b.example">Mail</a><a href="mailto:a@b.example" title=x><img alt=\'MAIL\'></a>'
    assert site.files["index.html"] == page(expected + "<a href='#'>Mail us</a>")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "JAVASCRIPT:x", "java\nscript:x", 'x"y', "vbscript:x"]
)
def test_a_link_to_a_program_is_refused(address: str) -> None:
    site = Website({"index.html": page("<a href=x>Mail</a>")})
    with pytest.raises(CannotDo, match="not an address"):
        change_link(site, "Mail", address, None)


def test_a_colour_rule_is_replaced_not_repeated() -> None:
    site = Website({"index.html": page(""), "about.html": page("")})
    change_colour(site, "text", "red")
    once = dict(site.files)
    change_colour(site, "text", "navy")
    assert {path: text.replace("navy", "red") for path, text in site.files.items()} == once
    assert once["about.html"].count("<style>") == 1


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


LINES = st.lists(st.sampled_from(["a", "b", " a", "", "+x", "*** End Patch"]), min_size=1, max_size=12)


@given(LINES, LINES)
def test_a_patch_applies_exactly(old: list[str], new: list[str]) -> None:
    """Applied as the tool does it: each hunk's old lines at their first place after the last hunk."""
    before, after = "\n".join(old) + "\n", "\n".join(new) + "\n"
    patch = make_patch({"x.html": before}, {"x.html": after})
    if patch is None or before == after:
        return
    lines, cursor = list(old), 0
    for hunk in patch.split("\n@@\n")[1:]:
        body = hunk.removesuffix("\n*** End Patch\n").split("\n")
        was = [line[1:] for line in body if line[0] in " -"]
        now = [line[1:] for line in body if line[0] in " +"]
        place = next(n for n in range(cursor, len(lines)) if lines[n : n + len(was)] == was)
        lines[place : place + len(was)] = now
        cursor = place + len(now)
    assert lines == new

"""Another headline: its anchors, links and pictures stay, its words go."""

import pytest

from daemons.model.practice.editor.headlines import headline, headline_words
from daemons.model.practice.editor.markup import Document
from daemons.model.practice.editor.text_edits import set_headline
from daemons.model.practice.editor.website import Website
from tests.support.practice_editor import page


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('Old<a class="headerlink" href="#old" title="Link to this heading">¶</a>', None),
        ('Old<a class="headerlink" href="#old">&para;</a>', None),
        ('Old <a class="header-anchor" href="#old" aria-label="Permalink">\u200b</a>', None),
        ('<a class="anchor" href="#old">Link to here</a>Old', None),
        ('<a id="old"></a>Old', None),
        ('<a name="old"></a>\n  Old\n', None),
        ('<a id="old">Old</a>', None),
        ('<a class="anchor" href="#old">Old</a>', None),
        ('<a href="/"><img src="a.png" alt=""> Old</a>', None),
        ('<svg><path d="M0"/></svg> Old', None),
        ('<span class="big"><b>Old</b></span>', None),
        ('1.2. <em>Old</em><b> words</b>!<a href="#x">#</a>', 'New <a href="#x">#</a>'),
        ("Old<br>words", "New"),
        ('See the <a href="x.html">Old</a> words', '<a href="x.html">New</a>'),
        ('Old <span id="part">words</span>', 'New <span id="part"></span>'),
        ("<!-- here -->Old", None),
    ],
)
def test_what_is_inside_a_headline_stays(old: str, new: str | None) -> None:
    site = Website({"index.html": page(f'<h1 id="h">{old}</h1><h1>Two</h1>')})
    set_headline(site, "New", None)
    expected = old.replace("Old", "New") if new is None else new
    assert site.files["index.html"] == page(f'<h1 id="h">{expected}</h1><h1>Two</h1>')


def test_a_link_that_has_no_place_any_more_is_named() -> None:
    site = Website({"index.html": page('<h1><a href="a">Docs</a> / <a href="b">Start</a></h1>')})
    assert set_headline(site, "New", None).endswith("to “New”. It has no link “Start” any more.")
    assert '<h1><a href="a">New</a></h1>' in site.files["index.html"]


def test_a_page_is_known_by_its_headline_without_the_mark() -> None:
    marked = page('<h1>Getting started<a class="headerlink" href="#x">¶</a></h1>')
    site = Website({"index.html": page(""), "a.html": marked})
    assert site.page("getting started") == "a.html"
    element = headline(Document(marked))
    assert element
    assert headline_words(Document(marked), element) == "Getting started"


def test_a_large_page_takes_no_time() -> None:
    """A headline at the end of a page as large as we read."""
    body = "<div><p>word <b>bold</b></p></div>\n" * 30_000
    site = Website({"index.html": page(body + "<h1>Old</h1>")})
    set_headline(site, "New", None)
    assert site.files["index.html"] == page(body + "<h1>New</h1>")


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

"""How a page is laid out: where its own content is, and how new content is written like it."""

import pytest

from daemons.model.practice.editor.layout import (
    ContentRegion,
    blocks_in,
    content_region,
    indentation,
    inner_region,
    own_headline,
    paragraphs,
    wrap_like,
)
from daemons.model.practice.editor.markup import Document


def inside(text: str, region: ContentRegion) -> str:
    return text[region.start : region.end]


@pytest.mark.parametrize(
    ("page", "content"),
    [
        ("<body><header>H</header><main><p>A</p></main><footer>F</footer></body>", "<p>A</p>"),
        ('<body><div role="main">A</div></body>', "A"),
        ("<body><header>H</header><p>A</p><p>B</p><footer>F</footer></body>", "<p>A</p><p>B</p>"),
        ("<body><div><nav>N</nav></div><p>A</p><script></script></body>", "<p>A</p>"),
        ("<body><header>H</header></body>", ""),
        ("<p>A</p>", "<p>A</p>"),
    ],
)
def test_a_pages_own_content_lies_between_header_and_footer(page: str, content: str) -> None:
    assert inside(page, content_region(Document(page))) == content


def test_the_boxes_around_everything_are_looked_into() -> None:
    page = "<main><div class=a><div class=b><p>A</p><p>B</p></div></div></main>"
    document = Document(page)
    assert inside(page, inner_region(content_region(document), document)) == "<p>A</p><p>B</p>"
    region = ContentRegion(0, 4)
    assert inner_region(region, document) is region


def test_outermost_pieces_are_the_blocks() -> None:
    page = "<main><section><p>A</p></section><b>no</b><ul><li><p>B</p></li></ul></main>"
    document = Document(page)
    assert [block.tag for block in blocks_in(content_region(document), document)] == ["section", "ul"]


def test_new_content_gets_boxes_of_the_same_kind_and_not_their_names() -> None:
    page = '<section id="menu" class="wide" data-x=1><div class="box"><h2>M</h2><p>A</p></div></section>'
    document = Document(page)
    (section,) = document.find("section")
    assert wrap_like(document, section, "NEW") == '<section class="wide"><div class="box">NEW</div></section>'
    assert wrap_like(document, None, "NEW") == "NEW"
    assert wrap_like(document, document.find("p")[0], "NEW") == "NEW"


def test_an_element_is_indented_as_its_line_begins() -> None:
    document = Document("<main>\n\t <p>A</p><p>B</p></main>")
    first, second = document.find("p")
    assert (indentation(document, first), indentation(document, second), indentation(document, None)) == ("\t ", "", "")


def test_a_text_becomes_paragraphs_and_no_markup() -> None:
    assert paragraphs("One\nline & more.\n\n \n<b>Two</b>") == (
        "\n  <p>One line &amp; more.</p>\n  <p>&lt;b&gt;Two&lt;/b&gt;</p>"
    )


@pytest.mark.parametrize(
    ("page", "is_own"),
    [
        ("<header><h1>Site</h1><nav>N</nav></header><main><p>A</p></main>", False),
        ("<header><h1>Page</h1></header>", True),
        ("<main><h1>Page</h1></main>", True),
        ("<nav><h1>Site</h1></nav>", False),
    ],
)
def test_the_sites_name_is_no_pages_headline(page: str, is_own: bool) -> None:
    assert (own_headline(Document(page)) is not None) is is_own

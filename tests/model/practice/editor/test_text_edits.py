"""Words, titles, headlines and links are changed on HTML that is not ours; the rest keeps its bytes."""

import pytest

from daemons.model.practice.editor.text_edits import change_link, replace_text, set_headline, set_title
from daemons.model.practice.editor.website import CannotDo, Website
from tests.support.practice_editor import page


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


def test_a_title_where_there_was_none() -> None:
    site = Website({"index.html": "<html><head></head><body><svg><title>pic</title></svg></body></html>"})
    set_title(site, "A & B", None)
    assert "<head><title>A &amp; B</title></head>" in site.files["index.html"]
    assert "<title>pic</title>" in site.files["index.html"]


def test_no_headline_is_said_plainly() -> None:
    site = Website({"index.html": page("<p>x</p>")})
    with pytest.raises(CannotDo, match=r"could not find a headline on index\.html"):
        set_headline(site, "x", None)


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

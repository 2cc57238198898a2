"""A page's source as tags and texts with their places."""

import pytest

from bench.keep.markup import charset, element_at, encoded, parts, plain, visible_text


def test_the_parts_are_the_whole_source() -> None:
    page = b'<!doctype html>\n<a data-x=\'{"a":">"}\' href="b.html">1 < 2</a><script>"</a>"</script><!-- <p> -->end'
    assert b"".join(one.source for one in parts(page)) == page
    assert [one.name for one in parts(page) if one.name] == ["a", "/a"]
    assert visible_text(page) == "1 < 2 end"


def test_unclosed_elements_of_a_list_do_not_nest() -> None:
    page = b"<ul><li>one<li>two</ul><p>three"
    assert [one.inside for one in parts(page) if one.is_text] == [("ul", "li"), ("ul", "li"), ("p",)]
    first = next(number for number, one in enumerate(parts(page)) if one.name == "li")
    start, end = element_at(page, first)
    assert page[start:end] == b"<li>one"


def test_an_element_ends_where_its_own_end_is() -> None:
    page = b"<div><div>in</div></div><div>after</div>"
    assert [page[slice(*element_at(page, number))] for number in (0, 1)] == [page[:24], b"<div>in</div>"]


@pytest.mark.parametrize(("name", "data"), [("utf-8", "Käse".encode()), ("windows-1252", b"K\xe4se")])
def test_texts_are_read_and_written_in_the_page_s_encoding(name: str, data: bytes) -> None:
    page = f'<meta charset="{name}">'.encode() + b'<img alt="' + data + b'">' + data
    assert plain(page, data) == "Käse"
    assert encoded(page, "Käse") == data
    assert parts(page)[1].value("alt") == "Käse"
    assert charset(page) == ("cp1252" if name.startswith("windows") else "utf-8")

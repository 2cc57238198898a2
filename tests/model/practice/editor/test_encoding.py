"""The editor keeps how a file is written: its encoding, byte order mark and line ends."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemons.model.practice.editor.encoding import Coding, coding_of, decode_text, encode_text
from tests.support.practice_editor import run_editor

META = '<!doctype html><meta charset="%s"><title>Bäckerei</title><h1>%s</h1>'


def change(folder: Path, old: bytes, headline: str) -> bytes:
    """The home page with another headline."""
    (folder / "index.html").write_bytes(old)
    result = run_editor(folder, {"action": "set_headline", "text": headline, "page": None})
    assert (result["patch"], result["refused"]) == (None, [])
    return (folder / "index.html").read_bytes()


@pytest.mark.parametrize(
    ("label", "codec", "old", "new"),
    [
        ("windows-1252", "cp1252", "Brötchen … 2 €", "Süßes … 3 €"),
        ("ISO-8859-1", "cp1252", "“Brötchen”", "“Süßes”"),
        ("Shift_JIS", "cp932", "焼きたて①", "美味しいパン"),
        ("x-sjis", "cp932", "表示", "能力"),
        ("EUC-KR", "cp949", "빵집", "갓 구운 빵"),
        ("gb2312", "gb18030", "面包", "新鲜面包"),
        ("koi8-r", "koi8-r", "Хлеб", "Пирог"),
        ("utf-8", "utf-8", "Brötchen", "Süßes"),
    ],
)
def test_a_page_stays_in_the_encoding_that_it_declares(
    tmp_path: Path, label: str, codec: str, old: str, new: str
) -> None:
    page = META.replace("ä", "") % (label, old) + "\r\n"
    assert change(tmp_path, page.encode(codec), new) == page.replace(old, new).encode(codec)


def test_a_character_that_the_encoding_lacks_becomes_a_reference(tmp_path: Path) -> None:
    page = META % ("windows-1252", "Brot")
    changed = change(tmp_path, page.encode("cp1252"), "Хлеб & 😀")
    assert changed == page.encode("cp1252").replace(b"Brot", b"&#1061;&#1083;&#1077;&#1073; &amp; &#128512;")


@pytest.mark.parametrize(
    ("mark", "codec"), [(b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")]
)
def test_a_byte_order_mark_outranks_what_is_declared_and_stays_first(tmp_path: Path, mark: bytes, codec: str) -> None:
    page = (META % ("windows-1252", "Brot")).replace("<title>Bäckerei</title>", "") + "\n"
    (tmp_path / "index.html").write_bytes(mark + page.encode(codec))
    wanted = {"action": "set_title", "text": "é", "page": None}
    assert run_editor(tmp_path, wanted)["patch"] is None
    assert (tmp_path / "index.html").read_bytes() == mark + f"<title>é</title>{page}".encode(codec)


def test_what_declares_nothing_is_read_as_browsers_read_it(tmp_path: Path) -> None:
    assert change(tmp_path, b"<h1>jos\xe9 \x81</h1>\r\n<p>jos\xe9 \x81</p>", "té") == (
        b"<h1>t\xe9</h1>\r\n<p>jos\xe9 \x81</p>"
    )


@pytest.mark.parametrize(
    ("data", "codec"),
    [
        (b'<?xml version="1.0" encoding="ISO-8859-2"?><html/>', "iso8859-2"),
        (b'<META content="text/html; CHARSET=Shift_JIS" http-equiv=Content-Type>', "cp932"),
        (b"<!-- <meta charset=koi8-r> --><meta charset=windows-1251>", "cp1251"),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<meta charset=rot13>\xe9", "cp1252"),
        (b"<meta charset=idna>", "utf-8"),
        (b"<meta charset=nonsense>", "utf-8"),
        (b" " * 1100 + b"<meta charset=koi8-r>", "utf-8"),
    ],
)
def test_the_declaration_is_found_as_browsers_find_it(data: bytes, codec: str) -> None:
    assert coding_of(data) == Coding(codec)


@example(b"\x1b", "iso2022_jp")
@example(b"a\x00b", "utf-16-le")
@given(
    st.binary(), st.sampled_from(["cp1252", "cp932", "gb18030", "cp949", "big5hkscs", "euc_jp", "iso2022_jp", "utf-8"])
)
def test_text_gives_its_bytes_back_or_is_not_read(data: bytes, codec: str) -> None:
    text = decode_text(data, Coding(codec))
    assert text is None or encode_text(text, Coding(codec)) == data


def test_a_page_that_would_not_come_back_is_left_alone_and_named(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"<meta charset=shift_jis><h1>\x87\x90</h1>")
    (tmp_path / "about.html").write_text("<h1>Old</h1>\n")
    result = run_editor(tmp_path, {"action": "set_headline", "text": "New", "page": None})
    left = "it has characters that I could not write back as they are (cp932)."
    assert result["refused"] == [f"I can't change index.html: {left}", f"I did not look at index.html: {left}"]


def test_a_page_that_is_too_large_is_named(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_bytes(b"<h1>Old</h1>" + b" " * (3 << 20))
    (tmp_path / "about.html").write_text("<h1>Old</h1>\n")
    too_large = "it is too large for me (3.0 MiB; I read up to 2 MiB)."
    replace = {"action": "replace_text", "old": "Old", "new": "New", "page": None}
    for wanted in ({"action": "set_headline", "text": "x", "page": name} for name in (None, "the home page", "index")):
        assert run_editor(tmp_path, wanted)["refused"] == [
            f"I can't change index.html: {too_large}",
            f"I did not look at index.html: {too_large}",
        ]
    result = run_editor(tmp_path, replace)
    assert result["done"] == ["Replaced “Old” with “New” in 1 place on about.html."]
    assert result["refused"] == [f"I did not look at index.html: {too_large}"]


def test_windows_line_ends_stay_in_all_that_is_added(tmp_path: Path) -> None:
    items = '    <li><a href="index.html">Home</a></li>\n    <li><a href="a.html">A</a></li>\n'
    head = "<head>\n<title>T</title>\n<link rel=stylesheet href=a.css>\n</head>\n"
    page = f"{head}<body>\n<nav>\n  <ul>\n{items}  </ul>\n</nav>\n<main>\n<h1>T</h1>\n</main>"
    for name in ("index.html", "a.html"):
        (tmp_path / name).write_bytes(page.replace("\n", "\r\n").encode())
    (tmp_path / "a.css").write_bytes(b"p { margin: 0 }\r\n")
    result = run_editor(
        tmp_path,
        {"action": "add_page", "title": "New", "text": "One\n\ntwo"},
        {"action": "add_section", "heading": "Team", "text": "We\n\nthree", "page": None},
        {"action": "change_colour", "part": "accent", "colour": "red"},
        {"action": "change_colour", "part": "accent", "colour": "blue"},
        {"action": "replace_text", "old": "three", "new": "a\nb", "page": None},
    )
    assert result["refused"] == []
    for name in ("index.html", "a.html", "new.html", "a.css"):
        data = (tmp_path / name).read_bytes()
        assert data.count(b"\n") == data.count(b"\r\n") == data.count(b"\r") > 1, name


def test_pages_are_found_whatever_their_name(tmp_path: Path) -> None:
    names = ("INDEX.HTML", "Über uns & 'mehr'.htm", 'a "b".Html')
    for name in names:
        (tmp_path / name).write_text("<h1>Old</h1><a href=\"%C3%9Cber%20uns%20&amp;%20'mehr'.htm\">x</a>\n")
    result = run_editor(tmp_path, {"action": "set_headline", "text": "A & B", "page": None})
    assert result["done"] == ["Changed the headline of INDEX.HTML to “A & B”."]
    for name in names[1:]:
        result = run_editor(tmp_path, {"action": "set_headline", "text": "New", "page": name}, write=True)
        assert result["done"] == [f"Changed the headline of {name} to “New”."]
        assert (tmp_path / name).read_text().startswith("<h1>New</h1>")
    result = run_editor(tmp_path, {"action": "remove_page", "page": names[1]}, write=True)
    assert result["done"] == [f"Removed the page {names[1]} and 2 links to it."]
    assert (tmp_path / "INDEX.HTML").read_text() == "<h1>Old</h1>x\n"

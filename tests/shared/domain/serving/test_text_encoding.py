"""Which encoding a page declares, and what a web server may say about it."""

import pytest

from shared.domain.serving.charset import text_charset
from shared.domain.serving.text_encoding import declared_encoding


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"<!doctype html><meta charset=utf-8>", "utf-8"),
        (b"<META CHARSET='ISO-8859-1'>", "windows-1252"),
        (b'<meta http-equiv=Content-Type content="text/html; charset=Shift_JIS">', "shift_jis"),
        (b'<meta content="text/html; charset=\'koi8-r\'" http-equiv="content-type"/>', "koi8-r"),
        (b'<meta content="text/html; charset=koi8-r">', None),
        (b"<meta name=charset content=koi8-r>", None),
        (b"<!-- <meta charset=koi8-r> --><meta charset=big5>", "big5"),
        (b"<!--><meta charset=koi8-r>", "koi8-r"),
        (b'<p title="<meta charset=koi8-r>"><meta charset=gb2312>', "gbk"),
        (b"<meta charset=utf-16le>", "utf-8"),
        (b"<meta charset=klingon><meta charset=tis-620>", "windows-874"),
        (b"<meta charset=koi8-r", None),
        (b"<p>" + b" " * 1200 + b"<meta charset=koi8-r>", "koi8-r"),
        (b"\xef\xbb\xbf<meta charset=koi8-r>", "utf-8"),
        ("\ufeff<p>".encode("utf-16-le"), "utf-16le"),
        (b"\xfe\xff\0<", "utf-16be"),
        (b"<\0?\0x\0m\0l\0", "utf-16le"),
        (b'<?xml version="1.0" encoding="iso-8859-15"?><svg/>', "iso-8859-15"),
        (b"<?xml version='1.0' encoding='UTF-8'?><html/>", "utf-8"),
        (b"<p>charset=koi8-r</p>", None),
        (b"", None),
    ],
)
def test_an_encoding_is_declared_as_browsers_read_it(data: bytes, encoding: str | None) -> None:
    assert declared_encoding(data) == encoding


@pytest.mark.parametrize("junk", [b"<", b"<!", b"<a '", b"<meta ", b'="', b"<!--", b"<meta a=", b"<?xml "])
def test_junk_costs_no_time(junk: bytes) -> None:
    """Each byte is looked at a few times at most: this would take hours if one were looked at for each other."""
    assert declared_encoding(b"charset" + junk * 1_000_000) is None


@pytest.mark.parametrize(
    ("path", "data", "charset"),
    [
        ("a.html", "<p>Grüße".encode(), "utf-8"),
        ("a.html", "<meta charset=utf-8>Grüße".encode(), "utf-8"),
        ("a.HTML", "<meta charset=windows-1252>Grüße".encode("cp1252"), None),
        ("a.html", b"<meta charset=iso-2022-jp>\x1b$B%3\x1b(B", None),
        ("a.html", "<p>Grüße".encode("cp1252"), None),
        ("a.xhtml", b"<?xml version='1.0' encoding='windows-1251'?><html/>", None),
        ("a.svg", "<svg><text>é</text></svg>".encode(), "utf-8"),
        ("a.txt", "Grüße".encode("cp1252"), None),
        ("a.txt", b"<meta charset=koi8-r>", "utf-8"),
        ("a.js", b"'<meta charset=koi8-r>'", "utf-8"),
        ("a.css", b"\xe9{}", None),
        ("a.json", b"{}", "utf-8"),
        ("a.svgz", b"\x1f\x8b\x08", None),
        ("a.png", b"", None),
        ("a.pdf", b"", None),
    ],
)
def test_only_what_is_utf8_is_called_so(path: str, data: bytes, charset: str | None) -> None:
    assert text_charset(path, data) == charset

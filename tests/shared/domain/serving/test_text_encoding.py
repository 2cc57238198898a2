"""Which encoding a page declares, and what a web server may say about it."""

import pytest

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

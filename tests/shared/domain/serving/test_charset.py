"""Only what is UTF-8 is called UTF-8."""

import pytest

from shared.domain.serving.charset import text_charset


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

"""The encoding of a text is what its bytes are, or what it declares."""

import pytest

from daemons.worker.text.text_codec import UNKNOWN, UTF_8, declared_in, encoding_of

LATIN = b"<meta charset=iso-8859-1>"


@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("a.html", b"plain", "utf-8"),
        ("a.html", LATIN, "windows-1252"),
        ("a.html", LATIN + b"caf\xe9", "windows-1252"),
        ("a.html", LATIN + "café".encode(), "utf-8"),
        ("a.html", b"caf\xe9", UNKNOWN.name),
        ("a.js", LATIN + b"caf\xe9", UNKNOWN.name),
        ("a.html", b"<meta charset=shift_jis>", "shift_jis"),
    ],
)
def test_bytes_beyond_ascii_count_more_than_words(path: str, data: bytes, name: str) -> None:
    assert encoding_of(path, data).name == name


def test_a_mark_declares_in_every_text() -> None:
    assert declared_in("a.js", b"\xef\xbb\xbfx") == UTF_8
    assert declared_in("a.html", b"<meta charset=klingon>") is None

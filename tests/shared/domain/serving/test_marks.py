"""Which files nginx serves otherwise than their names say."""

import gzip
import hashlib

import pytest

from shared.domain.serving.marks import marks, names_its_digest

_SCRIPT = b"console.log(1)"


def test_a_release_marks_what_is_unusual() -> None:
    digest = hashlib.md5(_SCRIPT).hexdigest()
    public = {
        "index.html": b"<meta charset=utf-8>",
        "alt/seite.html": "<meta charset=windows-1252>Grüße".encode("cp1252"),
        "about.html": b"<p>",
        "about.html.gz": gzip.compress(b"<p>"),
        "login.html.gz": gzip.compress(b"<p>"),
        "photo.jpg": b"\xff\xd8\xff",
        f"js/app.{digest[:8]}.js": _SCRIPT,
        "js/app.0123abcd.js": _SCRIPT,
    }
    assert list(marks(public)) == [
        ".pagewright/plain/alt/seite.html.",
        f".pagewright/immutable/js/app.{digest[:8]}.js.",
        ".pagewright/plain/login.html.",
    ]


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
@pytest.mark.parametrize("length", [8, 10, 20, 32])
def test_a_digest_in_a_name_is_found(algorithm: str, length: int) -> None:
    text = hashlib.new(algorithm, _SCRIPT).hexdigest()[:length]
    for name in (f"{text}.js", f"a/app-{text}.min.js", f"app.{text}.js"):
        assert names_its_digest(name, _SCRIPT)
        assert not names_its_digest(name, _SCRIPT + b" "), "the digest of other bytes says nothing"


def test_seven_digits_folders_and_pages_do_not_count() -> None:
    digest = hashlib.sha256(_SCRIPT).hexdigest()
    for path in (f"app.{digest[:7]}.js", f"{digest}/app.js", f"{digest}.html", "app.js"):
        assert not names_its_digest(path, _SCRIPT)

"""An archive becomes a site without what tools left in it, or is refused in words."""

import gzip
import lzma

import pytest

from daemons.worker.importing.imported_site import read_site
from shared.domain.errors import InvalidInput
from tests.support.packed import tar_of, zip_of

_SITE = {"index.html": b"<h1>Hello</h1>" * 100, "img/ünder.svg": b"<svg/>", ".well-known/security.txt": b"Contact: me"}


def test_clutter_is_left_out_even_if_it_is_hostile() -> None:
    clutter = [
        "__MACOSX/._index.html", ".DS_Store", "img/.DS_Store", "Thumbs.db", ".git/config", ".git/hooks/x.sh",
        "node_modules/a/index.html", "node_modules/.bin/run.php", ".gitignore", ".env", ".browserslistrc",
    ]  # fmt: skip
    files = _SITE | dict.fromkeys(clutter, b"x")
    assert read_site(zip_of(files), "x.zip").tree == read_site(tar_of(files), "x.tar").tree == _SITE


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (zip_of({"readme.txt": b"x"}), "no home page"),
        (zip_of({}), "no home page"),
        (b"<h1>Hello</h1>", "no .zip, .tar.gz or .tar archive, but a page by itself"),
        (gzip.compress(b"<h1>Hello</h1>"), "no .zip, .tar.gz or .tar"),
        (b"", "no .zip, .tar.gz or .tar"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "but a .7z"),
        (lzma.compress(tar_of({"index.html": b""})), "but packed with xz"),
        (zip_of({"index.html": b"", "Index.html": b""}), "only in case"),
        (zip_of({"index.html": b"", "run.php": b""}), "programs or server settings"),
    ],
    ids=range(9),
)
def test_what_is_no_site_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words) as refusal:
        read_site(data, "my\nsite.zip")
    assert refusal.value.hint

"""An archive is told from other files by its first bytes."""

import gzip

import pytest

from shared.domain.archive_kind import is_gzip, is_tar, is_zip, not_an_archive
from tests.support.packed import tar_of, zip_of

_TAR = tar_of(["index.html"])


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (zip_of(["index.html"]), (True, False, False)),
        (zip_of([]), (True, False, False)),
        (gzip.compress(_TAR), (False, True, False)),
        (_TAR, (False, False, True)),
        (b"", (False, False, False)),
        (b"<h1>Hello</h1>" * 40, (False, False, False)),
    ],
)
def test_its_first_bytes_tell_what_it_is(data: bytes, kinds: tuple[bool, bool, bool]) -> None:
    assert (is_zip(data), is_gzip(data), is_tar(data)) == kinds


def test_what_else_it_is_is_said_if_that_is_known() -> None:
    assert (
        not_an_archive(b"Rar!\x1a", "site.zip").detail == "'site.zip' is no .zip, .tar.gz or .tar archive, but a .rar."
    )
    unknown = not_an_archive(b"hello", "s\ni" + "t" * 200)
    assert unknown.detail.startswith("'s\\nit")
    assert len(unknown.detail) < 200
    assert unknown.hint

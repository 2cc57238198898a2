"""What people upload: every common archive is read, and no damaged one breaks the reader."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemons.worker.importing.imported_site import read_site
from shared.domain.errors import PageWrightError

_SITE = {"index.html": b"<h1>Hello</h1>" * 100, "img/ünder.svg": b"<svg/>", ".well-known/security.txt": b"Contact: me"}


def _zip(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


def _streamed_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip written to a pipe: sizes come behind the contents, some in zip64 form."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    target = Pipe()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, data) in enumerate(files.items()):
            with archive.open(name, "w", force_zip64=number % 2 == 0) as member:
                member.write(data)
    return target.getvalue()


def _tar(files: Mapping[str, bytes], tar_format: int = tarfile.PAX_FORMAT) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tar_format) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1234.5
            archive.addfile(info, io.BytesIO(data))
    return target.getvalue()


_ARCHIVES: dict[str, Callable[[Mapping[str, bytes]], bytes]] = {
    "zip": _zip,
    "zip to a pipe": _streamed_zip,
    "zip stored": lambda files: _zip(files, zipfile.ZIP_STORED),
    "tar pax": _tar,
    "tar gnu": lambda files: _tar(files, tarfile.GNU_FORMAT),
    "tar ustar": lambda files: _tar(files, tarfile.USTAR_FORMAT),
    "tar gz": lambda files: gzip.compress(_tar(files)),
    "tar of .": lambda files: _tar({f"./{name}": data for name, data in files.items()}),
}


@pytest.mark.parametrize("kind", _ARCHIVES)
def test_every_common_archive_is_read(kind: str) -> None:
    assert read_site(_ARCHIVES[kind](_SITE), "whatever.bin").tree == _SITE


def test_long_names_are_read() -> None:
    files = {"index.html": b"", "a/" * 10 + "b" * 150 + ".html": b"x"}
    for tar_format in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        assert read_site(_tar(files, tar_format), "x.tar").tree == files


@given(st.data())
def test_damaged_archives_never_crash_it(data: st.DataObject) -> None:
    archive = bytearray(data.draw(st.sampled_from([_zip(_SITE), _streamed_zip(_SITE), _tar(_SITE)])))
    for _ in range(data.draw(st.integers(1, 6))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_site(bytes(archive[: data.draw(st.integers(1, len(archive)))]), "x.zip")
    except PageWrightError as error:
        assert error.detail.endswith(".")

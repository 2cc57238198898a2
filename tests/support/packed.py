"""Archives as people pack them, made in memory from a few files."""

import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping

PAGE = b"<!doctype html><html lang=en><title>Bakery</title><h1>Fresh bread</h1>"


def zip_of(files: Mapping[str, bytes] | Iterable[str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A .zip of these files; names alone stand for files with a little page."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, data in _with_content(files).items():
            archive.writestr(name, data)
    return target.getvalue()


def finder_zip_of(files: Mapping[str, bytes] | Iterable[str]) -> bytes:
    """A .zip as macOS makes it: names in UTF-8, and no flag that says so."""
    contents = _with_content(files)
    plain = {_ascii_name(name): data for name, data in contents.items()}
    packed = zip_of(plain)
    for name in contents:
        packed = packed.replace(_ascii_name(name).encode(), name.encode())
    return packed


def _ascii_name(name: str) -> str:
    """As many characters as the name has bytes, all in ASCII."""
    return "".join(chr(byte) if byte < 128 else "~" for byte in name.encode())


def tar_of(
    files: Mapping[str, bytes] | Iterable[str],
    links: Mapping[str, str] = {},
    hard_links: Mapping[str, str] = {},
    tar_format: int = tarfile.PAX_FORMAT,
) -> bytes:
    """A .tar of these files, with links by their name → target."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tar_format) as archive:
        for name, data in _with_content(files).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for kind, found in ((tarfile.SYMTYPE, links), (tarfile.LNKTYPE, hard_links)):
            for name, place in found.items():
                info = tarfile.TarInfo(name)
                info.type, info.linkname = kind, place
                archive.addfile(info)
    return target.getvalue()


def _with_content(files: Mapping[str, bytes] | Iterable[str]) -> Mapping[str, bytes]:
    return files if isinstance(files, Mapping) else dict.fromkeys(files, PAGE)

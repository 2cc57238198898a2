"""Tells an archive of a site by its first bytes, never by its name: .zip, .tar.gz or .tar, or what else it is."""

from shared.domain.errors import InvalidInput

_OTHER_KINDS = {
    b"7z\xbc\xaf\x27\x1c": "a .7z",
    b"Rar!": "a .rar",
    b"\xfd7zXZ\0": "packed with xz",
    b"BZh": "packed with bzip2",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"%PDF": "a PDF",
    b"<": "a page by itself",
}


def is_zip(data: bytes) -> bool:
    """Whether these bytes begin like a .zip."""
    return data.startswith(b"PK")


def is_gzip(data: bytes) -> bool:
    """Whether these bytes begin like a .tar.gz; what is packed in it shows only when it is unpacked."""
    return data.startswith(b"\x1f\x8b")


def is_tar(data: bytes) -> bool:
    """Whether these bytes begin like a .tar."""
    return data[257:262] == b"ustar"


def not_an_archive(data: bytes, filename: str) -> InvalidInput:
    """The error for any other file, which is called so and begins with these bytes."""
    kind = next((kind for start, kind in _OTHER_KINDS.items() if data.startswith(start)), "")
    what = f"{ascii(filename)[:120]} is no .zip, .tar.gz or .tar archive"
    return InvalidInput(f"{what}, but {kind}." if kind else f"{what}.", "Pack the folder of your site as one of these.")

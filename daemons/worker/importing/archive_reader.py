"""Lists the members of an archive: .zip, .tar.gz or .tar, recognised by content, never by name. Writes no file."""

from collections.abc import Iterator
from functools import partial

from daemons.worker.importing.members import Kind, Member
from daemons.worker.importing.zip_reader import zip_members
from shared.domain.archive import Entry, gunzip, read_tar
from shared.domain.errors import InvalidInput
from shared.domain.tree import DEFAULT_LIMITS

MOST_MEMBERS = 50_000  # folders such as node_modules count, though they are left out
_OTHER_KINDS = {
    b"7z\xbc\xaf\x27\x1c": "a .7z",
    b"Rar!": "a .rar",
    b"\xfd7zXZ\0": "packed with xz",
    b"BZh": "packed with bzip2",
    b"\x28\xb5\x2f\xfd": "packed with zstd",
    b"%PDF": "a PDF",
    b"<": "a page by itself",
}
_MOST_BYTES = 3 * DEFAULT_LIMITS.total_bytes  # a decompressed tar, with what will be left out


def read_members(data: bytes, filename: str) -> Iterator[Member]:
    """Every member of the archive; only error messages use `filename`. Raises InvalidInput or TooLarge."""
    if data.startswith(b"PK"):
        return zip_members(data, MOST_MEMBERS)
    tar = gunzip(data, _MOST_BYTES) if data.startswith(b"\x1f\x8b") else data
    if tar[257:262] == b"ustar":
        return map(_tar_member, read_tar(tar, MOST_MEMBERS))
    kind = next((kind for start, kind in _OTHER_KINDS.items() if data.startswith(start)), "")
    what = f"{ascii(filename)[:120]} is no .zip, .tar.gz or .tar archive"
    raise InvalidInput(f"{what}, but {kind}." if kind else f"{what}.", "Pack the folder of your site as one of these.")


def _tar_member(entry: Entry) -> Member:
    data = entry.data if entry.link is None else entry.link.encode()
    return Member(entry.name, _kind(entry), len(data or b""), partial(bytes, data or b""))


def _kind(entry: Entry) -> Kind:
    if entry.is_folder:
        return Kind.FOLDER
    if entry.link is not None:
        return Kind.HARD_LINK if entry.is_hard_link else Kind.LINK
    return Kind.OTHER if entry.data is None else Kind.FILE

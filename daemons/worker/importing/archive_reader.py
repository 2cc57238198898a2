"""Lists the members of an archive: .zip, .tar.gz or .tar, recognised by content, never by name. Writes no file."""

from collections.abc import Iterator
from functools import partial

from daemons.worker.importing.members import Kind, Member
from daemons.worker.importing.zip_reader import zip_members
from shared.domain.archive import Entry, gunzip, read_tar
from shared.domain.archive_kind import is_gzip, is_tar, is_zip, not_an_archive
from shared.domain.tree import DEFAULT_LIMITS

MOST_MEMBERS = 50_000  # folders such as node_modules count, though they are left out
_MOST_BYTES = 3 * DEFAULT_LIMITS.total_bytes  # a decompressed tar, with what will be left out


def read_members(data: bytes, filename: str) -> Iterator[Member]:
    """Every member of the archive; only error messages use `filename`. Raises InvalidInput or TooLarge."""
    if is_zip(data):
        return zip_members(data, MOST_MEMBERS)
    tar = gunzip(data, _MOST_BYTES) if is_gzip(data) else data
    if not is_tar(tar):
        raise not_an_archive(data, filename)
    return map(_tar_member, read_tar(tar, MOST_MEMBERS))


def _tar_member(entry: Entry) -> Member:
    data = entry.data if entry.link is None else entry.link.encode()
    return Member(entry.name, _kind(entry), len(data or b""), partial(bytes, data or b""))


def _kind(entry: Entry) -> Kind:
    if entry.is_folder:
        return Kind.FOLDER
    if entry.link is not None:
        return Kind.HARD_LINK if entry.is_hard_link else Kind.LINK
    return Kind.OTHER if entry.data is None else Kind.FILE

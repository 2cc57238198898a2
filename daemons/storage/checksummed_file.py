"""Small files that show when they are damaged: the content, a newline, and the content's sha256 in hex."""

import hashlib
import logging
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from shared.domain.errors import PageWrightError
from shared.domain.vocabulary import Record

_log = logging.getLogger(__name__)
_CHECKSUM_LENGTH = 1 + 64 + 1
_MOST_REMEMBERED = 1_000
R = TypeVar("R", bound=Record)

# Files found damaged since this process started; `still_damaged` checks them again.
_found: dict[Path, None] = {}


def checksummed(content: bytes) -> bytes:
    """The file's bytes for this content."""
    return content + b"\n" + hashlib.sha256(content).hexdigest().encode() + b"\n"


def read_checksummed(path: Path) -> bytes:
    """The content of a checksummed file; raises FileNotFoundError, or the error of a damaged file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise damaged(path, f"it can't be read ({error.strerror})") from error
    content = data[:-_CHECKSUM_LENGTH]
    if checksummed(content) != data:
        raise damaged(path, "its content does not match its checksum")
    return content


def read_record(path: Path, record_type: type[R]) -> R:
    """The record in a checksummed file; raises as `read_checksummed`."""
    content = read_checksummed(path)
    try:
        return record_type.model_validate_json(content)
    except ValidationError:
        raise damaged(path, f"it is not a {record_type.__name__}") from None


def damaged(path: Path, reason: str) -> PageWrightError:
    """The error for a file that can't be trusted; the journal gets path and reason."""
    _log.error("damaged file %s: %s", path, reason)
    if len(_found) < _MOST_REMEMBERED:
        _found[path] = None
    error = PageWrightError(
        "A file in storage is damaged, so this can't be answered.",
        "An operator finds the file in storage's journal and restores it from a backup.",
    )
    error.add_note(f"{path}: {reason}")
    return error


def still_damaged(root: Path, most: int) -> list[Path]:
    """Up to `most` files below `root` that were found damaged and still are. Blocks."""
    damaged_files: list[Path] = []
    for path in sorted(_found.copy()):
        if len(damaged_files) == most:
            break
        if not path.is_relative_to(root):
            continue
        if _is_whole(path):
            _found.pop(path, None)
        else:
            damaged_files.append(path)
    return damaged_files


def _is_whole(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return checksummed(data[:-_CHECKSUM_LENGTH]) == data

"""Small files that know when they are damaged: the content, a newline, and the content's sha256 in hex."""

import hashlib
import logging
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from shared.errors import PageWrightError
from shared.vocabulary import Record

_log = logging.getLogger(__name__)
_SEAL_LENGTH = 1 + 64 + 1
R = TypeVar("R", bound=Record)


def seal(content: bytes) -> bytes:
    """The file's bytes for this content."""
    return content + b"\n" + hashlib.sha256(content).hexdigest().encode() + b"\n"


def read_sealed(path: Path) -> bytes:
    """The content of a sealed file; raises FileNotFoundError, or the error of a damaged file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        if isinstance(error, FileNotFoundError):
            raise
        raise damaged(path, f"it can't be read ({error.strerror})") from error
    content = data[:-_SEAL_LENGTH]
    if seal(content) != data:
        raise damaged(path, "its content does not match its seal")
    return content


def read_record(path: Path, record_type: type[R]) -> R:
    """The record in a sealed file; raises as `read_sealed`."""
    content = read_sealed(path)
    try:
        return record_type.model_validate_json(content)
    except ValidationError:
        raise damaged(path, f"it is not a {record_type.__name__}") from None


def damaged(path: Path, reason: str) -> PageWrightError:
    """The error for a file that can't be trusted; where and why goes to the journal."""
    _log.error("damaged file %s: %s", path, reason)
    error = PageWrightError(
        "A file in storage is damaged, so this can't be answered.",
        "An operator finds the file in storage's journal and restores it from a backup.",
    )
    error.add_note(f"{path}: {reason}")
    return error

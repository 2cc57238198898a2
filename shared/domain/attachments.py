"""Files that a person attaches to a request: how many and how large, and the list of them that reaches the worker.

A `JobRequest` of an edit names the list as its blob `upload`, and the files' names as `upload_name`, a line each. The
release before reads such a request as well.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain.errors import InvalidInput, TooLarge
from shared.domain.vocabulary import Digest, Record

MOST_FILES = 10
FILE_BYTES = 64 << 20
TOTAL_BYTES = 96 << 20  # of one request
LIST_BYTES = 64 << 10
_NAME_CHARACTERS = 100
_CLIP = "\N{PAPERCLIP}"


class FileUse(StrEnum):
    """What a file is for: the agent decides, it is to be looked at only, or it becomes part of the site."""

    AUTO = "auto"
    LOOK = "look"
    SITE = "site"


class AttachedFile(Record):
    """One attached file: its bytes as a blob, the name that it came with, and what it is for."""

    upload: Digest
    name: Annotated[str, StringConstraints(min_length=1, max_length=_NAME_CHARACTERS)]
    size: Annotated[int, Field(ge=1)]
    use: FileUse = FileUse.AUTO


class AttachedFiles(Record):
    """All files of one request."""

    files: Annotated[tuple[AttachedFile, ...], Field(min_length=1, max_length=MOST_FILES)]


def shown_name(name: object) -> str:
    """A file's name for people: one line without folders, not too long."""
    last = str(name).replace("\\", "/").rpartition("/")[2]
    printable = "".join(character for character in last if character.isprintable())
    return " ".join(printable.split())[-_NAME_CHARACTERS:].strip() or "file"


def check_together(sizes: Sequence[int]) -> None:
    """Raises InvalidInput for too many files in one request, TooLarge if they are too large together."""
    if len(sizes) > MOST_FILES:
        raise InvalidInput(f"There are {len(sizes)} files; a request takes at most {MOST_FILES}.", "Send some later.")
    if sum(sizes) > TOTAL_BYTES:
        raise TooLarge(
            f"The files have {sum(sizes) >> 20} MiB together; a request takes at most {TOTAL_BYTES >> 20} MiB.",
            "Send some of them with another request.",
        )


def with_names(message: str, names: Sequence[str]) -> str:
    """The message with a last line that names the files, so that record and chat tell of them."""
    return f"{message}\n\n{names_line(names)}" if names else message


def names_line(names: Sequence[str]) -> str:
    """The line that names attached files."""
    return f"{_CLIP} {', '.join(names)}"


def without_names(message: str, names: Sequence[str]) -> str:
    """The message as the person wrote it."""
    return message.removesuffix(f"\n\n{names_line(names)}") if names else message

"""The prepared files of a request, and what is known of each."""

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from shared.domain.attachment_kinds import AttachmentKind
from shared.domain.attachments import AttachedFile
from shared.domain.tree import Tree
from shared.domain.vocabulary import Record

Note = Annotated[str, Field(max_length=300)]


class PreparedFile(Record):
    """One prepared file: its place in the folder of attached files, what it is, and what was done to it.

    `look` is the place of a copy that is made to be looked at.
    """

    path: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9]+$", max_length=100)]
    kind: AttachmentKind
    bytes: Annotated[int, Field(ge=1)]
    pixels: tuple[int, int] | None
    look: Annotated[str | None, Field(pattern=r"^look/[A-Za-z0-9_.-]+$", max_length=120)]
    notes: Annotated[tuple[Note, ...], Field(max_length=10)]


@dataclass(frozen=True)
class PreparedFiles:
    """All prepared files of a request: facts in the order in which they were attached, and the files by place."""

    files: tuple[tuple[AttachedFile, PreparedFile], ...] = ()
    tree: Tree = field(default_factory=dict[str, bytes])


NO_FILES = PreparedFiles()

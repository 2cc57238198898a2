"""A file that has been made fit for the web, and why a file can't be."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.domain.attachment_kinds import AttachmentKind
from shared.domain.errors import InvalidInput


class Unusable(InvalidInput):
    """Why a file can't be used, as the end of a sentence that begins with its name, and what to do."""


@dataclass(frozen=True)
class Prepared:
    """The file's bytes for the site, and what was done to it as ends of sentences.

    `look` is a copy for the agent's eyes, by its ending: a small picture, or the text of a document. `size` is a
    picture's width and height in pixels.
    """

    data: bytes
    kind: AttachmentKind
    size: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()
    look: Mapping[str, bytes] = field(default_factory=dict)

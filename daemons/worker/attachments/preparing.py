"""Prepares one attached file: its content decides what is done with it, whatever its name says."""

from daemons.worker.attachments.documents import prepare_document
from daemons.worker.attachments.drawings import prepare_drawing
from daemons.worker.attachments.pictures import prepare_picture
from daemons.worker.attachments.prepared import Prepared, Unusable
from shared.domain.attachment_kinds import HEAD_BYTES, USABLE, AttachmentKind, kind_of, why_not
from shared.domain.tree import DEFAULT_LIMITS


def prepare_file(data: bytes) -> Prepared:
    """The file as it may become part of a site. Raises Unusable with what is wrong with it."""
    kind = kind_of(data[:HEAD_BYTES])
    if kind is None:
        raise Unusable(f"can’t be used. {why_not(data[:HEAD_BYTES])}".rstrip("."), USABLE)
    prepared = _prepare(data, kind)
    if len(prepared.data) > DEFAULT_LIMITS.file_bytes:
        size = f"{len(prepared.data) / (1 << 20):,.1f} MiB"
        limit = DEFAULT_LIMITS.file_bytes >> 20
        raise Unusable(f"has {size}; a file of a site has at most {limit} MiB", "Make it smaller and attach it again.")
    return prepared


def _prepare(data: bytes, kind: AttachmentKind) -> Prepared:
    match kind:
        case AttachmentKind.SVG:
            return prepare_drawing(data)
        case AttachmentKind.PDF:
            return prepare_document(data)
        case _:
            return prepare_picture(data, kind)

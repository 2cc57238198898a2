"""Tells the agent of the files that the owner attached: where they lie, what they are, and what they are for. Pure."""

from importlib import resources

from daemons.worker.attachments.prepared_files import PreparedFile, PreparedFiles
from shared.domain.attachments import AttachedFile, FileUse

_PLACE = "uploads"
FOLDER = f"/agent/{_PLACE}"

_USES = {
    FileUse.AUTO: "",
    FileUse.LOOK: " It is only for you to look at: do not put it on the site.",
    FileUse.SITE: " The owner wants it on the site.",
}
_RULES = (resources.files(__package__) / "attached_files.md").read_text()


def as_home(prepared: PreparedFiles) -> dict[str, bytes]:
    """The files by their places in the agent's home: they are no part of the site."""
    return {f"{_PLACE}/{path}": data for path, data in prepared.tree.items()}


def attached_text(prepared: PreparedFiles) -> str:
    """The part of the instructions that tells of the files; empty if there are none."""
    if not prepared.files:
        return ""
    lines = "".join(_line(attached, file) for attached, file in prepared.files)
    return f"\nThe owner attached these files to the request; they are no part of the site yet:\n{lines}{_RULES}"


def _line(attached: AttachedFile, file: PreparedFile) -> str:
    pixels = f", {file.pixels[0]} × {file.pixels[1]} pixels" if file.pixels else ""
    facts = f"{file.kind}{pixels}, {file.bytes:,} bytes"
    called = f" (the owner calls it “{attached.name}”)" if attached.name != file.path else ""
    return f"- {FOLDER}/{file.path}: {facts}{called}.{_look(file)}{_USES[attached.use]}\n"


def _look(file: PreparedFile) -> str:
    if file.look is None:
        return ""
    if file.look.endswith(".txt"):
        return f" The text that was found in it is {FOLDER}/{file.look}."
    return f" To see it, view {FOLDER}/{file.look}."

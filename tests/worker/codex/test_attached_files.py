"""The agent is told where attached files lie, what they are and what they are for."""

from daemons.worker.attachments.prepared_files import NO_FILES, PreparedFile, PreparedFiles
from daemons.worker.codex.attached_files import as_home, attached_text
from shared.domain.attachment_kinds import AttachmentKind
from shared.domain.attachments import AttachedFile, FileUse


def prepared(use: FileUse, name: str, path: str, look: str, pixels: tuple[int, int] | None = None) -> PreparedFiles:
    kind = AttachmentKind.PDF if path.endswith("pdf") else AttachmentKind.JPEG
    file = PreparedFile(path=path, kind=kind, bytes=12_345, pixels=pixels, look=look, notes=())
    return PreparedFiles(((AttachedFile(upload="0" * 64, name=name, size=1, use=use), file),), {path: b"x", look: b"y"})


def test_a_picture_is_told_with_its_size_and_a_copy_to_look_at() -> None:
    files = prepared(FileUse.SITE, "IMG 1.HEIC", "IMG-1.jpg", "look/IMG-1.jpg.jpg", (2560, 1920))
    line = (
        "- /agent/uploads/IMG-1.jpg: JPEG, 2560 × 1920 pixels, 12,345 bytes (the owner calls it “IMG 1.HEIC”). "
        "To see it, view /agent/uploads/look/IMG-1.jpg.jpg. The owner wants it on the site.\n"
    )
    assert line in attached_text(files)
    assert "alt text" in attached_text(files)
    assert as_home(files) == {"uploads/IMG-1.jpg": b"x", "uploads/look/IMG-1.jpg.jpg": b"y"}


def test_a_document_is_told_with_its_text() -> None:
    told = attached_text(prepared(FileUse.LOOK, "menu.pdf", "menu.pdf", "look/menu.pdf.txt"))
    assert "- /agent/uploads/menu.pdf: PDF, 12,345 bytes. The text that was found in it is /agent/uploads/look" in told
    assert "do not put it on the site" in told


def test_without_files_nothing_is_told() -> None:
    assert (attached_text(NO_FILES), as_home(NO_FILES)) == ("", {})

"""A file is known by its name."""

from shared.domain.file_kinds import FileKind, file_kind


def test_a_file_is_known_by_its_name() -> None:
    kinds = {path: file_kind(path) for path in ("a/B.HTM", "x.JPEG", "m.mjs", "menu.pdf", "LICENSE", "feed.xml")}
    assert list(kinds.values()) == [
        FileKind.PAGE, FileKind.PICTURE, FileKind.SCRIPT, FileKind.DOCUMENT, FileKind.OTHER, FileKind.OTHER,
    ]  # fmt: skip

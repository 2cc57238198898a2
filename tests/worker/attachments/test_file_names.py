"""A file's name becomes a part of an address, as like the person's as it can be."""

import pytest

from daemons.worker.attachments.file_names import site_name
from shared.domain.attachment_kinds import AttachmentKind


@pytest.mark.parametrize(
    ("name", "kind", "becomes"),
    [
        ("menu.pdf", AttachmentKind.PDF, "menu.pdf"),
        ("Frühstück 1.HEIC", AttachmentKind.JPEG, "Fruhstuck-1.jpg"),
        ("a.b c.JPG", AttachmentKind.JPEG, "a-b-c.JPG"),
        ("パン.png", AttachmentKind.PNG, "picture.png"),
        ("..", AttachmentKind.PDF, "document.pdf"),
        ("noending", AttachmentKind.GIF, "noending.gif"),
        (".htaccess", AttachmentKind.SVG, "picture.svg"),
        ("x" * 90 + ".png", AttachmentKind.PNG, "x" * 60 + ".png"),
    ],
)
def test_it_can_be_part_of_an_address(name: str, kind: AttachmentKind, becomes: str) -> None:
    assert site_name(name, kind, []) == becomes


def test_two_of_a_name_get_numbers() -> None:
    assert site_name("menu.pdf", AttachmentKind.PDF, ["Menu.pdf", "menu-2.pdf"]) == "menu-3.pdf"

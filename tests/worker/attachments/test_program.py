"""The program tells of each file, and where its name promised something else."""

import pytest

from daemons.worker.attachments.program import _misnamed
from shared.domain.attachment_kinds import AttachmentKind


@pytest.mark.parametrize(
    ("name", "kind", "notes", "told"),
    [
        ("a.jpeg", AttachmentKind.JPEG, (), []),
        ("a", AttachmentKind.JPEG, (), []),
        ("a.heic", AttachmentKind.JPEG, ("became a JPEG",), []),
        ("a.png", AttachmentKind.JPEG, (), ["is a JPEG, whatever its name says"]),
    ],
)
def test_a_false_name_is_told(name: str, kind: AttachmentKind, notes: tuple[str, ...], told: list[str]) -> None:
    assert _misnamed(name, kind, notes) == told

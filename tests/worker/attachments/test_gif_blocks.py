"""A GIF keeps its frames and loses its remarks."""

import pytest

from daemons.worker.attachments.gif_blocks import shown_blocks
from daemons.worker.attachments.prepared import Unusable
from tests.support.attached_files import PLACE, SAMPLES

MOVING = next(sample.data for sample in SAMPLES if sample.name == "spinner.gif")
XMP = b"\x21\xff\x0bXMP DataXMP\x03abc\0"


def test_remarks_other_programs_data_and_what_follows_the_end_go() -> None:
    kept = shown_blocks(MOVING[:-1] + XMP + b";<script>")
    assert PLACE in MOVING
    assert kept == shown_blocks(MOVING) and len(kept) < len(MOVING)
    assert b"NETSCAPE2.0" in kept, "it still moves for ever"
    assert not [left for left in (PLACE, b"XMP", b"<script>") if left in kept]


@pytest.mark.parametrize(("data", "why"), [(MOVING[:-9], "ends too early"), (MOVING[:-1] + b"\x99;", "is damaged")])
def test_half_a_gif_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unusable, match=why):
        shown_blocks(data)

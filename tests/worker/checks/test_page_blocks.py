"""Blocks come from a sandbox: what is no list of blocks, or is too much, is not read."""

import json

import pytest

from daemons.worker.checks.page_blocks import PageBlocks, read_blocks
from tests.support.page_blocks import block, page


def test_what_was_written_is_read() -> None:
    seen = page("Fresh bread", title="Bakery")
    assert read_blocks(seen.model_dump_json()) == seen
    assert seen.style_of(block("x", style=7)) is None, "a page can give a number of which there is no style"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        json.dumps({"blocks": [{"role": "spell"}]}),
        json.dumps({"blocks": [{"role": "text", "style": 0, "box": [0, 0, 1, 1]}] * 1001}),
        json.dumps({"blocks": [], "unknown": 1}),
    ],
)
def test_anything_else_is_none(text: str) -> None:
    assert read_blocks(text) is None
    assert PageBlocks().blocks == ()

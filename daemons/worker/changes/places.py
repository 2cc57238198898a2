"""Says where a part of a page stands, as people say it."""

from daemons.worker.changes.excerpts import shortened
from daemons.worker.checks.page_blocks import TITLES, Block, Place


def where(block: Block) -> str:
    """Where a block stands, for a person: its part of the page, or the heading above it."""
    if block.place in (Place.NONE, Place.MAIN):
        return shortened(block.section) if block.role not in TITLES else ""
    return block.place

"""Blocks as tests write them."""

from daemons.worker.checks.page_blocks import Block, BlockRole, Head, PageBlocks, Style

PLAIN = Style(colour="rgb(0, 0, 0)", font="Arial", size="16px", weight="400")


def block(text: str, role: BlockRole = BlockRole.TEXT, **more: object) -> Block:
    """A block in the plain style, at the top of the page."""
    return Block(role=role, text=text, **({"style": 0, "box": (0, 0, 10, 10)} | more))  # type: ignore[arg-type]


def page(*blocks: Block | str, style: Style = PLAIN, **head: str) -> PageBlocks:
    """A page of these blocks; a bare text is a paragraph."""
    made = tuple(block(one) if isinstance(one, str) else one for one in blocks)
    return PageBlocks(blocks=made, total=len(made), styles=(style,), head=Head(**head))

"""A page as blocks: what a person sees as one thing each. The sandbox sends them, so they are strict and bounded."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from daemons.worker.checks.observation_limits import (
    LONGEST_ADDRESS,
    LONGEST_BLOCK_TEXT,
    LONGEST_NAME,
    MOST_BLOCKS,
)
from shared.domain.vocabulary import Record

Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]
BlockText = Annotated[str, StringConstraints(max_length=LONGEST_BLOCK_TEXT)]
BlockAddress = Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]
Pixels = Annotated[int, Field(ge=-1_000_000, le=10_000_000)]
PageBox = tuple[Pixels, Pixels, Pixels, Pixels]


class BlockRole(StrEnum):
    """What a block is to a person."""

    HEADLINE = "headline"
    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    CELL = "cell"
    CAPTION = "caption"
    LABEL = "label"
    BUTTON = "button"
    LINK = "link"
    PICTURE = "picture"
    EMBED = "embed"
    FIELD = "field"
    AREA = "area"


TITLES = frozenset({BlockRole.HEADLINE, BlockRole.HEADING})


class Place(StrEnum):
    """The part of the page around a block, by the element that marks it."""

    NONE = ""
    HEADER = "header"
    NAVIGATION = "navigation"
    MAIN = "main"
    ASIDE = "aside"
    FOOTER = "footer"


class Style(Record):
    """How a text looks, in the browser's computed values."""

    colour: Name
    font: Name
    size: Name
    weight: Name


class Block(Record):
    """One block; `section` is the heading before it, `box` its left, top, width and height on the page at a desk.

    `phone` is the same at a phone's width, None where it is hidden there.
    `address` is where a link leads or a picture comes from; one of the site itself begins with `/`. A link `within` a
    text is part of that text too. `style` counts in the page's styles. An `unsteady` block changes by itself.
    """

    role: BlockRole
    text: BlockText = ""
    place: Place = Place.NONE
    section: Name = ""
    style: Annotated[int, Field(ge=0)]
    name: Name = ""
    address: BlockAddress = ""
    background: BlockText = ""
    within: bool = False
    unsteady: bool = False
    box: PageBox
    phone: PageBox | None = None


class Head(Record):
    """What a page says about itself, outside of what is drawn."""

    title: BlockText = ""
    description: BlockText = ""
    language: Name = ""


class PageBlocks(Record):
    """All blocks of a page in the order of its elements; `total` counts those too that are cut off."""

    blocks: Annotated[tuple[Block, ...], Field(max_length=MOST_BLOCKS)] = ()
    total: Annotated[int, Field(ge=0)] = 0
    styles: tuple[Style, ...] = ()
    head: Head = Head()

    @property
    def is_whole(self) -> bool:
        """Whether no block is cut off."""
        return self.total == len(self.blocks)

    def style_of(self, block: Block) -> Style | None:
        """The block's style, None if the page gave none under its number."""
        return self.styles[block.style] if block.style < len(self.styles) else None


def read_blocks(text: str) -> PageBlocks | None:
    """The blocks in an observation; None if it has none, or what it has is no PageBlocks."""
    try:
        return PageBlocks.model_validate_json(text) if text else None
    except ValidationError:
        return None

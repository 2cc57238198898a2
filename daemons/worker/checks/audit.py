"""What an audit of a page measured: hostile input from the sandbox, so strict and bounded."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from daemons.worker.checks.observation_limits import (
    LONGEST_ADDRESS,
    LONGEST_NAME,
    LONGEST_SELECTOR,
    LONGEST_TEXT,
    MOST_BARRIERS,
    MOST_HEADINGS,
    MOST_MARKUP_FAULTS,
    MOST_PICTURES,
    MOST_TARGETS,
)
from shared.domain.visible_changes import Box
from shared.domain.vocabulary import Record

Pixels = Annotated[int, Field(ge=0, le=10_000_000)]
Size = Annotated[int, Field(ge=0)]
Selector = Annotated[str, StringConstraints(max_length=LONGEST_SELECTOR)]
Name = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]
AuditText = Annotated[str, StringConstraints(max_length=LONGEST_TEXT)]


class AuditedPicture(Record):
    """A picture of the site itself that people see on the page.

    `natural` is its size in the file, `drawn` that on the page, (0, 0) if not known. `is_stretched` says that its ratio
    is not kept, `has_choice` that the browser chose it among others. `size` are the bytes of its file, 0 if not known.
    """

    address: Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]
    selector: Selector
    box: Box
    is_named: bool
    natural: tuple[Pixels, Pixels]
    drawn: tuple[Pixels, Pixels]
    is_stretched: bool = False
    has_choice: bool = False
    size: Size = 0


class AuditedHeading(Record):
    """A headline that people see, of level 1 to 6."""

    level: Annotated[int, Field(ge=1, le=6)]
    text: Name
    selector: Selector
    box: Box


class WideElement(Record):
    """The element that sticks out of a screen of this width, and by how many pixels."""

    width: Pixels
    excess: Pixels
    selector: Selector
    box: Box


class Barrier(Record):
    """What keeps people with impairments out: a rule of axe-core, how many elements break it, and the first of them."""

    rule: Name
    count: Annotated[int, Field(ge=1)]
    selector: Selector
    box: Box


class MarkupKind(StrEnum):
    """What a browser mends in a page's source without a word."""

    TWICE = "twice"
    STRAY = "stray"
    UNCLOSED = "unclosed"
    NESTED = "nested"


class MarkupFault(Record):
    """An id or an element of the page's source, and the first line where it is wrong."""

    kind: MarkupKind
    name: Name
    line: Size


class TargetKind(StrEnum):
    """What names an address: a form that asks or sends, a page for search engines, its picture for social networks."""

    GET = "get"
    POST = "post"
    CANONICAL = "canonical"
    SOCIAL_PICTURE = "social picture"


class NamedTarget(Record):
    """An address that the page names; one of the site itself begins with `/`."""

    kind: TargetKind
    address: Annotated[str, StringConstraints(max_length=LONGEST_ADDRESS)]


class PageAudit(Record):
    """One page. `unread` says why it could not be audited. `size` are the bytes of all own files that it loads.

    `barriers` is null if nobody could look for them. `is_for_phones` says that phones draw the page at their own width:
    others show it reduced, so nothing sticks out.
    """

    unread: AuditText = ""
    language: Name = ""
    has_description: bool = False
    is_for_phones: bool = False
    size: Size = 0
    pictures: Annotated[tuple[AuditedPicture, ...], Field(max_length=MOST_PICTURES)] = ()
    headings: Annotated[tuple[AuditedHeading, ...], Field(max_length=MOST_HEADINGS)] = ()
    barriers: Annotated[tuple[Barrier, ...], Field(max_length=MOST_BARRIERS)] | None = ()
    markup: Annotated[tuple[MarkupFault, ...], Field(max_length=MOST_MARKUP_FAULTS)] = ()
    targets: Annotated[tuple[NamedTarget, ...], Field(max_length=MOST_TARGETS)] = ()
    wide: Annotated[tuple[WideElement, ...], Field(max_length=2)] = ()

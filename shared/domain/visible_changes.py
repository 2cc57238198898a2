"""What a version changed for a person who looks at its pages: kept in storage, named by the version's signed record."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain.scope import Scope
from shared.domain.vocabulary import Record

# The names of the checks by which a version's record tells its changes in words, and the pages that it can't tell of.
CHECK = "changes"
UNREAD = "comparison"
# What the request concerned, what was changed besides, and what was asked for and did not change.
SCOPE = "scope"
UNASKED = "unasked"
ASKED = "asked"
LONGEST_WORDS = 300
MOST_CHANGES = 500
MOST_PAGES_NAMED = 20
MOST_REGIONS = 16
Words = Annotated[str, StringConstraints(max_length=LONGEST_WORDS)]
Count = Annotated[int, Field(ge=0)]


class ChangeOf(StrEnum):
    """What happened to a part of a page, to a whole page or to a file."""

    TEXT = "text"
    ALTERNATIVE = "alternative text"
    PICTURE = "picture"
    TARGET = "target"
    BACKGROUND = "background"
    COLOUR = "colour"
    FONT = "font"
    SIZE = "size"
    WEIGHT = "weight"
    LOOK = "look"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    TITLE = "title"
    DESCRIPTION = "description"
    LANGUAGE = "language"
    PAGE_ADDED = "page added"
    PAGE_REMOVED = "page removed"
    FILE_ADDED = "file added"
    FILE_CHANGED = "file changed"
    FILE_REMOVED = "file removed"


class Verdict(StrEnum):
    """Whether a change was asked for. `follows`: another one, which was asked for, needs it."""

    ASKED = "asked"
    FOLLOWS = "follows"
    UNASKED = "unasked"
    DOUBTFUL = "doubtful"


Box = tuple[int, int, int, int]


class Region(Record):
    """Where a change is seen on the pictures of one page at one width (`desktop` or `phone`).

    Boxes are left, top, width and height in pixels of the whole page; None where the part is not there. A picture of a
    high page ends before the page does: then a box can lie below it.
    """

    page: str
    viewport: str
    before: Box | None = None
    after: Box | None = None


class VisibleChange(Record):
    """One change, on all pages that have it alike.

    `what` is the part's role (headline, text, link, picture, …), `where` the place on the page or the heading above,
    `named` its text if that is not what changed. `before` and `after` are its texts, addresses or values. `parts`
    counts the parts of a page that changed so, `pages` names at most 20 paths, and `page_count` counts all. `regions`
    are places on the first of them, at most 16: one for each width and part. `verdict` is None if nobody judged it.
    """

    of: ChangeOf
    what: str = ""
    where: Words = ""
    named: Words = ""
    before: Words = ""
    after: Words = ""
    parts: Count = 1
    pages: tuple[str, ...] = ()
    page_count: Count = 0
    regions: tuple[Region, ...] = ()
    verdict: Verdict | None = None


class VisibleChanges(Record):
    """All changes of a version against its parent, the first 500 of `total`; `unread` pages could not be compared.

    `scope` is what the request concerned, None if nobody asked for that. `unasked_files` are source files whose change
    nobody asked for, whether it shows or not.
    """

    changes: tuple[VisibleChange, ...] = ()
    total: Count = 0
    unread: tuple[str, ...] = ()
    unread_count: Count = 0
    scope: Scope | None = None
    unasked_files: tuple[str, ...] = ()

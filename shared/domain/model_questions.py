"""What a worker asks the model about an edit, and what it answers: hostile words until they are judged."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain.scope import MOST_PAGES_CONCERNED, MOST_PARTS_CONCERNED, Concern, Named
from shared.domain.vocabulary import MESSAGE_LIMIT, Record

MOST_PAGES_ASKED = 200
LONGEST_TITLE = 120
MOST_CHANGES_ASKED = 60
LONGEST_CHANGE = 800
MOST_MISSING = 5


class AskedPage(Record):
    """A page of the site, as the model is told of it; `title` is the page's own."""

    path: Named
    title: Annotated[str, StringConstraints(max_length=LONGEST_TITLE)] = ""


class ScopeQuestion(Record):
    """What does this request concern, on a site with these pages?"""

    message: Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)]
    pages: Annotated[tuple[AskedPage, ...], Field(max_length=MOST_PAGES_ASKED)] = ()


class ScopeAnswer(Record):
    """What the model says that it concerns; without pages and not `everywhere`, the model does not know."""

    everywhere: bool
    pages: Annotated[tuple[Named, ...], Field(max_length=MOST_PAGES_CONCERNED)]
    parts: Annotated[tuple[Named, ...], Field(max_length=MOST_PARTS_CONCERNED)]
    kinds: Annotated[tuple[Concern, ...], Field(max_length=len(Concern))]


class AskedChange(Record):
    """A change in words, under the number by which the answer names it."""

    number: Annotated[int, Field(ge=0)]
    text: Annotated[str, StringConstraints(max_length=LONGEST_CHANGE)]


class LookQuestion(Record):
    """Do these changes do what the request asks, and nothing else? `left_out` counts those that are not told."""

    message: Annotated[str, StringConstraints(max_length=MESSAGE_LIMIT)]
    changes: Annotated[tuple[AskedChange, ...], Field(max_length=MOST_CHANGES_ASKED)]
    left_out: Annotated[int, Field(ge=0)] = 0


class Done(StrEnum):
    """Whether the request's change is there."""

    DONE = "done"
    PARTLY = "partly"
    NOT = "not"


class LookAnswer(Record):
    """What the model says of an edit: whether it is done, what is missing, and which changes nobody asked for."""

    done: Done
    missing: Annotated[tuple[Named, ...], Field(max_length=MOST_MISSING)]
    unasked: Annotated[tuple[Annotated[int, Field(ge=0)], ...], Field(max_length=MOST_CHANGES_ASKED)]

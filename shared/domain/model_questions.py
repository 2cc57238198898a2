"""What a worker asks the model about an edit, and what it answers: hostile words until they are judged."""

from typing import Annotated

from pydantic import Field, StringConstraints

from shared.domain.scope import MOST_PAGES_CONCERNED, MOST_PARTS_CONCERNED, Concern, Named
from shared.domain.vocabulary import MESSAGE_LIMIT, Record

MOST_PAGES_ASKED = 200
LONGEST_TITLE = 120


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

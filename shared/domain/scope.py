"""What a request concerns: the pages, the parts of them and the kinds of change that the owner asked for."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_PAGES_CONCERNED = 500
MOST_PARTS_CONCERNED = 50
Named = Annotated[str, StringConstraints(max_length=300)]


class ScopeSource(StrEnum):
    """Who said what the request concerns. `nothing`: neither a person, nor a model, nor the request's own words did."""

    OWNER = "owner"
    MODEL = "model"
    WORDS = "words"
    NOTHING = "nothing"


class Concern(StrEnum):
    """What of a site a request wants changed."""

    TEXT = "text"
    PICTURE = "picture"
    LINK = "link"
    STYLE = "style"
    PAGE = "page"
    FILE = "file"


class Scope(BaseModel):
    """What a request concerns.

    `everywhere` means every page, and then `pages` is empty; else `pages` are paths such as `contact.html`, also of
    pages that are to be made. `parts` are texts that name a part of a page: a headline, a link, `footer`. `kinds` is
    empty if any kind of change may be meant.
    """

    # As strict as a Record, which it can't be: a JobRequest has one, and they stand in one file.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    source: ScopeSource = ScopeSource.NOTHING
    everywhere: bool = False
    pages: Annotated[tuple[Named, ...], Field(max_length=MOST_PAGES_CONCERNED)] = ()
    parts: Annotated[tuple[Named, ...], Field(max_length=MOST_PARTS_CONCERNED)] = ()
    kinds: tuple[Concern, ...] = ()

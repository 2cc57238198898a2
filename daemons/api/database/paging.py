"""Lists in pages: what a caller may ask for, and the shape of every list that we answer."""

from collections.abc import Callable, Sequence
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

Limit = Annotated[int, Field(ge=1, le=100, description="How many items at most.")]


class Query(BaseModel):
    """Query parameters; an unknown one is refused, for it is most likely a misspelt one."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class NoQuery(Query):
    """No query parameters."""


class Cursor(Query):
    """A page of a list: `cursor` is the `next` of the page before."""

    cursor: Annotated[str, Field(max_length=64, pattern=r"^[0-9a-z-]*$")] | None = None
    limit: Limit = 50


class Before(Query):
    """A page of numbered things, newest first: `before` is the `next` of the page before."""

    before: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    limit: Limit = 20


class Page(BaseModel, Generic[T]):
    """One page; `next` leads to the one behind it and is null on the last."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    items: list[T]
    next: str | None = None


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], str]) -> Page[T]:
    """The page for rows of which one more than `limit` was asked for."""
    items = list(rows[:limit])
    return Page(items=items, next=key(items[-1]) if len(rows) > limit else None)

"""An operation of the JSON API as data: what it takes and gives. Routes and the OpenAPI document are made from it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from daemons.api.database.paging import NoQuery, Query
from daemons.api.request_context import RequestContext
from shared.domain.vocabulary import Record

PREFIX = "/api/v1"


class Nothing(Record):
    """An answer without a body."""


@dataclass(frozen=True)
class ApiRequest(RequestContext):
    """A request to an operation; `id` is the id for what it makes, the same when it is repeated."""

    id: str


@dataclass(frozen=True)
class Operation:
    """One method at one path.

    `handler` is called with an ApiRequest, and with `query` and `body` if the operation has them. It gives a value of
    `answer`, or a Response of type `media_type` if `answer` is None. `read_form` reads a body of one of the media types
    of `forms`. An answer that `is_secret` is never kept for repetitions.
    """

    method: str
    path: str
    summary: str
    handler: Callable[..., Awaitable[Any]]
    answer: type[BaseModel] | None = None
    media_type: str = "application/json"
    status: int = 200
    query: type[Query] = NoQuery
    body: type[BaseModel] | None = None
    forms: Mapping[str, type[BaseModel]] = field(default_factory=dict)
    read_form: Callable[[ApiRequest], Awaitable[BaseModel]] | None = None
    location: Callable[[Any], str] | None = None
    is_public: bool = False
    is_secret: bool = False
    for_admins: bool = False

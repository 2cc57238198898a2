"""What storage's answers are read as."""

from collections.abc import Callable
from functools import lru_cache
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError

from shared.clients.daemon import Response
from shared.clients.storage_calls import Params
from shared.domain.errors import BadGateway
from shared.domain.manifest import Manifest
from shared.domain.vocabulary import Deployment, Record, SiteHead

_ANSWERS_KEPT = 32
R = TypeVar("R", bound=Record)


class VersionPage(Record):
    """Some versions of a site, newest first."""

    items: list[Manifest]
    next: Annotated[int, Field(ge=1)] | None


class DeploymentPage(Record):
    """Some deployments of a site, newest first."""

    items: list[Deployment]
    next: Annotated[int, Field(ge=1)] | None


class HeadPage(Record):
    """Some sites, by name."""

    items: list[SiteHead]
    next: str | None


def window(before: int | None, limit: int) -> Params:
    """The query for a page."""
    return {"limit": limit} if before is None else {"limit": limit, "before": before}


def _read(record_type: type[R], content: bytes) -> R:
    return TypeAdapter(record_type).validate_json(content)


# A page or list that is looked at again and again gets the same bytes each time.
read_once = lru_cache(_ANSWERS_KEPT)(_read)


def decoded(record_type: type[R], answer: Response, read: Callable[[type[R], bytes], R] = _read) -> R:
    """The answer as this record; raises BadGateway if it is none."""
    try:
        return read(record_type, answer.content)
    except ValidationError:
        raise BadGateway("Storage answered something unexpected.", "Run the same release everywhere.") from None

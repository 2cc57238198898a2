"""Reads a request's path, query, headers and body into checked values; raises InvalidInput with what is wrong."""

from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter, ValidationError
from starlette.requests import Request

from daemons.storage.fences import FenceClaim
from daemons.storage.stored_site import DeploymentRequest, DesiredRequest
from shared.domain.errors import InvalidInput
from shared.domain.manifest import Manifest
from shared.domain.signing import signature_value
from shared.domain.site_address import AddressMove
from shared.domain.site_overview import MOST_NAMED
from shared.domain.site_summary import MOST_SUMMARIES
from shared.domain.vocabulary import Digest, Fence, JobId, Record, SiteName, VersionNumber
from shared.runtime.web import json_body, limited_body

LONGEST_WAIT = 60.0
_MANIFEST_LIMIT = 8 << 20
T = TypeVar("T")
R = TypeVar("R", bound=Record)

_PATH_PARTS: dict[str, TypeAdapter[str]] = {
    "site": TypeAdapter(SiteName),
    "sha256": TypeAdapter(Digest),
    "job": TypeAdapter(JobId),
}
_names: TypeAdapter[tuple[str, ...]] = TypeAdapter(Annotated[tuple[SiteName, ...], Field(max_length=MOST_SUMMARIES)])
_numbers: TypeAdapter[tuple[int, ...]] = TypeAdapter(Annotated[tuple[VersionNumber, ...], Field(max_length=MOST_NAMED)])
_number: TypeAdapter[int] = TypeAdapter(VersionNumber)
_fence: TypeAdapter[int] = TypeAdapter(Fence)
_expected: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=0, lt=2**53)])
_limit: TypeAdapter[int] = TypeAdapter(Annotated[int, Field(ge=1, le=1000)])
_seconds: TypeAdapter[float] = TypeAdapter(Annotated[float, Field(ge=0, le=LONGEST_WAIT, allow_inf_nan=False)])


def path_part(request: Request, name: str) -> str:
    """The path's `site`, `sha256` or `job`, checked before it becomes part of a path on disk."""
    return _checked(_PATH_PARTS[name], request.path_params[name], f"The {name} in the address")


def path_number(request: Request) -> int:
    """The path's version number."""
    return _checked(_number, request.path_params["number"], "The version number in the address")


def promised_size(request: Request) -> int | None:
    """How many bytes the body will have, if its sender says so."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else None


def fence_header(request: Request) -> int:
    """The header `Fence`."""
    return _checked(_fence, request.headers.get("fence"), "The header Fence")


def expected_header(request: Request) -> int | None:
    """The header `Expected`: the version that the slot must still show, 0 for none; it may be left out."""
    text = request.headers.get("expected")
    return None if text is None else _checked(_expected, text, "The header Expected")


def page_limit(request: Request) -> int:
    """How many items a page may have: 100 unless asked otherwise."""
    return _checked(_limit, request.query_params.get("limit", "100"), "The limit")


def page_window(request: Request) -> tuple[int | None, int]:
    """The `before` and `limit` of a page of numbered things."""
    before = request.query_params.get("before")
    return None if before is None else _checked(_number, before, "The number to list before"), page_limit(request)


def wait_seconds(request: Request) -> float:
    """How long a poll may wait; 0 unless asked otherwise."""
    return _checked(_seconds, request.query_params.get("wait", "0"), "The time to wait")


def wants_news(request: Request) -> bool:
    """Whether the changes shall come with what they are; deployers of the release before can't read that."""
    return request.query_params.get("news") == "1"


def wants_wishes(request: Request) -> bool:
    """Whether the changes shall come with what is looked at; deployers of the release before can't read that."""
    return request.query_params.get("wished") == "1"


def wants_moves(request: Request) -> bool:
    """Whether the changes shall come with what moved; deployers of the release before can't read that."""
    return request.query_params.get("moved") == "1"


def wants_published(request: Request) -> bool:
    """Whether an overview shall tell what was published; an api of the release before can't read that."""
    return request.query_params.get("published") == "1"


def site_names(request: Request) -> tuple[str, ...]:
    """The sites that the query names, between commas."""
    return _checked(_names, request.query_params.get("sites", "").split(","), "The list of sites")


def version_numbers(request: Request) -> tuple[int, ...]:
    """The versions that the query names, between commas; none need be."""
    text = request.query_params.get("numbers")
    return _checked(_numbers, text.split(","), "The list of versions") if text else ()


def announced_job(request: Request) -> str | None:
    """The job for which a worker claims; one of the release before does not name it."""
    job = request.query_params.get("job")
    return None if job is None else _checked(_PATH_PARTS["job"], job, "The job")


async def claim_body(request: Request) -> FenceClaim:
    """The claim in the body."""
    return _checked(TypeAdapter(FenceClaim), await json_body(request), "The claim")


async def deployment_body(request: Request) -> DeploymentRequest:
    """The desired version of a slot, from the body."""
    return _checked(TypeAdapter(DeploymentRequest), await json_body(request), "The deployment")


async def desired_body(request: Request) -> DesiredRequest:
    """What a person wants a slot to show, from the body."""
    return _checked(TypeAdapter(DesiredRequest), await json_body(request), "The desired version")


def known_digest(request: Request) -> str | None:
    """The digest of the list that the caller has, if it has one."""
    known = request.query_params.get("known")
    return _checked(_PATH_PARTS["sha256"], known, "The known digest") if known else None


async def move_body(request: Request) -> AddressMove:
    """The new address of a site, from the body."""
    return _checked(TypeAdapter(AddressMove), await json_body(request), "The new address")


class Wish(Record):
    """A version that somebody looks at; `is_missing` if no web host was seen to show it."""

    version: VersionNumber
    is_missing: bool


async def wish_body(request: Request) -> Wish:
    """What somebody looks at, from the body."""
    return _checked(TypeAdapter(Wish), await json_body(request), "The wish")


async def manifest_body(request: Request) -> tuple[Manifest, bytes]:
    """The signed manifest in the body, and its exact bytes; it belongs to the path's site and the header's fence.

    Storage has no keys: it checks the shape of the signature; deployers and `verify` check the signature itself.
    """
    content = b"".join([chunk async for chunk in limited_body(request, _MANIFEST_LIMIT)])
    try:
        manifest = Manifest.model_validate_json(content)
    except ValidationError as error:
        raise _invalid("The manifest", error) from None
    if manifest.site != path_part(request, "site") or manifest.fence != fence_header(request):
        raise InvalidInput("The manifest has another site or fence than the request.", "Send both alike.")
    if manifest.signature is None:
        raise InvalidInput("The manifest is not signed.", "Sign it before it is committed.")
    signature_value(manifest.signature)
    return manifest, content


def _checked(adapter: TypeAdapter[T], value: object, what: str) -> T:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise _invalid(what, error) from None


def _invalid(what: str, error: ValidationError) -> InvalidInput:
    """The first fault by place and reason, without the value."""
    fault = error.errors(include_input=False, include_context=False, include_url=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    return InvalidInput(f"{what} is not valid: {place + ': ' if place else ''}{fault['msg']}.", "Correct it.")

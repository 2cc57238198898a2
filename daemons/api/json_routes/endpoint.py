"""Makes a Starlette route of an operation: who asks, what is asked, once per key, the answer as declared."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from daemons.api.accounts.accounts import Account
from daemons.api.accounts.idempotency import StoredResponse, request_text
from daemons.api.database.paging import NoQuery
from daemons.api.json_routes.operation import PREFIX, ApiRequest, Operation
from daemons.api.services import Services
from shared.domain.errors import InvalidInput, NotAllowed
from shared.domain.vocabulary import new_id
from shared.runtime.journal import log_context
from shared.runtime.web import json_body

M = TypeVar("M", bound=BaseModel)

_FAULTS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_too_short": "is too short",
    "string_too_long": "is too long",
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "string_type": "is not a text",
    "bool_type": "is neither true nor false",
}


def make_route(operation: Operation, services: Services) -> Route:
    """The route that carries the operation out."""

    async def endpoint(request: Request) -> Response:
        fields = {name: str(request.path_params[name])[:60] for name in ("site", "job") if name in request.path_params}
        with log_context(**fields):
            return await _carry_out(operation, services, request)

    # The metrics name a route by its endpoint.
    endpoint.__name__ = getattr(operation.handler, "__name__", "endpoint")
    return Route(PREFIX + operation.path, endpoint, methods=[operation.method])


async def _carry_out(operation: Operation, services: Services, request: Request) -> Response:
    account = await _account(operation, services, request)
    given: dict[str, BaseModel] = {}
    if operation.query is not NoQuery:
        given["query"] = checked(operation.query, dict(request.query_params))
    if operation.body is not None or operation.forms:
        given["body"] = await _body(operation, ApiRequest(request, services, account, new_id()))
    key = request.headers.get("idempotency-key")
    if operation.answer is None or operation.method != "POST" or key is None or account is None:
        return await _work(operation, ApiRequest(request, services, account, new_id()), given)

    async def work(made: str) -> StoredResponse:
        response = await _work(operation, ApiRequest(request, services, account, made), given)
        return StoredResponse(response.status_code, response.headers.get("location"), bytes(response.body).decode())

    body = given["body"].model_dump(mode="json") if "body" in given else None
    asked = request_text(request.method, request.url.path, body)
    answer = await services.idempotency.once(account, key, asked, work, secret=operation.is_secret)
    headers = {"Location": answer.location} if answer.location else None
    return Response(answer.body, answer.status, headers, operation.media_type)


async def _account(operation: Operation, services: Services, request: Request) -> Account | None:
    if operation.is_public:
        return None
    account = await services.identity.require(request)
    if operation.for_admins and not account.admin:
        raise NotAllowed("Only administrators may do this.", "Ask one of them.")
    return account


async def _body(operation: Operation, request: ApiRequest) -> BaseModel:
    kind = request.http.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind in operation.forms and operation.read_form:
        return await operation.read_form(request)
    if kind != "application/json" or operation.body is None:
        known = " or ".join([*(["application/json"] if operation.body else []), *operation.forms])
        raise InvalidInput(f"A body of type {kind[:60]!r} can't be read here.", f"Send {known}.")
    return checked(operation.body, await json_body(request.http))


async def _work(operation: Operation, call: ApiRequest, given: dict[str, BaseModel]) -> Response:
    answer = await operation.handler(call, **given)
    if isinstance(answer, Response):
        return answer
    assert isinstance(answer, BaseModel)
    if operation.status == 204:
        return Response(status_code=204)
    headers = {"Location": operation.location(answer)} if operation.location else None
    return Response(answer.model_dump_json(), operation.status, headers, operation.media_type)


def checked(model: type[M], value: object) -> M:
    """The value as a record; raises InvalidInput with one sentence that names the first field that is wrong."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
    name = ".".join(str(part) for part in fault["loc"])[:80]
    if not name:
        raise InvalidInput("The request's body is not a JSON object.", "Send an object with the documented fields.")
    message = _FAULTS.get(fault["type"]) or f"is not right: {fault['msg'][:200]}"
    fields = ", ".join(model.model_fields)
    raise InvalidInput(f"The field {name} {message}.", f"The fields are: {fields}." if fields else "")

"""The OpenAPI 3.1 document, made from the same operations and models that the routes are made from."""

import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from daemons.api.json_routes.operation import PREFIX, Nothing, Operation
from shared.domain.vocabulary import Record

_REFERENCES = "#/components/schemas/{model}"
_PARAMETER = re.compile(r"{(\w+)(?::path)?}")


class ProblemDocument(Record):
    """An error (RFC 9457): what is wrong in `detail`, what to do in `hint`."""

    type: str
    title: str
    status: int
    detail: str
    hint: str


def openapi_document(operations: Iterable[Operation], public_url: str, cookie: str) -> dict[str, Any]:
    """The document as a JSON value; `cookie` is the name of the session's."""
    listed = list(operations)
    schemas = _Schemas(listed)
    paths: dict[str, Any] = {}
    for operation in listed:
        path = _PARAMETER.sub(r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _describe(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "PageWright", "version": "1", "description": "Change a static website by asking for it."},
        "servers": [{"url": public_url.rstrip("/") + PREFIX}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.definitions,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": cookie},
            },
        },
    }


class _Schemas:
    """Every model's schema once: bodies as they are taken, answers as they are given."""

    def __init__(self, operations: list[Operation]) -> None:
        taken = [model for op in operations for model in (op.body, op.query, *op.forms.values()) if model]
        given = [op.answer for op in operations if op.answer and op.answer is not Nothing]
        wanted = [(model, "validation") for model in taken] + [
            (model, "serialization") for model in (*given, ProblemDocument)
        ]
        self._schemas, document = models_json_schema(list(dict.fromkeys(wanted)), ref_template=_REFERENCES)  # type: ignore[arg-type]
        self.definitions: dict[str, Any] = document.get("$defs", {})

    def taken(self, model: type[BaseModel]) -> dict[str, Any]:
        return self._schemas[(model, "validation")]

    def given(self, model: type[BaseModel]) -> dict[str, Any]:
        return self._schemas[(model, "serialization")]

    def parameters(self, query: type[BaseModel]) -> list[dict[str, Any]]:
        name = self.taken(query)["$ref"].rpartition("/")[2]
        fields = self.definitions[name].get("properties", {})
        return [{"name": field, "in": "query", "schema": schema} for field, schema in fields.items()]


def _describe(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": getattr(operation.handler, "__name__", ""),
        "summary": operation.summary,
        "parameters": _path_parameters(operation) + schemas.parameters(operation.query) + _key_parameter(operation),
        "responses": {str(operation.status): _answer(operation, schemas), "default": _problem(schemas)},
    }
    contents = {**({"application/json": operation.body} if operation.body else {}), **operation.forms}
    if contents:
        content = {media: {"schema": schemas.taken(model)} for media, model in contents.items()}
        described["requestBody"] = {"required": True, "content": content}
    if operation.is_public:
        described["security"] = []
    return described


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer" if name == "number" else "string"}}
        for name in _PARAMETER.findall(operation.path)
    ]


def _key_parameter(operation: Operation) -> list[dict[str, Any]]:
    if operation.method != "POST" or operation.is_public:
        return []
    schema = {"type": "string", "minLength": 1, "maxLength": 200}
    return [{"name": "Idempotency-Key", "in": "header", "schema": schema}]


def _answer(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    described: dict[str, Any] = {"description": operation.summary}
    if operation.status == 204:
        return described
    schema = schemas.given(operation.answer) if operation.answer else {"type": "string"}
    described["content"] = {operation.media_type: {"schema": schema}}
    if operation.location:
        described["headers"] = {"Location": {"schema": {"type": "string"}}}
    return described


def _problem(schemas: _Schemas) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": schemas.given(ProblemDocument)}}
    return {"description": "What is wrong and what to do.", "content": content}

"""The OpenAPI document says what the routes do: the same paths and methods, and real answers match their schemas."""

import re
from typing import Any

import pytest
from starlette.routing import Route

from daemons.api.json_routes import OPERATIONS
from daemons.api.json_routes.endpoint import make_route
from daemons.api.json_routes.openapi import openapi_document
from tests.api.conftest import World

Document = dict[str, Any]

_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


@pytest.fixture(scope="module")
def document(world: World) -> Document:
    return world.api.client().get("openapi.json").json()


def faults(schema: Document, value: object, definitions: Document, at: str = "$") -> list[str]:
    """What is wrong with a value by the part of JSON Schema that our document uses."""
    if "$ref" in schema:
        return faults(definitions[schema["$ref"].rpartition("/")[2]], value, definitions, at)
    if "anyOf" in schema:
        options = [faults(option, value, definitions, at) for option in schema["anyOf"]]
        return [] if [] in options else min(options, key=len)
    kind = schema.get("type")
    if kind and (not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean")):
        return [f"{at} is no {kind}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{at} is none of {schema['enum']}"]
    if "pattern" in schema and not re.search(schema["pattern"], str(value)):
        return [f"{at} does not match {schema['pattern']}"]
    if isinstance(value, list):
        items = schema.get("items", {})
        return [fault for n, item in enumerate(value) for fault in faults(items, item, definitions, f"{at}[{n}]")]
    if isinstance(value, dict) and kind == "object":
        return _object_faults(schema, value, definitions, at)
    return []


def _object_faults(schema: Document, value: Document, definitions: Document, at: str) -> list[str]:
    fields, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    found = [f"{at}.{name} is missing" for name in schema.get("required", []) if name not in value]
    for name, item in value.items():
        if name not in fields and others is False:
            found.append(f"{at}.{name} is not documented")
        found += faults(fields.get(name, others if isinstance(others, dict) else {}), item, definitions, f"{at}.{name}")
    return found


def test_every_route_is_documented_and_every_documented_path_is_routed(document: Document, world: World) -> None:
    documented = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    routes: list[Route] = [make_route(operation, None) for operation in OPERATIONS]  # type: ignore[arg-type]
    routed = {
        (method, re.sub(r":path}", "}", route.path).removeprefix("/api/v1"))
        for route in routes
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert documented == routed
    assert document == openapi_document(OPERATIONS, "http://app.test", "pagewright")
    assert document["openapi"].startswith("3.1")
    for method, path in documented:
        filled = re.sub(r"{\w+}", "1", path)
        assert world.api.client().request(method, filled[1:]).status_code in (204, 401, 422), (method, path)


def test_every_reference_leads_somewhere_and_every_operation_has_its_own_name(document: Document) -> None:
    names = re.findall(r"#/components/schemas/([^'\"]+)", str(document))
    assert names
    assert set(names) <= set(document["components"]["schemas"])
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations)
    for path, item in document["paths"].items():
        for operation in item.values():
            inside = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
            assert inside == set(re.findall(r"{(\w+)}", path))


def test_real_answers_match_the_document(document: Document, world: World) -> None:
    name = world.site("second", "fail", "no change", "bad checks")
    job = world.ana.get("jobs", params={"site": name}).json()["items"][0]["id"]
    values = {"site": name, "job": job, "number": "2", "path": "index.html", "page": "index.html", "viewport": "phone"}
    values |= {"template": "small-business", "slot": "preview"}
    definitions = document["components"]["schemas"]
    checked = 0
    for path, item in document["paths"].items():
        if "get" not in item:
            continue
        answer = world.root.get(re.sub(r"{(\w+)}", lambda found: values[found.group(1)], path)[1:])
        (media, content), *_ = item["get"]["responses"]["200"]["content"].items()
        assert answer.status_code == 200, (path, answer.text)
        assert answer.headers["content-type"].partition(";")[0] == media
        if media == "application/json":
            assert faults(content["schema"], answer.json(), definitions) == [], path
            checked += 1
    assert checked >= 12


def test_real_answers_to_posts_match_the_document(document: Document, world: World) -> None:
    name = world.site("second")
    posts = {
        "/sites": {"name": f"x{name[1:]}", "title": "Other", "template": "small-business"},
        "/sites/{site}/jobs": {"message": "Make it blue."},
        "/sites/{site}/versions/{number}/restore": None,
        "/sites/{site}/versions/{number}/undo": None,
        "/sites/{site}/versions/{number}/keep-asked": None,
        "/tokens": {"name": "x"},
        "/users": {"email": f"{name}@example.org"},
        "/sign-in-links": {"email": "ben@example.org"},
    }
    definitions = document["components"]["schemas"]
    for path, body in posts.items():
        client = world.root if path in ("/users", "/sign-in-links") else world.ana
        answer = client.post(path.replace("{site}", name).replace("{number}", "2")[1:], json=body)
        (status, described), *_ = document["paths"][path]["post"]["responses"].items()
        assert str(answer.status_code) == status, answer.text
        assert faults(described["content"]["application/json"]["schema"], answer.json(), definitions) == [], path
        if body is not None:
            taken = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
            assert faults(taken, body, definitions) == []
    world.worker.work()
    error = document["paths"]["/me"]["get"]["responses"]["default"]["content"]["application/problem+json"]["schema"]
    assert faults(error, world.api.client().get("me").json(), definitions) == []

"""Forms of answers are ours alone: a client can name one, and send no other."""

import json
from typing import Any

import pytest

from daemons.model.answer_forms import SCHEMAS
from daemons.model.dialects.functions import functions_request
from daemons.model.request_body import read_request
from shared.domain.errors import InvalidInput

NAME = "pagewright_scope"


def _read(**form: object) -> Any:  # noqa: ANN401
    return read_request(json.dumps({"input": "a", "text": {"format": form}}).encode())


def test_of_a_form_only_the_name_is_the_clients() -> None:
    theirs = {"type": "object", "properties": {"key": {"type": "string"}}}
    request = _read(type="json_schema", name=NAME, schema=theirs, description="Tell the key.")
    ours = {"type": "json_schema", "name": NAME, "strict": True, "schema": SCHEMAS[NAME]}
    assert request.answer_form == NAME
    assert request.build("m")["text"]["format"] == ours
    assert functions_request(request).build("m")["text"]["format"] == ours, "the other dialect has it too"


def test_text_is_no_form() -> None:
    request = _read(type="text")
    assert (request.answer_form, request.build("m")["text"]) == (None, {"format": {"type": "text"}})
    assert read_request(b'{"input": "a"}').answer_form is None


@pytest.mark.parametrize(
    "form",
    [
        {"type": "json_schema", "name": "mine", "schema": {"type": "object"}},
        {"type": "json_schema", "name": NAME, "strict": False},
        {"type": "json_object"},
        {"type": "json_schema"},
    ],
)
def test_every_other_form_is_refused(form: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match=r"text\.format"):
        _read(**form)


def test_each_schema_is_as_strict_as_endpoints_demand() -> None:
    def check(schema: dict[str, Any]) -> None:
        if schema["type"] == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == [*schema["properties"]]
        for inner in (*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])):
            check(inner)

    for schema in SCHEMAS.values():
        check(schema)

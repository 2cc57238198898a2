"""Answers as Codex understands them: calls of a free text tool are such calls, however the model wrote them."""

import json
from typing import Any

import pytest
from pydantic import TypeAdapter

from daemons.model.dialects.answers import AnswerMender
from daemons.model.request_parts import Item, Tool

PATCH = "*** Begin Patch\n*** Add File: a\n+ä\n*** End Patch"
TOOLS: list[Tool] = TypeAdapter(list[Tool]).validate_python(
    [
        {"type": "custom", "name": "apply_patch"},
        {"type": "function", "name": "exec_command"},
        {"type": "namespace", "name": "files", "tools": [{"type": "function", "name": "read"}]},
    ]
)
CALL: dict[str, Any] = {"type": "function_call", "id": "fc_1", "call_id": "c", "name": "apply_patch"}
SHELL: dict[str, Any] = CALL | {"name": "exec_command", "arguments": '{"cmd": "ls"}'}


def mended(*events: dict[str, Any]) -> list[dict[str, Any]]:
    mender = AnswerMender(TOOLS)
    return [told for event in events for told in mender.mend(event)]


def item(given: dict[str, Any]) -> dict[str, Any]:
    (event,) = mended({"type": "response.output_item.done", "output_index": 0, "item": given})
    (end,) = mended({"type": "response.completed", "response": {"output": [given], "usage": None}})
    assert end["response"] == {"output": [event["item"]], "usage": None}
    told: dict[str, Any] = event["item"]
    return told


def test_a_streamed_function_call_of_a_free_text_tool() -> None:
    arguments = json.dumps({"input": PATCH})
    place = {"output_index": 1, "item_id": "fc_1"}
    pieces = [arguments[:9], arguments[9:12], arguments[12:30], arguments[30:]]
    delta = "response.function_call_arguments.delta"
    told = mended(
        {"type": "response.output_item.added", "output_index": 1, "item": CALL | {"arguments": ""}},
        *({"type": delta, **place, "delta": piece} for piece in pieces),
        {"type": "response.function_call_arguments.done", **place, "arguments": arguments},
        {"type": "response.output_item.done", "output_index": 1, "item": CALL | {"arguments": arguments}},
    )
    call = {"type": "custom_tool_call", "id": "fc_1", "call_id": "c", "name": "apply_patch"}
    assert told[0]["item"] == call | {"input": ""}
    assert {event["type"] for event in told[1:-2]} == {"response.custom_tool_call_input.delta"}
    assert "".join(event["delta"] for event in told[1:-2]) == PATCH
    assert told[-2] == {"type": "response.custom_tool_call_input.done", **place, "input": PATCH}
    assert told[-1]["item"] == call | {"input": PATCH}


@pytest.mark.parametrize("own_id", [{"id": "fc_p", "call_id": "call_p"}, {"call_id": "fc_p"}])
def test_calls_side_by_side_without_numbers(own_id: dict[str, str]) -> None:
    """As llama.cpp streams them."""
    patch = {"type": "function_call", "name": "apply_patch", "arguments": "", **own_id}
    delta = {"type": "response.function_call_arguments.delta"}
    told = mended(
        {"type": "response.output_item.added", "item": SHELL | {"id": "fc_s", "arguments": ""}},
        {"type": "response.output_item.added", "item": patch},
        delta | {"item_id": "fc_p", "delta": '{"input": "a'},
        delta | {"item_id": "fc_s", "delta": '{"cmd": "ls'},
        delta | {"item_id": "fc_p", "delta": "b"},
    )
    assert [(event["type"].split(".")[1], event["delta"]) for event in told[2:]] == [
        ("custom_tool_call_input", "a"),
        ("function_call_arguments", '{"cmd": "ls'),
        ("custom_tool_call_input", "b"),
    ]


def test_the_pieces_of_other_calls_stay() -> None:
    events = [
        {"type": "response.output_item.added", "output_index": 0, "item": SHELL | {"arguments": ""}},
        {"type": "response.function_call_arguments.delta", "output_index": 0, "delta": '{"cmd"'},
        {"type": "response.output_text.delta", "output_index": 1, "delta": "a"},
        {"type": "response.output_item.done", "output_index": 2, "item": {"type": "message", "content": []}},
        {"type": "response.output_item.done", "output_index": 3, "item": None},
        {"type": "response.failed", "response": None},
    ]
    assert mended(*events) == events


def test_a_namespaced_call_stays_if_its_namespace_is_offered() -> None:
    call = CALL | {"name": "read", "namespace": "files", "arguments": "{}"}
    assert item(call) == call
    assert item(SHELL | {"namespace": "functions"}) == SHELL


def test_a_function_called_as_free_text_is_called_as_a_function() -> None:
    call = {"type": "custom_tool_call", "call_id": "c", "name": "exec_command", "input": '{"cmd": "ls"}'}
    assert item(call) == {"type": "function_call", "call_id": "c", "name": "exec_command", "arguments": '{"cmd": "ls"}'}


def test_arguments_may_be_an_object_and_the_call_may_lack_its_id() -> None:
    told = item({"type": "function_call", "id": "fc_9", "name": "functions.exec_command", "arguments": {"cmd": "ls"}})
    assert told == SHELL | {"id": "fc_9", "call_id": "fc_9"}


@pytest.mark.parametrize("name", ["functions:strange tool", "", None, 5])
@pytest.mark.parametrize("call_id", ["functions.exec_command:0", "a b\n", "x" * 999, None])
def test_whatever_the_model_calls_can_be_sent_back_to_us(name: object, call_id: object) -> None:
    told = item(CALL | {"name": name, "arguments": "{", "call_id": call_id})
    adapter: TypeAdapter[Any] = TypeAdapter(Item)
    assert adapter.validate_python(told).call_id

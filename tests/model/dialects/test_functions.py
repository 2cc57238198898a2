"""A request in the dialect of functions: one system message, functions alone, nothing that OpenAI alone understands."""

import json
from typing import Any

import pytest

from daemons.model.dialects.functions import functions_request
from daemons.model.request_body import read_request

IMAGE = "data:image/png;base64,iVBORw0KGgo="
PATCH = "*** Begin Patch\n*** End Patch"


def translated(**body: Any) -> dict[str, Any]:  # noqa: ANN401
    return functions_request(read_request(json.dumps({"input": []} | body).encode())).build("a-model")


def conversation(*items: dict[str, Any], **more: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    said: list[dict[str, Any]] = translated(input=items, **more)["input"]
    return said


def message(role: str, *texts: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    kind = "output_text" if role == "assistant" else "input_text"
    content = [{"type": kind, "text": text} for text in texts]
    return {"type": "message", "role": role, "content": content, "id": "msg_1", **more}


def test_all_rules_become_one_system_message_that_comes_first() -> None:
    said = conversation(
        message("developer", "one", "two"),
        message("user", "hello"),
        message("system", "three"),
        message("developer", "four"),
        instructions="zero",
    )
    assert said == [
        {"type": "message", "role": "system", "content": "zero\n\none\ntwo\n\nthree\n\nfour"},
        {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "hello"}]},
    ]


def test_a_request_of_one_text_is_a_persons_message() -> None:
    assert translated(input="hello")["input"] == [{"type": "message", "role": "user", "content": "hello"}]


def test_what_openai_adds_or_alone_understands_is_left_out() -> None:
    body = translated(
        input=[
            message("assistant", "hm", phase="commentary", status="completed"),
            {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "abc="},
            message("assistant", ""),
        ],
        include=["reasoning.encrypted_content"],
        text={"verbosity": "low"},
        reasoning={"effort": "medium"},
        parallel_tool_calls=True,
        max_output_tokens=100,
    )
    assert body == {
        "input": [{"type": "message", "role": "assistant", "content": "hm"}],
        "parallel_tool_calls": True,
        "max_output_tokens": 100,
        "model": "a-model",
        "store": False,
        "stream": True,
    }


def test_a_form_of_the_answer_stays() -> None:
    form = {"type": "text"}
    assert translated(text={"verbosity": "low", "format": form})["text"] == {"format": form}


def test_free_text_tools_their_calls_and_outputs_become_functions() -> None:
    tools = [
        {"type": "custom", "name": "apply_patch", "description": "Edits."},
        {"type": "function", "name": "exec_command", "parameters": {"type": "object"}},
        {"type": "namespace", "name": "n", "tools": []},
    ]
    body = translated(
        input=[
            {"type": "custom_tool_call", "id": "ctc_1", "call_id": "a:1", "name": "apply_patch", "input": PATCH},
            {"type": "custom_tool_call_output", "id": "ctco_1", "call_id": "a:1", "output": "Success."},
        ],
        tools=tools,
        tool_choice={"type": "custom", "name": "apply_patch"},
    )
    call, output = body["input"]
    assert call.pop("arguments") == json.dumps({"input": PATCH})
    assert call == {"type": "function_call", "call_id": "a:1", "name": "apply_patch"}
    assert output == {"type": "function_call_output", "call_id": "a:1", "output": "Success."}
    assert [(tool["type"], tool["name"]) for tool in body["tools"]] == [
        ("function", "apply_patch"),
        ("function", "exec_command"),
    ]
    assert body["tool_choice"] == {"type": "function", "name": "apply_patch"}


@pytest.mark.parametrize("arguments", ['{"cmd": "ls', "", "[1]", '"ls"'])
def test_arguments_of_earlier_calls_are_objects(arguments: str) -> None:
    """A template that reads them would fail for ever after."""
    (call,) = conversation({"type": "function_call", "call_id": "a", "name": "exec_command", "arguments": arguments})
    assert json.loads(call["arguments"]) == {"unreadable": arguments}


def test_pictures_of_tools_follow_all_outputs_in_a_persons_message() -> None:
    picture = {"type": "input_image", "image_url": IMAGE}
    said = conversation(
        {"type": "function_call_output", "call_id": "a", "output": [picture]},
        {"type": "function_call_output", "call_id": "b", "output": [{"type": "input_text", "text": "b"}]},
        message("user", "And?"),
        {"type": "function_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "c"}, picture]},
    )
    assert [item.get("output", item.get("role")) for item in said] == [
        "The picture is in the next message.",
        "b",
        "user",
        "user",
        "c\nThe picture is in the next message.",
        "user",
    ]
    shown = {"type": "input_image", "image_url": IMAGE, "detail": "auto"}
    assert said[2]["content"][1] == said[5]["content"][1] == shown


def test_a_persons_pictures_say_how_close_to_look() -> None:
    """vLLM refuses a picture without it."""
    content = [
        {"type": "input_image", "image_url": IMAGE},
        {"type": "input_image", "image_url": IMAGE, "detail": "high"},
    ]
    (said,) = conversation({"type": "message", "role": "user", "content": content})
    assert [part["detail"] for part in said["content"]] == ["auto", "high"]

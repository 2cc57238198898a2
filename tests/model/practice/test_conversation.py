"""What the practice model reads from a request: the person's last message, and the outputs that came after it."""

from typing import Any

import pytest

from daemons.model.practice.conversation import Conversation, ToolOutput, read_conversation
from daemons.model.request_body import ModelRequest


def said(text: str, role: str = "user") -> dict[str, Any]:
    kind = "output_text" if role == "assistant" else "input_text"
    return {"role": role, "content": [{"type": kind, "text": text}]}


CALL = {"type": "function_call", "call_id": "c1", "name": "exec_command", "arguments": "{}"}
OUTPUT = {"type": "function_call_output", "call_id": "c1", "output": "ok"}
PATCH = {"type": "custom_tool_call", "call_id": "c2", "name": "apply_patch", "input": ""}
PATCHED = {"type": "custom_tool_call_output", "call_id": "c2", "output": "Success"}


@pytest.mark.parametrize(
    ("items", "read"),
    [
        ([said("one"), CALL, OUTPUT, said("two")], Conversation("two", frozenset())),
        (
            [said("one"), CALL, OUTPUT, PATCH, PATCHED],
            Conversation("one", frozenset(), (ToolOutput("exec_command", "ok"), ToolOutput("apply_patch", "Success"))),
        ),
        ([said("one"), said("<environment_context>x</environment_context>")], Conversation("one", frozenset())),
        ([said("one"), said("hello", "assistant"), said("rules", "developer")], Conversation("one", frozenset())),
        ([said("one"), OUTPUT], Conversation("one", frozenset(), (ToolOutput("", "ok"),))),
    ],
)
def test_the_last_message_of_a_person_counts(items: list[dict[str, Any]], read: Conversation) -> None:
    assert read_conversation(ModelRequest.model_validate({"input": items})) == read


def test_the_tools_on_offer_are_known_by_name() -> None:
    tools = [{"type": "function", "name": "exec_command"}, {"type": "custom", "name": "apply_patch"}]
    request = ModelRequest.model_validate({"input": "hello", "tools": tools})
    assert read_conversation(request) == Conversation("hello", frozenset({"exec_command", "apply_patch"}))

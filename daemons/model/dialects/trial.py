"""A small request that only an endpoint of OpenAI's dialect answers well: with a call of a free text tool.

It has what Codex sends: rules of a developer, a free text tool with a grammar, and an earlier call of it.
"""

from collections.abc import Sequence

from daemons.model.event_stream import Event
from daemons.model.request_body import ENCRYPTED_REASONING, ModelRequest
from daemons.model.request_parts import (
    CustomCall,
    CustomFormat,
    CustomOutput,
    CustomTool,
    Item,
    Message,
    ReasoningWish,
    TextWish,
)

_TOOL = "apply_patch"
_MOST_TOKENS = 4000
_GRAMMAR = r"""start: "*** Begin Patch" LF add+ "*** End Patch" LF?
add: "*** Add File: " /(.+)/ LF ("+" /(.*)/ LF)+
%import common.LF
"""
_PATCH = "*** Begin Patch\n*** Add File: one.txt\n+one\n*** End Patch\n"


def trial_request() -> ModelRequest:
    """The request, as Codex writes its own."""
    grammar = CustomFormat(type="grammar", syntax="lark", definition=_GRAMMAR)
    return ModelRequest(
        input=_conversation(),
        tools=[CustomTool(type="custom", name=_TOOL, description="Writes files by a patch.", format=grammar)],
        tool_choice="auto",
        parallel_tool_calls=True,
        reasoning=ReasoningWish(effort="medium"),
        text=TextWish(verbosity="low"),
        include=[ENCRYPTED_REASONING],
        max_output_tokens=_MOST_TOKENS,
    )


def _conversation() -> list[Item]:
    return [
        Message(role="developer", content=f"You write files with the tool {_TOOL}."),
        Message(role="developer", content="You call the tool at once, and explain nothing."),
        Message(role="user", content="Write the file one.txt with the line: one"),
        CustomCall(type="custom_tool_call", call_id="call_1", name=_TOOL, input=_PATCH),
        CustomOutput(type="custom_tool_call_output", call_id="call_1", output="Success."),
        Message(role="assistant", content="Done."),
        Message(role="user", content="Write the file two.txt with the line: two"),
    ]


def calls_free_text(events: Sequence[Event]) -> bool:
    """Whether the answer has a call of the tool as free text."""
    items = [event.get("item") for event in events if event["type"] == "response.output_item.done"]
    return any(
        isinstance(item, dict) and (item.get("type"), item.get("name")) == ("custom_tool_call", _TOOL) for item in items
    )

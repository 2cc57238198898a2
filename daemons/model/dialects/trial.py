"""A small request that only an endpoint of OpenAI's dialect answers well: with a call of a free text tool.

It has what Codex sends: rules of a developer, a free text tool with a grammar, and an earlier call of it.
"""

from collections.abc import Sequence

from daemons.model.codex_request import codex_request
from daemons.model.event_stream import StreamEvent
from daemons.model.request_body import ModelRequest
from daemons.model.request_parts import CustomCall, CustomFormat, CustomOutput, CustomTool, Item, MessageItem

_TOOL = "apply_patch"
_CALL = ("custom_tool_call", _TOOL)
_GRAMMAR = r"""start: "*** Begin Patch" LF add+ "*** End Patch" LF?
add: "*** Add File: " /(.+)/ LF ("+" /(.*)/ LF)+
%import common.LF
"""
_PATCH = "*** Begin Patch\n*** Add File: one.txt\n+one\n*** End Patch\n"


def trial_request() -> ModelRequest:
    """The request, as Codex writes its own."""
    grammar = CustomFormat(type="grammar", syntax="lark", definition=_GRAMMAR)
    tool = CustomTool(type="custom", name=_TOOL, description="Writes files by a patch.", format=grammar)
    return codex_request(_conversation(), [tool])


def _conversation() -> list[Item]:
    return [
        MessageItem(role="developer", content=f"You write files with the tool {_TOOL}."),
        MessageItem(role="developer", content="You call the tool at once, and explain nothing."),
        MessageItem(role="user", content="Write the file one.txt with the line: one"),
        CustomCall(type="custom_tool_call", call_id="call_1", name=_TOOL, input=_PATCH),
        CustomOutput(type="custom_tool_call_output", call_id="call_1", output="Success."),
        MessageItem(role="assistant", content="Done."),
        MessageItem(role="user", content="Write the file two.txt with the line: two"),
    ]


def knows_free_text(events: Sequence[StreamEvent]) -> bool | None:
    """Whether the endpoint knows free text tools, by its answer; None if that does not tell.

    A call of the tool proves it, however the answer ended. Without a call only a complete answer proves the opposite.
    """
    items = [event.get("item") for event in events if event["type"] == "response.output_item.done"]
    if any(isinstance(item, dict) and (item.get("type"), item.get("name")) == _CALL for item in items):
        return True
    return False if events[-1]["type"] == "response.completed" else None

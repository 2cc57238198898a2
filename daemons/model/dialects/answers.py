"""The events of an answer, mended: each tool call names an offered tool, and is of the kind that this tool takes."""

import json
import re
from collections.abc import Iterator, Sequence

from daemons.model.dialects.custom_tools import TextStream, unwrapped
from daemons.model.dialects.tool_names import offered_name
from daemons.model.event_stream import ENDS, StreamEvent
from daemons.model.request_parts import CustomTool, FunctionTool, NamespaceTool, Tool

# Codex sends an id back to us with the next request.
_NOT_IN_IDS, _MOST_OF_AN_ID = re.compile(r"[^!-~]"), 256
_ITEMS = ("response.output_item.added", "response.output_item.done")
_ARGUMENTS = "response.function_call_arguments."
_INPUT = "response.custom_tool_call_input."


class AnswerMender:
    """Mends the events of one answer to a request that offered these tools."""

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._functions = {tool.name for tool in tools if isinstance(tool, FunctionTool)}
        self._customs = {tool.name for tool in tools if isinstance(tool, CustomTool)}
        self._namespaces = {tool.name for tool in tools if isinstance(tool, NamespaceTool)}
        self._streams: dict[object, TextStream] = {}

    def mend(self, event: StreamEvent) -> Iterator[StreamEvent]:
        """The events that Codex gets for this one: usually the same event."""
        if event["type"] in _ITEMS:
            yield self._with_item(event)
        elif event["type"] in ENDS:
            yield self._with_output(event)
        elif event["type"].startswith(_ARGUMENTS) and (stream := self._stream(event)):
            yield from _as_text(event, stream)
        else:
            yield event

    def _with_item(self, event: StreamEvent) -> StreamEvent:
        item = event.get("item")
        if not isinstance(item, dict):
            return event
        mended = self._item(item)
        if item.get("type") == "function_call" and mended["type"] != "function_call":
            stream = TextStream()
            for key in (event.get("output_index"), item.get("id"), item.get("call_id")):
                self._streams.setdefault(key, stream)
        return event | {"item": mended}

    def _stream(self, event: StreamEvent) -> TextStream | None:
        """The call whose arguments go on; llama.cpp numbers no items, and older versions give a call no second id."""
        key = event.get("item_id")
        return self._streams.get(event.get("output_index") if key is None else key)

    def _with_output(self, event: StreamEvent) -> StreamEvent:
        response = event.get("response")
        output = response.get("output") if isinstance(response, dict) else None
        if not isinstance(response, dict) or not isinstance(output, list):
            return event
        mended = [self._item(item) if isinstance(item, dict) else item for item in output]
        return event | {"response": response | {"output": mended}}

    def _item(self, item: StreamEvent) -> StreamEvent:
        """An output item; a call gets the name and the kind of a tool that was offered."""
        if item.get("type") not in ("function_call", "custom_tool_call"):
            return item
        if item.get("namespace") in self._namespaces:
            return item
        call = {key: value for key, value in item.items() if key not in ("namespace", "arguments", "input")}
        call["name"] = offered_name(str(item.get("name")), self._functions | self._customs)
        call["call_id"] = _NOT_IN_IDS.sub("_", str(item.get("call_id") or item.get("id") or "call"))[:_MOST_OF_AN_ID]
        given = item.get("arguments" if item["type"] == "function_call" else "input", "")
        text = given if isinstance(given, str) else json.dumps(given)
        if call["name"] in self._customs:
            was_function = item["type"] == "function_call"
            return call | {"type": "custom_tool_call", "input": unwrapped(text) if was_function else text}
        is_function = item["type"] == "function_call" or call["name"] in self._functions
        return call | ({"type": "function_call", "arguments": text} if is_function else {"input": text})


def _as_text(event: StreamEvent, stream: TextStream) -> Iterator[StreamEvent]:
    """A piece of a function's arguments as the piece of text that it holds."""
    place: StreamEvent = {key: event[key] for key in ("item_id", "output_index", "sequence_number") if key in event}
    if event["type"] == f"{_ARGUMENTS}done":
        yield {"type": f"{_INPUT}done", **place, "input": unwrapped(str(event.get("arguments", "")))}
    elif text := stream.feed(str(event.get("delta", ""))):
        yield {"type": f"{_INPUT}delta", **place, "delta": text}

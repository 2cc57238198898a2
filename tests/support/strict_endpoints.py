"""Doubles of servers that speak the Responses API less well than OpenAI: each refuses what the real one refuses.

    scripted_endpoint.decide(serve(vllm, practice))       # what it takes, and what its model does
    scripted_endpoint.decide(serve(llama_cpp, practice, prefix="functions."))

A server reads a request's JSON and raises `Refused`; what it knows of the tools and of the conversation it gives to the
model, which answers with one step. vLLM's rules are those of its `ResponsesRequest` (0.33), made of the official
library's types; llama.cpp's and Ollama's are those of their converters to chat messages.
"""

import base64
import json
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from daemons.model.practice.conversation import read_conversation
from daemons.model.practice.planning import Patch, Say, Shell, Step, next_step
from daemons.model.probe.trial_site import COLOURS
from daemons.model.request_body import read_request
from tests.support.scripted_endpoint import Answer, Event, Received, completed, events, failure, items

_PIECE = 7  # characters of one delta


class Refused(Exception):
    """The server's 400."""


@dataclass(frozen=True)
class Chat:
    """A request as the server's model sees it: function tools by name, and chat messages."""

    tools: frozenset[str]
    messages: tuple[Event, ...]


Server = Callable[[Event], Chat]
Model = Callable[[Chat], "Step | Look"]


def serve(
    server: Server, model: Model, *, prefix: str = "", raw_patch: bool = False, free_text: bool = False
) -> Callable[[Received], Answer]:
    """What the endpoint answers; `prefix` comes before the names of tools, a raw patch is no JSON or even free text."""

    def decide(received: Received) -> Answer:
        try:
            chat = server(received.json)
        except Refused as refusal:
            return failure(400, "invalid_request_error", str(refusal))
        step = model(chat)
        calls = sum(message["role"] == "tool" for message in chat.messages)
        item = _item(step, f"{prefix}{_tool(step)}", calls, raw_patch=raw_patch)
        if free_text and isinstance(step, Patch):
            item = item | {"type": "custom_tool_call", "input": step.text}
            return items({key: value for key, value in item.items() if key != "arguments"})
        return events(*_stream(item))

    return decide


@dataclass(frozen=True)
class Look:
    """Look at a picture."""

    path: str


def capable(chat: Chat) -> Step | Look:
    """A model that also does the small tasks by which an endpoint is tried, with the tools that reached it."""
    asked, tools, answers = _asked(chat)
    if written := re.fullmatch(r"Write the file (\S+) with the line: (.*)", asked):
        patch = f"*** Begin Patch\n*** Add File: {written[1]}\n+{written[2]}\n*** End Patch"
        return Patch(patch) if "apply_patch" in tools and not answers else Say("Done.")
    if changed := re.search(r"change the line `(.*)` to `(.*)`", asked):
        patch = f"*** Begin Patch\n*** Update File: hours.html\n@@\n-{changed[1]}\n+{changed[2]}\n*** End Patch"
        return Patch(patch) if "apply_patch" in tools and not answers else Say("Done.")
    if command := re.search(r"Run the command `(.*)`", asked):
        return Say(f"It says: {answers[-1].split()[-1]}") if answers else Shell(command[1])
    if looked := re.search(r"Look at the picture (\S+)", asked):
        return Say(" and ".join(_colours(chat))) if answers else Look(looked[1])
    return practice(chat)


def without_patches(chat: Chat) -> Step | Look:
    """A model that has never seen a patch."""
    return Say("I can't.") if "change the line" in _asked(chat)[0] else capable(chat)


def talkative(_: Chat) -> Step:
    """A model that calls nothing."""
    return Say("I would run `cat code.txt`, which prints apricot bramble cobbler, on a red and green picture.")


def _asked(chat: Chat) -> tuple[str, frozenset[str], list[str]]:
    """What was asked last, the tools, and what they have said since."""
    asked, answers = "", list[str]()
    for message in chat.messages:
        text = _words(message["content"])
        if message["role"] == "user" and "showed" not in text:
            asked, answers = text, []
        elif message["role"] == "tool":
            answers.append(text)
    return asked, chat.tools, answers


def _words(content: str | list[Event]) -> str:
    return content if isinstance(content, str) else " ".join(part.get("text", "") for part in content)


def _colours(chat: Chat) -> list[str]:
    """The colours of the first and the last pixel of the picture in the conversation."""
    parts = [part for message in chat.messages if isinstance(message["content"], list) for part in message["content"]]
    url = next(part["image_url"] for part in parts if part["type"] == "input_image")
    png = base64.b64decode(url.partition(",")[2])
    start = png.index(b"IDAT")
    rows = zlib.decompress(png[start + 4 : start + 4 + int.from_bytes(png[start - 4 : start], "big")])
    return [name for end in (rows[1:4], rows[-3:]) for name, colour in COLOURS.items() if bytes(colour) == end]


def practice(chat: Chat) -> Step:
    """A model that does what the practice model does, with the tools that reached it."""
    names = {call["id"]: call["name"] for message in chat.messages for call in message.get("calls", ())}
    said: list[Event] = []
    for message in chat.messages:
        if message["role"] == "tool":
            call = {"type": "function_call", "call_id": message["id"], "name": names[message["id"]], "arguments": "{}"}
            said += [call, {"type": "function_call_output", "call_id": message["id"], "output": message["content"]}]
        elif message["role"] == "user":
            said.append({"type": "message", "role": "user", "content": message["content"]})
    tools = [{"type": "function", "name": name} for name in sorted(chat.tools)]
    return next_step(read_conversation(read_request(json.dumps({"input": said, "tools": tools}).encode())))


def _tool(step: Step | Look) -> str:
    return {Shell: "exec_command", Patch: "apply_patch", Look: "view_image", Say: ""}[type(step)]


def _item(step: Step | Look, name: str, number: int, *, raw_patch: bool) -> Event:
    call = {"type": "function_call", "id": f"fc_{number}", "call_id": f"{name}:{number}", "name": name}
    match step:
        case Shell(command):
            return call | {"arguments": json.dumps({"cmd": command, "yield_time_ms": 30_000})}
        case Patch(text):
            return call | {"arguments": text if raw_patch else json.dumps({"input": text})}
        case Look(path):
            return call | {"arguments": json.dumps({"path": path})}
        case Say(text):
            content = [{"type": "output_text", "text": text, "annotations": [], "logprobs": None}]
            return {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": content}


def _stream(item: Event) -> Iterator[Event]:
    """The answer as vLLM and llama.cpp stream it: a call's arguments piece by piece."""
    yield {"type": "response.created", "response": {"id": "resp_1", "object": "response", "status": "in_progress"}}
    place = {"output_index": 0, "item_id": item["id"]}
    if "arguments" in item:
        text = item["arguments"]
        yield {"type": "response.output_item.added", "output_index": 0, "item": item | {"arguments": ""}}
        for start in range(0, len(text), _PIECE):
            delta = text[start : start + _PIECE]
            yield {"type": "response.function_call_arguments.delta", **place, "delta": delta}
        yield {"type": "response.function_call_arguments.done", **place, "name": item["name"], "arguments": text}
    yield {"type": "response.output_item.done", "output_index": 0, "item": item}
    yield completed(item)


# What each server takes.


@cache
def _official() -> tuple[TypeAdapter[Any], TypeAdapter[Any]]:
    """What the official library takes for input items and tools; loaded late, as each run of pytest loads this file."""
    from openai.types.responses import ResponseInputItemParam  # noqa: PLC0415
    from openai.types.responses.tool import Tool  # noqa: PLC0415

    return TypeAdapter(ResponseInputItemParam), TypeAdapter(Tool)


def openai(body: Event) -> Chat:
    """Takes free text tools, and their calls and outputs."""
    calls = [_as_function_call(item) for item in body["input"]]
    tools = [tool | {"type": "function"} for tool in body.get("tools", ())]
    return _chat(body | {"input": calls, "tools": tools})


def vllm(body: Event) -> Chat:
    """Validates each item and tool; knows no grammar, no encrypted reasoning, and no broken JSON in the history."""
    input_item, official_tool = _official()
    for number, item in enumerate(body["input"]):
        _validate(input_item, item, f"input.{number}")
    for tool in body.get("tools", ()):
        _validate(official_tool, tool, "tools")
        if tool["type"] == "custom":
            raise Refused("Custom tools with a grammar format are not supported.")
    if any(item.get("encrypted_content") for item in body["input"]):
        raise Refused("Encrypted content is not supported.")
    return _chat(body)


def llama_cpp(body: Event) -> Chat:
    """Skips tools that are no functions; takes text alone from tools; its template wants JSON objects as arguments."""
    for item in body["input"]:
        if item["type"] not in ("message", "function_call", "function_call_output"):
            raise Refused("Cannot determine type of 'item'")
        if item["type"] == "function_call_output" and not isinstance(item["output"], str):
            raise Refused("Output of tool call should be 'Input text'")
    return _chat(body)


def old_llama_cpp(body: Event) -> Chat:
    """Before it skipped them, it refused tools that are no functions."""
    if any(tool["type"] != "function" for tool in body.get("tools", ())):
        raise Refused("'type' of tool must be 'function'")
    return llama_cpp(body)


def ollama(body: Event) -> Chat:
    """Takes any tool for a function; refuses items that it does not know, and thinking of models that don't think."""
    for item in body["input"]:
        if item["type"] not in ("message", "function_call", "function_call_output", "reasoning"):
            raise Refused(f"unknown input item type: {item['type']!r}")
    if body.get("reasoning", {}).get("effort"):
        raise Refused('"qwen3-coder:30b" does not support thinking')
    return _chat(body)


def qwen(body: Event) -> Chat:
    """vLLM with a template that wants system text once, and first; it knows no developer."""
    chat = vllm(body)
    roles = [message["role"] for message in chat.messages]
    if "developer" in roles:
        raise Refused("Unexpected message role.")
    if "system" in roles[1:]:
        raise Refused("System message must be at the beginning.")
    return chat


def no_additions(body: Event) -> Chat:
    """Refuses every field that OpenAI adds to its own items, and every parameter that is its own."""
    known = {"type", "role", "content", "call_id", "name", "arguments", "output"}
    for number, item in enumerate(body["input"]):
        if more := item.keys() - known:
            raise Refused(f"input[{number}]: Extra inputs are not permitted: {sorted(more)}")
    if more := {"include", "prompt_cache_key", "reasoning", "text"} & body.keys():
        raise Refused(f"Extra inputs are not permitted: {sorted(more)}")
    return qwen(body)


SERVERS: dict[str, Server] = {
    "vLLM": vllm,
    "llama.cpp": llama_cpp,
    "old llama.cpp": old_llama_cpp,
    "Ollama": ollama,
    "Qwen": qwen,
    "no additions": no_additions,
}


def _validate(adapter: TypeAdapter[Any], value: Event, where: str) -> None:
    try:
        adapter.validate_python(value)
    except ValidationError as error:
        raise Refused(f"{len(error.errors())} validation errors for {where}") from None


def _chat(body: Event) -> Chat:
    """The request as chat messages; raises Refused for what a template can't render."""
    lead = [{"role": "system", "content": body["instructions"]}] if body.get("instructions") else []
    messages = [*lead, *(_message(item) for item in body["input"] if item["type"] != "reasoning")]
    tools = frozenset(tool["name"] for tool in body.get("tools", ()) if tool["type"] == "function")
    return Chat(tools, tuple(messages))


def _as_function_call(item: Event) -> Event:
    if item["type"] == "custom_tool_call":
        return {**item, "type": "function_call", "arguments": json.dumps({"input": item["input"]})}
    return item | {"type": item["type"].replace("custom_tool_call_output", "function_call_output")}


def _message(item: Event) -> Event:
    if item["type"] == "message":
        return {"role": item["role"], "content": item["content"]}
    if item["type"] == "function_call_output":
        return {"role": "tool", "id": item["call_id"], "content": item["output"]}
    if item["type"] != "function_call":
        raise Refused(f"Unsupported input item type: {item['type']}")
    try:
        arguments = json.loads(item["arguments"])
    except ValueError:
        raise Refused("Failed to parse tool call arguments as JSON") from None
    call = {"id": item["call_id"], "name": item["name"], "arguments": arguments}
    return {"role": "assistant", "content": "", "calls": [call]}

"""A step of the practice model as the events of a Responses API stream."""

import hashlib
import json
from collections.abc import Iterator

from daemons.model.event_stream import StreamEvent
from daemons.model.practice.conversation import read_conversation
from daemons.model.practice.planning import Patch, Say, Shell, Step, Wait, next_step
from daemons.model.practice.question_answers import answer_question
from daemons.model.request_body import ModelRequest

_SHELL_WAIT = 30_000  # milliseconds until Codex gives up waiting for a command and reports it as still running


def answer_events(request: ModelRequest, model: str) -> Iterator[StreamEvent]:
    """The events that answer a request. The same request always gets the same answer."""
    conversation = read_conversation(request)
    form = request.answer_form
    step = answer_question(form, conversation.message) if form else next_step(conversation)
    seed = request.model_dump_json()
    name = hashlib.sha256(seed.encode()).hexdigest()[:32]
    item = _item(step, name)
    response = _response(name, model)
    events: list[StreamEvent] = [
        {"type": "response.created", "response": response},
        {"type": "response.in_progress", "response": response},
        {"type": "response.output_item.added", "output_index": 0, "item": item | _begun(item)},
        *_text_events(item),
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": response | _ended(item, seed)},
    ]
    for number, event in enumerate(events):
        yield event | {"sequence_number": number}


def _item(step: Step, name: str) -> StreamEvent:
    match step:
        case Shell(command):
            return _function_call(name, "exec_command", {"cmd": command, "yield_time_ms": _SHELL_WAIT})
        case Wait(session):
            return _function_call(name, "write_stdin", {"session_id": session, "yield_time_ms": _SHELL_WAIT})
        case Patch(text):
            call = {"type": "custom_tool_call", "id": f"ctc_{name}", "call_id": f"call_{name}", "status": "completed"}
            return call | {"name": "apply_patch", "input": text}
        case Say(text):
            content = [{"type": "output_text", "text": text, "annotations": []}]
            return {
                "type": "message",
                "id": f"msg_{name}",
                "status": "completed",
                "role": "assistant",
                "content": content,
            }


def _function_call(name: str, tool: str, arguments: StreamEvent) -> StreamEvent:
    call = {"type": "function_call", "id": f"fc_{name}", "call_id": f"call_{name}", "status": "completed"}
    return call | {"name": tool, "arguments": json.dumps(arguments)}


def _begun(item: StreamEvent) -> StreamEvent:
    """What an item looks like when its stream begins: empty."""
    empty = {"content": [], "arguments": "", "input": ""}
    return {"status": "in_progress"} | {key: value for key, value in empty.items() if key in item}


def _text_events(item: StreamEvent) -> list[StreamEvent]:
    if item["type"] != "message":
        return []
    part = item["content"][0]
    place = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    return [
        {"type": "response.content_part.added", **place, "part": part | {"text": ""}},
        {"type": "response.output_text.delta", **place, "delta": part["text"], "logprobs": []},
        {"type": "response.output_text.done", **place, "text": part["text"], "logprobs": []},
        {"type": "response.content_part.done", **place, "part": part},
    ]


def _response(name: str, model: str) -> StreamEvent:
    return {
        "id": f"resp_{name}",
        "object": "response",
        "created_at": 0,
        "status": "in_progress",
        "model": model,
        "output": [],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "usage": None,
    }


def _ended(item: StreamEvent, request: str) -> StreamEvent:
    """The end of the response. The practice model counts a token for four characters, in and out."""
    tokens_in, tokens_out = len(request) // 4 + 1, len(json.dumps(item)) // 4 + 1
    usage = {
        "input_tokens": tokens_in,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": tokens_out,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": tokens_in + tokens_out,
    }
    return {"status": "completed", "output": [item], "usage": usage}

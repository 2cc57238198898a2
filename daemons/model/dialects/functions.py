"""A request for endpoints that know messages, function tools and pictures of a person, and nothing else.

Free text tools become functions; all that a system or a developer said becomes one system message, which comes first;
what OpenAI alone understands, or adds to its own answers, is left out.
"""

import json

from daemons.model.dialects.custom_tools import as_function, wrapped
from daemons.model.request_body import ModelRequest
from daemons.model.request_parts import (
    Content,
    CustomCall,
    CustomOutput,
    CustomTool,
    FunctionCall,
    FunctionOutput,
    FunctionTool,
    InputImage,
    InputText,
    Item,
    MessageItem,
    NamedTool,
    NamespaceTool,
    Reasoning,
    Refusal,
    TextOptions,
    Tool,
)

_SEEN_BELOW = "The picture is in the next message."
_PICTURES = "What the tool showed:"


def functions_request(request: ModelRequest) -> ModelRequest:
    """The same request as such an endpoint takes it."""
    choice = request.tool_choice
    return ModelRequest(
        input=_conversation(request),
        tools=[_as_function(tool) for tool in request.tools or () if not isinstance(tool, NamespaceTool)] or None,
        tool_choice=NamedTool(type="function", name=choice.name) if isinstance(choice, NamedTool) else choice,
        parallel_tool_calls=request.parallel_tool_calls,
        text=TextOptions(format=request.text.format) if request.text and request.text.format else None,
        max_output_tokens=request.max_output_tokens,
    )


def _as_function(tool: FunctionTool | CustomTool) -> Tool:
    return as_function(tool) if isinstance(tool, CustomTool) else tool


def _conversation(request: ModelRequest) -> list[Item]:
    said = [MessageItem(role="user", content=request.input)] if isinstance(request.input, str) else request.input
    rules = [request.instructions or ""]
    rules += [_text(item.content) for item in said if _is_rule(item) and isinstance(item, MessageItem)]
    system = "\n\n".join(filter(None, rules))
    lead: list[Item] = [MessageItem(role="system", content=system)] if system else []
    return lead + _turns([item for item in said if not _is_rule(item)])


def _is_rule(item: Item) -> bool:
    return isinstance(item, MessageItem) and item.role in ("system", "developer")


def _turns(items: list[Item]) -> list[Item]:
    """The items, and after each group of tool outputs a message with the pictures that were in them."""
    turns: list[Item] = []
    pictures: list[Content] = []
    for item in items:
        if isinstance(item, FunctionOutput | CustomOutput):
            turns.append(FunctionOutput(type="function_call_output", call_id=item.call_id, output=_output(item.output)))
            pictures += _pictures(item.output)
        elif plain := _plain(item):
            turns += [*_shown(pictures), plain]
            pictures = []
    return turns + _shown(pictures)


def _plain(item: Item) -> Item | None:
    """An item without what OpenAI adds; None if nobody else understands it."""
    match item:
        case MessageItem(role="assistant"):
            text = _text(item.content)
            return MessageItem(role="assistant", content=text) if text else None
        case MessageItem():
            return MessageItem(role=item.role, content=_with_detail(item.content))
        case FunctionCall():
            arguments = item.arguments if _is_object(item.arguments) else json.dumps({"unreadable": item.arguments})
            return FunctionCall(type="function_call", call_id=item.call_id, name=item.name, arguments=arguments)
        case CustomCall():
            arguments = wrapped(item.input)
            return FunctionCall(type="function_call", call_id=item.call_id, name=item.name, arguments=arguments)
        case Reasoning() | FunctionOutput() | CustomOutput():
            return None


def _is_object(arguments: str) -> bool:
    """Whether arguments are a JSON object: chat templates read those of earlier calls, and fail at anything else."""
    try:
        return isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        return False


def _text(content: str | list[Content]) -> str:
    if isinstance(content, str):
        return content
    said = [part for part in content if not isinstance(part, InputImage)]
    return "\n".join(part.refusal if isinstance(part, Refusal) else part.text for part in said)


def _output(output: str | list[Content]) -> str:
    return "\n".join(filter(None, (_text(output), _SEEN_BELOW if _pictures(output) else "")))


def _pictures(output: str | list[Content]) -> list[Content]:
    found = [] if isinstance(output, str) else [part for part in output if isinstance(part, InputImage)]
    return [*_with_detail(list(found))]


def _with_detail(content: str | list[Content]) -> str | list[Content]:
    """Each picture with the detail that some servers demand."""
    if isinstance(content, str):
        return content
    closer = {"detail": "auto"}
    return [
        part.model_copy(update=closer) if isinstance(part, InputImage) and part.detail is None else part
        for part in content
    ]


def _shown(pictures: list[Content]) -> list[Item]:
    words = InputText(type="input_text", text=_PICTURES)
    return [MessageItem(role="user", content=[words, *pictures])] if pictures else []

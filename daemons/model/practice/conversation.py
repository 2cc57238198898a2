"""Reads from a request what the practice model needs: the person's last message and the tool outputs since."""

from dataclasses import dataclass

from daemons.model.request_body import ModelRequest
from daemons.model.request_parts import (
    Content,
    CustomCall,
    CustomOutput,
    FunctionCall,
    FunctionOutput,
    InputText,
    MessageItem,
)

# Codex describes the machine in messages that look like a person's.
_MACHINE = ("<environment_context>", "<user_instructions>", "<permissions", "<skill", "<image ", "</image>")


@dataclass(frozen=True)
class ToolOutput:
    """What one tool call gave back."""

    tool: str
    text: str


@dataclass(frozen=True)
class Conversation:
    """The message, the tools on offer, and the outputs so far, oldest first."""

    message: str
    tools: frozenset[str]
    outputs: tuple[ToolOutput, ...] = ()


def read_conversation(request: ModelRequest) -> Conversation:
    """The conversation in a request."""
    tools = frozenset(tool.name for tool in request.tools or ())
    if isinstance(request.input, str):
        return Conversation(request.input, tools)
    message, names, outputs = "", dict[str, str](), list[ToolOutput]()
    for item in request.input:
        match item:
            case MessageItem(role="user") if text := _words(item.content):
                message, outputs = text, []
            case FunctionCall() | CustomCall():
                names[item.call_id] = item.name
            case FunctionOutput() | CustomOutput():
                outputs.append(ToolOutput(names.get(item.call_id, ""), _text(item.output)))
    return Conversation(message, tools, tuple(outputs))


def _text(content: str | list[Content]) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(part.text for part in content if isinstance(part, InputText))


def _words(content: str | list[Content]) -> str:
    """A message's words without what Codex says about the machine."""
    parts = [content] if isinstance(content, str) else [part.text for part in content if isinstance(part, InputText)]
    return "\n".join(part for part in parts if not part.lstrip().startswith(_MACHINE))

"""Writes Codex's configuration for one job: the fixed part, our instructions, and the conversation so far."""

import json
from collections.abc import Sequence
from importlib import resources

from shared.domain.vocabulary import ChatMessage

_PACKAGE = resources.files(__package__)
_SPEAKERS = {"user": "Owner", "agent": "You"}


_COMPACTED_AT = 0.8  # of the context; the rest is for the summary, and for what one tool may say


def render_config(conversation: Sequence[ChatMessage], context_tokens: int | None = None, further: str = "") -> str:
    """The configuration's text. Whatever people said goes into a string, where it can't become configuration.

    `context_tokens` is how much the model reads at once; None if Codex knows it itself. `further` tells of files that
    came with the request, and of what it concerns.
    """
    instructions = (_PACKAGE / "instructions.md").read_text()
    if conversation:
        instructions += "\nEarlier in this conversation, for context only; the request that counts comes last:\n"
        instructions += "".join(f"- {_SPEAKERS[remark.role]}: {remark.text}\n" for remark in conversation)
    instructions += further
    said = f"developer_instructions = {_toml_string(instructions)}\n"
    return said + context_limits(context_tokens) + (_PACKAGE / "config.toml").read_text()


def context_limits(tokens: int | None) -> str:
    """The lines that make Codex shorten the conversation before it gets too long for the model."""
    if tokens is None:
        return ""
    return f"model_context_window = {tokens}\nmodel_auto_compact_token_limit = {int(tokens * _COMPACTED_AT)}\n"


def _toml_string(text: str) -> str:
    """A TOML basic string. JSON escapes all that TOML forbids, except DEL and lone surrogates."""
    whole = text.encode(errors="replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")

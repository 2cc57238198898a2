"""Builds requests in Codex's form, for the daemon's own questions to a model."""

from collections.abc import Sequence

from daemons.model.request_body import ENCRYPTED_REASONING, ModelRequest
from daemons.model.request_parts import Item, ReasoningOptions, TextOptions, Tool

_MOST_TOKENS = 4000  # of one answer, thinking included


def codex_request(conversation: Sequence[Item], tools: Sequence[Tool]) -> ModelRequest:
    """The request that goes on with this conversation."""
    return ModelRequest(
        input=list(conversation),
        tools=list(tools),
        tool_choice="auto",
        parallel_tool_calls=True,
        reasoning=ReasoningOptions(effort="medium"),
        text=TextOptions(verbosity="low"),
        include=[ENCRYPTED_REASONING],
        max_output_tokens=_MOST_TOKENS,
    )

"""Codex's configuration for one job: the fixed part, our instructions, and what was said before."""

import json
from collections.abc import Sequence
from importlib import resources

from shared.vocabulary import Remark

_PACKAGE = resources.files(__package__)
_SPEAKERS = {"user": "Owner", "agent": "You"}


def render_config(conversation: Sequence[Remark]) -> str:
    """The configuration's text. What people said is data in a string, whatever characters it has."""
    instructions = (_PACKAGE / "instructions.md").read_text()
    if conversation:
        instructions += "\nEarlier in this conversation, for context only; the request that counts comes last:\n"
        instructions += "".join(f"- {_SPEAKERS[remark.role]}: {remark.text}\n" for remark in conversation)
    return f"developer_instructions = {_toml_string(instructions)}\n" + (_PACKAGE / "config.toml").read_text()


def _toml_string(text: str) -> str:
    """A TOML basic string: JSON's, which escapes all that TOML forbids but for DEL and lone surrogates."""
    whole = text.encode(errors="replace").decode()
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007f")

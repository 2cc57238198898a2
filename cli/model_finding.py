"""Lets the model daemon try its model, and says how it did."""

import asyncio
from pathlib import Path

from shared.clients.model import ModelClient, ModelUnreachable
from shared.domain.errors import Unavailable
from shared.domain.model_probe import ProbeVerdict
from shared.domain.tickets import issue_ticket
from shared.domain.vocabulary import new_id

_SECONDS = 330  # a little longer than the daemon takes at most
_PRACTICE = "the practice model: it follows a few set instructions, and nothing else"


def try_model(address: str, ticket_key: Path) -> str:
    """What the model is good for; raises Unavailable with the reason if it is good for nothing."""
    key = ticket_key.read_text(encoding="utf-8").strip().encode()
    try:
        return asyncio.run(_try(address, issue_ticket(key, job=new_id(), site="doctor", seconds=60)))
    except ModelUnreachable:
        raise Unavailable("The model daemon does not answer.", "Its journal says why.") from None


async def _try(address: str, ticket: str) -> str:
    async with ModelClient(address, ticket, _SECONDS) as model:
        facts = await model.facts()
        if facts.practice:
            return _PRACTICE
        probe = await model.probe()
    if probe.verdict is ProbeVerdict.UNUSABLE:
        raise Unavailable(f"{facts.name} is {probe.sentence}.", "docs/models.md tells how a model's server is set up.")
    tokens = probe.input_tokens + probe.output_tokens
    return f"{facts.name} {probe.sentence} ({tokens:,} tokens)"

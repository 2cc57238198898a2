"""Lets the model daemon try its model, and says how it did."""

import asyncio
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from shared.clients.daemon import AsyncClient, TransportError, error_from, open_client
from shared.domain.errors import Unavailable
from shared.domain.model_probe import ModelProbe, Verdict
from shared.domain.tickets import issue_ticket
from shared.domain.vocabulary import new_id

_SECONDS = 330  # a little longer than the daemon takes at most
_PRACTICE = "the practice model: it follows a few set instructions, and nothing else"


def try_model(address: str, ticket_key: Path) -> str:
    """What the model is good for; raises Unavailable with the reason if it is good for nothing."""
    key = ticket_key.read_text(encoding="utf-8").strip().encode()
    try:
        return asyncio.run(_try(address, issue_ticket(key, job=new_id(), site="doctor", seconds=60)))
    except TransportError:
        raise Unavailable("The model daemon does not answer.", "Its journal says why.") from None
    except (ValidationError, ValueError, LookupError):
        raise Unavailable("The model daemon's answer can't be read.", "Run the same release everywhere.") from None


async def _try(address: str, ticket: str) -> str:
    async with open_client(address, {"Authorization": f"Bearer {ticket}"}, _SECONDS) as client:
        about = await _answer(client, "GET", "/v1/model")
        if about["practice"]:
            return _PRACTICE
        probe = ModelProbe.model_validate(await _answer(client, "POST", "/v1/probe"))
    if probe.verdict is Verdict.UNUSABLE:
        raise Unavailable(
            f"{about['name']} is {probe.sentence}.", "docs/models.md tells how a model's server is set up."
        )
    tokens = probe.input_tokens + probe.output_tokens
    return f"{about['name']} {probe.sentence} ({tokens:,} tokens)"


async def _answer(client: AsyncClient, method: str, path: str) -> dict[str, Any]:
    answer = await client.request(method, path)
    if answer.is_error:
        raise error_from(answer)
    told: dict[str, Any] = answer.json()
    return told
